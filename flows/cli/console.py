"""What a run shows: progress while it goes, and a report at its end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.measure import Measurement
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from flows.run.run_records import COMPLETED, UNCHANGED
from flows.run.summary import counts, known_count, lead_time, shown_counts, step
from flows.settings.environment import is_width_given
from warehouse.query.formats import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from flows.run.run_records import Outcome, Run
    from flows.settings.workspace import Workspace
    from warehouse.query.query import Headline

_PLAIN_WIDTH, _ENDLESS = 120, 10_000


def console(*, stderr: bool = False) -> Console:
    """Open the terminal, or a stream of plain lines where there is none."""
    found = Console(stderr=stderr, highlight=False, soft_wrap=False)
    if found.is_terminal or is_width_given():
        return found
    return Console(stderr=stderr, highlight=False, width=_PLAIN_WIDTH)


def fits(terminal: Console, table: Table, first_width: int | None = None) -> bool:
    """Tell whether there is room for every column, with the first folded to a width if any."""
    first = table.columns[0]
    first.max_width = first_width
    options = terminal.options.update(width=_ENDLESS)
    needed = Measurement.get(terminal, options, table).maximum
    first.max_width = None
    return needed <= terminal.width


class LiveWatch:
    """A bar for each source, in a terminal."""

    def __init__(self, terminal: Console) -> None:
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.fields[detail]}", markup=False),
            TimeElapsedColumn(),
            console=terminal,
            transient=True,
        )
        self._bars: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def planned(self, source_count: int, notes: Sequence[str]) -> None:
        """Say nothing of it: the report at the end does."""

    def source(self, name: str, stage: str, done: int, total: int) -> None:
        self._show(name, step(stage, done, total), done, total)

    def finished(self, outcome: Outcome) -> None:
        self._show(outcome.name, outcome.state, 1, 1)

    def stage(self, name: str) -> None:
        self._show("warehouse", name, 0, 0)

    def _show(self, name: str, detail: str, done: int, total: int) -> None:
        if name not in self._bars:
            self._bars[name] = self._progress.add_task(visible(name), total=None, detail="")
        self._progress.update(self._bars[name], detail=detail, completed=done, total=total or None)


class LineWatch:
    """A line for each step, where output goes to a file or a pipe."""

    def __init__(self, terminal: Console) -> None:
        self._terminal = terminal
        self._last: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def planned(self, source_count: int, notes: Sequence[str]) -> None:
        """Say nothing of it: the report at the end does."""

    def source(self, name: str, stage: str, done: int, total: int) -> None:  # noqa: ARG002
        begun = stage.partition(" (")[0]
        if self._last.get(name) != begun:
            self._last[name] = begun
            self._say(name, step(stage, total, 0))

    def finished(self, outcome: Outcome) -> None:
        self._say(outcome.name, outcome.state)

    def stage(self, name: str) -> None:
        self._say("warehouse", name)

    def _say(self, name: str, text: str) -> None:
        self._terminal.print(f"{visible(name)}: {text}", markup=False)


def watch_for(terminal: Console) -> LiveWatch | LineWatch:
    """Choose how progress is shown."""
    return LiveWatch(terminal) if terminal.is_terminal else LineWatch(terminal)


def print_run(
    terminal: Console, run: Run, workspace: Workspace, figures: Sequence[Headline]
) -> None:
    """Print what a run came to: each source, the last quarters, and where the files are."""
    terminal.print(outcome_table(run.outcomes))
    print_problems(terminal, run.outcomes)
    print_notes(terminal, run.notes)
    if figures:
        terminal.print(headline_table(figures))
    if run.problem:
        terminal.print(Text(visible_lines(run.problem), style="red"))
        terminal.print("Nothing was published; what was published before is as it was.")
    elif workspace.warehouse.exists():
        terminal.print(places(workspace), soft_wrap=True, markup=False)
    seconds = (run.ended_at - run.started_at).total_seconds() if run.ended_at else 0.0
    style = "green" if run.state == COMPLETED else "red"
    terminal.print(Text(f"Run {run.run_id} {run.state} in {seconds:.1f} s", style=style))


class Troubled(Protocol):
    """A source, and what is wrong with it if anything is."""

    @property
    def source(self) -> str: ...

    @property
    def problem(self) -> str | None: ...

    @property
    def remedy(self) -> str | None: ...


def print_problems(terminal: Console, sources: Iterable[Troubled]) -> None:
    """Print what is wrong with each source, and what to do."""
    for source in sources:
        if source.problem:
            said = f"{visible(source.source)}: {visible(source.problem)}. {source.remedy}."
            terminal.print(Text(said.replace("..", "."), style="red"))


def print_notes(terminal: Console, notes: Iterable[str]) -> None:
    """Print what is left out for want of a setting."""
    for note in notes:
        terminal.print(Text(visible(note), style="yellow"), soft_wrap=True)


def print_titled(terminal: Console, title: str, table: Table) -> None:
    """Print a table below its title, which is as long as it is however narrow the table."""
    terminal.print(Text(visible(title), style="italic"), soft_wrap=True)
    terminal.print(table)


def print_facts(terminal: Console, told: Mapping[str, str]) -> None:
    """Print texts below each other, each behind its name."""
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column()
    for name, text in told.items():
        facts.add_row(name, Text(text))
    terminal.print(facts)


def places(workspace: Workspace) -> str:
    """Say where the published files are, from here where they are below here."""
    files = {"Warehouse": workspace.warehouse, "Parquet": workspace.exports / "current"}
    return "\n".join(f"{name:<11}{shown_path(path)}" for name, path in files.items())


def shown_path(path: Path) -> str:
    """Write where a file is, from here where it is below here."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def outcome_table(outcomes: Sequence[Outcome]) -> Table:
    """Tabulate what each source gave."""
    table = Table(box=SIMPLE_HEAD, title="Sources", title_justify="left")
    table.add_column("source", overflow="fold")
    shown = shown_counts(outcomes)
    for name in (*shown, "seconds"):
        table.add_column(name, justify="right")
    table.add_column("state")
    for outcome in outcomes:
        counted = counts(outcome)
        cells = [f"{counted[n]:,}" if not outcome.is_failed else "-" for n in shown]
        style = "red" if outcome.is_failed else "dim" if outcome.state == UNCHANGED else None
        table.add_row(
            Text(visible(outcome.name)),
            *cells,
            f"{outcome.seconds:.1f}",
            outcome.state,
            style=style,
        )
    return table


def headline_table(figures: Sequence[Headline]) -> Table:
    """Tabulate the last quarters' figures; those of issues only where there is a tracker."""
    table = Table(box=SIMPLE_HEAD, title="Last quarters", title_justify="left")
    table.add_column("project", overflow="fold")
    table.add_column("quarter", no_wrap=True)
    names = ["commits", "authors", "lines added", "deleted", "merges", "median lead time"]
    has_issues = any(row.open_issue_count is not None for row in figures)
    for name in [*names, *(["issues closed", "left open"] if has_issues else [])]:
        table.add_column(name, justify="right")
    for row in figures:
        issues = (known_count(row.closed_issue_count), known_count(row.open_issue_count))
        table.add_row(
            Text(visible(row.project)),
            row.quarter if row.is_complete else f"{row.quarter} so far",
            f"{row.commit_count:,}",
            f"{row.author_count:,}",
            f"{row.lines_added:,}",
            f"{row.lines_deleted:,}",
            f"{row.merge_count:,}",
            lead_time(row),
            *(issues if has_issues else ()),
        )
    return table


def visible_lines(text: str) -> str:
    """Keep the lines of a text of our own, and neutralise what a terminal would obey."""
    return "\n".join(visible(line) for line in text.split("\n"))
