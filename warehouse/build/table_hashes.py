"""
What every table holds, as sums over the rows of each source.

meta.contents has the sums of the last build, meta.program what it was made by: so the next build
knows which tables it may go on from, and which sources changed in a table that it made anew.
"""

# ruff: noqa: S608 - what is put into SQL here is our own names, or quoted
from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.sql import insert, literal

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import duckdb

# Rows and the sum of their hashes, by source; of a table without sources, under NO_SOURCE.
Sums = dict[str, tuple[int, int]]

NO_SOURCE = ""
RAW, META = "raw", "meta"
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
    """Tell of every table but those of meta whether it has a column source."""
    found = connection.execute(TABLES).fetchall()
    return {table: has for table, has in found if not table.startswith(f"{META}.")}


def measure(
    connection: duckdb.DuckDBPyConnection,
    tables: Mapping[str, bool],
    sources: Collection[str] | None = None,
) -> dict[str, Sums]:
    """Sum up tables, or in each the rows of some sources; tables as tables_of tells of them."""
    found: dict[str, Sums] = {table: {} for table in tables}
    selects = [_sums(table, sources, has_source=has) for table, has in tables.items()]
    rows = connection.execute(" union all ".join(selects)).fetchall() if selects else []
    for table, source, count, content in rows:
        found[table][source] = count, content
    return found


def _sums(table: str, sources: Collection[str] | None, *, has_source: bool) -> str:
    source = f"coalesce(source, {literal(NO_SOURCE)})" if has_source else literal(NO_SOURCE)
    chosen = f"source in ({', '.join(map(literal, sources))})" if sources else "true"
    # To raw tables rows are only added, each with the number of its batch.
    content = "max(batch)" if table.startswith(f"{RAW}.") else CONTENT
    return (
        f"select {literal(table)}, {source} as of_source, count(*), {content} "
        f"from {table} as whole where {chosen} group by of_source"
    )


def note_contents(
    connection: duckdb.DuckDBPyConnection, program: str, sums: dict[str, Sums]
) -> None:
    """Note what all tables hold, and what made them."""
    connection.execute(f"create or replace table meta.contents ({COLUMNS})")
    connection.execute(
        f"create or replace table meta.program as select {literal(program)} as program_hash"
    )
    rows = [(table, source, *sum_) for table in sums for source, sum_ in sums[table].items()]
    insert(connection, "meta.contents", rows)


def noted_contents(connection: duckdb.DuckDBPyConnection, program: str) -> dict[str, Sums] | None:
    """Return what all tables held when the last build ended; None if another program made it."""
    is_noted = connection.execute(
        "select 1 from duckdb_tables() where database_name = current_database() "
        "and schema_name = 'meta' and table_name = 'program'"
    ).fetchone()
    if not is_noted:
        return None
    made_by = connection.execute("select program_hash from meta.program").fetchall()
    if made_by != [(program,)]:
        return None
    rows = connection.execute("from meta.contents").fetchall()
    found: dict[str, Sums] = {}
    for table, source, count, content in rows:
        found.setdefault(table, {})[source] = count, content
    return found


def is_as_noted(connection: duckdb.DuckDBPyConnection, program: str) -> bool:
    """Tell whether this program built the tables and they still hold what they held then."""
    noted = noted_contents(connection, program)
    if noted is None:
        return False
    tables = [table for table in tables_of(connection) if not table.startswith(f"{RAW}.")]
    selects = [
        f"select {literal(table)}, count(*), coalesce({CONTENT}, 0) from {table} as whole"
        for table in tables
    ]
    found = connection.execute(" union all ".join(selects)).fetchall()
    return {(table, *_total(noted.get(table, {}))) for table in tables} == set(found)


def _total(sums: Sums) -> tuple[int, int]:
    return sum(count for count, _ in sums.values()), sum(content for _, content in sums.values())


def forget_contents(connection: duckdb.DuckDBPyConnection) -> None:
    """Let no build go on from tables that are being changed."""
    for table in ("contents", "program"):
        connection.execute(f"drop table if exists meta.{table}")
