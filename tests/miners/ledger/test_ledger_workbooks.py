"""Workbooks and merged cells."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import pytest

from tests.support.rows.ledgers import Ledger, days, micros, number

ASKED = (
    "project: empty under {!r}, as spreadsheets write merged cells. Fill it in, or set fill_down "
    "of the source: true for the value above, false for no value"
)
MERGED = (
    "project,task_id,planned_on\nAlpha,T-1,2024-04-10\n,T-2,2024-04-11\n"
    "Beta,T-3,2024-05-01\n,T-4,2024-05-03\n"
)


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path)


def workbook(merged=(), **sheets):
    """Give the bytes of a workbook of these sheets."""
    book, data = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for cells in merged:
            sheet.merge_cells(cells)
    book.save(data)
    return data.getvalue()


TASKS = [["task", "planned_on"], ["T-1", date(2024, 1, 2)]]


def test_a_workbook_has_a_sheet_per_table(ledger):
    incidents = [
        ["id", "started_at"],
        [7, datetime.fromisoformat("2024-03-21T19:22:05")],
        ["I-2", "soon"],
    ]
    activities = [["date", "kind", "hours"], [date(2024, 1, 5), "writing", 7.1]]
    book = workbook(tasks=TASKS, incidents=incidents, activities=activities, notes=[["x"]], free=[])
    ledger.write("2024 plan.xlsx", book)

    instant = "expected a date and time such as 2024-03-21 19:22 or 2024-03-21T19:22+09:00"
    assert ledger.said() == [f"2024 plan.xlsx[incidents]:3: started_at: {instant}, found 'soon'"]
    assert ledger.facts("tasks") == [
        {"task_id": "T-1", "planned_on": days("2024-01-02"), "file": "2024 plan.xlsx"}
    ]
    assert [(row["incident_id"], row["started_at"]) for row in ledger.facts("incidents")] == [
        ("7", micros("2024-03-21T10:22:05+00:00"))
    ]
    assert [row["hours"] for row in ledger.facts("activities")] == [number("7.1")]
    assert ledger.read().ignored == {"2024 plan.xlsx[notes]": "no table is called 'notes'"}


def test_a_workbook_named_after_a_table_needs_no_name_of_its_sheet(ledger):
    ledger.write("tasks-2024.xlsx", workbook(Sheet1=[[], *TASKS], Sheet2=[]))
    ledger.write("tasks-2025.xlsx", workbook(Sheet1=TASKS, Sheet2=TASKS))
    ledger.write("budget.xlsx", workbook(Sheet1=TASKS))

    assert list(ledger.read().rows) == [("tasks", "T-1")]
    assert ledger.said() == [
        (
            "tasks-2025.xlsx: it has 2 sheets with cells, none named after a table "
            "(Sheet1, Sheet2). Name the sheet of tasks 'tasks'."
        ),
    ]
    assert ledger.read().ignored == {"budget.xlsx": "no sheet of it is named after a table"}


def test_merged_cells_of_a_workbook_are_of_each_of_their_rows(ledger):
    rows = [[None if cell == "" else cell for cell in line.split(",")] for line in MERGED.split()]
    ledger.write("tasks.xlsx", workbook(merged=["A2:A3", "A4:A5"], tasks=rows))

    assert ledger.said() == []
    assert [row["project"] for row in ledger.facts("tasks")] == ["Alpha", "Alpha", "Beta", "Beta"]


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_an_empty_cell_under_a_project_is_a_question(ledger, delimiter):
    ledger.options = {"project": "team"}
    ledger.write("tasks.csv", MERGED.replace(",", delimiter))

    assert ledger.said() == [
        f"tasks.csv:3: {ASKED.format('Alpha')}",
        f"tasks.csv:5: {ASKED.format('Beta')}",
    ]
    assert [row["project"] for row in ledger.facts("tasks")] == ["Alpha", "Beta"]


@pytest.mark.parametrize(
    ("fill_down", "projects"),
    [(True, ["Alpha", "Alpha", "Beta", "Beta"]), (False, ["Alpha", "team", "Beta", "team"])],
)
def test_the_settings_answer_what_an_empty_cell_means(ledger, fill_down, projects):
    ledger.options = {"project": "team", "fill_down": fill_down}
    ledger.write("tasks.csv", MERGED)

    assert ledger.said() == []
    assert [row["project"] for row in ledger.facts("tasks")] == projects


@pytest.mark.parametrize(
    "projects",
    [
        ["web", "web", None, None],
        [None, "web", None, None],
        ["web", None, None],
    ],
    ids=["repeats a value", "begins with an empty cell", "has one value"],
)
def test_a_column_that_does_not_look_merged_is_taken_at_its_word(ledger, projects):
    lines = [f"{project or ''},T-{n},2024-04-10" for n, project in enumerate(projects)]
    ledger.write("tasks.csv", "\n".join(["project,task,planned_on", *lines]))

    assert ledger.said() == []
    assert [row.get("project") for row in ledger.facts("tasks")] == projects


def test_an_empty_quarter_of_a_target_is_a_question_too(ledger):
    rows = ["G-1,2024,Q1,posts,1", "G-2,2024,,talks,2", "G-3,2024,Q2,posts,3", "G-4,2024,,talks,4"]
    ledger.write("targets.csv", "\n".join(["target_id,year,quarter,kpi,target", *rows]))

    assert ledger.said() == [
        f"targets.csv:3: {ASKED.format('Q1').replace('project:', 'quarter:')}",
        f"targets.csv:5: {ASKED.format('Q2').replace('project:', 'quarter:')}",
    ]
