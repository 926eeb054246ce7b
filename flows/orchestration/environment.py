"""
The environment that Prefect finds: set before it is imported, and never over the user's own values.

Prefect reads it once, at its import. Nothing here imports Prefect before it is set.
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
    wait_until_it_answers,
)
from flows.run.run_records import sole_run
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
    Set the environment for flows; if no server is configured, start one for this process's life.

    Shape:   meanwhile is called while that server starts, for work that takes as long.

    Errors:  AnotherRun at once, before anything is started, while a run is at work; ChildFailed.
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
        # What Prefect registers after us it ends before us: its last reports find the server.
        atexit.register(stop, [server])
        meanwhile()
        wait_until_it_answers(server, url, login(folder))


def prefect_folder(workspace: Workspace) -> Path:
    """Make the folder for Prefect's own files; only its owner can look into it."""
    folder = workspace.home / "prefect"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def prefect_defaults(folder: Path) -> dict[str, str]:
    """State what Prefect should do unless the user says otherwise: nothing leaves this machine."""
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
    Read the user name and password of servers of our own, made at the first time.

    Who may start flows may start programs: other users of this machine must not.
    """
    file = folder / "login"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(f"quarry:{secrets.token_urlsafe(18)}\n", "utf-8")
    return file.read_text("utf-8").strip()


def server_settings(api_url: str, login: str) -> dict[str, str]:
    """State what a server of our own must do: answer this machine only, and who may log in."""
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
