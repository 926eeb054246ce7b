"""quarry ledger init: write a template of every ledger table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def init(
    folder: Annotated[Path, typer.Argument(help="Folder to write them to")] = Path("ledger"),
) -> None:
    """Write a template of every table, and a page that explains them."""
    from flows.cli.ledger.templates import write_templates

    typer.echo(write_templates(folder))
