"""Test totals, and leaves that add up."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.rows.kept_ledgers import SEOUL, kept
from tests.support.rows.row_histories import ANN, BOB, HistoryRows, builder, instant, rows
from warehouse.context import Context, Project

build = builder(
    *("marts.kpi_quarterly", "marts.kpi_yearly", "marts.kpi_restatements"),
    *("marts.kpi_leaves_quarterly", "marts.kpi_complete_quarters"),
    kpis=("commits", "lines_changed", "active_contributors"),
)
LIB, FORK, POLLED = "host/o/lib", "host/us/fork", instant("2024-08-01")
SHARED = Context(
    projects=(
        Project(name="all", title="All", sources=(LIB, FORK)),
        Project(name="lib", title="Lib", sources=(LIB,)),
    )
)
LEAVES = """
    select project, source, quarter, quarter_starts_on, fiscal_year, is_complete, is_sealed,
        additive_value
    from marts.kpi_leaves_quarterly where kpi = '{}' order by all
"""
DIFFERENT = """
    select totals.kpi, totals.quarter, totals.value, sum(leaves.additive_value)
    from marts.kpi_quarterly as totals
    left join marts.kpi_leaves_quarterly as leaves using (kpi, quarter)
    where totals.project = '*' and totals.kpi in ('commits', 'lines_changed')
    group by all having sum(leaves.additive_value) is distinct from totals.value
"""


def history(source, *, own=()):
    """Three commits of both repositories, of which one is in the newest quarter, and own ones."""
    made = HistoryRows(source, looked_at=POLLED)
    made.commit("a", at="2024-02-01T00:00", by=ANN, files=[("x", 3, 1)])
    made.commit("b", "a", at="2024-02-02T00:00", by=BOB, files=[("x", 2, 0)])
    made.commit("c", "b", at="2024-07-02T00:00", by=ANN, files=[("x", 1, 0)])
    for name in own:
        made.commit(name, made.head, at="2024-07-03T00:00", by=BOB, files=[("x", 5, 0)])
    return made


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    store = tmp_path_factory.mktemp("totals")
    history(LIB).found(store)
    history(FORK, own=["own"]).found(store)
    with build(store, SHARED) as connection:
        yield connection


def leaves(kpi, *counts):
    """Make whole rows, of three quarters of each repository of each project."""
    owned = (("all", LIB), ("all", FORK), ("lib", LIB))
    quarters = [(f"2024-Q{n}", date(2024, 3 * n - 2, 1), 2024, n < 3, False) for n in (1, 2, 3)]
    return [
        (*owner, *quarter, value)
        for owner, values in zip(owned, counts, strict=True)
        for quarter, value in zip(quarters, values, strict=True)
    ]


def test_each_row_counts_in_one_leaf_and_a_quarter_without_rows_is_zero(built):
    assert rows(built, LEAVES.format("commits")) == leaves(
        "commits", (2, 0, 1), (0, 0, 1), (0, 0, 0)
    )
    assert rows(built, LEAVES.format("lines_changed")) == leaves(
        "lines_changed", (6, 0, 1), (0, 0, 5), (0, 0, 0)
    )


def test_leaves_are_of_kpis_that_add_up(built):
    kpis = "select distinct kpi from marts.{} order by all"
    assert rows(built, kpis.format("kpi_leaves_quarterly")) == [("commits",), ("lines_changed",)]
    assert ("active_contributors",) in rows(built, kpis.format("kpi_quarterly"))


def test_the_sum_of_all_leaves_is_the_figure_of_all_projects(built):
    assert rows(built, DIFFERENT) == []


@pytest.mark.parametrize("mart", ["kpi_quarterly", "kpi_yearly", "kpi_complete_quarters"])
def test_totals_are_marked(built, mart):
    query = f"select distinct project, source, is_total from marts.{mart} order by all"
    assert rows(built, query) == [
        *(("*", "*", True), ("all", "*", True), ("all", LIB, False), ("all", FORK, False)),
        *(("lib", "*", True), ("lib", LIB, False)),
    ]


def test_complete_quarters_end_with_the_last_that_is_over(built):
    query = "select distinct quarter, is_complete from marts.{} order by all"
    assert rows(built, query.format("kpi_complete_quarters")) == [
        *(("2024-Q1", True), ("2024-Q2", True)),
    ]
    assert rows(built, query.format("kpi_quarterly"))[-1] == ("2024-Q3", False)


def test_no_quarter_begins_after_the_last_poll_of_a_ledger(tmp_path):
    """The ledger of 2025-03-01 reports an incident for a quarter that has not begun."""
    incidents = """
        incident,project,started_at,recovered_at,reported_quarter
        I-1,ship,2024-10-02 09:00,2024-10-02 11:00,
        I-2,ship,2025-02-02 09:00,2025-02-02 10:00,2025-Q4
    """
    kept(tmp_path, incidents=incidents)
    only = builder("marts.kpi_quarterly", kpis=("mean_time_to_recovery",))
    with only(tmp_path / "store", SEOUL) as connection:
        figures = """
            select quarter, value, n from marts.kpi_quarterly where project = '*' order by all
        """
        evidence = """
            select subject_id, quarter, reason, reported_quarter from figures.kpi_evidence
            order by all
        """
        assert rows(connection, figures) == [("2024-Q4", 2, 1), ("2025-Q1", 1, 1)]
        assert rows(connection, evidence) == [
            ("I-1", "2024-Q4", "counted", None),
            ("I-2", "2025-Q1", "counted", "2025-Q4"),
        ]
