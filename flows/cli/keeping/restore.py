"""quarry restore: a home folder from a backup."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.console import console, print_line
from flows.cli.options import Config, Home, workspace_of


def restore(
    file: Annotated[Path, typer.Argument(help="File of `quarry backup`")],
    home: Home = None,
    config: Config = None,
) -> None:
    """
    Restore a backup into a home folder that has no store.

    Every file is checked before the first one is put in place. The folder may be another one
    than that of the backup: its history continues. Example:
    quarry restore /backups/quarry-monday.tar --home /srv/quarry
    """
    from flows.run.keeping.backup import restore as restore_backup

    workspace = workspace_of(config, home)
    started = time.monotonic()
    restored = restore_backup(workspace, file)
    seconds = time.monotonic() - started
    terminal = console()
    print_line(
        terminal,
        f"{workspace.home}: {restored.file_count:,} files, {restored.byte_count / 1e6:,.1f} MB, "
        f"checked and restored in {seconds:,.1f} s.",
    )
    for path in restored.settings:
        print_line(terminal, f"Settings   {path}: check its home, and the paths of its sources")
    print_line(terminal, "Next: `quarry replay` builds the warehouse, or `quarry run`.")
