"""Test the states of the columns of a year."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from tests.support.rows.kept_ledgers import SEOUL, kept
from tests.support.rows.row_histories import builder
from warehouse.calendar import Calendar
from warehouse.query.figures import YearOfFigures, year_in
from warehouse.query.scope import ALL, Scope
from warehouse.report.format.language import Language
from warehouse.report.format.style import Formatter, Style
from warehouse.report.year_table import TableExtras, year_table

SEALED, OVER, RUNNING = (
    SimpleNamespace(
        is_sealed=is_sealed, is_complete=is_complete, target=None, is_restated=False, value=1.0
    )
    for is_sealed, is_complete in ((True, True), (False, True), (False, False))
)
FORMATTER = Formatter(Language("en"), Style())
figures = builder(
    *("marts.kpi_quarterly", "marts.kpi_yearly", "marts.dim_kpis", "facts.projects"),
    *("facts.quarters", "facts.project_repositories"),
    kpis=("mean_time_to_recovery", "test_iterations"),
)


def heads(year):
    table = year_table(year, year.kpis, FORMATTER, "", TableExtras())
    return [(column.title, column.below) for column in table.columns[1:]]


@pytest.mark.parametrize(
    ("figures", "state"),
    [
        ([], ""),
        ([SEALED, SEALED], "sealed"),
        ([SEALED, OVER], ""),
        ([SEALED, RUNNING], ""),
        ([OVER, RUNNING], ""),
        ([RUNNING, RUNNING], "so far"),
    ],
)
@pytest.mark.parametrize("period", ["2024-Q1", "2024"])
def test_a_column_has_the_state_of_all_of_its_figures(figures, state, period):
    if not figures and period == "2024":
        return
    quarter = None if period == "2024" else period
    year = YearOfFigures(
        scope=Scope(ALL, ALL, (), is_chosen=False),
        fiscal_year=2024,
        quarters=("2024-Q1",),
        kpis=(),
        figures=tuple(
            SimpleNamespace(**vars(figure), period=period, quarter=quarter) for figure in figures
        ),
        is_over=True,
    )
    assert heads(year)[0 if quarter else 1][1] == state


PROJECTS = """
    project,active_from,active_until
    ended,2024-07-01,2024-12-31
    live,2024-07-01,
"""
INCIDENTS = """
    id,project,started_at,recovered_at
    I-1,ended,2024-12-04 19:00,2024-12-04 20:00
"""
ACTIVITIES = """
    date,kind,project
    2024-07-20,test_iteration,live
"""
# The year of 2025 is from July 2024 to June 2025, and the last poll on 1 March.
JULY = replace(SEOUL, calendar=Calendar(time_zone="Asia/Seoul", first_month=7))


def test_a_year_is_so_far_until_it_is_over_whatever_ended_in_it(tmp_path):
    """The figure of an ended project is final, but its year is not over."""
    ledger = kept(tmp_path, projects=PROJECTS, incidents=INCIDENTS, activities=ACTIVITIES)
    with figures(ledger.home / "store", JULY) as connection:
        year = year_in(connection, "2025", None, None)
        ended = year_in(connection, "2025", "ended", None)
    finals = [(f.kpi, f.is_complete) for f in year.figures if not f.quarter]

    assert finals == [("mean_time_to_recovery", True), ("test_iterations", False)]
    assert heads(year) == [("Q1", ""), ("Q2", ""), ("Q3", "so far"), ("2025", "so far")]
    assert heads(ended) == [("Q1", ""), ("Q2", ""), ("Q3", ""), ("2025", "so far")]
    assert year.is_so_far
    assert ended.is_so_far
