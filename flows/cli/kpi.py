"""quarry kpi: every KPI of a fiscal year."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.console import (
    console,
    output,
    print_line,
    print_paragraph,
    print_scope_hint,
    print_titled,
    scope_title,
)
from flows.cli.options import (
    BOTH_LANGUAGES,
    TABLE,
    Config,
    Format,
    Home,
    Lang,
    Project,
    Source,
    StyleFile,
    languages_of,
    leave,
    workspace_of,
)
from flows.cli.tables import draw, draw_to_fit

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from flows.settings.workspace import Workspace
    from warehouse.report.format.style import Formatter
    from warehouse.report.styled_figures import StyledFigures


def kpi(
    year: Annotated[
        str | None, typer.Argument(help="Fiscal year. Default: the newest with figures")
    ] = None,
    *,
    project: Project = None,
    source: Source = None,
    lang: Lang = "en",
    all_kpis: Annotated[
        bool, typer.Option("--all", help="Show KPIs without data in the table too")
    ] = False,
    output_format: Format = TABLE,
    style: StyleFile = None,
    home: Home = None,
    config: Config = None,
) -> None:
    """
    Show every KPI of a fiscal year, by quarter and in total.

    The table has the figures as the report settings show them. Below it are those that are
    different as published, and the KPIs without data, with what would give them data.
    csv, json and parquet have the columns of marts.kpi_quarterly and marts.kpi_yearly, in the
    KPI's unit: period is the quarter or the year, and the rows of the year have no quarter.
    """
    from warehouse.query.figures import write_year
    from warehouse.report.styled_figures import read_styled_figures

    workspace = workspace_of(config, home)
    if output_format == TABLE:
        formatter = _formatter(workspace, lang, style)
        figures = read_styled_figures(workspace.warehouse, year, project, source, formatter)
        _print_year(
            console(), figures, formatter, has_both_titles=lang == BOTH_LANGUAGES, has_all=all_kpis
        )
        return
    scope = {"year": year, "project": project, "source": source}
    write_year(workspace.warehouse, **scope, format=output_format, out=output(output_format))
    leave(0)  # as after a query


def _formatter(workspace: Workspace, lang: str, style: Path | None) -> Formatter:
    from flows.settings.report_style import style_of
    from warehouse.report.format.language import Language
    from warehouse.report.format.style import Formatter

    return Formatter(Language(languages_of(lang)[0]), style_of(workspace.base, style))


def _print_year(
    terminal: Console,
    figures: StyledFigures,
    formatter: Formatter,
    *,
    has_both_titles: bool,
    has_all: bool,
) -> None:
    """Print the table of a year, what its marks mean, and the figures that the settings change."""
    from warehouse.report.missing_data import missing_data, shown_kpis
    from warehouse.report.sections.custom_settings import changed_figures
    from warehouse.report.year_table import TableExtras, year_table

    year, language = figures.shown, formatter.language
    caption = formatter.text(
        "KPIs of {period}, {whose}",
        period=language.year(year.fiscal_year),
        whose=scope_title(year.scope, language.code),
    )
    shown = year.kpis if has_all else shown_kpis(year.kpis, year)
    kpis = [replace(kpi, title="\n".join(kpi.titles)) if has_both_titles else kpi for kpi in shown]
    block = year_table(year, kpis, formatter, caption, TableExtras())
    print_titled(terminal, block.caption, draw_to_fit(terminal, block))
    for line in missing_data(year, formatter):
        print_paragraph(terminal, (line, "yellow"))
    for line in block.legend:
        print_line(terminal, (line, "dim"))
    changed = changed_figures(year.kpis, figures.by_date, figures.as_reported, formatter)
    if changed.rows:
        print_titled(terminal, changed.caption, draw(changed))
    print_scope_hint(terminal, year.scope, language.code)
