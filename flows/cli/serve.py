"""quarry serve: run every night, with a Prefect server on this machine."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from flows.cli.console import console, print_line
from flows.cli.options import LAST_PORT, Config, Home, whole_number, workspace_of


def serve(
    home: Home = None,
    config: Config = None,
    cron: Annotated[
        str, typer.Option("--cron", help="When to run, in the settings' time zone")
    ] = "15 2 * * *",
    port: Annotated[
        int,
        whole_number("--port", "Port on this machine, or the next free one", 1, LAST_PORT),
    ] = 4200,
) -> None:
    """Run every night: Prefect server, schedule and worker."""
    from flows.serve.serve import serve as serve_until_stopped

    show = partial(print_line, console())
    serve_until_stopped(workspace_of(config, home), cron=cron, port=port, show=show)
