"""Test the files, types and manifest of a snapshot."""

from __future__ import annotations

import hashlib
import json
from datetime import date

import duckdb
import pandas as pd
import polars as pl
import pyarrow.dataset
import pyarrow.parquet
import pytest

from tests.support.rows.exports import EVENTS, MEANINGS, NAMES, current
from tests.support.rows.memory_homes import DAY_ONE
from warehouse.errors import ContractViolated


def test_a_table_is_one_file_per_quarter_or_one_file(events):
    snapshot = events.build()

    assert sorted(current(events)) == [
        "DATA_DICTIONARY.md",
        "data_dictionary/data.parquet",
        "events/quarter=2023-Q4/data.parquet",
        "events/quarter=2024-Q1/data.parquet",
        "events/quarter=unknown/data.parquet",
        "manifest.json",
        "names/data.parquet",
    ]
    assert (snapshot.tables, snapshot.files_written, snapshot.files_linked) == (3, 5, 0)


def test_a_file_has_plain_types_in_the_order_of_the_grain(events):
    events.build()
    path = events.exports / "current/events/quarter=2024-Q1/data.parquet"
    frame = pl.read_parquet(path, hive_partitioning=False)

    assert frame.schema == {
        "source": pl.String(),
        "ref_name": pl.String(),
        "target_hash": pl.String(),
        "observed_at": pl.Datetime("us", "UTC"),
        "observed_on": pl.Date(),
        "never": pl.String(),
        "size_count": pl.Int64(),
        "half_ratio": pl.Float64(),
        "is_there": pl.Boolean(),
        "quarter_label": pl.String(),
        "quarter_starts_on": pl.Date(),
    }
    assert frame.rows() == [
        ("host/one", f"refs/heads/{name}", "2024-Q1", DAY_ONE, date(2024, 1, 1), None, 12, 0.5,
         True, "2024-Q1", date(2024, 1, 1))
        for name in "ab"
    ]  # fmt: skip


def test_a_file_says_who_wrote_it_and_in_which_shape(events):
    events.build()
    path = events.exports / "current/events/quarter=2024-Q1/data.parquet"
    manifest = json.loads(current(events)["manifest.json"])
    noted = {file["path"]: file for file in manifest["files"]}
    metadata = pyarrow.parquet.read_metadata(path)
    column = metadata.row_group(0).column(0)

    assert metadata.metadata[b"generator"] == b"quarry"
    version = noted["events/quarter=2024-Q1/data.parquet"]["schema_version"]
    assert metadata.metadata[b"schema_version"].decode() == version
    assert column.compression == "ZSTD"


def test_the_manifest_lists_every_file_with_its_checksum(events):
    events.build()
    found = current(events)
    manifest = json.loads(found["manifest.json"])
    parquet = {path: content for path, content in found.items() if path.endswith(".parquet")}

    assert {f["path"]: (f["bytes"], f["sha256"]) for f in manifest["files"]} == {
        path: (len(content), hashlib.sha256(content).hexdigest())
        for path, content in parquet.items()
    }
    assert {f["path"]: (f["table"], f["quarter"], f["rows"]) for f in manifest["files"][:2]} == {
        "events/quarter=2023-Q4/data.parquet": ("events", "2023-Q4", 1),
        "events/quarter=2024-Q1/data.parquet": ("events", "2024-Q1", 2),
    }


def test_every_common_reader_finds_rows_types_and_quarters(events):
    events.build()
    folder = events.exports / "current/events"
    pattern = f"{folder}/**/*.parquet"
    quarters = ["2023-Q4", "2024-Q1", "2024-Q1", "unknown"]

    by_duckdb = duckdb.sql(
        f"select quarter, quarter_label, never from read_parquet('{pattern}', "
        "hive_partitioning = true) order by quarter, ref_name"
    ).fetchall()
    by_polars = pl.read_parquet(pattern, hive_partitioning=True).sort("quarter", "ref_name")
    by_arrow = pyarrow.dataset.dataset(folder, partitioning="hive").to_table().sort_by("quarter")
    by_pandas = pd.read_parquet(folder).sort_values(["quarter", "ref_name"])

    assert [row[0] for row in by_duckdb] == quarters
    assert [row[1] for row in by_duckdb] == ["2023-Q4", "2024-Q1", "2024-Q1", None]
    assert by_polars["quarter"].to_list() == quarters
    assert by_polars.schema["observed_at"] == pl.Datetime("us", "UTC")
    assert by_arrow["quarter"].to_pylist() == quarters
    assert str(by_arrow.schema.field("observed_at").type) == "timestamp[us, tz=UTC]"
    assert by_pandas["quarter"].tolist() == quarters
    assert str(by_pandas["observed_at"].dtype) in {"datetime64[us, UTC]", "datetime64[ns, UTC]"}
    assert by_pandas["size_count"].dtype == "int64"


def test_an_empty_table_still_has_its_columns(home):
    home.write_model("facts/events.sql", EVENTS)
    home.write_model("facts/names.sql", NAMES)
    home.describe(**MEANINGS)
    home.build()
    frame = pl.read_parquet(home.exports / "current/events/**/*.parquet", hive_partitioning=True)

    assert (frame.height, frame.width) == (0, 12)
    assert pl.read_parquet(home.exports / "current/names/data.parquet").height == 0


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("interval 1 day", "INTERVAL"),
        ("sum(1)", "HUGEINT"),
        ("1.5::decimal(9, 2)", "DECIMAL(9,2)"),
        ("[1]", "INTEGER[]"),
        ("timestamp '2024-01-01'", "TIMESTAMP"),
        ("uuid '00000000-0000-0000-0000-000000000001'", "UUID"),
    ],
)
def test_a_type_that_not_every_reader_knows_is_refused(home, sql, found):
    home.write_model("facts/t.sql", f"-- T.\n--\n-- grain: x\n-- export: whole\nselect {sql} as x")
    home.describe(x="X.")

    with pytest.raises(ContractViolated) as violation:
        home.build()
    assert (violation.value.table, violation.value.column) == ("facts.t", "x")
    assert violation.value.found == found
