"""How `quarry reconcile` shows what it found in a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from flows.reconciliation import name_of, shown_findings
from flows.reconciliation_words import COUNTED, STATES, WORDS, why
from flows.terminal import shown_path
from warehouse.formats import visible
from warehouse.reconcile.findings import State
from warehouse.report.compose import whose
from warehouse.report.language import Language
from warehouse.report.style import Voice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from flows.workspace import Workspace
    from warehouse.reconcile.findings import Finding, Report

_STYLES = {
    State.CONTRADICTS: "red",
    State.DIFFERS: "yellow",
    State.ROUNDING: "",
    State.AGREES: "green",
    State.NOT_CHECKED: "dim",
}
_LINES = 8
_WIDTH = 14


def print_report(
    terminal: Console,
    document: str,
    report: Report,
    workspace: Workspace,
    language: str,
    *,
    has_all: bool,
) -> None:
    """Print a table of what does not hold, or of all, and what all of it comes to."""
    words, shown = WORDS[language], shown_findings(report, has_all=has_all)
    name = visible(name_of(document))
    if not report.alarms:
        terminal.print(Text(words["fine"].format(document=name), style="green"), soft_wrap=True)
    if shown:
        title = words["title of all" if has_all else "title"].format(document=name)
        terminal.print(_table(shown, title, language, has_all=has_all))
    for said in _summary(report, workspace, language):
        terminal.print(Text(said), soft_wrap=True)
    commands = dict.fromkeys(one.command for one in report.alarms if one.command)
    if commands:
        terminal.print(Text(words["explain"]))
        for command in commands:
            terminal.print(Text(f"  {visible(command)}"), soft_wrap=True)
    if not has_all:
        terminal.print(Text(words["more"], style="dim"))


def _table(shown: Sequence[Finding], title: str, language: str, *, has_all: bool) -> Table:
    words = WORDS[language]
    table = Table(box=SIMPLE_HEAD, title=Text(title), title_justify="left")
    table.add_column(words["line"], justify="right", no_wrap=True)
    table.add_column(words["figure"], overflow="fold", ratio=3)
    for heading in ("says", "should be"):
        table.add_column(words[heading], justify="right", overflow="fold", max_width=_WIDTH)
    if has_all:
        table.add_column(words["state"], no_wrap=True)
    table.add_column(words["why"], overflow="fold", ratio=4)
    for one in shown:
        state = [STATES[language][one.state]] if has_all else []
        cells = (one.title, one.says, one.should_be, *state, why(one, language))
        style = _STYLES[one.state] if has_all else ""
        table.add_row(str(one.figure.line), *(Text(visible(cell)) for cell in cells), style=style)
    return table


def _summary(report: Report, workspace: Workspace, language: str) -> Iterator[str]:
    words, counts = WORDS[language], report.counts
    said = [
        text.format(f"{counts[state]:,}")
        for state, text in COUNTED[language].items()
        if state is not State.DIFFERS or report.scope
    ]
    yield words["counts"].format(all=f"{counts.total():,}", states=", ".join(said))
    if report.rounding in {"down", "mixed"}:
        lines = dict.fromkeys(o.figure.line for o in report.findings if o.rounding == "down")
        listed = ", ".join(map(str, list(lines)[:_LINES]))
        more = " …" if len(lines) > _LINES else ""
        yield words[report.rounding].format(lines=f"{listed}{more}")
    if report.scope is None:
        yield words["inside"].format(warehouse=shown_path(workspace.warehouse))
    else:
        yield words["compared"].format(
            whose=whose(report.scope, Voice(Language(language))),
            compared=report.compared_count,
            differ=counts[State.DIFFERS],
        )
