"""Rows of a ledger's files, checked cell by cell: right ones become records, others are named."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from miners.ledger.cells import WrongCell, is_empty
from miners.ledger.tables import FILE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from miners.ledger.cells import Cell, Reader
    from miners.ledger.tables import Facts, Table

# Within an identifier that is made of several texts, a slash only ever stands between them.
_ESCAPES = str.maketrans({"%": "%25", "/": "%2F"})


@dataclass(frozen=True, kw_only=True)
class RawRow:
    """
    A row as a file gives it: its table, the line it begins in, and its cells by column.

    Shape:   faults are what is wrong already, as column and message; received is all of the row, as
             its file has it.
    """

    table: Table
    line: int | None
    cells: Mapping[str, Cell]
    received: Mapping[str, Cell]
    faults: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Place:
    """Where a row stands."""

    file: str
    line: int | None = None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"


@dataclass(frozen=True, kw_only=True)
class Row:
    """A right row: its record's fields in order, where it stands, and what it was made of."""

    table: Table
    key: str
    values: tuple[Any, ...]
    place: Place
    raw: RawRow

    def __getitem__(self, column: str) -> object:
        return self.values[self.table.positions[column]]


@dataclass(frozen=True, kw_only=True)
class SetAside:
    """
    A wrong row: where it stands, and of each wrong cell its column and what was expected.

    Shape:   key is None where wrong cells hide which thing the row is about.
    """

    table: Table
    key: str | None
    faults: tuple[tuple[str, str], ...]
    payload: bytes
    place: Place

    @property
    def reason(self) -> str:
        return "; ".join(": ".join(filter(None, fault)) for fault in self.faults)


@dataclass(frozen=True)
class RowChecker:
    """Checks the rows of one file."""

    file: str
    time_zone: str
    # Project of rows that name none.
    project: str | None = None
    _readers: dict[str, dict[str, Reader]] = field(default_factory=dict)

    def check(self, raw: RawRow) -> Row | SetAside:
        """Make a row's record, or name all of its cells that are wrong."""
        table, at = raw.table, Place(self.file, raw.line)
        facts, faults = self._read(table, self._filled_in(raw))
        # What a row lacks that is odd already follows from that.
        faults += raw.faults or _contradictions(table, facts, {column for column, _ in faults})
        key = _key(table, facts, {column for column, _ in faults})
        if faults or key is None:
            return SetAside(
                table=table, key=key, faults=tuple(faults), payload=payload_of(raw), place=at
            )
        facts |= {table.id_column: key, FILE: self.file}
        return Row(
            table=table,
            key=key,
            values=tuple(facts[one.name] for one in table.record.fields),
            place=at,
            raw=raw,
        )

    def _filled_in(self, raw: RawRow) -> dict[str, Cell]:
        """Put in what holds where nothing is said."""
        defaults = dict(raw.table.defaults)
        if raw.table.id_column != "project" and self.project is not None:
            defaults["project"] = self.project
        said = {name: cell for name, cell in raw.cells.items() if not is_empty(cell)}
        return {**defaults, **said}

    def _read(self, table: Table, cells: Mapping[str, Cell]) -> tuple[Facts, list[tuple[str, str]]]:
        """Read the cells; of a wrong one the fact is that something was said."""
        facts: Facts = {name: name in cells or None for name in table.columns}
        faults = []
        for column in (name for name in table.columns if name in cells):
            try:
                facts[column] = self._readers_of(table)[column](cells[column])
            except WrongCell as wrong:
                faults.append((column, str(wrong)))
        return facts, faults

    def _readers_of(self, table: Table) -> dict[str, Reader]:
        if table.name not in self._readers:
            self._readers[table.name] = table.readers(ZoneInfo(self.time_zone))
        return self._readers[table.name]


def payload_of(raw: RawRow) -> bytes:
    """Write a row as it was received."""
    received = json.dumps(raw.received, ensure_ascii=False, default=str)
    return received.encode("utf-8", "replace")


def _contradictions(table: Table, facts: Facts, wrong: set[str]) -> Iterator[tuple[str, str]]:
    """Look at what the cells say together, as far as they are right."""
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


def _key(table: Table, facts: Facts, wrong: set[str]) -> str | None:
    """Name what a row is about, unless wrong cells hide it."""
    if table.id_column in wrong:
        return None
    if facts[table.id_column] is not None:
        return str(facts[table.id_column])
    made_of = {column for columns in table.made_of for column in columns}
    if wrong & {*made_of, ""}:
        return None
    chosen = (next((c for c in cs if facts[c] is not None), cs[0]) for cs in table.made_of)
    return "/".join(_part(table, column, facts[column]) for column in chosen)


def _part(table: Table, column: str, fact: object) -> str:
    if isinstance(fact, int) and column in table.instants:
        moment = datetime.fromtimestamp(fact / 1_000_000, UTC)
        return moment.isoformat(timespec="minutes").replace("+00:00", "Z")
    return "" if fact is None else str(fact).translate(_ESCAPES)
