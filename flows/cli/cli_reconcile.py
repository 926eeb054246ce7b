"""The command about documents that people write: reconcile."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from flows.cli.options import Config, Home, StyleFile, workspace_of


def reconcile(
    document: Annotated[str, typer.Argument(help="Markdown; - reads it from standard input")],
    all_figures: Annotated[
        bool, typer.Option("--all", help="List every figure, not only what does not hold")
    ] = False,
    project: Annotated[
        str | None,
        typer.Option(
            "--project", help="Whose figures it has. Default: the only one's, or all together"
        ),
    ] = None,
    style: StyleFile = None,
    lang: Annotated[str, typer.Option("--lang", help="Of the answer: en or ko")] = "en",
    format: Annotated[  # noqa: A002 - the option's name
        str, typer.Option("--format", help="table, csv or json")
    ] = "table",
    home: Home = None,
    config: Config = None,
) -> None:
    """
    Compare a report's figures with each other and with the warehouse, before it is handed in.

    The report may be in English or Korean. The warehouse's figures are formed as the style says.
    What is not understood is no alarm. Exit code 1 if a figure contradicts another one or differs
    from the warehouse.
    """
    from flows.cli.console import console
    from flows.cli.reconcile import print_report
    from flows.run.reconcile import read_text, reconciled, require_choices, write_findings
    from warehouse.report.format.language import Language

    require_choices(lang, format)
    text = read_text(document)
    workspace = workspace_of(config, home)
    report, language = reconciled(text, workspace, project, style), Language(lang)
    if format == "table":
        print_report(console(), document, report, workspace, language, has_all=all_figures)
    else:
        write_findings(report, document, language, format, sys.stdout.buffer, has_all=all_figures)
    raise typer.Exit(1 if report.findings else 0)
