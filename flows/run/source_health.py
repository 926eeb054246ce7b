"""Each source's results over the recorded runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flows.run.lock import is_in_progress
from flows.run.run_records import CRASHED, RUNNING, read_runs
from flows.settings.workspace import configured_sources
from miners import store

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from flows.run.run_records import Outcome, Run
    from flows.settings.workspace import Workspace


@dataclass(frozen=True)
class SourceHealth:
    """The last result of a source, its last success, and its failures since."""

    name: str
    last: Outcome
    last_success_at: datetime | None
    failures_in_a_row: int


def recorded_runs(workspace: Workspace) -> list[Run]:
    """Read the records of runs, newest first; a killed run is crashed at once."""
    if not workspace.runs.is_dir():
        return []
    is_running = is_in_progress(workspace.runs)
    return [
        replace(run, state=CRASHED) if run.state == RUNNING and not is_running else run
        for run in read_runs(workspace.runs)
    ]


def of_known_sources(workspace: Workspace, runs: Sequence[Run]) -> list[Run]:
    """
    Return the runs with the outcomes of sources of the settings, the store or the last run alone.

    Shape:   an address that was typed once and never mined is in the last run only.
    """
    known = configured_sources(workspace) | set(store.sources(workspace.store))
    known |= {outcome.source for run in runs[:1] for outcome in run.outcomes}
    kept = [tuple(o for o in run.outcomes if o.source in known) for run in runs]
    return [replace(run, outcomes=outcomes) for run, outcomes in zip(runs, kept, strict=True)]


def source_health(runs: Sequence[Run]) -> list[SourceHealth]:
    """Sum up each source over runs, of which the newest is the first."""
    histories: dict[str, list[tuple[Run, Outcome]]] = {}
    for run in runs:
        for outcome in run.outcomes:
            histories.setdefault(outcome.source, []).append((run, outcome))
    return [_health(history) for _, history in sorted(histories.items())]


def _health(history: Sequence[tuple[Run, Outcome]]) -> SourceHealth:
    successes = [index for index, (_, outcome) in enumerate(history) if not outcome.is_failed]
    failures_in_a_row = successes[0] if successes else len(history)
    last_success_at = history[failures_in_a_row][0].started_at if successes else None
    return SourceHealth(history[0][1].name, history[0][1], last_success_at, failures_in_a_row)
