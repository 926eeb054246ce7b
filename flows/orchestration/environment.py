"""
Prefect's environment variables and its temporary server.

Prefect reads its environment once, when it is imported: this module sets it before and does not
import Prefect. Values that the user set remain.
"""

from __future__ import annotations

import atexit
import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flows.orchestration.processes import (
    LONGEST_START_SECONDS,
    free_port,
    start_server,
    stop,
    wait_for_response,
)
from flows.run.lock import sole_run
from flows.settings.environment import (
    has_prefect_server,
    reach_this_machine_directly,
    set_defaults,
    set_values,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flows.settings.workspace import Workspace

_TEMPORARY_PORT = 8200


def prepare(workspace: Workspace, meanwhile: Callable[[], object]) -> None:
    """
    Set the environment of flows; if no server is configured, start one that ends with this process.

    Shape:   meanwhile is called while that server starts, for work that takes as long.

    Errors:  RunInProgress at once, before anything is started; ProcessFailed.
    """
    with sole_run(workspace.runs):
        pass
    folder = prefect_folder(workspace)
    set_defaults(prefect_defaults(folder) | {"PREFECT_LOGGING_LEVEL": "WARNING"})
    if not has_prefect_server():
        url = f"http://127.0.0.1:{free_port(_TEMPORARY_PORT)}/api"
        reach_this_machine_directly()
        set_values(server_settings(url, login(folder)))
        server = start_server(url, folder)
        # Registered before Prefect's own handlers, so that it runs after their last reports.
        atexit.register(stop, [server])
        meanwhile()
        wait_for_response(server, url, login(folder))


def prefect_folder(workspace: Workspace) -> Path:
    """Create the folder for Prefect's own files, readable by its owner only."""
    folder = workspace.home / "prefect"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def prefect_defaults(folder: Path) -> dict[str, str]:
    """Return defaults of Prefect's settings, with which no data leaves this machine."""
    return {
        "PREFECT_HOME": str(folder),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": str(LONGEST_START_SECONDS),
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    }


def login(folder: Path) -> str:
    """
    Read the user name and password of our own servers; write them at the first call.

    A user who can start flows can start programs, so other users of this machine need a login.
    """
    file = folder / "login"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(f"quarry:{secrets.token_urlsafe(18)}\n", "utf-8")
    return file.read_text("utf-8").strip()


def server_settings(api_url: str, login: str) -> dict[str, str]:
    """Return the settings of our own server: reachable from this machine only, with a login."""
    url = urlsplit(api_url)
    return {
        "PREFECT_API_URL": api_url,
        "PREFECT_SERVER_API_HOST": str(url.hostname),
        "PREFECT_SERVER_API_PORT": str(url.port),
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": f"{url.scheme}://{url.netloc}",
        "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "true",
        "PREFECT_SERVER_API_AUTH_STRING": login,
        "PREFECT_API_AUTH_STRING": login,
    }
