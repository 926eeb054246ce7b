"""Map headings of a file to columns, and report unreadable files."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from miners.ledger.cells import quoted
from miners.ledger.tables import REMARK
from miners.text import nearest_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from miners.ledger.tables import LedgerTable

_MOST_COLUMNS = 200


class UnreadableFile(Exception):
    """A file of a ledger that cannot be read; its stored rows stay as they are."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy

    def in_line(self, line: int) -> UnreadableFile:
        return UnreadableFile(f"line {line}: {self.problem}", self.remedy)

    @property
    def message(self) -> str:
        return f"{self.problem}. {self.remedy}."


def columns_of(table: LedgerTable, headings: Sequence[str]) -> list[str | None]:
    """
    Return the column of each heading; None for a team's own columns.

    Errors:  UnreadableFile for an unknown heading, and for two of the same column.
    """
    if len(headings) > _MOST_COLUMNS:
        problem = f"it has {len(headings):,} columns, and no table has more than {_MOST_COLUMNS}"
        raise UnreadableFile(problem, f"Keep those of {table.name}: {', '.join(table.columns)}")
    columns = [_column(table, heading) for heading in headings]
    twice = [name for name, count in Counter(filter(None, columns)).items() if count > 1]
    if twice:
        both = [h for h, column in zip(headings, columns, strict=True) if column == twice[0]]
        problem = f"{' and '.join(quoted(h.strip()) for h in both)} are both column {twice[0]}"
        raise UnreadableFile(problem, "Keep one of them")
    return columns


def unknown(table: LedgerTable, heading: str) -> tuple[str, str] | None:
    """Return the problem and the remedy of an unknown heading."""
    name = _normal(heading)
    if not name or name.startswith(REMARK) or name in table.aliases:
        return None
    near = nearest_name(name, table.columns) or nearest_name(name, table.aliases)
    remedy = f"write {near}" if near else f"{table.name} has {', '.join(table.columns)}"
    return f"unknown column {quoted(heading.strip())}", remedy


def column_of(table: LedgerTable, heading: str) -> str | None:
    """Return the column of a heading, or None."""
    return table.aliases.get(_normal(heading))


def _column(table: LedgerTable, heading: str) -> str | None:
    if wrong := unknown(table, heading):
        problem, fix = wrong
        remedy = f"or begin its name with {REMARK} for a column of your own"
        raise UnreadableFile(problem, f"{fix[0].upper()}{fix[1:]}, {remedy}")
    return column_of(table, heading)


def _normal(heading: str) -> str:
    return re.sub(r"[\s_-]+", "_", unicodedata.normalize("NFC", heading).strip().casefold())
