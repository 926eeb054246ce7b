"""Deployments of the flows on the server of `quarry serve`."""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from shlex import join
from typing import TYPE_CHECKING, Any, cast

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
)
from prefect.client.schemas.sorting import FlowRunSort
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectAlreadyExists
from prefect.schedules import Cron, Schedule
from prefect.types.entrypoint import EntrypointType

from flows.nightly import backfill, nightly, quarter_close
from flows.orchestration.processes import ProcessFailed
from flows.settings.settings import SettingsError
from miners.git.command import die_with_parent

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from prefect import Flow
    from prefect.types import DateTime

    from flows.settings.workspace import Workspace

POOL = "quarry"
_SCHEDULER_SECONDS = 60


def deploy(workspace: Workspace, cron: str) -> UUID:
    """Create or update the work pool and the three deployments; return the nightly's id."""
    with get_client(sync_client=True) as client, suppress(ObjectAlreadyExists):
        client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
    closing = closing_cron(workspace.settings.calendar.first_month)
    _apply(workspace, backfill, "backfill", None)
    _apply(workspace, quarter_close, "quarter-close", closing)
    return _apply(workspace, nightly, "nightly", cron)


def closing_cron(first_month: int) -> str:
    """Return a cron for three days of each fiscal quarter, the later two for retries."""
    months = sorted((first_month + month - 1) % 12 + 1 for month in (0, 3, 6, 9))
    return f"45 4 1-3 {','.join(map(str, months))} *"


def next_run_at(deployment: UUID, now: datetime) -> datetime:
    """
    Return when a deployment runs next, which shows that the server schedules.

    Errors:  ProcessFailed.
    """
    deadline = time.monotonic() + _SCHEDULER_SECONDS
    with get_client(sync_client=True) as client:
        while time.monotonic() < deadline:
            coming = client.read_flow_runs(
                deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment])),
                flow_run_filter=FlowRunFilter(
                    expected_start_time=FlowRunFilterExpectedStartTime(after_=cast("DateTime", now))
                ),
                sort=FlowRunSort.EXPECTED_START_TIME_ASC,
                limit=1,
            )
            if coming and coming[0].expected_start_time:
                return coming[0].expected_start_time
            time.sleep(0.5)
    raise ProcessFailed(
        "the Prefect server schedules no runs. Install the versions of constraints.txt: "
        "a newer SQLAlchemy stops the scheduler of Prefect 3.8."
    )


def _apply(workspace: Workspace, flow: Flow[..., Any], name: str, cron: str | None) -> UUID:
    deployment = RunnerDeployment.from_flow(
        flow,
        name,
        schedule=_schedule(cron, workspace.settings.calendar.time_zone) if cron else None,
        parameters={
            "config": str(workspace.file) if workspace.file else None,
            "home": str(workspace.home),
        },
        tags=["quarry"],
        work_pool_name=POOL,
        job_variables=_job_variables(workspace),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    return cast("UUID", deployment.apply())  # a coroutine only if called from one


def _schedule(cron: str, zone: str) -> Schedule:
    try:
        return Cron(cron, timezone=zone)
    except ValueError as error:
        message = f"--cron: {cron!r} is not a schedule. Use one such as '15 2 * * *'."
        raise SettingsError(message) from error


def _job_variables(workspace: Workspace) -> dict[str, str]:
    # Without this a killed worker would leave its flows running.
    command = join([*die_with_parent(), sys.executable, "-m", "prefect.engine"])
    return {"working_dir": str(workspace.base), "command": command}
