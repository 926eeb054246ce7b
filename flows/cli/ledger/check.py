"""quarry ledger check: each wrong cell, or the rows that were read."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from flows.cli.console import console, print_line
from flows.cli.options import Config, Home, workspace_of
from flows.cli.tables import new_table
from miners.errors import MiningError
from warehouse.query.formats import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from rich.console import Console
    from rich.table import Table

    from flows.settings.workspace import Workspace
    from miners.ledger.address import LedgerSource
    from miners.ledger.reading import LedgerContent
    from miners.ledger.rows import LedgerRow


def check(
    folder: Annotated[
        Path | None,
        typer.Argument(help="A ledger. Default: all of quarry.toml, or the folder ledger"),
    ] = None,
    home: Home = None,
    config: Config = None,
) -> None:
    """List every wrong cell with its file, line and column, or what was read."""
    is_valid = check_ledgers(console(), workspace_of(config, home), folder)
    raise typer.Exit(0 if is_valid else 1)


def check_ledgers(terminal: Console, workspace: Workspace, folder: Path | None) -> bool:
    """
    Print the rows and problems of one ledger or of all; return whether every cell is valid.

    Errors:  SettingsError where there is none; MiningError for one that cannot be read at all.
    """
    from flows.settings.ledgers import ledgers_to_check
    from flows.settings.workspace import context_of

    context_of(workspace)  # the time zone, above all
    ledgers = ledgers_to_check(workspace.settings, workspace.base, folder)
    are_valid = [_check_ledger(terminal, workspace, ledger) for ledger in ledgers]
    return all(are_valid)


def _check_ledger(
    terminal: Console, workspace: Workspace, ledger: LedgerSource | MiningError
) -> bool:
    from flows.settings.environment import clock
    from flows.settings.workspace import plan_of
    from miners.ledger.mine import survey

    if isinstance(ledger, MiningError):
        raise ledger
    reading, _ = survey(ledger, plan_of(workspace, "check", clock()))
    print_line(terminal, f"{visible(ledger.name)}: {visible(ledger.location)}")
    if reading.rows or reading.rejected:
        terminal.print(_table(reading, ZoneInfo(ledger.time_zone)))
    projects = [project.name for project in workspace.settings.projects]
    for line, style in _lines(reading, ledger, projects):
        print_line(terminal, (line, style))
    return reading.is_sound


def _table(reading: LedgerContent, zone: ZoneInfo) -> Table:
    from miners.ledger.tables import TABLES

    table = new_table()
    table.add_column("table")
    for name in ("rows", "rejected", "files"):
        table.add_column(name, justify="right")
    table.add_column("days")
    rejected = Counter(row.table.name for row in reading.rejected)
    for name in TABLES:
        rows = [row for (of_table, _), row in reading.rows.items() if of_table == name]
        if rows or rejected[name]:
            counts = (len(rows), rejected[name], len({row.place.file for row in rows}))
            table.add_row(name, *(f"{count:,}" for count in counts), _span(rows, zone))
    return table


def _span(rows: Sequence[LedgerRow], zone: ZoneInfo) -> str:
    days = [day for row in rows for day in _days(row, zone)]
    return f"{min(days)} to {max(days)}" if days else ""


def _days(row: LedgerRow, zone: ZoneInfo) -> Iterator[date]:
    from miners.records import DATE, INSTANT

    for field, value in zip(row.table.record.fields, row.values, strict=True):
        if field.type == DATE and value is not None:
            yield value
        elif field.type == INSTANT and value is not None:
            yield datetime.fromtimestamp(value / 1_000_000, UTC).astimezone(zone).date()


def _lines(
    reading: LedgerContent, ledger: LedgerSource, projects: Sequence[str]
) -> Iterator[tuple[str, str]]:
    from flows.cli.ledger.warnings import warnings
    from miners.ledger.findings import findings

    rows = list(reading.rows.values())
    kinds = Counter(str(row["kind"]) for row in rows if row.table.name == "activities")
    if kinds:
        counted = ", ".join(f"{kind} {count:,}" for kind, count in sorted(kinds.items()))
        yield f"Activities: {counted}", ""
    for finding in findings(reading, ledger):
        yield finding, "yellow"
    for warning in warnings(reading, projects):
        yield warning, "yellow"
    for row in reading.rejected:
        for fault in row.faults:
            yield f"{row.place}: {': '.join(filter(None, fault))}", "red"
    for name, unread in reading.unreadable.items():
        yield f"{name}: {unread.message}", "red"
    yield _total_line(reading), "green" if reading.is_sound else "red"


def _total_line(reading: LedgerContent) -> str:
    rows, rejected, unread = len(reading.rows), len(reading.rejected), len(reading.unreadable)
    if not reading.is_sound:
        counts = f"Valid rows: {rows:,}; rejected: {rejected:,}"
        return f"{counts}; files that cannot be read: {unread:,}."
    if not rows:
        return 'No errors. No row is filled in yet; rows that begin with "# " are examples.'
    return f"No errors: {rows:,} row{'s' if rows > 1 else ''}."
