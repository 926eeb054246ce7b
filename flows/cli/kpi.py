"""How `quarry kpi` shows a fiscal year: a row per KPI, a column per quarter, and the year."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rich.text import Text

from flows.cli.console import print_titled
from flows.cli.tables import drawn_to_fit
from flows.settings.settings import SettingsError
from warehouse.query.formats import visible
from warehouse.query.scope import ALL
from warehouse.report.compose import scope_title
from warehouse.report.format.language import LANGUAGES, Language
from warehouse.report.format.style import Formatter
from warehouse.report.year_table import TableExtras, year_table

if TYPE_CHECKING:
    from rich.console import Console

    from warehouse.query.figures import YearOfFigures
    from warehouse.query.scope import Scope

BOTH = "both"


def print_year(terminal: Console, year: YearOfFigures, language: str) -> None:
    """
    Print the table of a year, and what its marks mean.

    Errors:  SettingsError for a language that there is not.
    """
    formatter = Formatter(Language(languages_of(language)[0]))
    caption = formatter.text(
        "KPIs of {period}, {whose}",
        period=formatter.language.year(year.fiscal_year),
        whose=scope_title(year.scope, formatter),
    )
    kpis = [
        replace(kpi, title="\n".join(kpi.titles)) if language == BOTH else kpi for kpi in year.kpis
    ]
    laid_out = year_table(year, kpis, formatter, caption, TableExtras())
    print_titled(terminal, laid_out.caption, drawn_to_fit(terminal, laid_out))
    for line in laid_out.legend:
        terminal.print(Text(line, style="dim"), soft_wrap=True)
    print_hint(terminal, year.scope, formatter)


def languages_of(wanted: str) -> tuple[str, ...]:
    """
    List the languages that an option names.

    Errors:  SettingsError for one that there is not.
    """
    if wanted not in {*LANGUAGES, BOTH}:
        known = ", ".join((*LANGUAGES, BOTH))
        raise SettingsError(f"--lang: there is no {wanted!r}. Write {known}.")
    return LANGUAGES if wanted == BOTH else (wanted,)


def print_hint(terminal: Console, scope: Scope, formatter: Formatter | None = None) -> None:
    """Say how to choose where all projects are shown together because none was chosen."""
    if scope.project == ALL and not scope.is_chosen:
        names = ", ".join(map(visible, scope.known))
        said = (formatter or Formatter()).text(
            "All projects together. Choose one with --project: {names}.", names=names
        )
        terminal.print(Text(said, style="yellow"), soft_wrap=True)
