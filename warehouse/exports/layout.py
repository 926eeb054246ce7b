"""Layout of an exported table: columns, order, partitions."""

# ruff: noqa: S608 - what is put into SQL here is our own names, or quoted
from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from warehouse.build.comments import columns_of_all
from warehouse.build.header import BY_QUARTER
from warehouse.build.schemas import MARTS
from warehouse.errors import ContractViolated
from warehouse.exports.confidential import is_shown, rows_without_text
from warehouse.query.pseudonyms import plain_columns, rows_without_addresses
from warehouse.sql import literal, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb

    from warehouse.build.model import Model

FILE = "data.parquet"
QUARTER = "quarter"
# The path already says quarter=…; pandas refuses a column of the same name inside the file.
QUARTER_COLUMN = "quarter_label"
NO_QUARTER = "unknown"

TIMESTAMP = "TIMESTAMP WITH TIME ZONE"
# Types that DuckDB, polars, pyarrow, pandas and BI tools all read alike.
EXPORTED_AS = {
    "BIGINT": "BIGINT",
    "INTEGER": "BIGINT",
    "SMALLINT": "BIGINT",
    "TINYINT": "BIGINT",
    "DOUBLE": "DOUBLE",
    "VARCHAR": "VARCHAR",
    "BOOLEAN": "BOOLEAN",
    "DATE": "DATE",
    TIMESTAMP: TIMESTAMP,
}


@dataclass(frozen=True, kw_only=True)
class Layout:
    """
    An exported table with its columns as (name, exported name, type).

    Shape:   shown is a select of its rows where some are shown without their texts; e-mail
             addresses are hidden in all rows or in none; plain columns have none.
    """

    name: str
    path: str
    is_by_quarter: bool
    columns: tuple[tuple[str, str, str], ...]
    grain: tuple[str, ...]
    shown: str | None = None
    are_addresses_hidden: bool = False
    plain: frozenset[str] = frozenset()

    @property
    def rows(self) -> str:
        shown = self.shown or self.path
        if not self.are_addresses_hidden:
            return shown
        return rows_without_addresses(shown, self._types, self.plain)

    def with_plain(self, connection: duckdb.DuckDBPyConnection, *, has_rows: bool) -> Layout:
        """Return the same with its plain columns, if addresses are hidden."""
        if not self.are_addresses_hidden:
            return self
        types, rows = self._types, self.shown or self.path
        plain = plain_columns(connection, rows, types) if has_rows else frozenset(types)
        return replace(self, plain=plain)

    @property
    def _types(self) -> dict[str, str]:
        return {name: kind for name, _, kind in self.columns}

    @property
    def schema_version(self) -> str:
        """Hash the exported names, their types and the order of the rows."""
        facts = [[(name, kind) for _, name, kind in self.columns], self.grain]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:12]

    def exported(self, column: str) -> str:
        """Return the name of a column in the files."""
        return next(exported for name, exported, _ in self.columns if name == column)

    @property
    def selection(self) -> str:
        """Return the select list with exported names and types."""
        return ", ".join(
            f"{quoted(name)}::{kind} as {quoted(exported)}" for name, exported, kind in self.columns
        )


@dataclass(frozen=True)
class Partition:
    """One file to write: a table, or one quarter of it."""

    table: Layout
    quarter: str | None
    rows: int
    content_hash: str

    @property
    def path(self) -> str:
        if not self.table.is_by_quarter:
            return f"{self.table.name}/{FILE}"
        return f"{self.table.name}/{QUARTER}={self.quarter}/{FILE}"


def select_of(parts: Sequence[Partition]) -> str:
    """Return the sorted rows of some partitions of a table, one partition after the other."""
    table = parts[0].table
    order = ", ".join(f"{quoted(name)} asc nulls last" for name in table.grain)
    chosen = " or ".join(map(_is_of, parts)) if table.is_by_quarter else "true"
    by_part = f"coalesce({QUARTER}, {literal(NO_QUARTER)}), " if len(parts) > 1 else ""
    return f"select {table.selection} from {table.rows} where {chosen} order by {by_part}{order}"


def _is_of(part: Partition) -> str:
    if part.quarter == NO_QUARTER:
        return f"{QUARTER} is null"
    return f"{QUARTER} = {literal(str(part.quarter))}"


def layouts(
    connection: duckdb.DuckDBPyConnection, models: Sequence[Model], *, hides_addresses: bool = False
) -> list[Layout]:
    """
    Return the layouts of every exported model.

    Shape:   marts last, else by name, whatever the schema. Rows whose addresses are hidden are read
             on a connection with define_pseudonyms.
    """
    columns = columns_of_all(connection)
    exported = [model for model in models if model.header.export]
    exported.sort(key=lambda model: (model.schema == MARTS, model.name))
    is_whole = is_shown(connection)
    return [
        replace(
            _layout(model, columns[model.table], is_whole=is_whole),
            are_addresses_hidden=hides_addresses,
        )
        for model in exported
    ]


def partitions(
    connection: duckdb.DuckDBPyConnection, table: Layout, *, has_rows: bool = True
) -> list[Partition]:
    """
    List the files of a table with a hash over the rows of each.

    An empty table has one file without rows: a reader finds its columns.
    """
    found = _quarters(connection, table) if has_rows else []
    empty = [(NO_QUARTER if table.is_by_quarter else None, 0, 0, 0)]
    return [
        Partition(table, part, rows, f"{rows}-{folded:016x}-{total:x}")
        for part, rows, folded, total in found or empty
    ]


def _quarters(
    connection: duckdb.DuckDBPyConnection, table: Layout
) -> list[tuple[str | None, int, int, int]]:
    quarter = f"coalesce({QUARTER}, {literal(NO_QUARTER)})" if table.is_by_quarter else "null"
    hashed = f"hash({', '.join(quoted(name) for name, _, _ in table.columns)})"
    return connection.execute(
        f"select {quarter} as part, count(*), bit_xor({hashed}), sum({hashed}::hugeint) "
        f"from {table.rows} group by part order by part"
    ).fetchall()


def _layout(model: Model, types: Mapping[str, str], *, is_whole: bool) -> Layout:
    is_by_quarter, grain = model.header.export == BY_QUARTER, model.header.grain
    if not grain:
        raise ContractViolated(model.table, None, "a line `-- grain: …` in its file", "none")
    if is_by_quarter and QUARTER not in types:
        raise ContractViolated(model.table, QUARTER, "the column of its partitions", "none")
    return Layout(
        name=model.name,
        path=model.table,
        shown=None if is_whole else rows_without_text(model.table, types, grain),
        is_by_quarter=is_by_quarter,
        columns=tuple(
            _column(model.table, name, kind, is_by_quarter) for name, kind in types.items()
        ),
        grain=grain,
    )


def _column(table: str, name: str, kind: str, is_by_quarter: bool) -> tuple[str, str, str]:
    if kind not in EXPORTED_AS:
        expected = f"one of {', '.join(sorted(set(EXPORTED_AS.values())))}"
        raise ContractViolated(table, name, expected, kind)
    exported = QUARTER_COLUMN if is_by_quarter and name == QUARTER else name
    return name, exported, EXPORTED_AS[kind]
