"""Keys of a workspace on a Prefect server that serves several."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from miners.store import source_folder

if TYPE_CHECKING:
    from flows.settings.workspace import Workspace


def artifact_key(kind: str, workspace: Workspace) -> str:
    """Return the key of an artifact of a workspace: of letters, digits and dashes."""
    return f"quarry-{kind}-{_name(workspace)}"


def resource_id(workspace: Workspace) -> str:
    """Return the name of the resource that events of a workspace are about."""
    return f"quarry.home.{_name(workspace)}"


def asset_keys(workspace: Workspace) -> tuple[str, str]:
    """Return the keys of the assets that a run makes: the warehouse and the exports."""
    host, exports = socket.gethostname().lower(), workspace.exports / "current"
    return f"duckdb://{host}{_path(workspace.warehouse)}", f"parquet://{host}{_path(exports)}"


def _name(workspace: Workspace) -> str:
    return source_folder(Path(), str(workspace.home)).name


def _path(path: Path) -> str:
    # Prefect refuses the sign of an escape as well as what is escaped.
    return quote(str(path)).replace("%", "~")
