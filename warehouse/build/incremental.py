"""
How the tables of the last build become those of the next: only what may have changed is made anew.

A table is taken over as it stands if nothing that it reads changed. A large one of which only some
sources can have changed has their rows replaced. Any other is made anew and compared with what it
held, so that what reads it is spared where it holds the same.
"""

# ruff: noqa: S608 - what is put into SQL here is our own names, or quoted
from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.build.source_pushdown import locality
from warehouse.build.table_hashes import (
    NO_SOURCE,
    forget_contents,
    measure,
    note_contents,
    noted_contents,
    tables_of,
)
from warehouse.sql import literal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    import duckdb

    from warehouse.build.source_pushdown import Locality
    from warehouse.build.table_hashes import Sums

# To make a smaller table anew takes less than to ask what could be spared.
LARGE_ROWS = 50_000
# With more sources than these, to make all of them at once takes less.
MOST_SOURCES = 5
# By program and selects: it never changes, and takes two plans of each to find out.
_LOCALITIES: dict[str, dict[str, Locality | None]] = {}


class Build:
    """The tables of a warehouse on their way from the last build to the next."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        program: str,
        known: Mapping[str, Sums] | None,
    ) -> None:
        self.program = program
        self.is_first = known is None
        # By table: what it holds, and the sources whose rows are not those of the last build.
        self.sums: dict[str, Sums] = dict(known or {})
        self.changed: dict[str, set[str]] = {}
        # Made anew as a whole.
        self.made: set[str] = set()
        # On what the rows of one source depend, by what they are made from.
        self._localities = _LOCALITIES.setdefault(program, {})
        # What each view reads.
        self.views: dict[str, frozenset[str]] = {}
        self._connection = connection
        self._tables = {} if known is None else tables_of(connection)

    def compare(self, *schemas: str) -> None:
        """Compare all tables of some schemas with what they held."""
        self._note(self._measure(t for t in self._tables if t.partition(".")[0] in schemas))

    def make(
        self,
        tables: Sequence[str],
        reads: Collection[str],
        selects: Sequence[str],
        write: Callable[..., None],
        *,
        is_slow: bool = False,
    ) -> None:
        """
        Make tables that are made together, unless nothing that they read changed.

        Shape:   write is called for all rows, or with some sources whose rows are gone; selects
                 are what those are made from.
        """
        if self.is_first:
            write()
        elif self.is_touched(reads):
            has_source = all(self._tables[table] for table in tables)
            is_asked = has_source and (is_slow or self.is_large(reads))
            sources = self.sources_touched(selects) if is_asked else None
            if sources is None:
                write()
                self.made.update(tables)
                self._note(self._measure(tables))
            else:
                self._replace(tables, sources, write)

    def is_touched(self, reads: Iterable[str]) -> bool:
        """Tell whether something that is read, also through views, may have changed."""
        return self.is_first or bool(self._tables_behind(reads) & self.changed.keys())

    def _replace(
        self, tables: Sequence[str], sources: list[str], write: Callable[..., None]
    ) -> None:
        chosen = ", ".join(map(literal, sources))
        for table in tables:
            self._connection.execute(f"delete from {table} where source in ({chosen})")
        write(sources)
        for table, sums in self._measure(tables, sources).items():
            others = {s: sum_ for s, sum_ in self.sums.get(table, {}).items() if s not in sources}
            self._note({table: others | sums})

    def _measure(
        self, tables: Iterable[str], sources: Collection[str] | None = None
    ) -> dict[str, Sums]:
        chosen = {table: self._tables[table] for table in tables}
        return measure(self._connection, chosen, sources)

    def _tables_behind(self, reads: Iterable[str]) -> set[str]:
        found: set[str] = set()
        for name in reads:
            found |= self._tables_behind(self.views[name]) if name in self.views else {name}
        return found

    def is_large(self, reads: Iterable[str]) -> bool:
        """Tell whether it takes long to read all of something."""
        rows = (
            sum(count for count, _ in self.sums.get(table, {}).values())
            for table in self._tables_behind(reads)
        )
        return max(rows, default=0) >= LARGE_ROWS

    def sources_touched(self, selects: Sequence[str]) -> list[str] | None:
        """Name the sources whose rows in some selects may have changed; None if any may have."""
        key = "\n;\n".join(selects)
        if key not in self._localities:
            self._localities[key] = locality(self._connection, selects)
        depends = self._localities[key]
        if depends is None or depends.whole & self.changed.keys():
            return None
        changed = (self.changed.get(table, set()) for table in depends.by_source)
        sources = set[str]().union(*changed)
        if NO_SOURCE in sources or len(sources) > MOST_SOURCES:
            return None
        return sorted(sources)

    def _note(self, found: Mapping[str, Sums]) -> None:
        for table, sums in found.items():
            before = self.sums.get(table, {})
            differs = {s for s in sums.keys() | before.keys() if sums.get(s) != before.get(s)}
            self.sums[table] = sums
            if differs:
                self.changed[table] = differs


def begin_build(connection: duckdb.DuckDBPyConnection, program: str, *, goes_on: bool) -> Build:
    """Begin with what the last build noted, where it is one to go on from, or with nothing."""
    known = noted_contents(connection, program) if goes_on else None
    forget_contents(connection)
    return Build(connection, program, known)


def note_build(connection: duckdb.DuckDBPyConnection, build: Build) -> None:
    """Note a build that holds, for the next one to go on from."""
    first = measure(connection, tables_of(connection)) if build.is_first else {}
    note_contents(connection, build.program, build.sums | first)
