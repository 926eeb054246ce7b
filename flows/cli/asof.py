"""quarry asof: quarter-to-date figures as of a date."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from flows.cli.console import (
    console,
    output,
    print_line,
    print_scope_hint,
    print_titled,
    scope_title,
)
from flows.cli.options import TABLE, Config, Format, Home, Project, leave, workspace_of
from flows.cli.tables import cell, figure, new_table, ratio

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console
    from rich.table import Table

    from warehouse.query.asof import AsOfFigure, FiguresAsOf

T = TypeVar("T")


def _day(text: str) -> date:
    """Parse a day; the message is that of the other options."""
    return _parsed("day", text, date.fromisoformat, "a day such as 2025-06-30")


def _instant(text: str) -> datetime:
    """Parse an instant in UTC."""
    at = _parsed("--known-at", text, datetime.fromisoformat, "a time such as 2025-06-30T18:00")
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def asof(
    day: Annotated[date, typer.Argument(help="Such as 2025-06-30", parser=_day, metavar="DAY")],
    *,
    kpi: Annotated[str | None, typer.Option("--kpi", help="Only this KPI")] = None,
    project: Project = None,
    known_at: Annotated[
        datetime | None,
        typer.Option(
            "--known-at",
            help="With the data known then (UTC), such as 2025-06-30T18:00. Default: now",
            parser=_instant,
            metavar="TIME",
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
    request = AsOfRequest(day=day, asked_at=clock(), known_at=known_at, kpi=kpi, project=project)
    if output_format == TABLE:
        figures = figures_as_of(workspace.warehouse, context_of(workspace), request)
        _print_figures(console(), figures, known_at)
    else:
        out = output(output_format)
        write_as_of(workspace.warehouse, context_of(workspace), request, output_format, out)
        leave(0)  # as after a query


def _parsed(name: str, text: str, parse: Callable[[str], T], example: str) -> T:
    """
    Parse the value of an option.

    Errors:  SettingsError.
    """
    from flows.settings.settings import SettingsError

    try:
        return parse(text)
    except ValueError as error:
        raise SettingsError(f"{name}: unknown value {text!r}. Use {example}.") from error


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
