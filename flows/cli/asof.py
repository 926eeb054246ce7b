"""quarry asof: quarter-to-date figures as of a date."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.console import console, print_line, print_scope_hint, print_titled, scope_title
from flows.cli.options import TABLE, Config, Format, Home, Project, leave, workspace_of
from flows.cli.tables import cell, figure, new_table, ratio

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console
    from rich.table import Table

    from warehouse.query.asof import AsOfFigure, FiguresAsOf

DAY = ["%Y-%m-%d"]
INSTANT = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


def asof(
    day: Annotated[datetime, typer.Argument(help="Such as 2025-06-30", formats=DAY)],
    *,
    kpi: Annotated[str | None, typer.Option("--kpi", help="Only this KPI")] = None,
    project: Project = None,
    known_at: Annotated[
        datetime | None,
        typer.Option(
            "--known-at", help="With the data known then (UTC). Default: now", formats=INSTANT
        ),
    ] = None,
    output_format: Format = TABLE,
    home: Home = None,
    config: Config = None,
) -> None:
    """Show quarter-to-date figures as of a date."""
    from flows.settings.environment import clock
    from flows.settings.workspace import context_of
    from warehouse.query.asof import AsOfRequest, figures_as_of, write_as_of

    workspace = workspace_of(config, home)
    instant = known_at.replace(tzinfo=UTC) if known_at else None
    request = AsOfRequest(
        day=day.date(), asked_at=clock(), known_at=instant, kpi=kpi, project=project
    )
    if output_format == TABLE:
        figures = figures_as_of(workspace.warehouse, context_of(workspace), request)
        _print_figures(console(), figures, instant)
    else:
        out = sys.stdout.buffer
        write_as_of(workspace.warehouse, context_of(workspace), request, output_format, out)
        leave(0)  # as after a query


def _print_figures(terminal: Console, figures: FiguresAsOf, known_at: datetime | None) -> None:
    data = f"known at {known_at:%Y-%m-%d %H:%M} UTC" if known_at else "known now"
    day = f"{figures.quarter} to the end of {figures.figures[0].as_of}"
    print_titled(terminal, f"{day}, {scope_title(figures.scope)}, as {data}", _table(figures))
    if not all(row.is_complete for row in figures.figures):
        note = "so far: not every source was polled after this day ended; the figure may change."
        print_line(terminal, (note, "dim"))
    print_scope_hint(terminal, figures.scope)


def _table(figures: FiguresAsOf) -> Table:
    table = new_table()
    table.add_column("KPI", min_width=16)
    for name in ("value", "counted", "excluded", "coverage", "from", "to"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in figures.figures:
        table.add_row(cell(row.title), *map(cell, _cells(row)))
    return table


def _cells(row: AsOfFigure) -> Iterator[str]:
    so_far = "" if row.is_complete or row.value is None else " so far"
    yield f"{figure(row.value, row.unit)}{so_far}"
    yield f"{row.n:,}"
    yield f"{row.left_out_count:,}"
    yield "" if row.coverage_ratio in {None, 1} else ratio(row.coverage_ratio)
    for value in (row.min_value, row.max_value):
        yield "" if value is None else figure(value, row.unit)
