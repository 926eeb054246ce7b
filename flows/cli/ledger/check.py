"""What `quarry ledger check` shows: what was read of a ledger, and every wrong cell in it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.box import SIMPLE_HEAD
from rich.table import Table as Sheet
from rich.text import Text

from flows.cli.console import visible_lines
from flows.cli.ledger.warnings import hints
from flows.settings.environment import clock
from flows.settings.ledgers import ledger_of, ledgers_of
from flows.settings.sections import SourceSettings
from flows.settings.settings import SettingsError
from flows.settings.workspace import context_of, plan_of
from miners.errors import MiningError
from miners.ledger.mine import survey
from miners.ledger.reading import odd_kinds
from miners.ledger.tables import TABLES
from miners.records import DATE, INSTANT
from warehouse.query.formats import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from flows.settings.workspace import Workspace
    from miners.ledger.address import LedgerSource
    from miners.ledger.reading import Reading
    from miners.ledger.rows import Row

_FOLDER = Path("ledger")


def check_ledgers(terminal: Console, workspace: Workspace, folder: Path | None) -> bool:
    """
    Print what one ledger or all of the settings hold; tell whether every cell is right.

    Errors:  SettingsError where there is none; MiningError for one that cannot be read at all.
    """
    context_of(workspace)  # the time zone, above all
    found = [_looked_at(terminal, workspace, ledger) for ledger in _wanted(workspace, folder)]
    return all(found)


def _wanted(workspace: Workspace, folder: Path | None) -> list[LedgerSource | MiningError]:
    settings, base = workspace.settings, workspace.base
    named = ledgers_of(settings, base)
    if folder is None and named:
        return named
    if folder is None and not _FOLDER.exists():
        problem = "no ledger is named in the settings, and there is no folder ledger here"
        raise SettingsError(f"{problem}. Name a folder, or write one with quarry ledger init.")
    path = (folder or _FOLDER).absolute()
    # What the settings say of it holds here too.
    plain = ledger_of(SourceSettings(location=str(path), kind="ledger"), base, settings)
    return [next((one for one in named if _is_at(one, path.resolve())), plain)]


def _is_at(ledger: LedgerSource | MiningError, path: Path) -> bool:
    return not isinstance(ledger, MiningError) and ledger.path == path


def _looked_at(terminal: Console, workspace: Workspace, ledger: LedgerSource | MiningError) -> bool:
    if isinstance(ledger, MiningError):
        raise ledger
    reading, _ = survey(ledger, plan_of(workspace, "check", clock()))
    terminal.print(Text(f"{visible(ledger.name)}: {visible(ledger.location)}"), soft_wrap=True)
    if reading.rows or reading.set_aside:
        terminal.print(_sheet(reading, ledger.time_zone))
    for line, style in _lines(reading, [one.name for one in workspace.settings.projects]):
        terminal.print(Text(visible_lines(line), style=style), soft_wrap=True)
    return reading.is_sound


def _sheet(reading: Reading, time_zone: str) -> Sheet:
    sheet = Sheet(box=SIMPLE_HEAD)
    sheet.add_column("table")
    for name in ("rows", "set aside", "files"):
        sheet.add_column(name, justify="right")
    sheet.add_column("days")
    aside = Counter(one.table.name for one in reading.set_aside)
    for name in TABLES:
        rows = [row for (table, _), row in reading.rows.items() if table == name]
        if rows or aside[name]:
            files = {row.place.file for row in rows}
            span = _span(rows, time_zone)
            sheet.add_row(name, f"{len(rows):,}", f"{aside[name]:,}", f"{len(files):,}", span)
    return sheet


def _span(rows: Sequence[Row], time_zone: str) -> str:
    days = [day for row in rows for day in _days(row, ZoneInfo(time_zone))]
    return f"{min(days)} to {max(days)}" if days else ""


def _days(row: Row, zone: ZoneInfo) -> Iterator[date]:
    for field, value in zip(row.table.record.fields, row.values, strict=True):
        if field.type == DATE and value is not None:
            yield value
        elif field.type == INSTANT and value is not None:
            yield datetime.fromtimestamp(value / 1_000_000, UTC).astimezone(zone).date()


def _lines(reading: Reading, projects: Sequence[str]) -> Iterator[tuple[str, str]]:
    rows = list(reading.rows.values())
    kinds = Counter(str(row["kind"]) for row in rows if row.table.name == "activities")
    if kinds:
        counted = ", ".join(f"{kind} {count:,}" for kind, count in sorted(kinds.items()))
        yield f"Activities: {counted}", ""
    for name, problem in reading.left_out.items():
        yield f"Not read: {name}, for {problem}", "yellow"
    for odd in odd_kinds(rows):
        yield f"Activities: {odd}", "yellow"
    for hint in hints(reading, projects):
        yield hint, "yellow"
    for one in reading.set_aside:
        for fault in one.faults:
            yield f"{one.place}: {': '.join(filter(None, fault))}", "red"
    for name, unread in reading.unread.items():
        yield f"{name}: {unread.said}", "red"
    yield _sum(reading), "green" if reading.is_sound else "red"


def _sum(reading: Reading) -> str:
    rows, aside, unread = len(reading.rows), len(reading.set_aside), len(reading.unread)
    if not reading.is_sound:
        return f"Right rows: {rows:,}; set aside: {aside:,}; files that cannot be read: {unread:,}."
    if not rows:
        return 'All is well, and no row is filled in yet; those that begin with "# " are examples.'
    return f"All is well: {rows:,} row{'s' if rows > 1 else ''}."
