"""Every wrong cell of a ledger, and what is said of it."""

from __future__ import annotations

import pytest

from tests.support.rows.ledgers import Ledger, days, micros, number

DAY = "expected a day such as 2024-01-31, found "
INSTANT = "expected a date and time such as 2024-03-21 19:22 or 2024-03-21T19:22+09:00, found "
AMOUNT = "expected a number such as 12.5, from 0 on, found "
STATUS = "expected planned, succeeded, failed, rolled_back or canceled, found "
NUMBER = "expected a number such as 12.5, found "
UNIT = "; write the number only, without its unit"
OFFSET = "on that day: add the offset, such as +01:00"
WRONG = [
    # days
    ("tasks", "planned_on", "2024-13-01", f"{DAY}'2024-13-01', which does not exist"),
    ("tasks", "planned_on", "2023-02-29", f"{DAY}'2023-02-29', which does not exist"),
    ("tasks", "planned_on", "01/02/2024", f"{DAY}'01/02/2024'; write the year first"),
    ("tasks", "planned_on", "soon", f"{DAY}'soon'"),
    (
        "tasks",
        "planned_on",
        "45292",
        f"{DAY}'45292', a day number of a spreadsheet: format the column as a date",
    ),
    ("tasks", "planned_on", "0204-01-05", f"{DAY}'0204-01-05', which is not from 1970 to 2105"),
    ("tasks", "planned_on", "2024-01-05 10:00", f"{DAY}'2024-01-05 10:00'"),
    ("tasks", "planned_on", "=TODAY()", f"{DAY}'=TODAY()'"),
    # instants
    ("incidents", "started_at", "2024-03-21", f"{INSTANT}'2024-03-21', which has no time"),
    ("incidents", "started_at", "2024-03-21 25:00", f"{INSTANT}'2024-03-21 25:00'"),
    ("incidents", "started_at", "21.3.2024", f"{INSTANT}'21.3.2024'; write the year first"),
    ("incidents", "started_at", "last night", f"{INSTANT}'last night'"),
    (
        "incidents",
        "started_at",
        "1988-05-08 02:30",
        f"{INSTANT}'1988-05-08 02:30'; Asia/Seoul has no such time {OFFSET}",
    ),
    (
        "incidents",
        "started_at",
        "1988-10-09 02:30",
        f"{INSTANT}'1988-10-09 02:30'; Asia/Seoul has that time twice {OFFSET}",
    ),
    # numbers
    ("measurements", "before", "330%", f"{NUMBER}'330%'{UNIT}"),
    ("measurements", "before", "12 GB", f"{NUMBER}'12 GB'{UNIT}"),
    ("measurements", "before", "12,5", f"{NUMBER}'12,5'; write the decimal point as a point"),
    ("measurements", "before", "1.234,5", f"{NUMBER}'1.234,5'"),
    ("measurements", "before", "many", f"{NUMBER}'many'"),
    ("measurements", "before", "=1+1", f"{NUMBER}'=1+1'"),
    ("measurements", "before", "nan", f"{NUMBER}'nan'"),
    ("measurements", "before", "1e12", f"{NUMBER}'1e12'"),
    ("measurements", "before", ".", f"{NUMBER}'.'"),
    ("activities", "hours", "-1", f"{AMOUNT}'-1'"),
    ("tasks", "reported_days", "-0.5", f"{AMOUNT}'-0.5'"),
    (
        "deployments",
        "attempt",
        "0",
        "expected a whole number from 1 to 1,000,000, found '0'",
    ),
    (
        "deployments",
        "attempt",
        "2nd",
        f"expected a whole number from 1 to 1,000,000, found '2nd'{UNIT}",
    ),
    ("deployments", "attempt", "1.5", "expected a whole number from 1 to 1,000,000, found '1.5'"),
    ("projects", "team_size", "three", "expected a whole number, found 'three'"),
    ("targets", "year", "24", "expected a whole number from 1,970 to 2,105, found '24'"),
    # words
    (
        "deployments",
        "status",
        "succeded",
        f"{STATUS}'succeded'; did you mean 'succeeded'?",
    ),
    (
        "deployments",
        "status",
        "planned",
        "expected another status, for deployed_on is filled in, found 'planned'",
    ),
    ("measurements", "better", "more", "expected higher or lower, found 'more'"),
    ("activities", "kind", "--", "expected a word such as business_trip, found '--'"),
    ("tasks", "reported_quarter", "Q1", "expected a quarter such as 2024-Q1, found 'Q1'"),
    ("tasks", "reported_quarter", "2024-Q5", "expected a quarter such as 2024-Q1, found '2024-Q5'"),
    ("targets", "quarter", "first", "expected a quarter such as Q1 or 2024-Q1, found 'first'"),
    ("targets", "quarter", "2024-Q1", "expected a quarter of 2025, found '2024-Q1'"),
    (
        "tasks",
        "link",
        "javascript:alert(1)",
        "expected an address such as https://example.org/page, found 'javascript:alert(1)'",
    ),
    (
        "tasks",
        "link",
        "https://example.org/a b",
        "expected an address such as https://example.org/page, found 'https://example.org/a b'",
    ),
    (
        "tasks",
        "title",
        "a" * 10_001,
        f"expected a text of up to 10,000 characters, found '{'a' * 60}…'",
    ),
    # what cells say together
    ("projects", "active_until", "2023-12-31", "expected nothing before active_from"),
    ("tasks", "completed_on", "2023-12-31", "expected nothing before started_on"),
    ("incidents", "recovered_at", "2024-03-21 19:21", "expected nothing before started_at"),
    ("activities", "happened_until", "2024-01-04", "expected nothing before happened_on"),
    ("projects", "project", "", "expected a value, found nothing"),
    ("activities", "kind", "", "expected a value, found nothing"),
    ("measurements", "measure", "", "expected a value, found nothing"),
    ("targets", "kpi", "", "expected a value, found nothing"),
    ("targets", "target", "", "expected a value, found nothing"),
]
RIGHT = {
    "projects": {"project": "K-water", "active_from": "2024-01-01"},
    "tasks": {"task_id": "T-1", "planned_on": "2024-01-02", "started_on": "2024-01-01"},
    "deployments": {"deployment_id": "D-1", "deployed_on": "2024-01-12"},
    "incidents": {"incident_id": "I-1", "started_at": "2024-03-21 19:22"},
    "activities": {"activity_id": "A-1", "happened_on": "2024-01-05", "kind": "writing"},
    "measurements": {"measurement_id": "M-1", "measure": "CPU", "after": "160"},
    "targets": {"target_id": "G-1", "year": "2025", "kpi": "blog_post", "target": "24"},
}
NEEDED = [
    ("tasks", {"task_id": "T-1"}, "planned_on, started_on, completed_on or reported_days"),
    ("tasks", {"planned_on": "2024-01-02"}, "task_id or title"),
    (
        "tasks",
        {"task_id": "T-1", "reported_days": "5"},
        "planned_on, started_on, completed_on or reported_quarter",
    ),
    ("deployments", {"site": "Soyang"}, "planned_on or deployed_on"),
    ("incidents", {"reported_hours": "2"}, "started_at or reported_quarter"),
    ("incidents", {"reported_quarter": "2024-Q1"}, "started_at or reported_hours"),
    ("activities", {"kind": "writing"}, "happened_on or reported_quarter"),
    ("measurements", {"measure": "CPU"}, "before or after"),
]


