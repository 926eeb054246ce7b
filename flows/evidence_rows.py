"""How `quarry explain` shows the rows that count, in a terminal of any width."""

from __future__ import annotations

from os.path import commonprefix
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from flows.terminal import fits
from flows.wording import HOURS
from warehouse.choices import ALL
from warehouse.formats import visible
from warehouse.working_out import ratio_word, tenths

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from warehouse.evidence import Explained, Row
    from warehouse.figures import Kpi

# A hash is told apart by its beginning.
HASH_LENGTH, SHORT_HASH = (40, 64), 12
COUNTS = ("count", "distinct")


class Column(NamedTuple):
    """A column of the table; of a whole one nothing is folded."""

    name: str
    cells: list[str]
    is_whole: bool = False
    is_number: bool = False


def print_rows(terminal: Console, found: Explained, rows: Sequence[Row]) -> None:
    """Print rows; where addresses have no room, what they have in common stands once above."""
    table = _table(_columns(found, rows, ""))
    # Cut off at a slash, so that only whole names are in common.
    common = commonprefix([row.place for row in rows]).rpartition("/")[0]  # noqa: RUF071
    if common and not fits(terminal, table):
        terminal.print(Text(f"What is below {visible(common)}/"), soft_wrap=True)
        table = _table(_columns(found, rows, f"{common}/"))
    terminal.print(table)


def _table(columns: Iterator[Column]) -> Table:
    """Tabulate the columns in which anything stands."""
    filled = [column for column in columns if any(column.cells)]
    table = Table(box=SIMPLE_HEAD)
    for one in filled:
        table.add_column(
            one.name,
            justify="right" if one.is_number else "left",
            no_wrap=one.is_whole,
            overflow="fold",
        )
    for cells in zip(*(one.cells for one in filled), strict=True):
        table.add_row(*(Text(visible(cell)) for cell in cells))
    return table


def _columns(found: Explained, rows: Sequence[Row], common: str) -> Iterator[Column]:
    if found.scope.source == ALL and len({row.source for row in found.rows}) > 1:
        yield Column("repository", [row.source for row in rows])
    yield Column("what", [_short(row.place.removeprefix(common)) for row in rows])
    if any(row.person != row.place for row in rows):
        yield Column("who", [row.person or "" for row in rows])
    zone = ZoneInfo(found.time_zone)
    times = [row.happened_at and row.happened_at.astimezone(zone) for row in rows]
    when = [f"{time:%Y-%m-%d %H:%M}" if time else "" for time in times]
    yield Column(f"when ({found.time_zone})", when, is_whole=True)
    yield Column("grade", [row.grade or "" for row in rows], is_whole=True)
    if found.kpi.kind not in COUNTS:
        yield Column(*_values(found.kpi, rows), is_whole=True, is_number=True)


def _short(place: str) -> str:
    is_hash = len(place) in HASH_LENGTH and all(sign in "0123456789abcdef" for sign in place)
    return place[:SHORT_HASH] if is_hash else place


def _values(kpi: Kpi, rows: Sequence[Row]) -> tuple[str, list[str]]:
    """Name the column of values, and write them."""
    if kpi.kind == "ratio":
        word = ratio_word(rows)
        return "counts as", [f"{r.numerator or 0:,} {word} {r.denominator or 0:,}" for r in rows]
    name = "amount" if kpi.kind == "half" else kpi.unit
    return name, ["" if row.value is None else _amount(kpi, row.value) for row in rows]


def _amount(kpi: Kpi, value: int) -> str:
    return tenths(value / kpi.unit_size) if kpi.unit in HOURS else f"{value:,}"
