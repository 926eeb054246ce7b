"""Test the files of a ledger: formats, spreadsheets and hostile files."""

from __future__ import annotations

import codecs
import io
import os

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.rows.ledgers import Ledger
from tests.support.running.examples import examples

TASK = "task,planned_on\nT-1,2024-01-02\n"
SAVE = "Save it as CSV UTF-8 (comma delimited)."
EACH_ROW = "Begin each row with its table"
KEEP = "or begin its name with # for a column of your own."
SAY = "Name it after its table, or set table of its source."
SIMPLE = "Write texts, numbers, days and instants only."
ANEW = "Export the feed again, or move it elsewhere."
REST = (
    "title, title_ko, planned_on, started_on, completed_on, reported_days, reported_quarter, link, "
    "note"
)
SPLIT = "Split it by years, such as tasks-2024.csv and tasks-2025.csv."


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        "tasks.csv",
        "Tasks.CSV",
        "tasks.tsv",
        "tasks-2024.csv",
        "tasks_old.csv",
        "tasks 2024.csv",
        "Team ledger - tasks.csv",
        "tasks/2024.csv",
        "tasks/anything.csv",
    ],
)
def test_a_file_is_named_after_its_table(ledger, name):
    ledger.write(name, TASK)

    assert list(ledger.read().rows) == [("tasks", "T-1")]
    assert ledger.facts("tasks")[0]["file"] == name


def test_what_is_no_file_of_a_ledger_is_passed_over_or_named(ledger):
    for name in ("tasks.csv", ".tasks.csv", "~$tasks.csv", "budget.csv", "pyproject.toml"):
        ledger.write(name, TASK if name.endswith(".csv") else "a = 1")
    ledger.write("README.md", "hello")
    ledger.write("other/tasks.csv", TASK)
    os.mkfifo(ledger.folder / "incidents.csv")

    reading = ledger.read()
    assert reading.ignored == {
        "budget.csv": "no table is called 'budget'",
        "other/": "no table is called 'other'",
        "pyproject.toml": "no table is called 'pyproject', and it is not ledger.toml",
    }
    assert (len(reading.rows), reading.is_sound) == (1, True)


def test_names_that_are_nearly_right_and_broken_workbooks_are_failures(ledger):
    for name in ("taks.csv", "tasks.xlsx", "tasks.numbers"):
        ledger.write(name, TASK)

    assert ledger.said() == [
        "taks.csv: no table is called 'taks'. Name it tasks.csv, or move it elsewhere.",
        (
            "tasks.xlsx: it is not a workbook that can be read (Cannot detect file format). "
            "Save it again as .xlsx."
        ),
    ]
    assert ledger.read().ignored == {
        "tasks.numbers": "no ledger has files of the format .numbers",
    }


def test_links_are_not_followed_out_of_the_ledger(ledger, tmp_path):
    (tmp_path / "secret.csv").write_text(TASK)
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "2024.csv").write_text(TASK)
    ledger.write("tasks-1.csv", TASK)
    (ledger.folder / "tasks-2.csv").symlink_to(tmp_path / "secret.csv")
    (ledger.folder / "activities.csv").symlink_to("trips.txt")
    ledger.write("trips.txt", "date,kind\n2024-01-05,business_trip\n")
    (ledger.folder / "tasks-4.csv").symlink_to("nowhere.csv")
    (ledger.folder / "tasks").symlink_to(tmp_path / "secrets")
    out = "it is a link to a file outside the ledger. Put a copy there instead."
    dead = "it cannot be opened (No such file or directory). Let Quarry read it, or remove it."

    assert ledger.said() == [
        f"tasks/2024.csv: {out}",
        f"tasks-2.csv: {out}",
        f"tasks-4.csv: {dead}",
    ]
    assert list(ledger.read().rows) == [
        ("activities", "2024-01-05/business_trip///"),
        ("tasks", "T-1"),
    ]