def csv_of(rows):
    columns = list(dict.fromkeys(name for row in rows for name in row))
    cells = [["" if name not in row else f'"{row[name]}"' for name in columns] for row in rows]
    return "\n".join(",".join(line) for line in [columns, *cells]) + "\n"


@pytest.mark.parametrize(
    ("table", "column", "cell", "said"), WRONG, ids=[f"{w[1]}-{w[2][:20]}" for w in WRONG]
)
def test_a_wrong_cell_is_named_with_what_was_expected(tmp_path, table, column, cell, said):
    ledger = Ledger(tmp_path)
    good = {**RIGHT[table], next(iter(RIGHT[table])): "other"}
    ledger.write(f"{table}.csv", csv_of([good, {**RIGHT[table], column: cell}]))

    assert ledger.said() == [f"{table}.csv:3: {column}: {said}"]
    assert [key for _, key in ledger.read().rows] == ["other"]


@pytest.mark.parametrize(("table", "row", "columns"), NEEDED, ids=[n[2] for n in NEEDED])
def test_a_row_that_says_too_little_lists_what_it_needs(tmp_path, table, row, columns):
    ledger = Ledger(tmp_path)
    ledger.write(f"{table}.csv", csv_of([row]))

    assert ledger.said() == [f"{table}.csv:2: expected a value in {columns}, found none"]


