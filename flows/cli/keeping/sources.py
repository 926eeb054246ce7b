"""quarry sources: list, rename, forget, join and separate sources."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.console import console, print_line, print_paragraph
from flows.cli.options import (
    JSON,
    TABLE,
    Config,
    Home,
    TableOrJson,
    require_choice,
    workspace_of,
)
from flows.cli.tables import cell, new_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.table import Table

    from flows.run.keeping.sources import KeptSource

sources = typer.Typer(
    name="sources",
    help="List the sources; rename, forget, join or separate them.",
    rich_markup_mode=None,
)
SourceName = Annotated[str, typer.Argument(help="Name or address of a source")]


@sources.callback(invoke_without_command=True)
def show(
    context: typer.Context,
    output_format: TableOrJson = TABLE,
    home: Home = None,
    config: Config = None,
) -> None:
    """List the sources; rename, forget, join or separate them."""
    if context.invoked_subcommand is None:
        _print_sources(output_format, home, config)


def _print_sources(output_format: str, home: Path | None, config: Path | None) -> None:
    from flows.run.keeping.sources import list_sources

    require_choice("--format", output_format, (TABLE, JSON))
    listed = list_sources(workspace_of(config, home))
    if output_format == JSON:
        print_line(console(), json.dumps([asdict(s) for s in listed], indent=1, default=str))
    elif listed:
        console().print(_table(listed))
    else:
        print_paragraph(console(), "No source yet. Mine one with `quarry run ADDRESS`.")


@sources.command()
def rename(source: SourceName, name: str, home: Home = None, config: Config = None) -> None:
    """
    Give a repository another name.

    Example: quarry sources rename old-name api
    """
    from flows.run.keeping.sources import rename_source

    renamed = rename_source(workspace_of(config, home), source, name)
    print_line(console(), f"{renamed}: its name is {name}. The next run publishes it.")


@sources.command()
def forget(
    source: SourceName,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask")] = False,
    home: Home = None,
    config: Config = None,
) -> None:
    """
    Delete a source with its tracker, its history and its figures.

    Sealed quarters stay. Example: quarry sources forget ../old-checkout
    """
    from flows.cli.progress import progress_on
    from flows.run.keeping.sources import forget_source

    workspace = workspace_of(config, home)
    if not yes:
        question = f"This deletes all that was mined of {source}. Continue?"
        typer.confirm(question, abort=True, err=True)
    with progress_on(console(stderr=True)) as progress:
        done = forget_source(workspace, source, progress)
    print_line(console(), f"Forgotten: {', '.join(done.sources)}, {done.batch_count:,} batches.")
    if done.is_sealed:
        sealed = "Sealed quarters keep its figures; `quarry seal --check` lists the differences."
        print_line(console(), sealed)


@sources.command()
def moved(
    old: Annotated[str, typer.Argument(help="Name or former address of the source")],
    new: Annotated[str, typer.Argument(help="New address")],
    home: Home = None,
    config: Config = None,
) -> None:
    """
    Continue the history of a source with a new address.

    What was mined under the new address is mined again, as the same source. Example:
    quarry sources moved /srv/git/api https://git.example.com/web/api
    """
    from flows.cli.progress import progress_on
    from flows.run.keeping.sources import join_moved

    with progress_on(console(stderr=True)) as progress:
        source = join_moved(workspace_of(config, home), old, new, progress)
    print_line(console(), f"{new}: it continues {source}. The next run mines it.")


@sources.command()
def separate(source: SourceName, home: Home = None, config: Config = None) -> None:
    """
    Mine an address as a source of its own, although it has commits of another one.

    Example: quarry sources separate https://git.example.com/me/fork
    """
    from flows.run.keeping.sources import separate_source

    identity = separate_source(workspace_of(config, home), source)
    print_line(console(), f"{identity}: a source of its own. The next run mines it.")


def _table(listed: Sequence[KeptSource]) -> Table:
    table = new_table("Sources")
    table.add_column("name", overflow="fold")
    table.add_column("kind")
    table.add_column("address", overflow="fold")
    table.add_column("last poll (UTC)")
    table.add_column("polls", justify="right")
    table.add_column("in quarry.toml")
    for source in listed:
        polled = source.last_observed_at
        table.add_row(
            cell(source.name),
            source.kind,
            cell(source.location),
            f"{polled:%Y-%m-%d %H:%M}" if polled else "never",
            f"{source.batch_count:,}",
            "yes" if source.is_configured else "no",
        )
    return table