def test_a_single_file_may_be_the_ledger(tmp_path):
    ledger = Ledger(tmp_path)
    ledger.options = {"path": ledger.write("export.csv", TASK), "table": "tasks"}
    named = Ledger(tmp_path / "named")
    named.options = {"path": named.write("tasks.csv", TASK)}
    nameless = Ledger(tmp_path / "nameless")
    nameless.options = {"path": nameless.write("export.csv", TASK)}

    assert list(ledger.read().rows) == list(named.read().rows) == [("tasks", "T-1")]
    assert nameless.said() == [f"export.csv: its table is not stated. {SAY}"]


SPREADSHEETS = {
    "excel, with a mark and Windows lines": b"\xef\xbb\xbftask,planned_on\r\nT-1,2024-01-02\r\n",
    "excel of a language with decimal commas": b"task;planned_on\r\nT-1;2024-01-02\r\n",
    "excel told of the delimiter": b"sep=;\r\ntask;planned_on\r\nT-1;2024-01-02\r\n",
    "unicode text": b"task\tplanned_on\nT-1\t2024-01-02\n",
    "an old Mac": b"task,planned_on\rT-1,2024-01-02\r",
    "empty columns and rows": b",,\n,,\ntask,planned_on,\nT-1,2024-01-02,\n,,\n\n,,\n",
    "remarks": b"task,planned_on\n# for example:,\n# T-9,2024-01-02\nT-1,2024-01-02\n",
    "a column of the house": b"task,#owner,planned_on\nT-1,Ada,2024-01-02\n",
    "other headings": b" Task ID , Planned on \nT-1,2024-01-02\n",
    "no last line end": b"task,planned_on\nT-1,2024-01-02",
}


@pytest.mark.parametrize("data", SPREADSHEETS.values(), ids=SPREADSHEETS)
def test_csv_is_read_as_spreadsheets_write_it(ledger, data):
    ledger.write("tasks.csv", data)

    assert list(ledger.read().rows) == [("tasks", "T-1")]
    assert ledger.said() == []


def test_lines_are_those_of_the_file_whatever_is_in_quotes(ledger):
    text = 'task,title,planned_on\nT-1,"two\nlines, and ""quotes""",2024-01-02\n\nT-2,x,soon\n'
    ledger.write("tasks.csv", text)

    assert ledger.facts("tasks")[0]["title"] == 'two\nlines, and "quotes"'
    assert ledger.said() == [
        "tasks.csv:5: planned_on: expected a day such as 2024-01-31, found 'soon'"
    ]


def test_lines_of_toml_are_those_of_the_tables(ledger):
    row = '[[tasks]]\ntask = "{}"\nplanned_on = 2024-01-02\n'
    ledger.write("tasks.toml", f"# ours\n{row.format('T-1')}plannd = 1\n\n{row.format('T-2')}")
    ledger.write("ledger.toml", "tasks = [{task = 'T-3', planned_on = '', started_on = true}]")

    assert ledger.said() == [
        "ledger.toml: started_on: expected a day such as 2024-01-31, found 'True'",
        "tasks.toml:2: unknown column 'plannd'; write planned_on",
    ]
    assert list(ledger.read().rows) == [("tasks", "T-2")]


