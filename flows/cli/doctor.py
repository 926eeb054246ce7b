"""quarry doctor: checks of machine, settings, hosts and sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from flows.cli.console import console, print_line, print_paragraph
from flows.cli.options import Config, Home

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from flows.run.source_checks import SetupCheck


def doctor(home: Home = None, config: Config = None) -> None:
    """Check machine, settings, hosts and sources; report how to fix what fails."""
    from flows.run.setup_checks import check_setup

    checks = check_setup(config, home)
    print_checks(console(), checks)
    raise typer.Exit(0 if all(check.is_ok for check in checks) else 1)


def print_checks(terminal: Console, checks: Sequence[SetupCheck]) -> None:
    """Print one line per check, and below it the remedy of one that failed."""
    for check in checks:
        ok = ("warn", "yellow") if check.is_warning else ("ok  ", "green")
        mark = ok if check.is_ok else ("fix ", "red")
        print_line(terminal, mark, f"  {check.subject}: {check.detail}")
        if check.remedy:
            print_line(terminal, f"      {check.remedy}")
    failed = sum(not check.is_ok for check in checks)
    passed = "All checks passed. Next: quarry run."
    print_paragraph(terminal, f"{failed} to fix." if failed else passed)
