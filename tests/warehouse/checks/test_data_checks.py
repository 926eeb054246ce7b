"""
Test every condition of every data check by mutation.

The files of broken/ have, for each check, statements that break what it holds in one way, and some
that keep to it. Conditions are taken away, and bounds moved, in the checks as DuckDB parses them.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from miners.records import RECORDS
from tests.support.rows.row_histories import build
from tests.support.rows.two_repositories import CONTEXT, found
from tests.support.sql_mutants import mutants
from warehouse.build.checks import read_checks, run_these
from warehouse.build.model import read_models
from warehouse.errors import CheckFailed
from warehouse.sql import sql_folder

BROKEN = Path(__file__).parent / "broken"
CHECKS = {check.name: check for check in read_checks() if not check.model}
# It reads the table of every record.
OF_EVERY_RECORD = "raw_rows_have_their_batch"
# A statement under such a label breaks nothing.
RIGHT = "Right: "
# A condition that changes no result: the join keeps these KPIs alone, but counts all rows first.
KEPT = ("commits", "lines_changed", "issues_closed", "issues_remaining", "change_requests_merged")
SPEED = {f"without: where_clause kpi in ( {', '.join(map(repr, KEPT))} )"}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """A sound warehouse: the build runs every check."""
    with build(found(tmp_path_factory.mktemp("two")), CONTEXT) as connection:
        yield connection


def statements(name):
    """Read what breaks a check, by its label."""
    if name == OF_EVERY_RECORD:
        insert = "insert into raw.{} (source, batch) values ('host/one', 99)"
        return {record: insert.format(record) for record in RECORDS}
    (path,) = BROKEN.rglob(f"{name}.sql")
    blocks = re.split(r"^-- (.*)\.$\n", path.read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(blocks[1::2], blocks[2::2], strict=True))


@contextmanager
def changed(connection, statement):
    connection.execute("begin")
    try:
        connection.execute(statement)
        yield
    finally:
        connection.execute("rollback")


def rows(connection, sql):
    """Read all rows, or the error: a mutant that cannot be run is noticed."""
    try:
        return sorted(map(repr, connection.execute(sql).fetchall()))
    except duckdb.Error as error:
        return [str(error)]


def test_every_check_is_broken():
    written = {path.stem for path in BROKEN.rglob("*.sql")} | {OF_EVERY_RECORD}
    assert written == CHECKS.keys()


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_check_finds_what_is_broken_and_nothing_that_is_right(warehouse, name):
    for label, statement in statements(name).items():
        with changed(warehouse, statement):
            if label.startswith(RIGHT):
                run_these(warehouse, [CHECKS[name]])
                continue
            with pytest.raises(CheckFailed) as failure:
                run_these(warehouse, [CHECKS[name]])
            assert failure.value.check == name, label


# Its parts matter, because each statement adds a row that one part alone returns.
@pytest.mark.skipif(duckdb.__version__ < "2", reason="DuckDB 1.5 has other nodes in its trees")
@pytest.mark.parametrize("name", sorted(CHECKS.keys() - {OF_EVERY_RECORD}))
def test_every_condition_of_a_check_matters(warehouse, name):
    sql = CHECKS[name].sql
    alive = {m.sql: m.name for m in mutants(sql) if m.name not in SPEED}
    for statement in ("", *statements(name).values()):
        with changed(warehouse, statement):
            expected = rows(warehouse, sql)
            alive = {m: said for m, said in alive.items() if rows(warehouse, m) == expected}
    assert list(alive.values()) == []


def test_every_column_of_a_fact_or_mart_is_described_and_nothing_else(warehouse):
    columns = warehouse.execute(
        "select distinct column_name from duckdb_columns() where schema_name in ('facts', 'marts')"
    ).fetchall()
    lines = (sql_folder() / "columns.toml").read_text().splitlines()
    described = sorted(line.split(" = ")[0] for line in lines if " = " in line)

    assert described == sorted(name for (name,) in columns)


def test_every_fact_and_mart_says_how_it_is_exported():
    for model in read_models():
        assert (model.header.export is not None) == model.is_public, model.table
        # The rows of all KPIs have one grain: that of the evidence.
        assert model.header.grain or model.schema == "kpis", model.table
