"""Evidence rows as a table."""

from __future__ import annotations

from os.path import commonprefix
from typing import TYPE_CHECKING

from warehouse.query.recalculate import ratio_word, tenths
from warehouse.report.blocks import Cell, Column, ReportTable, TableRow
from warehouse.report.format.language import msgid
from warehouse.report.format.names import source_title
from warehouse.report.format.numbers import SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    from warehouse.query import evidence
    from warehouse.query.figures import Kpi
    from warehouse.report.format.style import Formatter

# The prefix of a hash that identifies it.
HASH_LENGTH, SHORT_HASH = (40, 64), 12
COUNTS = ("count", "distinct")
# A part is of a whole; closings are for openings, of which there may be fewer.
FRACTIONS = {"of": msgid("{part} of {whole}"), "for": msgid("{part} for {whole}")}


def rows_table(
    kpi: Kpi,
    rows: Sequence[evidence.EvidenceRow],
    zone: tzinfo,
    formatter: Formatter,
    *,
    has_sources: bool,
    common: str = "",
) -> ReportTable:
    """
    Return evidence rows of a KPI as a table without empty columns.

    Shape:   a common prefix of places is removed from them.
    """
    has = {
        "source": has_sources,
        "person": any(row.person not in {None, row.place} for row in rows),
        "when": any(row.happened_at for row in rows),
        "grade": any(row.grade for row in rows),
        "value": kpi.kind not in COUNTS,
    }
    columns = {
        "source": Column(formatter.text("repository"), kind="text"),
        "place": Column(formatter.text("what"), kind="text"),
        "person": Column(formatter.text("who"), kind="text"),
        "when": Column(formatter.text("when ({zone})", zone=zone), kind="label"),
        "grade": Column(formatter.text("grade"), kind="label"),
        "value": Column(_value_name(kpi, formatter)),
    }
    shown = [name for name in columns if has.get(name, True)]
    fraction = FRACTIONS[ratio_word(rows)]
    laid_out = [
        dict(_cells(kpi, row, zone, formatter, common=common, fraction=fraction)) for row in rows
    ]
    return ReportTable(
        name="rows",
        caption=formatter.text("Counted rows"),
        columns=tuple(columns[name] for name in shown),
        rows=tuple(TableRow(tuple(cells[name] for name in shown)) for cells in laid_out),
    )


def short_hash(place: str) -> str:
    """Return the prefix of a hash, or any other text unchanged."""
    is_hash = len(place) in HASH_LENGTH and all(sign in "0123456789abcdef" for sign in place)
    return place[:SHORT_HASH] if is_hash else place


def common_folder(rows: Sequence[evidence.EvidenceRow]) -> str:
    """Return the common prefix of all places up to a slash."""
    common = commonprefix([row.place for row in rows])  # noqa: RUF071 - what addresses share
    return common[: common.rfind("/") + 1]


def _cells(
    kpi: Kpi,
    row: evidence.EvidenceRow,
    zone: tzinfo,
    formatter: Formatter,
    *,
    common: str,
    fraction: str,
) -> Iterator[tuple[str, Cell]]:
    happened_at = formatter.language.instant(row.happened_at, zone) if row.happened_at else ""
    yield "source", Cell(text=source_title(row.source, formatter.language))
    yield "place", Cell(text=short_hash(row.place.removeprefix(common)), address=row.place)
    yield "person", Cell(text=row.person or "")
    yield "when", Cell(text=happened_at, value=row.happened_at, unit="instant")
    yield "grade", Cell(text=row.grade or "")
    yield "value", _value(kpi, row, formatter, fraction)


def _value_name(kpi: Kpi, formatter: Formatter) -> str:
    names = {"ratio": formatter.text("counts as"), "half": formatter.text("amount")}
    return names.get(kpi.kind) or formatter.text(kpi.unit)


def _value(kpi: Kpi, row: evidence.EvidenceRow, formatter: Formatter, fraction: str) -> Cell:
    if kpi.kind == "ratio":
        values = {"part": row.numerator or 0, "whole": row.denominator or 0}
        return Cell(text=formatter.text(fraction, **values))
    if row.value is None:
        return Cell(text="")
    if kpi.unit in SECONDS:
        return Cell(
            text=tenths(row.value / kpi.unit_size), value=row.value / kpi.unit_size, unit=kpi.unit
        )
    return Cell(text=formatter.language.number(row.value), value=row.value, unit="count")