def test_a_row_lists_all_that_is_wrong_with_it(tmp_path):
    ledger = Ledger(tmp_path)
    ledger.write("tasks.csv", "task,planned_on,completed_on,link\nT-1,x,y,z\n")

    link = "link: expected an address such as https://example.org/page, found 'z'"
    expected = f"tasks.csv:2: planned_on: {DAY}'x'; completed_on: {DAY}'y'; {link}"
    assert ledger.said() == [expected]


DAYS = [
    "2024-1-5",
    "2024/01/05",
    "2024.01.05",
    "2024. 1. 5.",
    " 2024-01-05 ",
    "2024-01-05 00:00:00",
]
INSTANTS = [
    "2024-03-21 19:22",
    "2024-03-21T19:22:00",
    "2024-03-21T19:22+09:00",
    "2024-03-21 10:22Z",
    "2024. 3. 21. 19:22:00",
    "2024/3/21 19:22 +09:00",
]
NUMBERS = {"1,234.5": "1234.5", "+7": "7", "-0.75": "-0.75", "1e3": "1000", "0.1234567": "0.123457"}


@pytest.mark.parametrize("cell", DAYS)
def test_a_day_may_be_written_as_spreadsheets_write_it(tmp_path, cell):
    ledger = Ledger(tmp_path)
    ledger.write("tasks.csv", csv_of([{"task_id": "T-1", "planned_on": cell}]))

    assert [row["planned_on"] for row in ledger.facts("tasks")] == [days("2024-01-05")]


@pytest.mark.parametrize("cell", INSTANTS)
def test_a_time_without_an_offset_is_of_the_calendars_zone(tmp_path, cell):
    ledger = Ledger(tmp_path)
    ledger.write("incidents.csv", csv_of([{"incident_id": "I-1", "started_at": cell}]))

    assert [row["started_at"] for row in ledger.facts("incidents")] == [
        micros("2024-03-21T10:22:00+00:00")
    ]


@pytest.mark.parametrize(("cell", "value"), NUMBERS.items())
def test_a_number_may_have_thousands_separators(tmp_path, cell, value):
    ledger = Ledger(tmp_path)
    ledger.write("measurements.csv", csv_of([{"measure": "CPU", "after": cell}]))

    assert [row["after"] for row in ledger.facts("measurements")] == [number(value)]


def test_texts_are_kept_as_they_stand_but_for_what_no_text_can_hold(tmp_path):
    ledger = Ledger(tmp_path)
    texts = ["=1+1", "@cmd", "a\nb", "\x1b[31mred", "a\0b", "\u1112\u1161\u11ab"]
    rows = [
        {"task_id": f"T-{n}", "planned_on": "2024-01-02", "title": t} for n, t in enumerate(texts)
    ]
    ledger.write("tasks.csv", csv_of(rows))

    assert [row["title"] for row in ledger.facts("tasks")] == [
        "=1+1",
        "@cmd",
        "a\nb",
        "\x1b[31mred",
        "a\N{SYMBOL FOR NULL}b",
        "한",
    ]


@pytest.mark.parametrize("cell", ["Q4", "q4", "4", " 4 ", "2025-Q4", "2025q4", "2025 Q4"])
def test_a_quarter_of_a_target_may_be_a_number(tmp_path, cell):
    ledger = Ledger(tmp_path)
    row = {"target_id": "T", "year": "2025", "kpi": "commits", "target": "9", "quarter": cell}
    ledger.write("targets.csv", csv_of([row]))

    assert [row["quarter"] for row in ledger.read().rows.values()] == ["2025-Q4"]
