"""quarry kpi: every KPI of a fiscal year."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.console import console, print_line, print_scope_hint, print_titled, scope_title
from flows.cli.options import (
    BOTH_LANGUAGES,
    TABLE,
    Config,
    Format,
    Home,
    Lang,
    Project,
    Source,
    languages_of,
    leave,
    workspace_of,
)
from flows.cli.tables import draw_to_fit

if TYPE_CHECKING:
    from rich.console import Console

    from warehouse.query.figures import YearOfFigures


def kpi(
    year: Annotated[
        str | None, typer.Argument(help="Fiscal year. Default: the newest with figures")
    ] = None,
    *,
    project: Project = None,
    source: Source = None,
    lang: Lang = "en",
    output_format: Format = TABLE,
    home: Home = None,
    config: Config = None,
) -> None:
    """
    Show every KPI in the quarters of a fiscal year and in the year.

    csv, json and parquet have the columns of marts.kpi_quarterly and marts.kpi_yearly, in the
    KPI's unit: period is the quarter or the year, and the rows of the year have no quarter.
    """
    from warehouse.query.figures import write_year, year_of_figures

    warehouse = workspace_of(config, home).warehouse
    if output_format == TABLE:
        _print_year(console(), year_of_figures(warehouse, year, project, source), lang)
    else:
        write_year(
            warehouse,
            year=year,
            project=project,
            source=source,
            format=output_format,
            out=sys.stdout.buffer,
        )
        leave(0)  # as after a query


def _print_year(terminal: Console, year: YearOfFigures, lang: str) -> None:
    """Print the table of a year, and what its marks mean."""
    from warehouse.report.format.language import Language
    from warehouse.report.format.style import Formatter
    from warehouse.report.year_table import TableExtras, year_table

    first_language = languages_of(lang)[0]
    formatter = Formatter(Language(first_language))
    caption = formatter.text(
        "KPIs of {period}, {whose}",
        period=formatter.language.year(year.fiscal_year),
        whose=scope_title(year.scope, first_language),
    )
    kpis = [
        replace(kpi, title="\n".join(kpi.titles)) if lang == BOTH_LANGUAGES else kpi
        for kpi in year.kpis
    ]
    block = year_table(year, kpis, formatter, caption, TableExtras())
    print_titled(terminal, block.caption, draw_to_fit(terminal, block))
    for line in block.legend:
        print_line(terminal, (line, "dim"))
    print_scope_hint(terminal, year.scope, first_language)
