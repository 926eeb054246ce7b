"""quarry init: write a commented quarry.toml."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def init(
    addresses: Annotated[
        list[str] | None,
        typer.Argument(help="Repositories or organisations. Default: the repository of the folder"),
    ] = None,
    *,
    config: Annotated[Path, typer.Option("--config", help="File to write")] = Path("quarry.toml"),
) -> None:
    """
    Write a commented quarry.toml and list what to fill in.

    Examples: quarry init
    quarry init https://git.example.com/acme
    quarry init ../app https://git.example.com/team/lib.git
    """
    from flows.settings.template import write_settings_file

    typer.echo(write_settings_file(config, addresses or ()))
