"""What Prefect's pages show of a run: progress while it goes, and two tables at its end."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)

from flows.run.summary import counts, known_count, lead_time, step
from warehouse.query.formats import visible

if TYPE_CHECKING:
    import logging
    from collections.abc import Sequence
    from uuid import UUID

    from flows.run.progress import Watch
    from flows.run.run_records import Outcome, Run
    from warehouse.query.query import Headline

    Logger = logging.Logger | logging.LoggerAdapter[logging.Logger]

_SECONDS_BETWEEN_UPDATES = 2.0
_SHOWN_SOURCES = 20
# The warehouse's stages, beside one step per source.
_STAGES = ("loading", "building", "checking", "exporting")


class PrefectWatch:
    """A progress artifact for the run, renewed every two seconds at most, and lines in its log."""

    def __init__(self, logger: Logger) -> None:
        self._logger = logger
        self._source_count = 0
        self._finished = 0
        self._stage = 0
        self._at_work: dict[str, str] = {}
        self._lock = threading.Lock()
        made = create_progress_artifact(0.0, "quarry-progress", "Beginning")
        self._artifact = cast("UUID", made)  # a coroutine only for who calls from one
        self._updated_at = time.monotonic()

    def planned(self, source_count: int, notes: Sequence[str]) -> None:
        self._source_count = source_count
        for note in notes:
            self._logger.info("%s", visible(note))

    def source(self, name: str, stage: str, done: int, total: int) -> None:
        with self._lock:
            self._at_work[name] = step(stage, done, total)
        self._update()

    def finished(self, outcome: Outcome) -> None:
        with self._lock:
            self._at_work.pop(outcome.name, None)
            self._finished += 1
        self._logger.info("%s: %s", visible(outcome.name), outcome.state)
        self._update()

    def stage(self, name: str) -> None:
        with self._lock:
            self._at_work = {"warehouse": name}
            self._stage = _STAGES.index(name) + 1 if name in _STAGES else self._stage
        self._logger.info("warehouse: %s", name)
        self._update()

    def conclude(self, run: Run, figures: Sequence[Headline]) -> None:
        """Show what the run came to: each source, and the quarters' figures."""
        self._at_work = {}
        with suppress(Exception):  # no page that fails to show a run may end it
            update_progress_artifact(self._artifact, 100.0, f"Run {run.run_id} {run.state}")
            create_table_artifact(
                [outcome_row(o) for o in run.outcomes], "quarry-sources", _SOURCES
            )
            create_table_artifact([figures_row(f) for f in figures], "quarry-quarters", _QUARTERS)

    def report(self, markdown: str) -> None:
        """Show the report of the quarter."""
        with suppress(Exception):  # as above
            create_markdown_artifact(markdown, "quarry-report", _REPORT)

    def warn(self, said: str) -> None:
        """Say in the log what went wrong beside the run."""
        self._logger.warning("%s", said)

    def _update(self) -> None:
        with self._lock:
            now = time.monotonic()
            if now - self._updated_at < _SECONDS_BETWEEN_UPDATES:
                return
            self._updated_at = now
            percent, text = self._percent(), self._text()
        with suppress(Exception):  # as above
            update_progress_artifact(self._artifact, percent, text)

    def _percent(self) -> float:
        steps = self._source_count + len(_STAGES)
        return min(99.0, round(100.0 * (self._finished + self._stage) / steps, 1))

    def _text(self) -> str:
        head = f"{self._finished:,} of {self._source_count:,} sources mined"
        shown = [f"- `{visible(n)}`: {what}" for n, what in self._at_work.items()]
        return "\n".join([head, "", *shown[:_SHOWN_SOURCES]])


class Watches:
    """Several who look on at the same run."""

    def __init__(self, *watches: Watch) -> None:
        self._watches = watches

    def planned(self, source_count: int, notes: Sequence[str]) -> None:
        for watch in self._watches:
            watch.planned(source_count, notes)

    def source(self, name: str, stage: str, done: int, total: int) -> None:
        for watch in self._watches:
            watch.source(name, stage, done, total)

    def finished(self, outcome: Outcome) -> None:
        for watch in self._watches:
            watch.finished(outcome)

    def stage(self, name: str) -> None:
        for watch in self._watches:
            watch.stage(name)


_SOURCES = "What each source gave in this run."
_QUARTERS = "The quarters' figures, as published."
_REPORT = "The report of the newest quarter."


def outcome_row(outcome: Outcome) -> dict[str, Any]:
    """Tabulate what one source gave."""
    return {
        "source": visible(outcome.source),
        "state": outcome.state,
        **counts(outcome),
        "seconds": round(outcome.seconds, 1),
        "problem": visible(outcome.problem or ""),
        "what to do": visible(outcome.remedy or ""),
    }


def figures_row(figures: Headline) -> dict[str, Any]:
    """Tabulate one repository's quarter."""
    return {
        "project": visible(figures.project),
        "source": visible(figures.source),
        "quarter": figures.quarter,
        "complete": figures.is_complete,
        "commits": figures.commit_count,
        "authors": figures.author_count,
        "lines added": figures.lines_added,
        "lines deleted": figures.lines_deleted,
        "merges": figures.merge_count,
        "median lead time": lead_time(figures),
        "issues closed": known_count(figures.closed_issue_count),
        "issues left open": known_count(figures.open_issue_count),
    }
