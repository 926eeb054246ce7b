"""Custom goals and their measurements in a ledger."""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest

from tests.support.rows.ledgers import Ledger
from tests.support.rows.row_histories import EVERYBODY, build, instant
from tests.support.rows.small_reports import report
from warehouse.context import Context, Target
from warehouse.query.scope import Scope
from warehouse.report.format.style import SectionStyle, Style
from warehouse.report.queries.goals import read_goals
from warehouse.report.queries.quarter import ReportQuarter
from warehouse.report.writers.workbook import as_workbook

TABLES = ("facts.ledger_targets", "facts.ledger_measurements", "figures.kpi_targets")
ALL = Scope("*", "*", (), is_chosen=False)
LAST = ReportQuarter(
    quarter="2024-Q3",
    starts_on=date(2024, 7, 1),
    ends_before=date(2024, 10, 1),
    starts_at=instant("2024-07-01"),
    ends_at=instant("2024-10-01"),
)


def goals(folder, targets, measurements="", *, scope=ALL, context=EVERYBODY):
    """Return the goals of 2024, up to its third quarter, of a ledger with these rows."""
    ledger = Ledger(folder, first_look=instant("2025-03-01"))
    head = "year,kpi,quarter,project,unit,target,near,better,accepted_until"
    ledger.write("targets.csv", f"{head}\n{targets}\n")
    ledger.write("measurements.csv", f"measure,project,unit,after,measured_on\n{measurements}\n")
    ledger.mine()
    connection = build(folder / "store", context, only=TABLES)
    return read_goals(connection, scope, 2024, LAST)


# A goal, its measurements in a ledger, and the expected result, by a unique name.
CASES = {
    "uptime": ("2024,uptime,,,%,99,,higher,", "uptime,,%,99,2024-03-01", (99, "met")),
    "in_time": ("2024,in_time,,,%,99,90,higher,", "In time,,%,95,2024-03-01", (95, "near")),
    "until": ("2024,until,,,%,99,,higher,2024-12-31", "until,,%,95,2024-03-01", (95, "accepted")),
    "past": ("2024,past,,,%,99,,higher,2024-12-30", "past,,%,95,2024-03-01", (95, "missed")),
    "pages": ("2024,pages,,,,9,,lower,", "pages,,,8,2024-03-01", (8, "met")),
    "heavy": ("2024,heavy,,,,9,,lower,", "heavy,,,10,2024-03-01", (10, "missed")),
    "neither": ("2024,neither,,,,9,,,", "neither,,,10,2024-03-01", (10, "no_data")),
    "slow_pages": ("2024,slow_pages,Q1,,,9,,lower,", "Slow pages,,,8,2024-03-31", (8, "met")),
    "newest": (
        "2024,newest,,,%,99,,higher,",
        "newest,river,%,80,2024-03-01\nnewest,calm,%,85,2024-06-01",
        (85, "missed"),
    ),
    # A goal without a matching measurement is not missed.
    "nothing": ("2024,nothing,,river,%,99,,higher,", "", (None, "no_data")),
    "other": ("2024,other,,river,%,99,,higher,", "downtime,,%,99,2024-03-01", (None, "no_data")),
    "hours": ("2024,hours,,river,%,99,,higher,", "hours,,hours,99,2024-03-01", (None, "no_data")),
    "before": ("2024,before,,river,%,99,,higher,", "before,,%,99,2023-12-31", (None, "no_data")),
    "after": ("2024,after,,river,%,99,,higher,", "after,,%,99,2024-10-01", (None, "no_data")),
    "ever": ("2024,ever,,river,%,99,,higher,", "ever,,%,99,", (None, "no_data")),
    "calm": ("2024,calm,,river,%,99,,higher,", "calm,calm,%,99,2024-03-01", (None, "no_data")),
    "late": ("2024,late,Q1,,%,99,,higher,", "late,,%,99,2024-04-01", (None, "no_data")),
}


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    targets = "\n".join(target for target, _, _ in CASES.values())
    measured = "\n".join(rows for _, rows, _ in CASES.values() if rows)
    found = goals(tmp_path_factory.mktemp("goals"), targets, measured)
    return {goal.kpi: goal for goal in found.custom}


@pytest.mark.parametrize("name", CASES)
def test_a_goal_is_met_by_a_measurement(measured, name):
    _target, _rows, expected = CASES[name]

    assert (measured[name].value, measured[name].status) == expected


def test_a_goal_has_its_period_and_the_project_of_its_measurement(measured):
    assert (measured["late"].period, measured["newest"].measured_in) == (
        "2024-Q1",
        "calm",
    )


def test_a_project_has_its_own_goals_and_those_of_all(tmp_path):
    targets = "2024,a,,river,,1,,,\n2024,b,,calm,,1,,,\n2024,c,,,,1,,,"
    found = goals(tmp_path, targets, scope=Scope("river", "*", (), is_chosen=True))

    assert [(goal.kpi, goal.project) for goal in found.custom] == [
        ("a", "river"),
        ("c", None),
    ]


def test_the_next_year_has_targets_and_custom_goals(tmp_path):
    context = Context(
        targets=(
            Target(kpi="commits", fiscal_year=2025, target=9, project="river"),
            Target(kpi="commits", fiscal_year=2026, target=9),
        )
    )
    targets = (
        "2025,uptime,Q2,,%,99,,higher,\n2025,issue_closure_ratio,,,%,90,,,\n2026,later,,,,1,,,"
    )
    found = goals(tmp_path, targets, context=context)

    assert [
        (goal.kpi, goal.project, goal.period, goal.target, goal.unit) for goal in found.next_targets
    ] == [
        ("commits", "river", "2025", 9.0, "commits"),
        ("issue_closure_ratio", None, "2025", 0.9, "ratio"),
    ]
    assert [(goal.kpi, goal.period, goal.target, goal.unit) for goal in found.next_custom] == [
        ("uptime", "2025-Q2", 99.0, "%")
    ]
    assert found.custom == ()


def test_the_workbook_shows_numbers_in_custom_units(reported, tmp_path):
    names = ("targets", "improvements")
    style = Style(sections=tuple(SectionStyle(name) for name in names))
    file = tmp_path / "report.xlsx"
    file.write_bytes(as_workbook(report(reported, style)))
    book = openpyxl.load_workbook(file)

    cells = {
        row[0].value: [(cell.value, cell.number_format) for cell in row[1:3]]
        for row in book["Before and after"].iter_rows(min_row=2)
    }
    assert cells["Memory"] == [(330, '#,##0.##"%"'), (160, '#,##0.##"%"')]
    assert cells["Speed"] == [(12, '#,##0.##" FPS"'), (30, '#,##0.##" FPS"')]
    assert cells["Visits"][1] == (30, "#,##0.##")
    assert book.sheetnames[1:3] == [
        "Custom goals with measurements",
        "Goals for 2025",
    ]
