"""The command that writes reports."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import Config, Home, StyleFile, workspace_of

Year = Annotated[
    str | None,
    typer.Argument(help="Fiscal year, or a quarter such as 2026-Q2. Default: the newest year"),
]
Quarter = Annotated[
    str | None, typer.Option("--quarter", help="The year up to this quarter, such as Q3")
]
Project = Annotated[
    str | None,
    typer.Option("--project", help="Default: the only one, or all together, as with '*'"),
]
Lang = Annotated[str, typer.Option("--lang", help="en, ko, or both in one file to choose from")]
Format = Annotated[str, typer.Option("--format", help="html, md, xlsx, with commas between")]
Out = Annotated[
    Path | None, typer.Option("--out", help="Folder. Default: reports/<year> in the home")
]


def report(
    year: Year = None,
    quarter: Quarter = None,
    project: Project = None,
    lang: Lang = "en",
    format: Format = "html,md,xlsx",  # noqa: A002 - the option's name
    out: Out = None,
    style: StyleFile = None,
    open_it: Annotated[bool, typer.Option("--open", help="Open the page in the browser")] = False,
    home: Home = None,
    config: Config = None,
) -> None:
    """
    Write a report: one page that needs nothing else, the same as Markdown, its tables as xlsx.

    The same warehouse and style give the same bytes.
    """
    from flows.cli.console import shown_path
    from flows.cli.kpi import languages_of
    from flows.run.report import Wanted, formats_of, write_report
    from warehouse.report.queries.report_data import ReportRequest

    wanted = Wanted(
        ReportRequest(year, quarter, project), languages_of(lang), formats_of(format), out, style
    )
    made = write_report(workspace_of(config, home), wanted)
    for path in made.paths:
        typer.echo(shown_path(path))
    if open_it:
        typer.launch(str(made.paths[0]))
