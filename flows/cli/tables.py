"""Tables and figures as a terminal shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flows.cli.console import print_line, text_of
from warehouse.query.formats import visible
from warehouse.query.scope import ALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console, JustifyMethod
    from rich.table import Table
    from rich.text import Text

    from warehouse.query.evidence import EvidenceRow, Explanation, Restatement
    from warehouse.report import blocks

STYLES = {"good": "green", "warning": "yellow", "bad": "red", "quiet": "dim"}
# The least width of titles, in a terminal that has room, and in one that has not.
TITLE_WIDTH, NARROW_TITLE_WIDTH = 24, 12
_ENDLESS = 10_000


def new_table(title: str = "", *, style: str = "italic") -> Table:
    """Return a table without rows, whose title, if any, is at its left."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    shown = text_of((title, style)) if title else None
    return Table(box=SIMPLE_HEAD, title=shown, title_justify="left")


def cell(text: str, style: str = "") -> Text:
    """Write a text from outside as a cell."""
    return text_of((visible(text), style))


def figure(value: float | None, unit: str) -> str:
    """Write a figure in its unit."""
    from flows.run.summary import AMOUNTS

    return AMOUNTS.figure(value, unit)


def difference(value: float | None, unit: str, beside: float | None) -> str:
    """Write how much a figure changed."""
    from flows.run.summary import AMOUNTS

    return AMOUNTS.difference(value, unit, beside)


def ratio(value: float | None) -> str:
    """Write a ratio as a percentage."""
    from warehouse.report.format.numbers import RATIO

    return figure(value, RATIO)


def fits(terminal: Console, table: Table, first_width: int | None = None) -> bool:
    """Return whether every column has room, with the first folded to a width if one is given."""
    from rich.measure import Measurement

    first = table.columns[0]
    first.max_width = first_width
    options = terminal.options.update(width=_ENDLESS)
    needed = Measurement.get(terminal, options, table).maximum
    first.max_width = None
    return needed <= terminal.width


def draw(block: blocks.ReportTable) -> Table:
    """Draw a table of a report; what belongs below a figure gets lines of its own."""
    table = new_table()
    for column in block.columns:
        table.add_column(
            _head(column),
            justify="right" if column.kind == "number" else "left",
            no_wrap=column.kind != "text",
            overflow="fold" if column.kind == "text" else "ellipsis",
        )
    for row in block.rows:
        table.add_row(*(_text(cell, before_note=" ") for cell in row.cells))
    return table


def draw_to_fit(terminal: Console, block: blocks.ReportTable) -> Table:
    """Draw a table whose first column are titles, as wide as there is room for."""
    table = draw(block)
    if not fits(terminal, table, TITLE_WIDTH):
        return _draw_narrow(block)
    table.columns[0].min_width = TITLE_WIDTH
    return table


def print_rows(terminal: Console, explanation: Explanation, rows: Sequence[EvidenceRow]) -> None:
    """Print the rows of a figure; where addresses have no room, their common start is above."""
    from warehouse.report.rows_table import common_folder

    table, common = draw(_rows_table(explanation, rows)), common_folder(rows)
    if common and not fits(terminal, table):
        print_line(terminal, f"Addresses below {visible(common)}")
        table = draw(_rows_table(explanation, rows, common))
    terminal.print(table)


def _rows_table(
    explanation: Explanation, rows: Sequence[EvidenceRow], common: str = ""
) -> blocks.ReportTable:
    from warehouse.report.format.style import Formatter
    from warehouse.report.rows_table import rows_table

    has_sources = (
        explanation.scope.source == ALL and len({row.source for row in explanation.rows}) > 1
    )
    zone = ZoneInfo(explanation.time_zone)
    return rows_table(
        explanation.kpi, rows, zone, Formatter(), has_sources=has_sources, common=common
    )


def restatements_table(restatements: Sequence[Restatement], unit: str) -> Table:
    """Tabulate the restatements of a figure by cause."""
    table = new_table()
    for name in ("quarter", "cause"):
        table.add_column(name, no_wrap=True)
    for name in ("was", "is", "difference", "came", "went", "changed"):
        table.add_column(name, justify="right")
    for row in restatements:
        values = figure(row.was_value, unit), figure(row.is_value, unit)
        changed = difference(row.difference, unit, row.is_value)
        counts = (row.came_count, row.went_count, row.changed_count)
        table.add_row(row.quarter, row.cause, *values, changed, *(f"{n:,}" for n in counts))
    return table


def _draw_narrow(block: blocks.ReportTable) -> Table:
    """Draw a table that lacks room: all columns fold, and notes go below their figures."""
    table = new_table()
    table.padding, table.pad_edge = (0, 1, 0, 0), False
    for column in block.columns:
        justify: JustifyMethod = "right" if column.kind == "number" else "left"
        table.add_column(_head(column), justify=justify, overflow="fold")
    table.columns[0].min_width = NARROW_TITLE_WIDTH
    for row in block.rows:
        table.add_row(*(_text(cell, before_note="\n") for cell in row.cells))
    return table


def _head(column: blocks.Column) -> Text:
    below = f"\n{visible(column.below)}" if column.below else ""
    return text_of(f"{visible(column.title)}{below}")


def _text(cell: blocks.Cell, before_note: str) -> Text:
    """Write a figure with what it is over, and below it its change and its target's status."""
    first = before_note.join(filter(None, (cell.text, cell.note)))
    text = text_of((first, STYLES.get(cell.tone, "")))
    if cell.change:
        text.append(f"\n{visible(cell.change)}", style="dim")
    if cell.status:
        text.append(f"\n{visible(cell.status)}")
    return text
