"""Progress of a run: bars in a terminal, lines in a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from flows.cli.console import print_paragraph
from flows.run.progress import WAREHOUSE, Pace
from flows.run.summary import step
from warehouse.query.formats import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from flows.run.run_records import Outcome


class ProgressBars:
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
        self._pace = Pace()

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def planned(self, source_count: int, notes: Sequence[str]) -> None:
        """Print nothing: the report at the end has the notes."""

    def source(self, name: str, stage: str, done: int, total: int) -> None:
        self._show(name, self._pace.text(name, stage, done, total), done, total)

    def finished(self, outcome: Outcome) -> None:
        self._show(outcome.name, outcome.state, 1, 1)

    def stage(self, name: str) -> None:
        self._show(WAREHOUSE, name, 0, 0)

    def _show(self, name: str, detail: str, done: int, total: int) -> None:
        if name not in self._bars:
            self._bars[name] = self._progress.add_task(visible(name), total=None, detail="")
        self._progress.update(self._bars[name], detail=detail, completed=done, total=total or None)


class ProgressLines:
    """A line for each step, where output goes to a file or a pipe."""

    def __init__(self, terminal: Console) -> None:
        self._terminal = terminal
        self._last: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def planned(self, source_count: int, notes: Sequence[str]) -> None:
        """Print nothing: the report at the end has the notes."""

    def source(self, name: str, stage: str, done: int, total: int) -> None:  # noqa: ARG002
        stage_name = stage.partition(" (")[0]
        if self._last.get(name) != stage_name:
            self._last[name] = stage_name
            self._print(name, step(stage, total, 0))

    def finished(self, outcome: Outcome) -> None:
        self._print(outcome.name, outcome.state)

    def stage(self, name: str) -> None:
        self._last[WAREHOUSE] = name
        self._print(WAREHOUSE, name)

    def _print(self, name: str, text: str) -> None:
        print_paragraph(self._terminal, f"{visible(name)}: {text}")


def progress_on(terminal: Console) -> ProgressBars | ProgressLines:
    """Return bars in a terminal, and lines elsewhere."""
    return ProgressBars(terminal) if terminal.is_terminal else ProgressLines(terminal)
