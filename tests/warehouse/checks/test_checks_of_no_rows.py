"""Checks of tables without rows: all pass, and are not run."""

from __future__ import annotations

from tests.support.rows.row_histories import build
from warehouse.build import checks
from warehouse.build.checks import Check, read_checks, run_these


def test_every_check_passes_where_there_are_no_rows(tmp_path):
    with build(tmp_path / "store", is_checked=False) as connection:
        for check in read_checks():
            checks._run(connection, check)


def test_a_check_runs_if_one_table_that_it_reads_has_rows(connection, monkeypatch, tmp_path):
    run, sql = [], "select b.x from facts.b as b left join facts.a as a on a.x = b.x"
    monkeypatch.setattr(checks, "_run", lambda _, check: run.append(check.name))
    connection.execute("create schema facts")
    connection.execute("create table facts.a (x integer)")
    connection.execute("create table facts.b as select 1 as x")
    written = {
        "both": sql,
        "empty": "select x from facts.a",
        "proved": "select a.x from facts.a as a cross join facts.b as b",
        "counted": "select count(*) as x from facts.a",
        "neither": "select 1 as x",
    }
    run_these(
        connection,
        [Check(name=n, meaning=n, path=tmp_path / n, sql=sql) for n, sql in written.items()],
    )

    assert run == ["both", "neither"]