UNREAD = {
    "tasks.csv": [
        (b"", ("it is empty. Begin it with a line of column names, such as task_id,project,title; "
         "`quarry ledger init` writes one.")),
        (codecs.BOM_UTF16_LE + b"t", f"it begins as UTF-16 and is not. {SAVE}"),
        (b"task,planned_on\n\xff\xfe\xfa\n", f"line 2 is not UTF-8. {SAVE}"),
        (b"task,planed_on\n", f"line 1: unknown column 'planed_on'. Write planned_on, {KEEP}"),
        (b"task,colour\n", ("line 1: unknown column 'colour'. Tasks has task_id, project, "
         f"{REST}, {KEEP}")),
        (b"task,id\n", "line 1: 'task' and 'id' are both column task_id. Keep one of them."),
        (b'task\nT-1\n"T-2\nT-3\n', ("from line 3 on it is not CSV (unexpected end of data). "
         "Look for a quote that is not closed there.")),
        (b'task\n"T"-1\n', ("from line 2 on it is not CSV (',' expected after '\"'). "
         "Look for a quote that is not closed there.")),
        (b"task," + b"x," * 1_000_000, ("line 1: it has 1,000,002 columns, and no table has more "
         f"than 200. Keep those of tasks: task_id, project, {REST}.")),
        (b"x" * ((16 << 20) + 1), f"it is larger than 16 MiB. {SPLIT}"),
        (b"task\n" + b"T\n" * 200_001, "it has more than 200,000 rows. Split it by years."),
    ],
    "tasks.toml": [
        (b"[[tasks]\n", None),
        (b"[[taks]]\n", "unknown table 'taks'. Write tasks, or remove it."),
        (b"[tasks]\n", "tasks is not an array of tables. Begin each row with [[tasks]]."),
        (b"a = " + b"[" * 100_000, f"it is nested too deep. {EACH_ROW}, such as [[tasks]]."),
    ],
    "tasks.parquet": [
        (b"PAR1 and no more", None),
        (b"", None),
    ],
    "trips.ics": [(b"BEGIN:VCALENDAR\nnonsense", None), (b"", None)],
    "blog.xml": [(b"<html/>", f"it is neither RSS nor Atom. {ANEW}")],
}  # fmt: skip
CASES = [(name, data, said) for name, cases in UNREAD.items() for data, said in cases]


@pytest.mark.parametrize(
    ("name", "data", "said"), CASES, ids=[f"{name}-{n}" for n, (name, _, _) in enumerate(CASES)]
)
def test_a_file_that_cannot_be_read_is_named_with_why_and_how(ledger, name, data, said):
    ledger.write(name, data)
    ledger.write("projects.csv", "project\nweb\n")

    (found,) = ledger.said()
    assert found == f"{name}: {said}" if said else found.startswith(f"{name}: it is no")
    assert list(ledger.read().rows) == [("projects", "web")]


def test_a_row_of_a_million_cells_is_one_rejected_row(ledger):
    ledger.write("tasks.csv", TASK + "T-2,2024-01-02" + ",x" * 1_000_000 + "\nT-3,2024-01-02\n")

    assert ledger.said() == ["tasks.csv:3: 'x' is in no column"]
    assert list(ledger.read().rows) == [("tasks", "T-1"), ("tasks", "T-3")]


def test_parquet_of_lists_is_refused_and_columns_of_the_team_are_not_read(ledger):
    good, odd = io.BytesIO(), io.BytesIO()
    pl.DataFrame({"task": ["T-1"], "planned_on": ["2024-01-02"], "#x": [[1]]}).write_parquet(good)
    pl.DataFrame({"task": [["T-1"]]}).write_parquet(odd)
    ledger.write("tasks-1.parquet", good.getvalue())
    ledger.write("tasks-2.parquet", odd.getvalue())

    assert list(ledger.read().rows) == [("tasks", "T-1")]
    assert ledger.said() == [f"tasks-2.parquet: column task has the type List(String). {SIMPLE}"]


@examples(60)
@given(st.sampled_from(["tasks.csv", "tasks.toml", "a.ics", "a.rss"]), st.binary(max_size=300))
def test_no_bytes_are_too_odd_for_a_message(tmp_path_factory, name, data):
    ledger = Ledger(tmp_path_factory.mktemp("ledger"))
    ledger.write(name, data)
    ledger.write("projects.csv", "project\nweb\n")

    assert ("projects", "web") in ledger.read().rows


@examples(60)
@given(st.text(max_size=200))
def test_no_text_is_too_odd_for_a_message(tmp_path_factory, text):
    ledger = Ledger(tmp_path_factory.mktemp("ledger"))
    ledger.write(
        "activities.csv", ("date,kind,hours,link,title\n" + text).encode("utf-8", "replace")
    )

    assert ledger.read().unreadable.keys() <= {"activities.csv"}
