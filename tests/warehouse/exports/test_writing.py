"""Test Parquet files of quarters that are sorted together."""

from __future__ import annotations

import pytest

from tests.support.rows.exports import files
from warehouse.exports import writing
from warehouse.exports.layout import Layout, partitions, select_of
from warehouse.exports.writing import write_partitions
from warehouse.sql import SAME_BYTES, without_rows

TABLE = Layout(
    name="t",
    path="made.t",
    is_by_quarter=True,
    columns=(("n", "n", "BIGINT"), ("word", "word", "VARCHAR"), ("quarter", "label", "VARCHAR")),
    grain=("n",),
)


@pytest.fixture
def made(connection):
    for setting in SAME_BYTES:
        connection.execute(setting)
    connection.execute("create schema made")
    return connection


def fill(connection, counts):
    """Make a table with so many rows of each quarter, in no order."""
    rows = " union all ".join(
        f"select range::bigint as n, 'w' || hash(range) % 99 as word, {quarter} as quarter "
        f"from range({count})"
        for quarter, count in counts.items()
    )
    connection.execute(f"create or replace table made.t as from ({rows}) order by hash(n)")


def written(connection, folder, groups):
    """Write groups of partitions, one call for each."""
    for part in (part for group in groups for part in group):
        (folder / part.path).parent.mkdir(parents=True)
    for group in groups:
        write_partitions(connection, folder, group)
    return files(folder)


@pytest.mark.parametrize(
    "counts",
    [
        {"'2024-Q1'": 3, "'2024-Q2'": 2, "null": 1},
        {"'2024-Q1'": 5_000, "'2024-Q2'": 122_880, "'2024-Q3'": 1, "null": 40_000},
        {"'2023-Q4'": 1, "'2024-Q1'": 130_000, "'2024-Q2'": 1, "'2024-Q3'": 1},
    ],
    ids=["small", "a row group", "more than a row group"],
)
def test_files_written_together_have_the_bytes_of_files_written_alone(made, tmp_path, counts):
    fill(made, counts)
    parts = partitions(made, TABLE)
    alone = written(made, tmp_path / "alone", [[part] for part in parts])

    assert written(made, tmp_path / "together", [parts]) == alone
    assert len(alone) == len(counts)


def test_a_file_has_the_bytes_of_its_rows_whatever_other_quarters_have(made, tmp_path):
    fill(made, {"'2024-Q1'": 30, "'2024-Q2'": 20, "'2024-Q3'": 5})
    before = written(made, tmp_path / "before", [partitions(made, TABLE)])
    fill(made, {"'2024-Q1'": 30, "'2024-Q2'": 1, "null": 4})
    after = written(made, tmp_path / "after", [partitions(made, TABLE)])

    same = {path for path in before if before[path] == after.get(path)}
    assert same == {"t/quarter=2024-Q1/data.parquet"}


def test_an_empty_table_has_one_file_with_its_columns(made, tmp_path):
    fill(made, {"'2024-Q1'": 0})
    parts = partitions(made, TABLE)

    assert parts == partitions(made, TABLE, has_rows=False)
    assert list(written(made, tmp_path, [parts])) == ["t/quarter=unknown/data.parquet"]
    described = made.execute(f"describe from '{tmp_path}/t/*/data.parquet'").fetchall()
    assert [(name, kind) for name, kind, *_ in described] == [
        ("n", "BIGINT"),
        ("word", "VARCHAR"),
        ("label", "VARCHAR"),
        ("quarter", "VARCHAR"),
    ]


def test_some_quarters_are_written_without_the_others(made, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(writing, "select_of", lambda p: asked.append(len(p)) or select_of(p))
    fill(made, {f"'202{n}-Q1'": n for n in range(1, 7)})
    parts = partitions(made, TABLE)
    monkeypatch.setattr(writing, "MOST_ROWS", 5)
    found = written(made, tmp_path, [[*parts[:4], parts[5]]])

    assert asked == [2, 1, 1, 1]
    assert "t/quarter=2025-Q1/data.parquet" not in found
    assert len(found) == 5


def test_only_tables_without_any_rows_are_known_to_have_none(connection):
    connection.execute("create schema s; create table s.a as select 1 as x")
    connection.execute("create table s.b (x integer); create view s.c as from s.b")
    assert without_rows(connection) == {"s.b"}

    connection.execute("insert into s.b select 2")
    assert without_rows(connection) == set()
