"""Test read-only queries and their printed results."""

from __future__ import annotations

import csv
import io
import json

import polars as pl
import pytest

from tests.support.rows.memory_homes import MemoryHome
from warehouse.errors import QueryFailed, WarehouseMissing
from warehouse.query.query import query

SECRET = "a value that only this program knows"
FRAME = pl.DataFrame({"a": [1]})


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """A warehouse without rows, which nothing here can change."""
    home = MemoryHome(tmp_path_factory.mktemp("warehouse"))
    home.build(export=False)
    return home.warehouse


def ask(warehouse, sql, shape="csv"):
    out = io.BytesIO()
    query(warehouse, sql, shape, out)
    return out.getvalue()


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_text('/etc/passwd')",
        "select content from read_blob('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select * from read_csv('/etc/passwd')",
        "select * from sniff_csv('/etc/passwd')",
        "select * from glob('/etc/*')",
        "select * from read_parquet('http://127.0.0.1:9/x.parquet')",
        "select * from 'https://127.0.0.1:9/x.parquet'",
        "copy (select 1) to '{folder}/written.csv'",
        "export database '{folder}/written'",
        "attach '{folder}/written.duckdb'",
        "attach 'http://127.0.0.1:9/x.duckdb'",
        "install httpfs",
        "load httpfs",
        "force install httpfs from 'http://127.0.0.1:9'",
        "set threads = 1",
        "set enable_external_access = true",
        "set variable known_at = now()",
        "reset lock_configuration",
        "pragma threads = 1",
        "pragma enable_profiling",
        "call pragma_version()",
        "create table t (a int)",
        "create temp table t (a int)",
        "create secret s (type s3)",
        "insert into meta.build values ('x', 'y')",
        "drop schema raw cascade",
        "begin",
        "checkpoint",
        "use memory",
        "select 1; select 2",
        "select 1; drop schema raw",
        "explain analyze copy (select 1) to '{folder}/written.csv'",
        "select * from FRAME",
        "select SECRET",
        "select getenv('PATH')",
        "select * from duckdb_secrets()",
        "select * from gone",
        "selec 1",
        "select 'a'::int",
        "",
        "-- nothing",
    ],
)
def test_a_query_reads_the_warehouse_and_nothing_else(warehouse, sql):
    folder = warehouse.parent
    before = sorted(folder.iterdir()), warehouse.read_bytes()

    with pytest.raises(QueryFailed):
        ask(warehouse, sql.replace("{folder}", str(folder)))
    assert (sorted(folder.iterdir()), warehouse.read_bytes()) == before


def test_a_message_says_what_duckdb_said_and_what_to_do(warehouse):
    with pytest.raises(QueryFailed, match=r"(?s)does not exist.*show all tables"):
        ask(warehouse, "select * from facts.nothing")
    with pytest.raises(QueryFailed, match="Use table, csv, json or parquet"):
        ask(warehouse, "select 1", "xml")


@pytest.mark.parametrize(
    "sql",
    ["show all tables", "describe raw.commits", "summarize raw.refs", "explain select 1",
     "from raw.refs", "with a as (select 1 as x) select * from a -- why not\n;", "values (1)"],
)  # fmt: skip
def test_looking_around_is_allowed(warehouse, sql):
    assert ask(warehouse, sql, "table")


def test_without_a_warehouse_the_message_names_the_command(home):
    with pytest.raises(WarehouseMissing, match="quarry run"):
        ask(home.warehouse, "select 1")


ROWS = """
    select * from (values
        (1, 'plain', timestamptz '2024-01-31 23:30:00+09', date '2024-01-31', true, 1.5::double),
        (-2, '=1+1', null, null, false, 'nan'::double),
        (null, E'two\\nlines, "quoted"', null, null, null, -0.5::double),
        (4, '한국어', null, null, null, null)
    ) as v (n, "text", happened_at, happened_on, is_it, ratio)
"""


