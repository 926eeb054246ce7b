"""How a table of a report is drawn in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from flows.cli.console import fits, visible_lines
from warehouse.query.formats import visible
from warehouse.report import blocks  # noqa: TC001 - for its types, one of which is called Table

if TYPE_CHECKING:
    from rich.console import Console, JustifyMethod

STYLES = {"good": "green", "warning": "yellow", "bad": "red", "quiet": "dim"}
# So wide are titles at least, in a terminal that has room, and in one that has not.
TITLE_WIDTH, NARROW_TITLE_WIDTH = 24, 12


def drawn(block: blocks.ReportTable) -> Table:
    """Draw a table; what stands below a figure comes on lines of its own."""
    table = Table(box=SIMPLE_HEAD)
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


def drawn_to_fit(terminal: Console, block: blocks.ReportTable) -> Table:
    """Draw a table whose first column are titles, as wide as there is room for."""
    table = drawn(block)
    if not fits(terminal, table, TITLE_WIDTH):
        return _drawn_narrow(block)
    table.columns[0].min_width = TITLE_WIDTH
    return table


def _drawn_narrow(block: blocks.ReportTable) -> Table:
    """Draw a table with no room to spare: all folds, and what a figure is over goes below it."""
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for column in block.columns:
        justify: JustifyMethod = "right" if column.kind == "number" else "left"
        table.add_column(_head(column), justify=justify, overflow="fold")
    table.columns[0].min_width = NARROW_TITLE_WIDTH
    for row in block.rows:
        table.add_row(*(_text(cell, before_note="\n") for cell in row.cells))
    return table


def _head(column: blocks.Column) -> Text:
    below = f"\n{visible(column.below)}" if column.below else ""
    return Text(f"{visible(column.title)}{below}")


def _text(cell: blocks.Cell, before_note: str) -> Text:
    """Write a figure with what it is over, and below it how it changed and met its target."""
    first = before_note.join(filter(None, (cell.text, cell.note)))
    text = Text(visible_lines(first), STYLES.get(cell.tone, ""))
    if cell.change:
        text.append(f"\n{visible(cell.change)}", style="dim")
    if cell.status:
        text.append(f"\n{visible(cell.status)}")
    return text
