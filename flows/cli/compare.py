"""quarry compare: the figures under another system's definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.console import (
    console,
    output,
    print_facts,
    print_line,
    print_paragraph,
    print_titled,
    scope_title,
)
from flows.cli.options import (
    TABLE,
    Config,
    EachProject,
    Format,
    Home,
    Preset,
    Source,
    leave,
    workspace_of,
)
from flows.cli.tables import cell, difference, figure, new_table
from warehouse.query.formats import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.table import Table

    from warehouse.query.presets import ComparedFigure, Comparison


def compare(
    period: Annotated[
        str | None,
        typer.Argument(
            help="Quarter such as 2026-Q2, or fiscal year. Default: the newest complete quarter"
        ),
    ] = None,
    *,
    preset: Preset = None,
    project: EachProject = None,
    source: Source = None,
    output_format: Format = TABLE,
    home: Home = None,
    config: Config = None,
) -> None:
    """
    Show the figures under another system's definitions.

    Each definition is printed with the reason why the figures differ.
    The rows are those that the KPI considers and the project's rules do not exclude.
    """
    from warehouse.query.presets import ComparisonRequest, write_comparison
    from warehouse.query.presets import compare as compare_with

    warehouse = workspace_of(config, home).warehouse
    request = ComparisonRequest(preset, period, project, source)
    if output_format == TABLE:
        _print_comparison(console(), compare_with(warehouse, request))
    else:
        write_comparison(warehouse, request, output_format, output(output_format))
        leave(0)  # as after a query


def _print_comparison(terminal: Console, comparison: Comparison) -> None:
    """Print both figures, then each definition and the reason of the difference."""
    title, period = comparison.title, comparison.period
    whole = f"{period.name}, {scope_title(comparison.scope)}"
    rows = [row for row in comparison.rows if (row.our_value, row.their_value) != (None, None)]
    if not rows:
        problem = f"{whole}: neither Quarry nor {title} has a figure to compare."
        print_line(terminal, visible(f"{problem} Choose another quarter, project or --preset."))
        return
    print_titled(terminal, f"Ours and {title}, {whole}", _table(comparison, rows))
    print_paragraph(terminal, f"{title} is that of {comparison.imitates}.")
    definitions = dict.fromkeys((row.title, row.metric, row.definition, row.why) for row in rows)
    for kpi, metric, definition, why in definitions:
        print_paragraph(terminal, (kpi, "bold"), f" / {title}: {metric}")
        print_facts(terminal, {title: definition, "Why": why})


def _table(comparison: Comparison, rows: Sequence[ComparedFigure]) -> Table:
    has_projects = len({row.project for row in rows}) > 1
    has_quarters = comparison.period.quarter is None
    table = new_table()
    if has_projects:
        table.add_column("project", overflow="fold")
    if has_quarters:
        table.add_column("quarter", no_wrap=True)
    table.add_column("KPI", overflow="fold")
    for heading in ("ours", comparison.title, "difference"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("name there", overflow="fold")
    for row in rows:
        first = [row.project] if has_projects else []
        first += [row.quarter] if has_quarters else []
        table.add_row(*map(cell, (*first, *_cells(row))))
    return table


def _cells(row: ComparedFigure) -> tuple[str, ...]:
    ours = _with_count(row.our_value, row.our_n, row.unit)
    theirs = _with_count(row.their_value, row.their_n, row.unit)
    changed = difference(row.difference, row.unit, row.our_value)
    return row.title, ours, theirs, changed, row.metric


def _with_count(value: float | None, n: int, unit: str) -> str:
    """Write a figure and the number of its rows, unless the figure is that number."""
    from warehouse.report.format.numbers import RATIO, SECONDS

    is_of_rows = value is not None and (unit in SECONDS or unit == RATIO)
    return f"{figure(value, unit)} n={n:,}" if is_of_rows else figure(value, unit)
