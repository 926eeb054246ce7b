"""The commands for ledgers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import Config, Home, workspace_of

ledger = typer.Typer(
    name="ledger",
    help="Write and check a ledger: what no repository and no tracker knows.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@ledger.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Folder to write them to")] = Path("ledger"),
) -> None:
    """Write a template of every table, and a page that explains them."""
    from flows.cli.ledger.init import write_templates

    typer.echo(write_templates(folder))


@ledger.command()
def check(
    folder: Annotated[
        Path | None,
        typer.Argument(help="A ledger. Default: all of quarry.toml, or the folder ledger"),
    ] = None,
    home: Home = None,
    config: Config = None,
) -> None:
    """Name every wrong cell with its file, line and column; or say what was read."""
    from flows.cli.console import console
    from flows.cli.ledger.check import check_ledgers

    is_sound = check_ledgers(console(), workspace_of(config, home), folder)
    raise typer.Exit(0 if is_sound else 1)