def test_csv_is_what_every_spreadsheet_reads_and_none_computes(warehouse):
    expected = (
        "n,text,happened_at,happened_on,is_it,ratio\r\n"
        "1,plain,2024-01-31T14:30:00+00:00,2024-01-31,true,1.5\r\n"
        "-2,'=1+1,,,false,nan\r\n"
        ',"two\nlines, ""quoted""",,,,-0.5\r\n'
        "4,한국어,,,,\r\n"
    )

    assert ask(warehouse, ROWS).decode() == expected


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_that_begins_like_a_formula_gets_an_apostrophe(warehouse, start):
    sql = f"select chr({ord(start)}) || '1' as t, -1 as n, [chr({ord(start)})] as l"
    rows = list(csv.reader(io.StringIO(ask(warehouse, sql).decode(), newline="")))

    assert rows[1][:2] == [f"'{start}1", "-1"]


def test_json_is_an_array_of_objects(warehouse):
    assert json.loads(ask(warehouse, ROWS, "json")) == [
        {
            "n": 1,
            "text": "plain",
            "happened_at": "2024-01-31T14:30:00+00:00",
            "happened_on": "2024-01-31",
            "is_it": True,
            "ratio": 1.5,
        },
        {"n": -2, "text": "=1+1", "happened_at": None, "happened_on": None, "is_it": False,
         "ratio": "nan"},
        {"n": None, "text": 'two\nlines, "quoted"', "happened_at": None, "happened_on": None,
         "is_it": None, "ratio": -0.5},
        {"n": 4, "text": "한국어", "happened_at": None, "happened_on": None, "is_it": None,
         "ratio": None},
    ]  # fmt: skip


def test_json_of_no_rows_is_an_empty_array(warehouse):
    assert json.loads(ask(warehouse, "select 1 as a where false", "json")) == []


def test_a_column_that_stands_twice_loses_nothing(warehouse):
    assert json.loads(ask(warehouse, "select 1 as a, 2 as a", "json")) == [{"a": 1, "a_1": 2}]


def test_odd_types_have_a_text(warehouse):
    sql = (
        "select 170141183460469231731687303715884105727 as h, 1.25::decimal(9, 2) as d, "
        "[1, null] as l, {'a': date '2024-01-01'} as s, interval 90 minute as i, "
        "'\\x00\\xff'::blob as b, time '10:00' as t, "
        "uuid '00000000-0000-0000-0000-000000000001' as u"
    )
    row = json.loads(ask(warehouse, sql, "json"))[0]

    assert row == {
        "h": 2**127 - 1,
        "d": 1.25,
        "l": [1, None],
        "s": {"a": "2024-01-01"},
        "i": "1:30:00",
        "b": "00ff",
        "t": "10:00:00",
        "u": "00000000-0000-0000-0000-000000000001",
    }
    assert ask(warehouse, sql, "csv")
    assert ask(warehouse, sql, "table")


def test_parquet_keeps_names_and_types(warehouse):
    frame = pl.read_parquet(io.BytesIO(ask(warehouse, ROWS, "parquet")))

    assert frame.schema["happened_at"] == pl.Datetime("us", "UTC")
    assert frame["text"].to_list() == ["plain", "=1+1", 'two\nlines, "quoted"', "한국어"]


def test_a_table_is_for_people(warehouse):
    sql = "select 1 as n, '한국' as name union all select null, 'x' order by n"

    assert ask(warehouse, sql, "table").decode() == (
        "╭──────┬──────╮\n"
        "│    n │ name │\n"
        "├──────┼──────┤\n"
        "│    1 │ 한국 │\n"
        "│ NULL │ x    │\n"
        "╰──────┴──────╯\n"
        "2 rows\n"
    )


def test_a_table_obeys_no_cell(warehouse):
    """Neither escape codes, nor text that runs backwards, nor rich's own markup."""
    sql = "select chr(27) || ']0;owned' || chr(7) || chr(8238) || '[bold]x[/bold]' || chr(10) as a"
    drawn = ask(warehouse, sql, "table").decode()

    assert not {"\x1b", "\x07", "\u202e"} & set(drawn)
    assert r"\x1b]0;owned\x07\u202e[bold]x[/bold]\n" in drawn


def test_a_long_table_says_how_long_it_is(warehouse):
    drawn = ask(warehouse, "select i from range(2500) r(i)", "table").decode()

    assert drawn.count("\n") == 1000 + 5
    assert drawn.endswith("2,500 rows, the first 1,000 shown; other formats write all\n")
