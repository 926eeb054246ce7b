"""How `quarry reconcile` shows what it found in a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from flows.cli.console import shown_path
from flows.run.reconcile import name_of, shown_findings
from flows.run.reconcile_messages import COUNTED, ROUNDS, STATES, why
from warehouse.query.formats import visible
from warehouse.reconcile.findings import State
from warehouse.report.compose import scope_title
from warehouse.report.format.style import Formatter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from flows.settings.workspace import Workspace
    from warehouse.reconcile.findings import FigureResult, Reconciliation
    from warehouse.report.format.language import Language

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
    report: Reconciliation,
    workspace: Workspace,
    language: Language,
    *,
    has_all: bool,
) -> None:
    """Print a table of what does not hold, or of all, and what all of it comes to."""
    shown, name = shown_findings(report, has_all=has_all), visible(name_of(document))
    if not report.findings:
        fine = language.text("{document}: nothing contradicts.", document=name)
        terminal.print(Text(fine, style="green"), soft_wrap=True)
    if shown:
        title = language.text("{document}: what does not hold", document=name)
        if has_all:
            title = language.text("{document}: every figure", document=name)
        terminal.print(_table(shown, title, language, has_all=has_all))
    for said in _summary(report, workspace, language):
        terminal.print(Text(said), soft_wrap=True)
    commands = dict.fromkeys(one.command for one in report.findings if one.command)
    if commands:
        terminal.print(Text(language.text("What is behind the warehouse's figures:")))
        for command in commands:
            terminal.print(Text(f"  {visible(command)}"), soft_wrap=True)
    if not has_all:
        terminal.print(Text(language.text("--all lists every figure."), style="dim"))


def _table(
    shown: Sequence[FigureResult], title: str, language: Language, *, has_all: bool
) -> Table:
    table = Table(box=SIMPLE_HEAD, title=Text(title), title_justify="left")
    table.add_column(language.text("line"), justify="right", no_wrap=True)
    table.add_column(language.text("figure"), overflow="fold", ratio=3)
    for heading in (language.text("says"), language.text("should be")):
        table.add_column(heading, justify="right", overflow="fold", max_width=_WIDTH)
    if has_all:
        table.add_column(language.text("state"), no_wrap=True)
    table.add_column(language.text("why"), overflow="fold", ratio=4)
    for one in shown:
        state = [language.text(STATES[one.state])] if has_all else []
        cells = (one.title, one.says, one.should_be, *state, why(one, language))
        style = _STYLES[one.state] if has_all else ""
        table.add_row(str(one.figure.line), *(Text(visible(cell)) for cell in cells), style=style)
    return table


def _summary(report: Reconciliation, workspace: Workspace, language: Language) -> Iterator[str]:
    counts, number = report.counts, language.number
    said = [
        language.text(text, count=number(counts[state]))
        for state, text in COUNTED.items()
        if state is not State.DIFFERS or report.scope
    ]
    every, states = number(counts.total()), ", ".join(said)
    yield language.text("{all} figures: {states}.", all=every, states=states)
    if report.rounding in ROUNDS:
        lines = dict.fromkeys(o.figure.line for o in report.results if o.rounding == "down")
        listed = ", ".join(map(str, list(lines)[:_LINES]))
        more = " …" if len(lines) > _LINES else ""
        yield language.text(ROUNDS[report.rounding], lines=f"{listed}{more}")
    if report.scope is None:
        yield language.text(
            "Compared inside itself only: there is no warehouse at {warehouse}.",
            warehouse=shown_path(workspace.warehouse),
        )
    else:
        yield language.text(
            "Beside the warehouse ({whose}): {compared} compared, {differ} differing.",
            whose=scope_title(report.scope, Formatter(language)),
            compared=report.compared_count,
            differ=counts[State.DIFFERS],
        )
