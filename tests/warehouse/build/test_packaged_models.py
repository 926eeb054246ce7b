"""The project's own models, over no data at all."""

from __future__ import annotations

import duckdb
import pytest

from warehouse.build.comments import columns_of_all, read_meanings
from warehouse.build.model import read_models
from warehouse.build.runner import build_models, tables_read
from warehouse.context import Context
from warehouse.sql import sql_folder
from warehouse.tables.raw import create_raw


@pytest.fixture(scope="module")
def packaged():
    """The packaged models over no data at all."""
    with duckdb.connect() as connection:
        create_raw(connection)
        build_models(connection, Context())
        yield connection


def test_the_packaged_models_can_be_built_of_nothing(packaged):
    counted = packaged.execute("select count(*) from facts.commits").fetchall()

    assert counted == [(0,)]


def test_every_packaged_model_reads_tables_that_exist(packaged):
    found = {
        row[0]
        for row in packaged.execute(
            "select schema_name || '.' || table_name from duckdb_columns() where not internal"
        ).fetchall()
    }

    for model in read_models():
        assert tables_read(packaged, model) <= found, model.path


def test_every_grain_is_of_columns_of_its_table(packaged):
    """The check of a grain asks for them only where there are rows."""
    columns = columns_of_all(packaged)

    for model in read_models():
        assert columns[model.table].keys() >= set(model.header.grain), model.path


def test_every_meaning_is_used(packaged):
    columns = columns_of_all(packaged)
    used = {name for model in read_models() if model.is_public for name in columns[model.table]}
    assert set(read_meanings(sql_folder() / "columns.toml")) == used


@pytest.mark.parametrize("name", ["kpi_evidence", "kpi_restated_rows"])
def test_a_table_can_be_read_by_the_name_of_the_last_release(packaged, name):
    said = "select column_name, data_type, comment from duckdb_columns() where schema_name = $1"
    former, now = (
        packaged.execute(f"{said} and table_name = $2", [schema, name]).fetchall()
        for schema in ("facts", "figures")
    )

    assert former == now
    assert all(meaning for *_, meaning in now)
    assert packaged.execute(f"select count(*) from facts.{name}").fetchall() == [(0,)]


def test_a_part_is_built_of_what_it_needs_and_says_nothing_of_itself(connection):
    create_raw(connection)
    build_models(connection, Context(), only=["facts.commit_files"])

    built = columns_of_all(connection).keys()
    assert {"facts.commit_files", "staging.commit_files"} <= built
    assert not {"facts.issues", "staging.issues"} & built
    said = connection.execute(
        "select count(comment) from duckdb_tables() where schema_name = 'facts'"
    ).fetchall()
    assert said == [(0,)]
