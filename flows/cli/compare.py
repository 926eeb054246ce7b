"""How `quarry compare` shows our figures beside those of another system, and why they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from flows.cli.console import print_facts, print_titled
from flows.run.summary import AMOUNTS
from warehouse.query.formats import visible
from warehouse.report.compose import scope_title
from warehouse.report.format.numbers import RATIO, SECONDS
from warehouse.report.format.style import Formatter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from warehouse.query.presets import ComparedFigure, Comparison


def print_comparison(terminal: Console, found: Comparison) -> None:
    """Print the figures beside each other, then each definition and why it gives another figure."""
    whole = f"{found.period.name}, {scope_title(found.scope, Formatter())}"
    rows = [row for row in found.rows if (row.our_value, row.their_value) != (None, None)]
    if not rows:
        said = f"Of {whole}, neither we nor {found.title} have any figure that can be compared."
        terminal.print(
            Text(visible(f"{said} Choose another quarter, project or --preset.")), soft_wrap=True
        )
        return
    print_titled(terminal, f"Ours beside {found.title}, {whole}", _table(found, rows))
    told = dict.fromkeys((row.title, row.metric, row.definition, row.why) for row in rows)
    for title, metric, definition, why in told:
        terminal.print(Text.assemble((title, "bold"), f" / {found.title}: {metric}"))
        print_facts(terminal, {found.title: definition, "Why": why})


def _table(found: Comparison, rows: Sequence[ComparedFigure]) -> Table:
    has_projects = len({row.project for row in rows}) > 1
    table = Table(box=SIMPLE_HEAD)
    if has_projects:
        table.add_column("project", overflow="fold")
    if found.period.quarter is None:
        table.add_column("quarter", no_wrap=True)
    table.add_column("KPI", overflow="fold")
    for heading in ("ours", found.title, "difference"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("called there", overflow="fold")
    for row in rows:
        first = [visible(row.project)] if has_projects else []
        first += [row.quarter] if found.period.quarter is None else []
        table.add_row(*(Text(cell) for cell in (*first, *_cells(row))))
    return table


def _cells(row: ComparedFigure) -> tuple[str, ...]:
    ours = _counted(row.our_value, row.our_n, row.unit)
    theirs = _counted(row.their_value, row.their_n, row.unit)
    changed = AMOUNTS.difference(row.difference, row.unit, row.our_value)
    return row.title, ours, theirs, changed, row.metric


def _counted(value: float | None, n: int, unit: str) -> str:
    """Write a figure and over how many rows it is; of what is counted the figure says it."""
    shown = AMOUNTS.figure(value, unit)
    is_of_rows = value is not None and (unit in SECONDS or unit == RATIO)
    return f"{shown} n={n:,}" if is_of_rows else shown
