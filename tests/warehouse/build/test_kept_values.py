"""Test values kept between processes."""

from __future__ import annotations

import sys

import duckdb
import pytest

from warehouse.build import dependencies, kept_values, table_columns
from warehouse.build.generated import generated_models
from warehouse.build.kept_values import keep, kept
from warehouse.build.model import read_models


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder in which modules are compiled and values kept, with nothing known yet."""
    monkeypatch.setattr(kept_values, "_path", lambda name: tmp_path / f"{name}.json")
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(dependencies, "_PARSED", {})
    monkeypatch.setattr(table_columns, "_COLUMNS", {})
    return tmp_path


def test_values_are_those_of_the_same_version(folder):
    keep("some", "one", {"a": [1]})

    assert kept("some", "one") == {"a": [1]}
    assert kept("some", "two") == {}
    assert kept("others", "one") == {}
    assert list(folder.iterdir()) == [folder / "some.json"]


@pytest.mark.parametrize("text", ["", "[]", "{", "{}", '{"version": "one"}', "\xff"])
def test_a_damaged_file_is_made_again(folder, text):
    (folder / "some.json").write_bytes(text.encode("latin-1"))

    assert kept("some", "one") == {}


def test_nothing_is_written_where_modules_are_not(folder, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    keep("some", "one", {"a": 1})

    assert list(folder.iterdir()) == []


def test_a_folder_that_does_not_exist_is_no_error(folder, monkeypatch):
    monkeypatch.setattr(kept_values, "_path", lambda name: folder / "no" / f"{name}.json")
    keep("some", "one", {"a": 1})

    assert kept("some", "one") == {}


def parsed_models(connection):
    models = read_models()
    models += [m for m in generated_models(connection, models) if m.sql]
    dependencies.parse(connection, models)
    return {model.sql: dependencies._PARSED[model.sql] for model in models}


def test_a_kept_select_is_as_it_was_parsed(folder, monkeypatch):
    with duckdb.connect() as connection:
        parsed = parsed_models(connection)
        monkeypatch.setattr(dependencies, "_PARSED", {})
        monkeypatch.setattr(dependencies, "_parse", None)
        assert parsed_models(connection) == parsed
    assert len(parsed) > 200


def test_columns_are_described_once_for_a_program(folder, monkeypatch):
    with duckdb.connect() as connection:
        columns = table_columns.columns_of(connection, "t.a", "select 1 as x, 'a' as y", "one")
        table_columns.keep_columns("one")
        monkeypatch.setattr(table_columns, "_COLUMNS", {})
        again = table_columns.columns_of(None, "t.a", "select 1 as x, 'a' as y", "one")
        other = table_columns.columns_of(connection, "t.a", "select 'a' as y", "two")

    assert columns == again == '"x" INTEGER, "y" VARCHAR'
    assert other == '"y" VARCHAR'
