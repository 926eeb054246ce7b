"""What the columns of a file are called, and what is wrong with a file as a whole."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from miners.ledger.cells import shown
from miners.ledger.tables import REMARK
from miners.text import nearest_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from miners.ledger.tables import Table

_MOST_COLUMNS = 200


class UnreadFile(Exception):
    """A file of a ledger that cannot be read: what was read of it before stays as it was."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy

    def in_line(self, line: int) -> UnreadFile:
        return UnreadFile(f"line {line}: {self.problem}", self.remedy)

    @property
    def said(self) -> str:
        return f"{self.problem}. {self.remedy}."


def columns_of(table: Table, headings: Sequence[str]) -> list[str | None]:
    """
    Find the column that each heading stands for; None for those of the house.

    Errors:  UnreadFile for a heading that nobody knows, and for two of the same column.
    """
    if len(headings) > _MOST_COLUMNS:
        problem = f"it has {len(headings):,} columns, and no table has more than {_MOST_COLUMNS}"
        raise UnreadFile(problem, f"Keep those of {table.name}: {', '.join(table.columns)}")
    columns = [_column(table, heading) for heading in headings]
    twice = [name for name, count in Counter(filter(None, columns)).items() if count > 1]
    if twice:
        both = [h for h, column in zip(headings, columns, strict=True) if column == twice[0]]
        problem = f"{' and '.join(shown(h.strip()) for h in both)} are both column {twice[0]}"
        raise UnreadFile(problem, "Keep one of them")
    return columns


def unknown(table: Table, heading: str) -> tuple[str, str] | None:
    """Say that a heading stands for no column, and what may have been meant."""
    name = _normal(heading)
    if not name or name.startswith(REMARK) or name in table.aliases:
        return None
    near = nearest_name(name, table.columns) or nearest_name(name, table.aliases)
    meant = f"write {near}" if near else f"{table.name} has {', '.join(table.columns)}"
    return f"there is no column {shown(heading.strip())}", meant


def column_of(table: Table, heading: str) -> str | None:
    """Find the column that a heading stands for, if it does for any."""
    return table.aliases.get(_normal(heading))


def _column(table: Table, heading: str) -> str | None:
    if wrong := unknown(table, heading):
        problem, meant = wrong
        remedy = f"or begin its name with {REMARK} to keep the column for yourselves"
        raise UnreadFile(problem, f"{meant[0].upper()}{meant[1:]}, {remedy}")
    return column_of(table, heading)


def _normal(heading: str) -> str:
    return re.sub(r"[\s_-]+", "_", unicodedata.normalize("NFC", heading).strip().casefold())
