"""
Row counts and content hashes per table and source.

meta.contents has the hashes of the last build, meta.program the hash of the program that made it.
The next build finds with them which tables it may keep, and which sources changed in a rebuilt one.
"""

# ruff: noqa: S608 - what is put into SQL here is our own names, or quoted
from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.build.schemas import RAW
from warehouse.sql import has_table, insert, literal, without_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    import duckdb

# Row count and sum of row hashes by source; NO_SOURCE for a table without sources.
Sums = dict[str, tuple[int, int]]

NO_SOURCE = ""
META = "meta"
TABLES = """
    select schema_name || '.' || table_name, bool_or(column_name = 'source')
    from duckdb_columns()
    semi join duckdb_tables() using (database_name, schema_name, table_name)
    where database_name = current_database() and not internal
    group by schema_name, table_name
    order by schema_name, table_name
"""
CONTENT = "sum(hash(whole)::hugeint)"
COLUMNS = "table_name varchar, source varchar, row_count bigint, content hugeint"


def tables_of(connection: duckdb.DuckDBPyConnection) -> dict[str, bool]:
    """Return for every table outside meta whether it has a column source."""
    rows = connection.execute(TABLES).fetchall()
    return {table: has for table, has in rows if not table.startswith(f"{META}.")}


def count_rows(connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> dict[str, int]:
    """Count the rows of tables."""
    counts = [f"select {literal(table)}, count(*) from {table}" for table in tables]
    return dict(connection.execute(" union all ".join(counts)).fetchall()) if counts else {}


def measure(
    connection: duckdb.DuckDBPyConnection,
    tables: Mapping[str, bool],
    sources: Collection[str] | None = None,
) -> dict[str, Sums]:
    """Hash tables, or their rows of some sources; tables are those of tables_of."""
    sums: dict[str, Sums] = {table: {} for table in tables}
    selects = [_sums(table, sources, has_source=has) for table, has in tables.items()]
    rows = connection.execute(" union all ".join(selects)).fetchall() if selects else []
    for table, source, count, content in rows:
        sums[table][source] = count, content
    return sums


def _sums(table: str, sources: Collection[str] | None, *, has_source: bool) -> str:
    source = f"coalesce(source, {literal(NO_SOURCE)})" if has_source else literal(NO_SOURCE)
    chosen = f"source in ({', '.join(map(literal, sources))})" if sources else "true"
    # Raw tables only grow; each row has the number of its batch.
    content = "max(batch)" if table.startswith(f"{RAW}.") else CONTENT
    return (
        f"select {literal(table)}, {source} as of_source, count(*), {content} "
        f"from {table} as whole where {chosen} group by of_source"
    )


def note_contents(
    connection: duckdb.DuckDBPyConnection, program: str, sums: dict[str, Sums]
) -> None:
    """Record the hashes of all tables, and of the program that built them."""
    connection.execute(f"create or replace table meta.contents ({COLUMNS})")
    connection.execute(
        f"create or replace table meta.program as select {literal(program)} as program_hash"
    )
    rows = [(table, source, *sum_) for table in sums for source, sum_ in sums[table].items()]
    insert(connection, "meta.contents", rows)


def noted_contents(connection: duckdb.DuckDBPyConnection, program: str) -> dict[str, Sums] | None:
    """Return the hashes of the last build; None if another program made it."""
    if not has_table(connection, META, "program"):
        return None
    made_by = connection.execute("select program_hash from meta.program").fetchall()
    if made_by != [(program,)]:
        return None
    rows = connection.execute("from meta.contents").fetchall()
    noted: dict[str, Sums] = {}
    for table, source, count, content in rows:
        noted.setdefault(table, {})[source] = count, content
    return noted


def is_as_noted(connection: duckdb.DuckDBPyConnection, program: str) -> bool:
    """Return whether this program built the tables and their content is unchanged."""
    noted = noted_contents(connection, program)
    if noted is None:
        return False
    empty = without_rows(connection)
    if any(_total(noted.get(table, {})) != (0, 0) for table in empty):
        return False
    derived = [table for table in tables_of(connection) if not table.startswith(f"{RAW}.")]
    tables = [table for table in derived if table not in empty]
    selects = [
        f"select {literal(table)}, count(*), coalesce({CONTENT}, 0) from {table} as whole"
        for table in tables
    ]
    counted = connection.execute(" union all ".join(selects)).fetchall() if selects else []
    return {(table, *_total(noted.get(table, {}))) for table in tables} == set(counted)


def _total(sums: Sums) -> tuple[int, int]:
    return sum(count for count, _ in sums.values()), sum(content for _, content in sums.values())


def forget_contents(connection: duckdb.DuckDBPyConnection) -> None:
    """Delete the recorded hashes before tables change, so that no build continues from them."""
    for table in ("contents", "program"):
        connection.execute(f"drop table if exists meta.{table}")
