"""Check rows of a ledger; accept or reject them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from miners.ledger.cells import WrongCell, is_empty
from miners.ledger.tables import FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from miners.ledger.cells import Cell, Facts, Reader
    from miners.ledger.numbers import NumberStyle
    from miners.ledger.tables import LedgerTable

# A slash in an identifier of several texts is always a separator.
_ESCAPES = str.maketrans({"%": "%25", "/": "%2F"})


@dataclass(frozen=True, kw_only=True)
class RawRow:
    """
    A row as a file has it: its table, its first line, and its cells by column.

    Shape:   faults are errors that are known already, as column and message; received is the whole
             row.
    """

    table: LedgerTable
    line: int | None
    cells: Mapping[str, Cell]
    received: Mapping[str, Cell]
    faults: tuple[tuple[str, str], ...] = ()
    # Sheet of a workbook that has it.
    sheet: str | None = None


@dataclass(frozen=True, kw_only=True)
class FileRows:
    """
    The rows of a file.

    Shape:   has_points states whether the decimal sign of its numbers is surely the point;
             other_sheets are those of a workbook that are of no table.
    """

    rows: Iterable[RawRow]
    has_points: bool = True
    other_sheets: tuple[str, ...] = ()


@dataclass(frozen=True)
class RowPosition:
    """The position of a row."""

    file: str
    line: int | None = None
    sheet: str | None = None

    def __str__(self) -> str:
        file = f"{self.file}[{self.sheet}]" if self.sheet else self.file
        return file if self.line is None else f"{file}:{self.line}"


@dataclass(frozen=True, kw_only=True)
class LedgerRow:
    """An accepted row: its record's fields in order, its position, and its source."""

    table: LedgerTable
    key: str
    values: tuple[Any, ...]
    place: RowPosition
    raw: RawRow

    def __getitem__(self, column: str) -> object:
        return self.values[self.table.positions[column]]


@dataclass(frozen=True, kw_only=True)
class RejectedRow:
    """
    A rejected row: its position, and column and message of each wrong cell.

    Shape:   key is None if wrong cells are part of the identifier.
    """

    table: LedgerTable
    key: str | None
    faults: tuple[tuple[str, str], ...]
    payload: bytes
    place: RowPosition

    @property
    def reason(self) -> str:
        return "; ".join(": ".join(filter(None, fault)) for fault in self.faults)


@dataclass(frozen=True)
class RowChecker:
    """Checks the rows of one file."""

    file: str
    time_zone: str
    # Project of rows without one.
    project: str | None = None
    # By table, the number style of each of its columns of numbers.
    styles: Mapping[str, Mapping[str, NumberStyle]] = field(default_factory=dict)
    _readers: dict[str, dict[str, Reader]] = field(default_factory=dict)

    def check(self, raw: RawRow) -> LedgerRow | RejectedRow:
        """Return the accepted row, or the rejected one with all of its wrong cells."""
        table, at = raw.table, RowPosition(self.file, raw.line, raw.sheet)
        facts, faults = self._read(table, table.prepare(self._filled_in(raw)))
        # Missing values of a row with faults follow from these.
        faults += raw.faults or _contradictions(table, facts, {column for column, _ in faults})
        key = _key(table, facts, {column for column, _ in faults})
        if faults or key is None:
            return RejectedRow(
                table=table, key=key, faults=tuple(faults), payload=payload_of(raw), place=at
            )
        facts |= {table.id_column: key, FILE: self.file}
        return LedgerRow(
            table=table,
            key=key,
            values=tuple(facts[column.name] for column in table.record.fields),
            place=at,
            raw=raw,
        )

    def _filled_in(self, raw: RawRow) -> dict[str, Cell]:
        """Return the cells with the defaults of empty ones."""
        defaults = dict(raw.table.defaults)
        if raw.table.id_column != "project" and self.project is not None:
            defaults["project"] = self.project
        filled = {name: cell for name, cell in raw.cells.items() if not is_empty(cell)}
        return {**defaults, **filled}

    def _read(
        self, table: LedgerTable, cells: Mapping[str, Cell]
    ) -> tuple[Facts, list[tuple[str, str]]]:
        """Parse the cells; the value of a wrong one is whether it has content."""
        facts: Facts = {name: name in cells or None for name in table.columns}
        faults = []
        for column in (name for name in table.columns if name in cells):
            try:
                facts[column] = self._readers_of(table)[column](cells[column])
            except WrongCell as wrong:
                faults.append((column, str(wrong)))
        return facts, faults

    def _readers_of(self, table: LedgerTable) -> dict[str, Reader]:
        if table.name not in self._readers:
            self._readers[table.name] = table.readers(
                ZoneInfo(self.time_zone), self.styles.get(table.name, {})
            )
        return self._readers[table.name]


def payload_of(raw: RawRow) -> bytes:
    """Return a row as received, in JSON."""
    received = json.dumps(raw.received, ensure_ascii=False, default=str)
    return received.encode("utf-8", "replace")


def _contradictions(table: LedgerTable, facts: Facts, wrong: set[str]) -> Iterator[tuple[str, str]]:
    """Yield contradictions between the correct cells."""
    missing = (columns for columns in table.needs if all(facts[name] is None for name in columns))
    yield from (_needed(columns) for columns in list(missing)[:1])
    for first, last in table.orders:
        begins, ends = facts[first], facts[last]
        if not wrong & {first, last} and begins and ends and ends < begins:
            yield last, f"expected nothing before {first}"
    if not wrong & {*table.completed_of}:
        try:
            table.complete(facts)
        except WrongCell as contradiction:
            yield contradiction.column, str(contradiction)


def _needed(columns: tuple[str, ...]) -> tuple[str, str]:
    *others, last = columns
    if not others:
        return last, "expected a value, found nothing"
    return "", f"expected a value in {', '.join(others)} or {last}, found none"


def _key(table: LedgerTable, facts: Facts, wrong: set[str]) -> str | None:
    """Return the identifier of a row, unless wrong cells are part of it."""
    if table.id_column in wrong:
        return None
    if facts[table.id_column] is not None:
        return str(facts[table.id_column])
    made_of = {column for columns in table.made_of for column in columns}
    if wrong & {*made_of, ""}:
        return None
    chosen = (next((c for c in cs if facts[c] is not None), cs[0]) for cs in table.made_of)
    return "/".join(_part(table, column, facts[column]) for column in chosen)


def _part(table: LedgerTable, column: str, fact: object) -> str:
    if isinstance(fact, int) and column in table.instants:
        moment = datetime.fromtimestamp(fact / 1_000_000, UTC)
        return moment.isoformat(timespec="minutes").replace("+00:00", "Z")
    return "" if fact is None else str(fact).translate(_ESCAPES)
