"""quarry replay: rebuild the warehouse from the store."""

from __future__ import annotations

import typer

from flows.cli.console import console, published_paths
from flows.cli.options import Config, Home, workspace_of


def replay(home: Home = None, config: Config = None) -> None:
    """Rebuild the warehouse from the store, without any source."""
    from flows.cli.progress import progress_on
    from flows.run.publish import rebuild

    workspace = workspace_of(config, home)
    with progress_on(console(stderr=True)) as progress:
        rebuild(workspace, progress)
    typer.echo(published_paths(workspace))
