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
from flows.cli.options import (
    TABLE,
    Config,
    Format,
    Home,
    OneLang,
    Project,
    leave,
    require_choice,
    workspace_of,
)
from flows.cli.tables import cell, new_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console
    from rich.table import Table

    from warehouse.query.asof import AsOfFigure, FiguresAsOf
    from warehouse.report.format.language import Language

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
    lang: OneLang = "en",
    output_format: Format = TABLE,
    home: Home = None,
    config: Config = None,
) -> None:
    """Show quarter-to-date figures as of a date."""
    from flows.settings.environment import clock
    from flows.settings.workspace import context_of
    from warehouse.query.asof import AsOfRequest, figures_as_of, write_as_of
    from warehouse.report.format.language import LANGUAGES, Language

    require_choice("--lang", lang, LANGUAGES)
    workspace = workspace_of(config, home)
    request = AsOfRequest(day=day, asked_at=clock(), known_at=known_at, kpi=kpi, project=project)
    if output_format == TABLE:
        figures = figures_as_of(workspace.warehouse, context_of(workspace), request)
        _print_figures(console(), figures, known_at, Language(lang))
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


def _print_figures(
    terminal: Console, figures: FiguresAsOf, known_at: datetime | None, language: Language
) -> None:
    known = language.text("as known now")
    if known_at:
        known = language.text("as known at {known_at} UTC", known_at=f"{known_at:%Y-%m-%d %H:%M}")
    title = language.text(
        "{quarter} to the end of {day}, {whose}, {known}",
        quarter=language.pick(figures.quarter, language.quarter(figures.quarter)),
        day=figures.figures[0].as_of,
        whose=scope_title(figures.scope, language.code),
        known=known,
    )
    print_titled(terminal, title, _table(figures, language))
    if not all(row.is_complete for row in figures.figures):
        note = language.text(
            "so far: not every source was polled after this day ended; the figure may change."
        )
        print_line(terminal, (note, "dim"))
    print_scope_hint(terminal, figures.scope, language.code)


def _table(figures: FiguresAsOf, language: Language) -> Table:
    table = new_table()
    table.add_column("KPI", min_width=16)
    headings = (
        *(language.text("value"), language.text("counted"), language.text("excluded")),
        *(language.text("coverage"), language.text("from"), language.text("to")),
    )
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    for row in figures.figures:
        title = language.pick(row.title, figures.titles_ko[row.kpi])
        table.add_row(cell(title), *map(cell, _cells(row, language)))
    return table


def _cells(row: AsOfFigure, language: Language) -> Iterator[str]:
    from warehouse.report.format.numbers import RATIO, NumberFormat

    amounts = NumberFormat(language=language)
    so_far = "" if row.is_complete or row.value is None else f" {language.text('so far')}"
    yield f"{amounts.figure(row.value, row.unit)}{so_far}"
    yield f"{row.n:,}"
    yield f"{row.left_out_count:,}"
    yield "" if row.coverage_ratio in {None, 1} else amounts.figure(row.coverage_ratio, RATIO)
    for value in (row.min_value, row.max_value):
        yield "" if value is None else amounts.figure(value, row.unit)
