"""The commands about KPIs: kpi, explain and compare."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from flows.cli.options import Config, Format, Home, Project, leave, workspace_of

Source = Annotated[
    str | None, typer.Option("--source", help="Only this repository. Default: all of the project")
]


def kpi(
    year: Annotated[
        str | None, typer.Argument(help="Fiscal year. Default: the newest with figures")
    ] = None,
    project: Project = None,
    source: Source = None,
    lang: Annotated[
        str, typer.Option("--lang", help="Of the table: en, ko, or both titles")
    ] = "en",
    format: Format = "table",  # noqa: A002 - the option's name
    home: Home = None,
    config: Config = None,
) -> None:
    """
    Show every KPI in the quarters of a fiscal year and in the year.

    csv, json and parquet have the columns of marts.kpi_quarterly and marts.kpi_yearly, in the
    KPI's unit: period is the quarter or the year, and the rows of the year have no quarter.
    """
    from flows.cli.console import console
    from flows.cli.kpi import print_year
    from warehouse.query.figures import write_year, year_of_figures

    warehouse = workspace_of(config, home).warehouse
    if format == "table":
        print_year(console(), year_of_figures(warehouse, year, project, source), lang)
    else:
        write_year(warehouse, year, project, source, format, sys.stdout.buffer)
        leave(0)  # as after a query


def explain(
    kpi: Annotated[str, typer.Argument(help="Such as lead_time; quarry kpi lists all")],
    period: Annotated[
        str | None,
        typer.Argument(
            help="Quarter such as 2026-Q2, or fiscal year. Default: the newest quarter with rows"
        ),
    ] = None,
    project: Project = None,
    source: Source = None,
    rows: Annotated[int, typer.Option("--rows", min=0, help="How many rows to show")] = 20,
    sql: Annotated[bool, typer.Option("--sql/--no-sql", help="Show the SQL")] = True,
    format: Format = "table",  # noqa: A002 - the option's name
    home: Home = None,
    config: Config = None,
) -> None:
    """
    Show what is behind a figure: definition, SQL, the rows in and out, and the sum by hand.

    csv, json and parquet have all rows, as in figures.kpi_evidence.
    """
    from flows.cli.console import console
    from flows.cli.explain import print_explained
    from warehouse.query.evidence import EvidenceRequest, read_explanation, write_evidence_rows

    warehouse = workspace_of(config, home).warehouse
    asked = EvidenceRequest(kpi, period, project, source)
    if format != "table":
        write_evidence_rows(warehouse, asked, format, sys.stdout.buffer)
        leave(0)  # as after a query
    is_right = print_explained(console(), read_explanation(warehouse, asked), rows, has_sql=sql)
    raise typer.Exit(0 if is_right else 1)


def compare(
    period: Annotated[
        str | None,
        typer.Argument(
            help="Quarter such as 2026-Q2, or fiscal year. Default: the newest complete quarter"
        ),
    ] = None,
    preset: Annotated[
        str | None,
        typer.Option("--preset", help="chaoss, devlake, fourkeys, gitlab or middleware"),
    ] = None,
    project: Annotated[
        str | None, typer.Option("--project", help="Default: each project for itself")
    ] = None,
    source: Source = None,
    format: Format = "table",  # noqa: A002 - the option's name
    home: Home = None,
    config: Config = None,
) -> None:
    """
    Show the same rows under another system's definitions, and why the figures differ.

    The rows are those that the KPI looks at and the project's rules leave in.
    """
    from flows.cli.compare import print_comparison
    from flows.cli.console import console
    from warehouse.query.presets import ComparisonRequest, write_comparison
    from warehouse.query.presets import compare as beside

    warehouse = workspace_of(config, home).warehouse
    asked = ComparisonRequest(preset, period, project, source)
    if format == "table":
        print_comparison(console(), beside(warehouse, asked))
    else:
        write_comparison(warehouse, asked, format, sys.stdout.buffer)
        leave(0)  # as after a query
