"""Empty selects, and what proves them."""

from __future__ import annotations

import itertools
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from tests.support.rows.row_histories import HistoryRows, build
from tests.support.rows.two_repositories import CONTEXT, found
from warehouse.build import runner
from warehouse.build.dependencies import proof_of, tables_read
from warehouse.build.generated import generated_models
from warehouse.build.model import read_models

# The tables of which all must be empty, one alternative after the other; none: never proved.
SELECTS = {
    "select * from t.a": [{"a"}],
    "select x as y from t.a where x > 1 order by x limit 3": [{"a"}],
    "select * from t.a, t.b": [{"a"}, {"b"}],
    "select * from t.a join t.b using (x)": [{"a"}, {"b"}],
    "select * from t.a left join t.b using (x)": [{"a"}],
    "select * from t.a right join t.b using (x)": [{"b"}],
    "select * from t.a full join t.b using (x)": [{"a", "b"}],
    "select * from t.a semi join t.b using (x)": [{"a"}, {"b"}],
    "select * from t.a anti join t.b using (x)": [{"a"}],
    "select * from t.a asof join t.b on a.x >= b.x": [{"a"}, {"b"}],
    "select * from t.a asof left join t.b on a.x >= b.x": [{"a"}],
    "select * from t.a positional join t.b": [{"a", "b"}],
    "select * from t.a, unnest([1, 2]) as of_a(y)": [{"a"}],
    "select x from t.a union all select x from t.b": [{"a", "b"}],
    "select x from t.a union all by name select x from t.b": [{"a", "b"}],
    "select x from t.a union select x from t.b": [{"a", "b"}],
    "select x from t.a except select x from t.b": [{"a"}],
    "select x from t.a intersect select x from t.b": [{"a"}, {"b"}],
    "select x from t.a intersect select x from t.b union all select 1": [],
    "select count(*) from t.a": [],
    "select max(x) + 1 from t.a": [],
    "select if(max(x) > 1, 1, 2) from t.a": [],
    "select 1 from t.a having count(*) = 0": [],
    "select x, max(x) over () from t.a": [{"a"}],
    "select if(x > 1, 1, 2), nullif(x, 1), unnest([x]) from t.a": [{"a"}],
    "select x, count(*) from t.a group by x": [{"a"}],
    "select x, count(*) from t.a group by all": [{"a"}],
    "select count(*) from t.a group by all": [],
    "select x, count(*) from t.a group by grouping sets ((x), ())": [],
    "select x, count(*) from t.a group by rollup (x)": [],
    "select x from (select x from t.a) where x in (select max(x) from t.b)": [{"a"}],
    "select (select max(x) from t.b) as y, x from t.a": [],
    "with a as (select * from t.b) select * from a": [{"b"}],
    "with c as (select * from t.a), d as (from c) select * from d join t.b using (x)": [
        {"a"},
        {"b"},
    ],
    "with c as (select count(*) as x from t.a) select * from c": [],
    "with c as (from t.a) select * from (with c as (from t.b) from c)": [{"b"}],
    "with recursive c as (select x from t.a union all select x + 1 from c where x < 3) from c": [
        {"a"}
    ],
    "select 1": [],
    "values (1)": [],
    "select * from range(3)": [],
    "select * from t.a, range(3)": [{"a"}],
}
ANY_SET = [set(names) for size in range(3) for names in itertools.combinations("ab", size)]


@pytest.fixture(scope="module")
def tables():
    with duckdb.connect() as connection:
        connection.execute("create schema t")
        for name in "ab":
            connection.execute(f"create table t.{name} as select unnest([1, 2]) as x")
        yield connection


def rows_without(connection, emptied, select):
    """Read a select while some tables have no rows."""
    connection.execute("begin")
    try:
        for table in emptied:
            connection.execute(f"delete from {table}")
        return connection.execute(select).fetchall()
    finally:
        connection.execute("rollback")


def proved(connection, select, empty):
    written = SimpleNamespace(sql=select, path=Path("here"))
    return proof_of(connection, written)(lambda table: table in empty)


@pytest.mark.parametrize("select", SELECTS)
def test_a_select_is_proved_empty_by_these_tables_and_is(select, tables):
    for names in ANY_SET:
        emptied = {f"t.{name}" for name in names}
        expected = any(enough <= names for enough in SELECTS[select])
        assert proved(tables, select, emptied) == expected, names
        if expected:
            assert rows_without(tables, emptied, select) == []


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    with build(found(tmp_path_factory.mktemp("two")), CONTEXT) as connection:
        yield connection


def test_no_model_has_rows_where_it_is_proved_to_have_none(warehouse):
    """Take away the rows of one input after the other."""
    written = read_models()
    models = {m.table: m for m in [*written, *generated_models(warehouse, written)]}
    views = {name: m for name, m in models.items() if m.is_view}
    tried = 0
    for model in models.values():
        for table in sorted(behind(warehouse, model, views)) if model.sql else ():
            if is_empty(warehouse, model, views, {table}):
                tried += 1
                assert rows_without(warehouse, [table], model.sql) == [], (model.table, table)
    assert tried > 300


def behind(connection, model, views):
    found = set()
    for name in tables_read(connection, model):
        found |= behind(connection, views[name], views) if name in views else {name}
    return found


def is_empty(connection, model, views, empty):
    def known(name):
        if name in views:
            return proof_of(connection, views[name])(known)
        return name in empty

    return proof_of(connection, model)(known)


def test_a_warehouse_is_the_same_without_proofs(tmp_path, monkeypatch):
    made = HistoryRows()
    made.commit("a")
    made.found(tmp_path)
    columns = "select * exclude (table_oid) from duckdb_columns() where not internal order by all"
    with build(tmp_path, connection=duckdb.connect()) as connection:
        proofs = connection.execute(columns).fetchall()
    monkeypatch.setattr(runner, "proof_of", lambda *_: lambda _: False)
    with build(tmp_path, connection=duckdb.connect()) as connection:
        assert connection.execute(columns).fetchall() == proofs
