"""quarry forget: remove the names and addresses of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.console import console, print_line
from flows.cli.options import Config, Home, workspace_of
from warehouse.query.formats import visible

if TYPE_CHECKING:
    from rich.console import Console

    from flows.run.keeping.forget import Forgetting


def forget(
    person: Annotated[str, typer.Argument(help="A name, address, login or pseudonym")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask")] = False,
    home: Home = None,
    config: Config = None,
) -> None:
    """
    Remove a person's names, addresses and logins.

    They are replaced in store, seals, warehouse and exports; written reports are deleted. No
    later run stores them again. Figures stay as they are. Example:
    quarry forget ada@example.com
    """
    from flows.cli.progress import progress_on
    from flows.run.keeping.forget import forget as forget_person

    workspace = workspace_of(config, home)
    if not yes:
        question = "This cannot be undone, and deletes the written reports. Continue?"
        typer.confirm(question, abort=True, err=True)
    with progress_on(console(stderr=True)) as progress:
        done = forget_person(workspace, person, progress)
    _print_done(console(), done)


def _print_done(terminal: Console, done: Forgetting) -> None:
    print_line(
        terminal,
        f"Forgotten in {done.batch_count:,} batches and {done.seal_count:,} seals; now "
        f"{done.stands_for}. {done.report_count:,} files of reports deleted: `quarry report` "
        "writes them.",
    )
    changed = (
        f"{done.changed_figures:,} figures changed: a rule or pattern of the settings named this "
        "person. `quarry seal --check` and marts.kpi_restatements show sealed ones."
    )
    print_line(terminal, changed if done.changed_figures else "All figures are as before.")
    print_line(terminal, "Still with the name:")
    for place in done.left:
        print_line(terminal, visible(f"- {place}."))
