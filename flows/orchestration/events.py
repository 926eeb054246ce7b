"""Events of a run, with which automations of Prefect follow it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from prefect.events import emit_event

from flows.orchestration.workspace_keys import resource_id
from flows.run.run_records import COMPLETED, COMPLETED_WITH_FAILURES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flows.run.run_records import Run
    from flows.settings.workspace import Workspace

PUBLISHED, SEALED = "quarry.published", "quarry.quarter.sealed"


def emit_published(workspace: Workspace, run: Run) -> None:
    """Emit that a run has published, with where, and which sources failed."""
    if run.state in {COMPLETED, COMPLETED_WITH_FAILURES}:
        failed = [outcome.source for outcome in run.outcomes if outcome.is_failed]
        _emit(workspace, PUBLISHED, run_id=run.run_id, state=run.state, failed_sources=failed)


def emit_sealed(workspace: Workspace, quarters: Iterable[str]) -> None:
    """Emit that quarters were sealed, an event for each."""
    for quarter in sorted(quarters):
        _emit(workspace, SEALED, quarter=quarter, folder=str(workspace.seals / quarter))


def _emit(workspace: Workspace, event: str, **facts: object) -> None:
    paths = {"warehouse": workspace.warehouse, "exports": workspace.exports / "current"}
    payload = {**facts, **{name: str(path) for name, path in paths.items()}}
    resource = {
        "prefect.resource.id": resource_id(workspace),
        "prefect.resource.name": str(workspace.home),
    }
    with suppress(Exception):  # a failed event must not end the run
        emit_event(event, resource, payload=payload)
