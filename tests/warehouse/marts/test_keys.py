"""Test keys, foreign keys and local days."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.support.expected.known_kpis import copy_models_of_known
from tests.support.rows import shop
from tests.support.rows.row_histories import instant
from tests.support.rows.some_models import models_of
from tests.support.running.shop_home import make_home
from warehouse.build.model import read_models

EXPORTS = (Path(__file__).parents[3] / "docs" / "EXPORTS.md").read_text("utf-8")
TABLES = {model.name: model for model in read_models() if model.header.export}
RELATED = re.findall(r"^\| (`[a-z_, ]+` of [^|]+) \| `([a-z_.]+)` \|$", EXPORTS, re.MULTILINE)


def foreign_keys():
    """List (table, columns, table with the key, its columns) of the page."""
    for related, key in RELATED:
        columns, *tables = re.findall(r"`([^`]+)`", related)
        owner, _, column = key.partition(".")
        for table in tables:
            yield table, columns, owner, column or columns


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    models = copy_models_of_known(tmp_path_factory.mktemp("known") / "sql")
    with models_of(models):
        home = make_home(tmp_path_factory.mktemp("keys"), shop.first_look)
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        yield connection


def test_every_key_identifies_a_row(warehouse):
    def repeated(model):
        grain = ", ".join(model.header.grain)
        query = f"select {grain} from {model.table} group by all having count(*) > 1"
        return warehouse.execute(query).fetchall()

    assert len(TABLES) > 40
    assert {model.table: rows for model in TABLES.values() if (rows := repeated(model))} == {}


def test_every_foreign_key_is_null_or_a_key(warehouse):
    def orphans(table, columns, owner, keys):
        nulls = " or ".join(f"{column} is null" for column in columns.split(", "))
        return warehouse.execute(
            f"select {columns} from {TABLES[table].table} where not ({nulls}) "
            f"except select {keys} from {TABLES[owner].table}"
        ).fetchall()

    found = {key: orphans(*key) for key in foreign_keys()}
    assert len(found) > 30
    assert {key: rows for key, rows in found.items() if rows} == {}


def test_every_quarter_has_its_days(warehouse):
    columns = warehouse.execute(
        "select distinct schema_name || '.' || table_name from duckdb_columns() "
        "where column_name = 'quarter' and schema_name in ('facts', 'marts', 'figures')"
    ).fetchall()
    queries = [f"select quarter from {table} where quarter != 'unknown'" for (table,) in columns]
    found = warehouse.execute(
        f"{' union '.join(queries)} except select quarter from marts.dim_days"
    )

    assert found.fetchall() == []


def test_a_day_has_its_week_month_quarter_and_instants(warehouse):
    """The calendar is that of Seoul: the day begins at 15:00 UTC of the one before."""
    query = "from marts.dim_days where day in ('2024-02-29', '2024-03-02') order by day"
    quarter = ("2024-Q1", date(2024, 1, 1), 2024, 1)
    assert warehouse.execute(query).fetchall() == [
        (
            *(date(2024, 2, 29), 4, True, "2024-W09", date(2024, 2, 26)),
            *("2024-02", date(2024, 2, 1), *quarter),
            *(instant("2024-02-28T15:00"), instant("2024-02-29T15:00")),
        ),
        (
            *(date(2024, 3, 2), 6, False, "2024-W09", date(2024, 2, 26)),
            *("2024-03", date(2024, 3, 1), *quarter),
            *(instant("2024-03-01T15:00"), instant("2024-03-02T15:00")),
        ),
    ]


def test_the_local_day_of_an_instant_is_the_day_that_has_it(warehouse):
    query = """
        select count(*), count(*) filter (
            where marts.local_day_of(day_starts_at) = day
            and marts.local_day_of(day_ends_at - interval 1 microsecond) = day
        ) from marts.dim_days
    """
    days, right = warehouse.execute(query).fetchone()
    assert days == right > 90


def test_a_source_of_one_project_has_it(warehouse):
    query = "select source, source_kind, project, project_count from marts.dim_sources order by all"
    assert warehouse.execute(query).fetchall() == [
        (shop.LIB, "repository", "lib", 1),
        (shop.SHOP, "repository", "shop", 1),
    ]
