"""quarry report: one page, its Markdown and its workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.console import shown_path
from flows.cli.options import (
    Config,
    Home,
    Lang,
    Project,
    StyleFile,
    languages_of,
    workspace_of,
)
from warehouse.report.writers import FORMATS

ALL_FORMATS = ",".join(FORMATS)
Year = Annotated[
    str | None,
    typer.Argument(help="Fiscal year, or a quarter such as 2026-Q2. Default: the newest year"),
]
Formats = Annotated[
    str, typer.Option("--format", help=f"{', '.join(FORMATS)}, separated by commas")
]


def report(
    year: Year = None,
    *,
    quarter: Annotated[
        str | None, typer.Option("--quarter", help="The year up to this quarter, such as Q3")
    ] = None,
    project: Project = None,
    lang: Lang = "en",
    output_formats: Formats = ALL_FORMATS,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder. Default: reports/<year> in the home")
    ] = None,
    style: StyleFile = None,
    open_it: Annotated[bool, typer.Option("--open", help="Open the page in the browser")] = False,
    home: Home = None,
    config: Config = None,
) -> None:
    """
    Write a report as a page, as Markdown and as a workbook.

    The page is one self-contained file. The workbook (xlsx) has its tables. The same warehouse
    and style give the same bytes.
    """
    from flows.run.report import ReportOptions, formats_of, write_report
    from warehouse.report.queries.report_data import ReportRequest

    request = ReportRequest(year, quarter, project)
    options = ReportOptions(
        request=request,
        languages=languages_of(lang),
        formats=formats_of(output_formats),
        folder=out,
        style_file=style,
    )
    written = write_report(workspace_of(config, home), options)
    for path in written.paths:
        typer.echo(shown_path(path))
    if open_it:
        typer.launch(str(written.paths[0]))
