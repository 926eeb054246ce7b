"""Wait for another run, and show it in the flow run's state."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from uuid import UUID

from prefect import runtime
from prefect.client.orchestration import get_client
from prefect.states import Running

from flows.run.lock import RunInProgress, in_progress_message, is_in_progress

if TYPE_CHECKING:
    from pathlib import Path

    from prefect.client.schemas.objects import State

# A run that lasts longer is rather stuck; the flow that waits fails and names it.
_LONGEST_WAIT_SECONDS = 24 * 3600
_SECONDS_BETWEEN_CHECKS = 5.0
WAITING = "Waiting"


def wait_for_others(runs: Path) -> None:
    """
    Wait until no run is in progress in the home folder; the state of the flow run names it.

    Errors:  RunInProgress after a day.
    """
    if not is_in_progress(runs):
        return
    message = in_progress_message(runs)
    _set_state(WAITING, message)
    started = time.monotonic()
    while is_in_progress(runs):
        if time.monotonic() - started > _LONGEST_WAIT_SECONDS:
            raise RunInProgress(f"{message} This run waited for a day.")
        pause()
    _set_state("Running", "")


def pause() -> None:
    """Let some time pass before the next check."""
    time.sleep(_SECONDS_BETWEEN_CHECKS)


def _set_state(name: str, message: str) -> None:
    with get_client(sync_client=True) as client:
        state: State[None] = Running(name=name, message=message)
        client.set_flow_run_state(UUID(runtime.flow_run.id), state, force=True)
