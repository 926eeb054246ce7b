"""What a house wants to reach beside the KPIs, and whether its own ledger says that it did."""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest
from histories import EVERYBODY, build, instant
from reports import report

from tests.ledgers import Ledger
from warehouse.choices import Scope
from warehouse.context import Context, Target
from warehouse.report.ask import Quarter
from warehouse.report.ask_aims import aims_of
from warehouse.report.style import SectionStyle, Style
from warehouse.report.workbook import as_workbook

TABLES = ("facts.ledger_targets", "facts.ledger_measurements", "steps.kpi_targets")
ALL = Scope("*", "*", (), is_chosen=False)
LAST = Quarter(
    "2024-Q3", date(2024, 7, 1), date(2024, 10, 1), instant("2024-07-01"), instant("2024-10-01")
)


def aims(folder, targets, measurements="", *, scope=ALL, context=EVERYBODY):
    """Ask for the aims of 2024, up to its third quarter, of a ledger with these rows."""
    ledger = Ledger(folder, first_look=instant("2025-03-01"))
    head = "year,kpi,quarter,project,unit,target,near,better,accepted_until"
    ledger.write("targets.csv", f"{head}\n{targets}\n")
    ledger.write("measurements.csv", f"measure,project,unit,after,measured_on\n{measurements}\n")
    ledger.mine()
    connection = build(folder / "store", context, only=TABLES)
    return aims_of(connection, scope, 2024, LAST)


@pytest.mark.parametrize(
    ("target", "measured", "status"),
    [
        ("2024,uptime,,,%,99,,higher,", "uptime,,%,99,2024-03-01", "met"),
        ("2024,uptime,,,%,99,90,higher,", "Uptime,,%,95,2024-03-01", "near"),
        ("2024,uptime,,,%,99,,higher,2024-12-31", "uptime,,%,95,2024-03-01", "accepted"),
        ("2024,uptime,,,%,99,,higher,2024-12-30", "uptime,,%,95,2024-03-01", "missed"),
        ("2024,pages,,,,9,,lower,", "pages,,,8,2024-03-01", "met"),
        ("2024,pages,,,,9,,lower,", "pages,,,10,2024-03-01", "missed"),
        ("2024,pages,,,,9,,,", "pages,,,10,2024-03-01", "no_data"),
        ("2024,slow_pages,Q1,,,9,,lower,", "Slow pages,,,8,2024-03-31", "met"),
    ],
)
def test_an_aim_is_met_by_what_a_ledger_measured(tmp_path, target, measured, status):
    (one,) = aims(tmp_path, target, measured).own

    assert (one.value is None, one.status) == (False, status)


@pytest.mark.parametrize(
    "measured",
    [
        "",
        "downtime,,%,99,2024-03-01",
        "uptime,,hours,99,2024-03-01",
        "uptime,,%,99,2023-12-31",
        "uptime,,%,99,2024-10-01",
        "uptime,,%,99,",
        "uptime,calm,%,99,2024-03-01",
    ],
)
def test_what_was_not_measured_so_is_not_missed(tmp_path, measured):
    (one,) = aims(tmp_path, "2024,uptime,,river,%,99,,higher,", measured).own

    assert (one.value, one.status) == (None, "no_data")


def test_what_was_measured_after_the_quarter_of_an_aim_is_too_late(tmp_path):
    (one,) = aims(tmp_path, "2024,uptime,Q1,,%,99,,higher,", "uptime,,%,99,2024-04-01").own

    assert (one.period, one.value) == ("2024-Q1", None)


def test_of_several_measures_the_newest_holds(tmp_path):
    measured = "uptime,river,%,80,2024-03-01\nuptime,calm,%,85,2024-06-01"
    (one,) = aims(tmp_path, "2024,uptime,,,%,99,,higher,", measured).own

    assert (one.value, one.measured_in) == (85, "calm")


def test_a_project_has_its_own_aims_and_those_of_all(tmp_path):
    targets = "2024,a,,river,,1,,,\n2024,b,,calm,,1,,,\n2024,c,,,,1,,,"
    found = aims(tmp_path, targets, scope=Scope("river", "*", (), is_chosen=True))

    assert [(one.kpi, one.project) for one in found.own] == [("a", "river"), ("c", None)]


def test_the_next_year_is_that_of_kpis_and_of_the_house(tmp_path):
    context = Context(targets=(Target("commits", 2025, 9, "river"), Target("commits", 2026, 9)))
    targets = (
        "2025,uptime,Q2,,%,99,,higher,\n2025,issue_closure_ratio,,,%,90,,,\n2026,later,,,,1,,,"
    )
    found = aims(tmp_path, targets, context=context)

    assert [
        (one.kpi, one.project, one.period, one.target, one.unit) for one in found.next_of_kpis
    ] == [
        ("commits", "river", "2025", 9.0, "commits"),
        ("issue_closure_ratio", None, "2025", 0.9, "ratio"),
    ]
    assert [(one.kpi, one.period, one.target, one.unit) for one in found.next_own] == [
        ("uptime", "2025-Q2", 99.0, "%")
    ]
    assert found.own == ()


def test_the_workbook_shows_numbers_in_the_units_of_the_house(reported, tmp_path):
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
        "Own targets as ledgers measured",
        "What is to be reached in 2025",
    ]
