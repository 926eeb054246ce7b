"""What all commands take, and how they open what it names."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from flows.settings.workspace import Workspace

Home = Annotated[
    Path | None, typer.Option("--home", help="Folder that holds everything. Default: data")
]
Config = Annotated[
    Path | None, typer.Option("--config", help="Settings file. Default: quarry.toml, if there")
]

Project = Annotated[
    str | None,
    typer.Option(
        "--project", help="Default: the only one, or all together, which '*' asks for too"
    ),
]
Format = Annotated[str, typer.Option("--format", help="table, csv, json or parquet")]
StyleFile = Annotated[
    Path | None,
    typer.Option("--style", help="Style file. Default: report.toml beside quarry.toml, if there"),
]


def workspace_of(config: Path | None, home: Path | None) -> Workspace:
    """
    Open the settings and the home folder.

    Errors:  SettingsError.
    """
    from flows.settings.workspace import open_workspace

    return open_workspace(config, home)


def leave(code: int) -> NoReturn:
    """End at once, with all that was printed and without waiting for any thread."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
