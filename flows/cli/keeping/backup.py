"""quarry backup: one file with everything that cannot be made again."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.console import console, print_line
from flows.cli.options import Config, Home, workspace_of


def backup(
    file: Annotated[Path, typer.Argument(help="File to write; an existing one is replaced")],
    home: Home = None,
    config: Config = None,
) -> None:
    """
    Back up store, seals, settings and the key of pseudonyms.

    The file has the checksum of each file in it, and no secrets but that key. Example:
    quarry backup /backups/quarry-monday.tar
    """
    from flows.run.keeping.backup import back_up

    started = time.monotonic()
    written = back_up(workspace_of(config, home), file)
    seconds = time.monotonic() - started
    print_line(
        console(),
        f"{file}: {written.file_count:,} files, {written.byte_count / 1e6:,.1f} MB, checked and "
        f"written in {seconds:,.1f} s.\n"
        "Mirrors, warehouse, exports and reports are not in it: they are made again. Neither are "
        "tokens.",
    )
