"""Test the quarters of ledgers, and comparisons between quarters."""

from __future__ import annotations

import pytest

from tests.support.rows.kept_ledgers import SEOUL, kept
from tests.support.rows.row_histories import HistoryRows, builder, instant
from warehouse.query.scope import Period, Scope, known_quarters
from warehouse.report.queries.comparisons import PeriodComparison, read_comparisons

build = builder(
    *("figures.kpi_evidence", "marts.kpi_quarterly", "marts.kpi_yearly", "facts.quarters"),
    "intermediate.ledger_days",
)
# The first ended in the fourth quarter, and was reported in the third.
INCIDENTS = """
    incident,project,started_at,recovered_at,reported_quarter
    I-1,ship,2024-10-02 09:00,2024-10-02 11:00,2024-Q3
    I-2,ship,2024-11-02 09:00,2024-11-02 10:00,
"""
TASKS = """
    task,project,planned_on,completed_on
    T-1,ship,2024-04-10,2024-11-20
"""
CELLS = """
    select kpi, quarter, value, n, is_complete from marts.kpi_quarterly
    where project = $1 and source = '*'
        and kpi in (select kpi from marts.kpi_quarterly where project = 'ship')
    order by all
"""
YEARS = """
    select kpi, fiscal_year, value, quarter_count, is_complete from marts.kpi_yearly
    where project = 'ship' and source = '*' order by all
"""
LAST_LOOK = instant("2025-03-01T02:15")


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Build the same ledger alone, and next to a repository of somebody else."""
    connections = []
    for name in ("alone", "beside"):
        home = tmp_path_factory.mktemp(name)
        kept(home, incidents=INCIDENTS, tasks=TASKS)
        if name == "beside":
            foreign = HistoryRows(source="host/foreign", looked_at=LAST_LOOK)
            foreign.commit("a", at="2024-04-05T00:00")
            foreign.found(home / "store")
        connections.append(build(home / "store", SEOUL))
    yield connections
    for connection in connections:
        connection.close()


def test_a_ledger_alone_has_every_cell_that_it_has_next_to_a_repository(both):
    alone, beside = both

    for project in ("ship", "*"):
        cells = alone.execute(CELLS, [project]).fetchall()
        assert cells == beside.execute(CELLS, [project]).fetchall()
        assert len(cells) == 5 * 4  # four KPIs from the second quarter to the first of 2025
    assert alone.execute(YEARS).fetchall() == beside.execute(YEARS).fetchall()


def test_a_kpi_has_its_quarters_from_the_first_day_and_the_first_report_on(both):
    cells = both[0].execute(CELLS, ["ship"]).fetchall()

    recovery = [cell[1:] for cell in cells if cell[0] == "mean_time_to_recovery"]
    done = [cell[1:3] for cell in cells if cell[0] == "project_completion_rate"]
    assert recovery == [
        ("2024-Q2", None, 0, True),
        ("2024-Q3", None, 0, True),
        ("2024-Q4", 1.5, 2, True),
        ("2025-Q1", None, 0, False),
    ]
    assert done == [("2024-Q2", 0.0), ("2024-Q3", 0.0), ("2024-Q4", 1.0), ("2025-Q1", None)]


def test_a_year_that_is_over_is_complete_although_it_began_late(both):
    years = both[0].execute(YEARS).fetchall()

    assert {(row[1], row[3], row[4]) for row in years} == {(2024, 3, True), (2025, 1, False)}


def test_a_report_knows_the_years_of_rows_that_are_in_no_kpi(tmp_path):
    activities = """
        date,kind,project
        2023-05-02,writing,blog
        2024-02-02,business_trip,blog
    """
    kept(tmp_path, activities=activities)

    with build(tmp_path / "store", SEOUL) as connection:
        scope = Scope("blog", "*", ("blog",), is_chosen=False)
        assert [quarter.quarter for quarter in known_quarters(connection, scope)] == [
            *("2023-Q2", "2024-Q1")
        ]


def recovered(project, quarter_month, hours, count=12):
    """Make incidents of one length, one a day."""
    return [
        f"{project}-{quarter_month}-{day},{project},2024-{quarter_month}-{day:02} 01:00,"
        f"2024-{quarter_month}-{day:02} {1 + hours:02}:00"
        for day in range(1, count + 1)
    ]


def test_a_comparison_is_over_the_projects_with_rows_in_both_periods(tmp_path):
    """Of all projects the mean is 1 and 6 hours, of the one that was there before 1 and 2."""
    rows = [
        "incident,project,started_at,recovered_at",
        *(recovered("old", "07", 1) + recovered("old", "10", 2) + recovered("new", "10", 10)),
    ]
    kept(tmp_path, incidents="\n".join(rows))

    with build(tmp_path / "store", SEOUL) as connection:
        scope = Scope("*", "*", ("new", "old"), is_chosen=False)
        found = read_comparisons(connection, scope, Period(2024, "2024-Q4"), is_reported=False)

    assert found["mean_time_to_recovery"] == PeriodComparison(
        kpi="mean_time_to_recovery",
        before=1.0,
        before_n=12,
        after=2.0,
        after_n=12,
        project_count=1,
        all_project_count=2,
    )
