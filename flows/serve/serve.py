"""Start and stop a Prefect server, the deployments and a worker together."""

from __future__ import annotations

import signal
import time
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from filelock import FileLock, Timeout

from flows.orchestration.environment import login, prefect_defaults, prefect_folder, server_settings
from flows.orchestration.processes import (
    free_port,
    prefect,
    start,
    start_server,
    stop,
    unexpected_end,
    wait_for_response,
)
from flows.run.lock import RunInProgress
from flows.settings.environment import reach_this_machine_directly, set_defaults, set_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from types import FrameType

    from flows.orchestration.processes import ChildProcess
    from flows.settings.workspace import Workspace

_WORKER = ("worker", "start", "--pool", "quarry", "--type", "process", "--limit", "1")
_SECONDS_BETWEEN_CHECKS = 0.5


def serve(workspace: Workspace, *, cron: str, port: int, show: Callable[[str], None]) -> None:
    """
    Run nightlies from this machine until Ctrl-C or SIGTERM, and then end all processes.

    Shape:   show prints a line of progress.

    Errors:  RunInProgress if this home folder is served already; ProcessFailed.
    """
    folder = prefect_folder(workspace)
    with _sole_server(folder), ExitStack() as at_end:
        at_end.enter_context(_ended_by_signals(show))
        url = f"http://127.0.0.1:{free_port(port)}/api"
        reach_this_machine_directly()
        set_defaults(prefect_defaults(folder))
        set_values(server_settings(url, login(folder)))
        show(f"Prefect     {url.removesuffix('/api')} (starting)")
        server = start_server(url, folder)
        at_end.callback(stop, [server])
        wait_for_response(server, url, login(folder))

        # Prefect reads its environment when it is imported, so it is imported only now.
        from flows.orchestration.flow_run_locks import mark_crashed  # noqa: PLC0415
        from flows.serve.deployments import deploy, next_run_at  # noqa: PLC0415

        at_end.callback(mark_crashed, workspace.runs)
        mark_crashed(workspace.runs)
        nightly = deploy(workspace, cron)
        worker = start("worker", prefect(*_WORKER), folder)
        at_end.callback(stop, [worker])
        zone = ZoneInfo(workspace.settings.calendar.time_zone)
        next_at = next_run_at(nightly, datetime.now(zone)).astimezone(zone)
        show(f"Next night  {next_at:%Y-%m-%d %H:%M %Z}, cron {cron} in {zone}")
        show(f"Log in      with the line in {folder / 'login'}")
        show(f"Home        {workspace.home}")
        show("Up. Ctrl-C ends the server, the worker and what they run.")
        _wait([server, worker])


def _wait(children: Sequence[ChildProcess]) -> None:
    while True:
        for child in children:
            if child.has_ended:
                raise unexpected_end(child)
        time.sleep(_SECONDS_BETWEEN_CHECKS)


@contextmanager
def _sole_server(folder: Path) -> Iterator[None]:
    try:
        with FileLock(folder / "serve.lock", timeout=0):
            yield
    except Timeout as error:
        message = f"{folder.parent} is served already. Stop that `quarry serve` first."
        raise RunInProgress(message) from error


@contextmanager
def _ended_by_signals(show: Callable[[str], None]) -> Iterator[None]:
    """Turn the signals that end this process into an exit, which ends its children first."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        show("Stopping")
        raise SystemExit(0)

    numbers = (getattr(signal, name, None) for name in ("SIGINT", "SIGTERM", "SIGHUP"))
    handlers = {number: signal.signal(number, leave) for number in numbers if number}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)
