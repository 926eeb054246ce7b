"""Test reading, ordering and building models."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime
from itertools import pairwise

import duckdb
import pytest

from miners.records import RECORDS
from tests.support.rows.memory_homes import no_graph, ref, repository
from warehouse.build.build_file import building
from warehouse.build.model import read_models
from warehouse.build.runner import build_models, in_order, tables_read
from warehouse.calendar import Calendar
from warehouse.context import Context, IdentityRule, MailmapEntry, Project
from warehouse.errors import ContractViolated, ModelCycle, ModelFailed
from warehouse.tables.batches import load_batches
from warehouse.tables.raw import create_raw

NEWEST_REFS = """-- Where each ref points.
--
-- grain: source, ref_name
select source, ref_name, target_hash
from raw.refs_current
"""


@pytest.fixture
def empty(connection):
    create_raw(connection)
    return connection


def test_a_model_says_what_it_is_before_its_sql(home):
    home.write_model(
        "marts/m.sql",
        "-- What it is, in\n-- two lines.\n--\n-- A judgement.\n--\n-- grain: a, b\n"
        "-- export: by quarter\nselect 1 as a -- grain: not this\n",
    )
    model = read_models(home.sql)[0]

    assert model.table == "marts.m"
    assert model.header.title == "What it is, in two lines."
    assert model.header.prose == ("A judgement.",)
    assert model.header.grain == ("a", "b")
    assert model.header.export == "by quarter"


def test_a_model_is_built_after_what_it_reads(home, connection):
    home.write_model("marts/a.sql", "-- A.\nselect * from marts.z inner join facts.m using (x)")
    home.write_model("marts/z.sql", "-- Z.\nselect x from (select x from facts.m)")
    home.write_model("facts/m.sql", "-- M.\nselect x from staging.s where x in (select 1)")
    home.write_model("staging/s.sql", "-- S.\nselect 1 as x;")

    found = [model.table for model in in_order(connection, read_models(home.sql))]
    assert found == ["staging.s", "facts.m", "marts.z", "marts.a"]


def test_a_cte_may_be_called_like_the_table_that_it_imports(home, connection):
    home.write_model(
        "facts/commits.sql",
        "-- C.\nwith commits as (select * from staging.commits), refs as (select * from commits)\n"
        "select * from refs, lateral (select * from commits)",
    )

    assert tables_read(connection, read_models(home.sql)[0]) == {"staging.commits"}


def test_a_circle_is_named_in_its_order(home, connection):
    home.write_model("marts/a.sql", "-- A.\nselect * from marts.b")
    home.write_model("marts/b.sql", "-- B.\nselect * from marts.c")
    home.write_model("marts/c.sql", "-- C.\nselect * from marts.a")

    with pytest.raises(ModelCycle) as failure:
        in_order(connection, read_models(home.sql))
    cycle = failure.value.cycle
    reads = {"marts.a": "marts.b", "marts.b": "marts.c", "marts.c": "marts.a"}
    assert cycle[0] == cycle[-1]
    assert all(reads[after] == before for before, after in pairwise(cycle))
    assert " → ".join(cycle) in str(failure.value)


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("-- T.\nselec 1", "syntax error"),
        ("-- T.\ncreate table x (a int)", "Only SELECT"),
        ("-- T.\nselect 1; select 2", "expected one select, found 2"),
        ("-- T.\n", "expected one select, found 0"),
        ("-- T.\nselect nothing from settings.quarters", "nothing"),
        ("-- T.\nselect * from facts.gone", "gone"),
        ("select 1 as x", "expected a header comment"),
        ("-- T.\n--\n-- export: sometimes\nselect 1 as x", "expected `export: by quarter`"),
    ],
)
def test_a_model_that_fails_is_named_with_the_reason(home, empty, sql, message):
    path = home.write_model("facts/t.sql", sql)

    with pytest.raises(ModelFailed, match=message) as failure:
        build_models(empty, Context(), folder=home.sql, graph=no_graph)
    assert failure.value.path == path
    assert str(path) in str(failure.value)


def test_errors_survive_the_way_between_processes():
    for error in (ModelCycle(["a", "b"]), ContractViolated("t", "c", "x", "y")):
        assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_staging_are_views_and_the_rest_are_tables(home, empty):
    home.write_model("staging/refs.sql", NEWEST_REFS)
    home.write_model("facts/refs.sql", "-- R.\nselect ref_name from staging.refs")
    home.describe(ref_name="Name of the ref.")
    build_models(empty, Context(), folder=home.sql, graph=no_graph)

    views = "select schema_name || '.' || view_name from duckdb_views() where not internal"
    tables = "select table_name from duckdb_tables() where schema_name = 'facts'"
    assert set(empty.execute(views).fetchall()) == {
        ("raw.deletions",),
        ("raw.refs_current",),
        ("staging.refs",),
    }
    assert empty.execute(tables).fetchall() == [("refs",)]


def test_titles_and_meanings_become_comments(home, empty):
    home.write_model("staging/refs.sql", NEWEST_REFS)
    home.write_model("facts/refs.sql", "-- It's a ref.\nselect ref_name from staging.refs")
    home.describe(ref_name="Name; 'quoted'.")
    build_models(empty, Context(), folder=home.sql, graph=no_graph)

    columns = (
        "select schema_name, column_name, comment from duckdb_columns() "
        "where schema_name in ('staging', 'facts') and comment is not null"
    )
    titles = "select comment from duckdb_tables() where schema_name = 'facts'"
    assert empty.execute(columns).fetchall() == [
        ("facts", "ref_name", "Name; 'quoted'."),
    ]
    assert empty.execute(titles).fetchall() == [("It's a ref.",)]


def test_a_column_that_nobody_described_is_refused(home, empty):
    home.write_model("facts/t.sql", "-- T.\nselect 1 as mystery")

    with pytest.raises(ContractViolated, match=r"facts\.t, mystery: expected a line"):
        build_models(empty, Context(), folder=home.sql, graph=no_graph)


def test_the_warehouse_can_be_built_as_it_was_known_on_a_day(home):
    home.write_batch(day=1, refs=[ref("main", "old")])
    home.write_batch(day=3, refs=[ref("main", "new"), ref("late", "x")])
    home.write_model("staging/refs.sql", NEWEST_REFS)
    home.write_model("facts/refs.sql", "-- R.\nselect ref_name, target_hash from staging.refs")
    home.describe(ref_name="N.", target_hash="T.")
    known = {}
    for day in (1, 2, 3, None):
        with building(home.warehouse) as connection:
            load_batches(connection, home.store)
            known_at = day and datetime(2024, 1, day, tzinfo=UTC)
            build_models(connection, Context(), known_at=known_at, folder=home.sql, graph=no_graph)
            query = "select ref_name, target_hash from facts.refs order by 1 desc"
            known[day] = connection.execute(query).fetchall()

    old = [("refs/heads/main", "old")]
    new = [("refs/heads/main", "new"), ("refs/heads/late", "x")]
    assert known == {1: old, 2: old, 3: new, None: new}


def settings_of(home, context, query):
    with building(home.warehouse) as connection:
        load_batches(connection, home.store)
        build_models(connection, context, folder=home.sql, graph=no_graph)
        return connection.execute(query).fetchall()


def test_settings_can_be_joined(home):
    context = Context(
        calendar=Calendar("Asia/Seoul", 4),
        projects=(Project(name="p", title="It's P", sources=("host/p1", "host/p2")),),
        identity_rules=(IdentityRule("bot", r"\[bot\]"), IdentityRule("ai_agent", "copilot")),
        mailmap=(
            MailmapEntry(
                line_number=3,
                proper_name="Ann",
                proper_email=None,
                commit_name=None,
                commit_email="a@b",
            ),
        ),
    )
    expected = {
        "select * from settings.quarters where quarter = '2024-Q4'": [
            (
                "2024-Q4",
                2024,
                4,
                date(2024, 1, 1),
                date(2024, 4, 1),
                datetime(2023, 12, 31, 15, tzinfo=UTC),
                datetime(2024, 3, 31, 15, tzinfo=UTC),
                "Asia/Seoul",
            )
        ],
        "from settings.projects": [("p", "It's P", None, None, None, 72)],
        "from settings.project_sources": [("p", "host/p1"), ("p", "host/p2")],
        "from settings.identity_rules": [(1, "bot", r"\[bot\]"), (2, "ai_agent", "copilot")],
        "from settings.mailmap_entries": [(3, "Ann", None, None, "a@b")],
    }
    for query, rows in expected.items():
        assert settings_of(home, context, query) == rows


def test_a_source_that_no_project_owns_is_a_project_of_its_own(home):
    home.write_batch("host/owned", repositories=[repository("owned")])
    home.write_batch("host/a/tool", repositories=[repository("tool")])
    home.write_batch("host/b/same", repositories=[repository("same")])
    home.write_batch("host/c/same", repositories=[repository("same")])
    home.write_batch("host/d/named", repositories=[repository("named")])
    context = Context(projects=(Project(name="named", title="Named", sources=("host/owned",)),))

    query = "select project, source from settings.project_sources order by source"
    assert settings_of(home, context, query) == [
        ("tool", "host/a/tool"),
        ("host/b/same", "host/b/same"),
        ("host/c/same", "host/c/same"),
        ("host/d/named", "host/d/named"),
        ("named", "host/owned"),
    ]


def test_raw_tables_are_those_of_the_vocabulary(empty):
    found = empty.execute(
        "select table_name from duckdb_tables() where schema_name = 'raw'"
    ).fetchall()

    assert {name for (name,) in found} == {*RECORDS, "batches"}


def test_duckdb_still_answers_no_rows_and_not_an_error_for_a_variable_never_set():
    """Staging views work in any client, which knows nothing of known_at."""
    with duckdb.connect() as stranger:
        assert stranger.execute("select getvariable('known_at')").fetchall() == [(None,)]
