"""quarry reconcile: compare a written report with the warehouse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.console import console, output, print_line, scope_title, shown_path
from flows.cli.options import (
    TABLE,
    Config,
    Home,
    OneLang,
    StyleFile,
    TextFormat,
    require_choice,
    workspace_of,
)
from flows.cli.tables import cell, new_table
from warehouse.query.formats import TEXT_FORMATS, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console
    from rich.table import Table

    from flows.settings.workspace import Workspace
    from warehouse.reconcile.findings import FigureResult, Reconciliation
    from warehouse.report.format.language import Language

_STYLES = {
    "contradicts": "red",
    "differs": "yellow",
    "rounding": "",
    "agrees": "green",
    "not checked": "dim",
}
_LINES = 8
_WIDTH = 14


def reconcile(
    document: Annotated[str, typer.Argument(help="Markdown; - reads it from standard input")],
    *,
    all_figures: Annotated[
        bool, typer.Option("--all", help="List every figure, not only the findings")
    ] = False,
    project: Annotated[
        str | None,
        typer.Option(
            "--project",
            help="The project of its figures. Default: the only project, else all ('*')",
        ),
    ] = None,
    style: StyleFile = None,
    lang: OneLang = "en",
    output_format: TextFormat = TABLE,
    home: Home = None,
    config: Config = None,
) -> None:
    """
    Compare a report's figures with each other and the warehouse.

    The report may be in English or Korean. The style defines how the warehouse's figures are
    formed. A figure that is not understood is not a finding. The exit code is 1 if a figure
    contradicts another one or differs from the warehouse.
    """
    from flows.run.reconcile import read_text, reconcile_text, write_findings
    from warehouse.report.format.language import LANGUAGES, Language

    require_choice("--lang", lang, LANGUAGES)
    require_choice("--format", output_format, tuple(TEXT_FORMATS))
    text = read_text(document)
    workspace = workspace_of(config, home)
    report, language = reconcile_text(text, workspace, project, style), Language(lang)
    if output_format == TABLE:
        _print_report(console(), document, report, workspace, language, has_all=all_figures)
    else:
        out = output(output_format)
        write_findings(report, document, language, output_format, out, has_all=all_figures)
    raise typer.Exit(1 if report.findings else 0)


def _print_report(
    terminal: Console,
    document: str,
    report: Reconciliation,
    workspace: Workspace,
    language: Language,
    *,
    has_all: bool,
) -> None:
    """Print a table of the findings or of all figures, and a summary."""
    from flows.run.reconcile import name_of, shown_results

    shown, name = shown_results(report, has_all=has_all), visible(name_of(document))
    if not report.findings:
        fine = language.text("{document}: nothing contradicts.", document=name)
        print_line(terminal, (fine, "green"))
    if shown:
        title = language.text("{document}: findings", document=name)
        if has_all:
            title = language.text("{document}: every figure", document=name)
        terminal.print(_table(shown, title, language, has_all=has_all))
    for line in _summary(report, workspace, language):
        print_line(terminal, line)
    commands = dict.fromkeys(finding.command for finding in report.findings if finding.command)
    if commands:
        print_line(terminal, language.text("Evidence of the warehouse's figures:"))
        for command in commands:
            print_line(terminal, f"  {visible(command)}")
    if not has_all:
        print_line(terminal, (language.text("--all lists every figure."), "dim"))


def _table(
    findings: Sequence[FigureResult], title: str, language: Language, *, has_all: bool
) -> Table:
    from flows.run.reconcile_messages import STATES, why

    table = new_table(title, style="")
    table.add_column(language.text("line"), justify="right", no_wrap=True)
    table.add_column(language.text("figure"), overflow="fold", ratio=3)
    for heading in (language.text("says"), language.text("should be")):
        table.add_column(heading, justify="right", overflow="fold", max_width=_WIDTH)
    if has_all:
        table.add_column(language.text("state"), no_wrap=True)
    table.add_column(language.text("why"), overflow="fold", ratio=4)
    for finding in findings:
        state = [language.text(STATES[finding.state])] if has_all else []
        cells = (finding.title, finding.says, finding.should_be, *state, why(finding, language))
        style = _STYLES[finding.state.value] if has_all else ""
        table.add_row(str(finding.figure.line), *map(cell, cells), style=style)
    return table


def _summary(report: Reconciliation, workspace: Workspace, language: Language) -> Iterator[str]:
    from flows.run.reconcile_messages import COUNTED, ROUNDS
    from warehouse.reconcile.findings import State

    counts, number = report.counts, language.number
    states = [
        language.text(text, count=number(counts[state]))
        for state, text in COUNTED.items()
        if state is not State.DIFFERS or report.scope
    ]
    yield language.text(
        "{all} figures: {states}.", all=number(counts.total()), states=", ".join(states)
    )
    if report.rounding in ROUNDS:
        lines = dict.fromkeys(f.figure.line for f in report.results if f.rounding == "down")
        listed = ", ".join(map(str, list(lines)[:_LINES]))
        more = " …" if len(lines) > _LINES else ""
        yield language.text(ROUNDS[report.rounding], lines=f"{listed}{more}")
    if report.scope is None:
        yield language.text(
            "Compared within the document only: no warehouse at {warehouse}.",
            warehouse=shown_path(workspace.warehouse),
        )
    else:
        yield language.text(
            "Warehouse ({whose}): {compared} compared, {differ} differing.",
            whose=scope_title(report.scope, language.code),
            compared=report.compared_count,
            differ=counts[State.DIFFERS],
        )
