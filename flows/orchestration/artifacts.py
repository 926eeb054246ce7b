"""Prefect artifacts of a run: its progress, tables and report."""

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

from flows.orchestration.workspace_keys import artifact_key
from flows.run.progress import Pace
from flows.run.summary import counts, headline_figure
from warehouse.query.formats import visible
from warehouse.query.headline import headline_titles
from warehouse.report.format.numbers import RATIO, SECONDS

if TYPE_CHECKING:
    import logging
    from collections.abc import Sequence
    from uuid import UUID

    from flows.run.run_records import Outcome, Run
    from flows.settings.workspace import Workspace
    from warehouse.query.headline import Headline

    Logger = logging.Logger | logging.LoggerAdapter[logging.Logger]

_SECONDS_BETWEEN_UPDATES = 2.0
_SECONDS_BETWEEN_LINES = 60.0
_SHOWN_SOURCES = 20
# The stages of the warehouse, in addition to one step per source.
_STAGES = ("loading", "building", "checking", "exporting")


class PrefectProgress:
    """
    A progress artifact, updated at most every two seconds, and lines in the run's log.

    Shape:   a source that is mined for long has a line each minute.
    """

    def __init__(self, logger: Logger, workspace: Workspace) -> None:
        self._logger, self._workspace = logger, workspace
        self._source_count = 0
        self._finished = 0
        self._stage = 0
        self._active: dict[str, str] = {}
        self._lock = threading.Lock()
        artifact = create_progress_artifact(0.0, artifact_key("progress", workspace), "Starting")
        self._artifact = cast("UUID", artifact)  # a coroutine only if called from one
        self._updated_at = time.monotonic()
        self._logged_at: dict[str, float] = {}
        self._pace = Pace()

    def planned(self, source_count: int, notes: Sequence[str]) -> None:
        self._source_count = source_count
        for note in notes:
            self._logger.info("%s", visible(note))

    def source(self, name: str, stage: str, done: int, total: int) -> None:
        with self._lock:
            self._active[name] = shown = self._pace.text(name, stage, done, total)
            now = time.monotonic()
            is_due = now - self._logged_at.setdefault(name, now) >= _SECONDS_BETWEEN_LINES
            if is_due:
                self._logged_at[name] = now
        if is_due:
            self._logger.info("%s: %s", visible(name), shown)
        self._update()

    def finished(self, outcome: Outcome) -> None:
        with self._lock:
            self._active.pop(outcome.name, None)
            self._finished += 1
        self._logger.info("%s: %s", visible(outcome.name), outcome.state)
        self._update()

    def stage(self, name: str) -> None:
        with self._lock:
            self._active = {"warehouse": name}
            self._stage = _STAGES.index(name) + 1 if name in _STAGES else self._stage
        self._logger.info("warehouse: %s", name)
        self._update()

    def conclude(self, run: Run, figures: Sequence[Headline]) -> None:
        """Write a table of the sources, and one of the quarters' figures."""
        self._active = {}
        with suppress(Exception):  # a failed artifact must not end the run
            update_progress_artifact(self._artifact, 100.0, f"Run {run.run_id} {run.state}")
            sources = [outcome_row(outcome) for outcome in run.outcomes]
            create_table_artifact(sources, self._key("sources"), _SOURCES)
            create_table_artifact(figures_rows(figures), self._key("quarters"), _QUARTERS)

    def report(self, markdown: str) -> None:
        """Write the report of the quarter."""
        with suppress(Exception):  # as above
            create_markdown_artifact(markdown, self._key("report"), _REPORT)

    def warn(self, message: str) -> None:
        """Log a problem that did not end the run."""
        self._logger.warning("%s", message)

    def _key(self, kind: str) -> str:
        return artifact_key(kind, self._workspace)

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
        shown = [f"- `{visible(n)}`: {what}" for n, what in self._active.items()]
        return "\n".join([head, "", *shown[:_SHOWN_SOURCES]])


_SOURCES = "Rows and state of each source in this run."
_QUARTERS = "The quarters' figures, as published."
_REPORT = "The report of the newest quarter."


def outcome_row(outcome: Outcome) -> dict[str, Any]:
    """Return the table row of one source."""
    return {
        "source": visible(outcome.source),
        "state": outcome.state,
        **counts(outcome),
        "seconds": round(outcome.seconds, 1),
        "problem": visible(outcome.problem or ""),
        "what to do": visible(outcome.remedy or ""),
    }


def figures_rows(figures: Sequence[Headline]) -> list[dict[str, Any]]:
    """Return the table rows of the quarters of projects, with the KPIs that any of them has."""
    titles = headline_titles(figures)
    return [
        {
            "project": visible(row.project),
            "quarter": row.quarter,
            "complete": row.is_complete,
            **{title: _amount(row, kpi) for kpi, title in titles.items()},
        }
        for row in figures
    ]


def _amount(headline: Headline, kpi: str) -> int | str:
    """Return a count as a number, which a page can sort, and other figures as text."""
    figure = headline.figure(kpi)
    if figure is None or figure.value is None or figure.unit in {RATIO, *SECONDS}:
        return headline_figure(headline, kpi)
    return int(figure.value)
