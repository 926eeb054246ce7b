"""
Locks of flow runs, to find those whose process died.

A flow run locks a file of its own name while it runs. The system releases the lock when the
process ends for any reason. A file without a held lock is that of a killed flow run.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from filelock import FileLock, Timeout
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.exceptions import ObjectNotFound
from prefect.states import Crashed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from prefect.client.orchestration import SyncPrefectClient

_PAGE = 200
_CRASHED = "The process of this run died. No data was lost; the next run resumes."


@contextmanager
def flow_run_lock(runs: Path, flow_run: str) -> Iterator[None]:
    """Lock the file of a flow run."""
    file = _folder(runs) / f"{flow_run}.lock"
    try:
        with FileLock(file):
            yield
    finally:
        file.unlink(missing_ok=True)


def mark_crashed(runs: Path) -> list[UUID]:
    """Set killed flow runs and their task runs to Crashed; Prefect shows them as running."""
    killed = [file for file in sorted(_folder(runs).glob("*.lock")) if _is_free(file)]
    for file in killed:
        _mark(UUID(file.stem))
        file.unlink(missing_ok=True)
    return [UUID(file.stem) for file in killed]


def _mark(flow_run: UUID) -> None:
    with get_client(sync_client=True) as client:
        try:
            state = client.read_flow_run(flow_run).state
        except ObjectNotFound:
            return  # a run of another server, or a deleted one
        _mark_tasks(client, flow_run)
        if state is None or not state.is_final():
            client.set_flow_run_state(flow_run, Crashed(message=_CRASHED), force=True)


def _mark_tasks(client: SyncPrefectClient, flow_run: UUID) -> None:
    """Set the unfinished task runs of a flow run to Crashed, a page at a time."""
    of_run = FlowRunFilter(id=FlowRunFilterId(any_=[flow_run]))
    offset = 0
    while page := client.read_task_runs(flow_run_filter=of_run, limit=_PAGE, offset=offset):
        for task_run in page:
            if task_run.state is None or not task_run.state.is_final():
                client.set_task_run_state(task_run.id, Crashed(message=_CRASHED), force=True)
        offset += len(page)


def _is_free(file: Path) -> bool:
    try:
        with FileLock(file, timeout=0):
            return True
    except Timeout:
        return False


def _folder(runs: Path) -> Path:
    folder = runs / "flows"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
