"""Test the checks of a build and their messages."""

from __future__ import annotations

import pickle

import pytest

from warehouse.build.checks import run_checks
from warehouse.errors import CheckFailed, ModelFailed

CHECK = "-- A commit is written before it is committed.\n--\n-- It may be skewed.\nselect {}\n"


@pytest.fixture
def facts(connection):
    connection.execute("create schema facts")
    return connection


def test_checks_that_find_nothing_are_named(home, facts):
    home.write_model("checks/b.sql", CHECK.format("1 as x where false;"))
    home.write_model("checks/a.sql", CHECK.format("1 as x where false -- no rows"))

    assert run_checks(facts, folder=home.sql) == ["a", "b"]


def test_a_check_that_finds_rows_shows_the_first_of_them_and_what_to_do(home, facts):
    home.write_model(
        "checks/skew.sql", CHECK.format("i as n, 'a' || i as name, null as gap from range(7) r(i)")
    )

    with pytest.raises(CheckFailed) as failure:
        run_checks(facts, folder=home.sql)
    error = failure.value
    assert (error.check, error.count, len(error.rows)) == ("skew", 7, 5)
    assert error.rows[0] == (0, "a0", None)
    assert str(error) == (
        "check skew: 7 invalid rows.\n"
        "A commit is written before it is committed.\n\n"
        "    n  name  gap\n"
        "    0  a0    null\n"
        "    1  a1    null\n"
        "    2  a2    null\n"
        "    3  a3    null\n"
        "    4  a4    null\n\n"
        "Nothing was published; the last valid warehouse and exports stay in place. "
        "Find these rows in the store or fix the model that made them, then run again."
    )
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_a_row_cannot_talk_to_the_terminal(home, facts):
    home.write_model("checks/evil.sql", CHECK.format("chr(27) || '[31m' as name"))

    with pytest.raises(CheckFailed) as failure:
        run_checks(facts, folder=home.sql)
    assert "\x1b" not in str(failure.value)


def test_a_grain_that_does_not_hold_is_found_without_a_check_of_its_own(home, facts):
    home.write_model("facts/t.sql", "-- T.\n--\n-- grain: a, b\nselect 1")
    facts.execute("create table facts.t as select * from (values (1, null), (1, null)) v(a, b)")

    with pytest.raises(CheckFailed, match="one row per a, b") as failure:
        run_checks(facts, folder=home.sql)
    assert failure.value.rows == ((1, None, 2),)


def test_a_grain_is_checked_where_anything_is_read_that_has_rows(home, facts):
    view = "select a from facts.none union all select a from facts.some"
    home.write_model("staging/v.sql", f"-- V.\n--\n-- grain: a\n{view}")
    home.write_model("staging/w.sql", "-- W.\n--\n-- grain: a\nselect a from facts.none")
    facts.execute("create table facts.none (a int); create table facts.some (a int)")
    facts.execute(f"create schema staging; create view staging.v as {view}")

    assert run_checks(facts, folder=home.sql) == ["staging_v_grain", "staging_w_grain"]
    facts.execute("insert into facts.some values (1), (1)")
    with pytest.raises(CheckFailed, match=r"staging\.v has one row per a"):
        run_checks(facts, folder=home.sql)


def test_a_check_that_cannot_run_is_named(home, facts):
    path = home.write_model("checks/broken.sql", CHECK.format("x from facts.gone"))

    with pytest.raises(ModelFailed, match="gone") as failure:
        run_checks(facts, folder=home.sql)
    assert failure.value.path == path
