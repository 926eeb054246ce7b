"""Data checks: selects that must return no rows, and every table's grain."""

# ruff: noqa: S608 - what is put into SQL here is our own names, or quoted
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import duckdb

from warehouse.build.dependencies import parse, proof_of, tables_read
from warehouse.build.header import parse_header
from warehouse.build.model import read_models
from warehouse.build.schemas import CHECKS
from warehouse.build.table_hashes import count_rows, tables_of
from warehouse.errors import CheckFailed, ModelFailed
from warehouse.sql import literal, quoted, quoted_list, sql_files, sql_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from warehouse.build.emptiness import IsEmpty
    from warehouse.build.incremental import Build
    from warehouse.build.model import Model

ROWS_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Check:
    """
    A select of invalid rows, and what they mean.

    Shape:   a check is skipped where it is proved to have no rows, where all tables that it reads
             are empty, as every check passes in a warehouse without rows, or where suspicion, a
             cheaper select of one value, is false.
    """

    name: str
    meaning: str
    path: Path
    sql: str
    model: Model | None = None
    suspicion: str | None = None


def read_checks(folder: Path | None = None) -> list[Check]:
    """List the checks: the files of sql/checks, then one per table that states its grain."""
    root = folder or sql_folder()
    written = [_read_check(path) for path in sql_files(root, CHECKS)]
    return written + [_grain_check(model) for model in read_models(root) if model.header.grain]


def run_checks(
    connection: duckdb.DuckDBPyConnection,
    build: Build | None = None,
    *,
    folder: Path | None = None,
) -> list[str]:
    """
    Run every check and return the names of those that passed.

    Shape:   after an incremental build only the checks that read changed tables run.
    Errors:  CheckFailed with the first invalid rows.
    """
    checks = read_checks(folder)
    if build and not build.is_first:
        parse(connection, [check for check in checks if not check.model])
        checks = [part for check in checks for part in _touched(connection, check, build)]
    run_these(connection, checks, build)
    return list(dict.fromkeys(check.name for check in checks))


def _touched(connection: duckdb.DuckDBPyConnection, check: Check, build: Build) -> Iterator[Check]:
    """Return the part of a check that reads rows changed since it passed."""
    reads = _reads(connection, check)
    if not build.is_touched(reads):
        return
    sources = None
    if build.is_large(reads) and _is_by_source(connection, check):
        sources = build.sources_touched([f"from {check.model.table}" if check.model else check.sql])
    if sources is None:
        yield check
    for source in sources or ():
        chosen = f"where source = {literal(source)}"
        if check.model:
            yield _grain_check(check.model, chosen)
        else:
            yield replace(check, sql=f"select * from (\n{check.sql}\n) {chosen}")


def _is_by_source(connection: duckdb.DuckDBPyConnection, check: Check) -> bool:
    if check.model:
        return "source" in check.model.header.grain
    columns = connection.execute(f"describe (\n{check.sql}\n)").fetchall()
    return "source" in {name for name, *_ in columns}


def run_these(
    connection: duckdb.DuckDBPyConnection, checks: Sequence[Check], build: Build | None = None
) -> None:
    """
    Run some checks.

    Errors:  as run_checks.
    """
    parse(connection, [check for check in checks if not check.model])
    models = [check.model for check in checks if check.model]
    is_empty = build.is_empty if build else _emptiness(connection, models)
    for check in checks:
        if not _must_pass(connection, check, is_empty):
            _run(connection, check)


def _must_pass(connection: duckdb.DuckDBPyConnection, check: Check, is_empty: IsEmpty) -> bool:
    reads = _reads(connection, check)
    if reads and all(map(is_empty, reads)):
        return True
    return not check.model and proof_of(connection, check)(is_empty)


def read_by(connection: duckdb.DuckDBPyConnection, checks: Sequence[Check]) -> set[str]:
    """List the tables that some checks read."""
    return {table for check in checks for table in _reads(connection, check)}


def _reads(connection: duckdb.DuckDBPyConnection, check: Check) -> frozenset[str]:
    return frozenset({check.model.table}) if check.model else tables_read(connection, check)


def _emptiness(connection: duckdb.DuckDBPyConnection, models: Sequence[Model]) -> IsEmpty:
    """Find the tables without rows, and with them the views."""
    # Reports read the meanings of checks, and need no polars.
    from warehouse.build.generated import raw_view_models  # noqa: PLC0415

    counted = count_rows(connection, tables_of(connection))
    views = [model for model in models if model.is_view]
    proofs = {
        view.table: proof_of(connection, view)
        for view in [*views, *raw_view_models(connection, models)]
    }

    def is_empty(name: str) -> bool:
        return proofs[name](is_empty) if name in proofs else counted.get(name) == 0

    return is_empty


def _run(connection: duckdb.DuckDBPyConnection, check: Check) -> None:
    try:
        if check.suspicion and connection.execute(check.suspicion).fetchone() == (False,):
            return
        cursor = connection.execute(
            f"select count(*) over (), bad.* from (\n{check.sql}\n) as bad limit {ROWS_SHOWN}"
        )
        rows = cursor.fetchall()
    except duckdb.Error as error:
        raise ModelFailed(check.path, str(error)) from error
    if rows:
        columns = [column[0] for column in (cursor.description or [])[1:]]
        invalid = [row[1:] for row in rows]
        failure = CheckFailed(
            check.name, check.meaning, rows[0][0], columns, invalid, path=check.path
        )
        failure.sources = _sources(connection, check, columns)
        raise failure


def _sources(
    connection: duckdb.DuckDBPyConnection, check: Check, columns: Sequence[str]
) -> tuple[str, ...]:
    """List the sources of the invalid rows; none where a row names none."""
    names = [name for name in ("tracker_source", "source") if name in columns]
    if not names:
        return ()
    source = f"coalesce({quoted_list(names)})"
    found = connection.execute(f"select distinct {source} from (\n{check.sql}\n)").fetchall()
    return () if (None,) in found else tuple(sorted(source for (source,) in found))


def _read_check(path: Path) -> Check:
    sql = path.read_text(encoding="utf-8")
    meaning = parse_header(path, sql).title
    return Check(name=path.stem, meaning=meaning, path=path, sql=sql.strip().rstrip(";"))


def _grain_check(model: Model, chosen: str = "") -> Check:
    grain = quoted_list(model.header.grain)
    # A key of a public table is never null; one of staging may stand for "any".
    public = model.header.grain if model.header.export else ()
    is_null = "".join(f" or {quoted(name)} is null" for name in public)
    # Hashes are compared first: rows are compared only where two hashes are equal.
    doubles = f"select count(*) > count(distinct hash({grain}))"
    nulls = f" or count(*) filter (where false{is_null}) > 0" if is_null else ""
    names = ", ".join(model.header.grain)
    return Check(
        name=f"{model.schema}_{model.name}_grain",
        meaning=f"{model.table} has one row per {names}; these stand there twice, or with a null.",
        path=model.path,
        sql=f"select {grain}, count(*) as row_count from {model.table} {chosen} "
        f"group by {grain} having count(*) > 1{is_null}",
        model=model,
        suspicion=f"{doubles}{nulls} from {model.table} {chosen}",
    )
