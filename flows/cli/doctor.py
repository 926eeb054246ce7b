"""quarry doctor: checks of machine, settings, hosts and sources."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.console import console, print_line, print_paragraph
from flows.cli.options import Config, Home, workspace_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from flows.run.source_checks import SetupCheck


def doctor(
    *,
    fix: Annotated[
        bool, typer.Option("--fix", help="Repair what can be made again from the store")
    ] = False,
    home: Home = None,
    config: Config = None,
) -> None:
    """
    Check the machine, settings, files, hosts and sources.

    Each failed check is printed with its fix. The exit code is 1 if a check failed. --fix
    deletes what killed processes left and builds a damaged warehouse again; it changes neither
    store nor seals.
    """
    from flows.run.setup_checks import check_setup

    if fix:
        _fix(console(), config, home)
    checks = check_setup(config, home)
    print_checks(console(), checks)
    raise typer.Exit(0 if all(check.is_ok for check in checks) else 1)


def _fix(terminal: Console, config: Path | None, home: Path | None) -> None:
    from flows.cli.progress import progress_on
    from flows.run.keeping.home_checks import fix_home

    workspace = workspace_of(config, home)
    with progress_on(console(stderr=True)) as progress:
        done = fix_home(workspace, progress)
    for text in done or ["nothing to repair"]:
        print_line(terminal, ("done", "green"), f"  {text}")


def print_checks(terminal: Console, checks: Sequence[SetupCheck]) -> None:
    """Print one line per check, and below it the remedy of one that failed."""
    for check in checks:
        ok = ("warn", "yellow") if check.is_warning else ("ok  ", "green")
        mark = ok if check.is_ok else ("fix ", "red")
        print_line(terminal, mark, f"  {check.subject}: {check.detail}")
        if check.remedy:
            print_line(terminal, f"      {check.remedy}")
    failed = sum(not check.is_ok for check in checks)
    passed = f"All checks passed. {_next_step(checks)}"
    print_paragraph(terminal, f"{failed} to fix." if failed else passed)


def _next_step(checks: Sequence[SetupCheck]) -> str:
    from flows.run.setup_checks import LOCK
    from flows.run.source_checks import SOURCES

    warned = {check.subject for check in checks if check.is_warning}
    if LOCK in warned:
        return "Next: wait for the run in progress."
    return "Next: name a source." if SOURCES in warned else "Next: `quarry run`."
