"""quarry init: write a commented quarry.toml."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def init(
    config: Annotated[Path, typer.Option("--config", help="File to write")] = Path("quarry.toml"),
) -> None:
    """Write a commented quarry.toml and list what to fill in."""
    from flows.settings.template import write_settings_file

    typer.echo(write_settings_file(config))
