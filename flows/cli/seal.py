"""quarry seal: seal a quarter, or list and audit the seals."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.console import console, print_line, print_paragraph
from flows.cli.options import Config, Home, workspace_of
from flows.cli.tables import new_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from flows.run.seal import SealedQuarter
    from flows.settings.workspace import Workspace
    from warehouse.seals.audit import Audit


def seal(
    quarter: Annotated[str | None, typer.Argument(help="Such as 2026-Q2")] = None,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Compare every seal with its files and rows")
    ] = False,
    incomplete: Annotated[
        bool,
        typer.Option("--incomplete", help="Seal even if a source was not polled after its end"),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be sealed, and change nothing")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask on a terminal")] = False,
    home: Home = None,
    config: Config = None,
) -> None:
    """
    Seal a quarter, so that its figures never change again.

    Later changes become restatements. Without a quarter, list the seals and their state. A wrong
    seal is lifted by moving its folder away, with those of all seals made after it.
    Example: quarry seal 2026-Q2 --dry-run
    """
    from flows.run.seal import audit_seals
    from warehouse.query.scope import quarter_name

    workspace = workspace_of(config, home)
    if quarter and not check:
        _seal(workspace, quarter, is_forced=incomplete, is_tried=dry_run, is_sure=yes)
        return
    name = quarter and quarter_name(quarter)
    audits = [audit for audit in audit_seals(workspace) if name in {None, audit.quarter}]
    _print_audits(console(), audits, name)
    raise typer.Exit(1 if any(audit.problems for audit in audits) else 0)


def _seal(
    workspace: Workspace, quarter: str, *, is_forced: bool, is_tried: bool, is_sure: bool
) -> None:
    """Seal a quarter; on a terminal, ask first."""
    from flows.cli.progress import progress_on
    from flows.run.seal import seal as seal_quarter

    is_asked = sys.stdin is not None and sys.stdin.isatty() and not is_sure
    if is_tried or is_asked:
        _print_planned(console(), workspace, quarter, is_forced=is_forced)
    if is_tried:
        return
    if is_asked:
        typer.confirm("Its figures never change again. Seal it?", abort=True)
    with progress_on(console(stderr=True)) as progress:
        sealed = seal_quarter(workspace, quarter, progress, is_forced=is_forced)
    _print_sealed(console(), sealed)


def _print_planned(
    terminal: Console, workspace: Workspace, quarter: str, *, is_forced: bool
) -> None:
    from flows.run.seal import plan_seal

    planned = plan_seal(workspace, quarter, is_forced=is_forced)
    print_line(
        terminal,
        f"{planned.quarter} can be sealed: {planned.figure_count:,} figures from "
        f"{planned.row_count:,} rows, as published now.",
    )


def _print_sealed(terminal: Console, sealed: SealedQuarter) -> None:
    files = sealed.seal.files
    print_line(
        terminal,
        f"{sealed.seal.quarter} is sealed: {files['figures'].rows:,} figures from "
        f"{files['evidence'].rows:,} rows.\n"
        f"Seal       {sealed.folder}\n"
        "They never change again. Later changes are in marts.kpi_restatements.\n"
        "Is it wrong? Move that folder away and run `quarry run`.",
    )


def _print_audits(terminal: Console, audits: Sequence[Audit], quarter: str | None) -> None:
    """
    List the seals and their problems.

    Errors:  SettingsError for a quarter without a seal.
    """
    from flows.settings.settings import SettingsError

    if quarter and not audits:
        raise SettingsError(f"{quarter} is not sealed. Seal it with `quarry seal {quarter}`.")
    if not audits:
        print_paragraph(
            terminal, "No quarter is sealed yet. Seal one with, for example, `quarry seal 2026-Q2`."
        )
        return
    table = new_table()
    for name in ("quarter", "sealed"):
        table.add_column(name)
    for name in ("figures", "rows", "restated since"):
        table.add_column(name, justify="right")
    table.add_column("state")
    for audit in audits:
        table.add_row(*_cells(audit))
    terminal.print(table)
    for audit in audits:
        for problem in audit.problems:
            print_line(terminal, f"{audit.quarter}: {problem}. {audit.remedy}.")


def _cells(audit: Audit) -> tuple[str, ...]:
    counts = (audit.figure_count, audit.row_count, audit.restated_count)
    state = "broken" if audit.problems else "valid"
    sealed_at = datetime.fromisoformat(audit.sealed_at) if audit.sealed_at else None
    return (
        audit.quarter,
        f"{sealed_at:%Y-%m-%d %H:%M} UTC" if sealed_at else "",
        *("" if count is None else f"{count:,}" for count in counts),
        state if audit.is_complete or audit.problems else "valid, sealed incomplete",
    )
