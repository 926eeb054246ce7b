"""Test `quarry query`: files of results, and rows one column per line."""

from __future__ import annotations

import polars as pl
import pytest

from tests.support.rows.memory_homes import MemoryHome
from tests.support.running.commands import call_quarry

SELECT = "select 1 as a, 'x' as b"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home whose warehouse has no rows."""
    home = MemoryHome(tmp_path_factory.mktemp("home"))
    home.build(export=False)
    return home.path


def query(home, folder, *arguments):
    return call_quarry(folder, "query", SELECT, *arguments, "--home", home)


@pytest.mark.parametrize(
    ("arguments", "read"),
    [
        (("--out", "rows.parquet"), pl.read_parquet),
        (("--out", "rows.csv"), pl.read_csv),
        (("--out", "rows.txt", "--format", "csv"), pl.read_csv),
        (("--out", "rows.csv", "--format", "parquet"), pl.read_parquet),
    ],
)
def test_a_result_is_written_in_the_format_of_its_file(home, tmp_path, arguments, read):
    code, said, complained = query(home, tmp_path, *arguments)

    assert (code, complained) == (0, "")
    assert said.startswith(f"{arguments[1]}: ")
    assert read(tmp_path / arguments[1]).rows() == [(1, "x")]
    assert [path.name for path in tmp_path.iterdir()] == [arguments[1]]


def test_a_failed_query_leaves_the_file_as_it_was(home, tmp_path):
    (tmp_path / "rows.csv").write_text("before")

    assert call_quarry(tmp_path, "query", "bad", "--out", "rows.csv", "--home", home)[0] == 1
    assert (tmp_path / "rows.csv").read_text() == "before"


def test_a_column_per_line(home, tmp_path):
    said = "row 1\n  a  1\n  b  x\n1 row\n"
    assert query(home, tmp_path, "--expanded") == (0, said, "")
