"""How `quarry compare` shows our figures beside those of another system, and why they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from flows.kpi_table import whose
from flows.wording import HOURS, difference, figure
from warehouse.formats import visible

if TYPE_CHECKING:
    from rich.console import Console

    from warehouse.presets import Compared, Comparison

NAMES = {
    "chaoss": "CHAOSS",
    "devlake": "DevLake",
    "fourkeys": "Four Keys",
    "gitlab": "GitLab",
    "middleware": "Middleware",
}


def print_comparison(terminal: Console, found: Comparison) -> None:
    """Print the figures beside each other, then each definition and why it gives another figure."""
    name = NAMES.get(found.preset, found.preset)
    if not found.rows:
        terminal.print(f"There is nothing of {name}'s to compare in {found.period.name}.")
        return
    terminal.print(_table(found, name))
    told = dict.fromkeys((row.title, row.metric, row.definition, row.why) for row in found.rows)
    for title, metric, definition, why in told:
        terminal.print(Text.assemble((title, "bold"), f" / {name}: {metric}"))
        terminal.print(f"  {name}: {definition}", markup=False)
        terminal.print(f"  Why: {why}", markup=False)


def _table(found: Comparison, name: str) -> Table:
    has_projects = len({row.project for row in found.rows}) > 1
    table = Table(
        box=SIMPLE_HEAD,
        title=f"Ours and {name}'s figures of {found.period.name}, {whose(found.scope)}",
        title_justify="left",
    )
    if has_projects:
        table.add_column("project", overflow="fold")
    if found.period.quarter is None:
        table.add_column("quarter", no_wrap=True)
    table.add_column("KPI", overflow="fold")
    table.add_column("ours", justify="right", no_wrap=True)
    table.add_column(f"{name}'s metric", overflow="fold")
    for heading in (f"{name}'s", "difference"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in found.rows:
        first = [visible(row.project)] if has_projects else []
        first += [row.quarter] if found.period.quarter is None else []
        table.add_row(*(Text(cell) for cell in (*first, *_cells(row))))
    return table


def _cells(row: Compared) -> tuple[str, ...]:
    ours = _counted(row.our_value, row.our_n, row.unit)
    theirs = _counted(row.their_value, row.their_n, row.unit)
    changed = difference(row.difference, row.unit, beside=row.our_value)
    return row.title, ours, row.metric, theirs, changed


def _counted(value: float | None, n: int, unit: str) -> str:
    """Write a figure and over how many rows it is; of what is counted the figure says it."""
    shown = figure(value, unit)
    return f"{shown} n={n:,}" if unit in HOURS or unit == "ratio" else shown
