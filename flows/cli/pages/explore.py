"""quarry explore: the page to explore figures and their evidence."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.cli.console import shown_path
from flows.cli.options import LAST_PORT, Config, Home, whole_number, workspace_of


def explore(
    *,
    serve: Annotated[
        bool,
        typer.Option("--serve", help="Serve it on this machine, with the evidence of all quarters"),
    ] = False,
    port: Annotated[
        int,
        whole_number("--port", "Port of --serve. Default: a free one", least=0, most=LAST_PORT),
    ] = 0,
    open_it: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the page in the browser")
    ] = True,
    home: Home = None,
    config: Config = None,
) -> None:
    """
    Open the page to explore figures and their evidence.

    It is exports/current/explore.html: one file that needs no server and no network.
    """
    from flows.serve.explore import explore_server, page_of

    page = page_of(workspace_of(config, home).exports)
    if not serve:
        typer.echo(shown_path(page))
        if open_it:
            typer.launch(str(page))
        return
    with explore_server(page.parent, port) as server:
        address = f"http://127.0.0.1:{server.server_port}/"
        typer.echo(f"{address}  (Ctrl-C ends it)")
        if open_it:
            typer.launch(address)
        server.serve_forever()
