"""
Incremental builds: rebuild only what changed.

A table is kept if none of its inputs changed. In a large table only the rows of changed sources are
replaced. Any other table is rebuilt and compared with its previous content, so that its readers are
not rebuilt where the content is equal.
"""

# ruff: noqa: S608 - what is put into SQL here is our own names, or quoted
from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.build.source_pushdown import locality
from warehouse.build.table_hashes import (
    NO_SOURCE,
    count_rows,
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

    from warehouse.build.emptiness import Proof
    from warehouse.build.source_pushdown import Locality
    from warehouse.build.table_hashes import Sums

# The schemas that a build reads.
INPUTS = ("raw", "settings", "sealed")
# Rebuilding a smaller table takes less time than finding what could be kept.
LARGE_ROWS = 50_000
# With more changed sources, rebuilding the whole table takes less time.
MOST_SOURCES = 5
# By program and selects, with those of the views that omit empty tables: the result never
# changes and costs two plans each.
_LOCALITIES: dict[str, dict[str, Locality | None]] = {}


class Build:
    """The state of an incremental build: which tables changed since the last build."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        program: str,
        noted: Mapping[str, Sums] | None,
    ) -> None:
        self.program = program
        # Its tables are there without rows, as the program always makes them.
        self.is_blank = noted == {}
        self.is_first = not noted
        self.is_new = noted is None
        # By table: its hashes, and the sources whose rows differ from the last build.
        self.sums: dict[str, Sums] = dict(noted or {})
        self.changed: dict[str, set[str]] = {}
        # Rebuilt as a whole since the last build.
        self.made: set[str] = set()
        # Created by this build, so far without comments.
        self.created: set[str] = set()
        # The inputs that a filter on source reaches, by selects.
        self._localities = _LOCALITIES.setdefault(program, {})
        # What each view reads, and when it has no rows.
        self.views: dict[str, frozenset[str]] = {}
        # The selects of the views that omit what has no rows.
        self.narrowed: dict[str, str] = {}
        self.view_proofs: dict[str, Proof] = {}
        self._connection = connection
        self._tables = {} if noted is None else tables_of(connection)
        # Inputs may have got rows since the last build, and are compared first.
        self._empty = {t for t in self._tables.keys() - self.sums.keys() if not is_input(t)}

    def compare_inputs(self) -> None:
        """Compare the raw tables, settings and seals with the last build."""
        self._note(self._measure(filter(is_input, self._tables)))

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
        Rebuild tables that are written together, unless none of their inputs changed.

        Shape:   write is called for all rows, or with the sources whose rows were deleted; selects
                 are the queries of these tables.
        """
        if self.is_first:
            write()
        elif self.is_touched(reads):
            has_source = all(self._tables[table] for table in tables)
            is_asked = has_source and (is_slow or self.is_large(reads))
            sources = self.sources_touched(selects) if is_asked else None
            if sources is None:
                bare = set(filter(self.is_bare, tables))
                write()
                self.made.update(tables)
                # Whoever is not slow notes the rows that it writes.
                same = set() if is_slow else bare & self._empty
                self._note(self._measure(set(tables) - same))
            else:
                self._replace(tables, sources, write)

    def is_touched(self, reads: Iterable[str]) -> bool:
        """Return whether an input, also behind views, may have changed."""
        return self.is_first or bool(self._tables_behind(reads) & self.changed.keys())

    def unchanged_tables(self) -> frozenset[str]:
        """List the tables and views with the same rows as after the last build."""
        names = {*self._tables, *self.views}
        return frozenset(name for name in names if not self.is_touched([name]))

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
        tables: set[str] = set()
        for name in reads:
            tables |= self._tables_behind(self.views[name]) if name in self.views else {name}
        return tables

    def is_empty(self, name: str) -> bool:
        """Return whether a table or view is known to have no rows."""
        if name in self.view_proofs:
            return self.view_proofs[name](self.is_empty)
        return name in self._empty

    def was_and_is_empty(self, table: str) -> bool:
        """Return whether a table is known to have had no rows in the last build and in this one."""
        return self.is_empty(table) and table not in self.changed

    def note_rows(self, table: str, count: int) -> None:
        """Note how many rows a table was written with."""
        if count:
            self._empty.discard(table)
        else:
            self._empty.add(table)

    def is_bare(self, table: str) -> bool:
        """Return whether a table was there before this build and has no rows."""
        return table in self._tables and table in self._empty

    def look_for_rows(self, tables: Iterable[str]) -> None:
        """Find which of some tables have no rows."""
        for table, count in count_rows(self._connection, tables).items():
            self.note_rows(table, count)

    def is_large(self, reads: Iterable[str]) -> bool:
        """Return whether reading an input takes long."""
        rows = (
            sum(count for count, _ in self.sums.get(table, {}).values())
            for table in self._tables_behind(reads)
        )
        return max(rows, default=0) >= LARGE_ROWS

    def sources_touched(self, selects: Sequence[str]) -> list[str] | None:
        """Return the sources whose rows in some selects may have changed; None if any may have."""
        key = "\n;\n".join([*selects, *self.narrowed.values()])
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

    def _note(self, measured: Mapping[str, Sums]) -> None:
        for table, sums in measured.items():
            before = self.sums.get(table, {})
            differs = {s for s in sums.keys() | before.keys() if sums.get(s) != before.get(s)}
            self.sums[table] = sums
            self.note_rows(table, len(sums))
            if differs:
                self.changed[table] = differs


def is_input(table: str) -> bool:
    """Return whether a build reads a table and does not make it."""
    return table.partition(".")[0] in INPUTS


def begin_build(connection: duckdb.DuckDBPyConnection, program: str, *, goes_on: bool) -> Build:
    """Start a build from the table hashes of the last one, or from nothing."""
    noted = noted_contents(connection, program)
    if noted and not goes_on:
        noted = None
    forget_contents(connection)
    return Build(connection, program, noted)


def note_build(connection: duckdb.DuckDBPyConnection, build: Build) -> None:
    """Record the table hashes of a build that passed its checks, for the next one."""
    tables = tables_of(connection) if build.is_first else {}
    first = {table: has for table, has in tables.items() if not build.is_empty(table)}
    note_contents(connection, build.program, build.sums | measure(connection, first))
