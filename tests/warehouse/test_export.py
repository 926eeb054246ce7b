from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow.dataset
import pyarrow.parquet
import pytest
from homes import DAY_ONE, ref

from warehouse.context import Calendar, Context
from warehouse.errors import ContractViolated, WarehouseError
from warehouse.export import export_snapshot, publish_snapshot
from warehouse.fingerprint import fingerprint, is_current

EVENTS = """-- What happened.
--
-- grain: source, ref_name
-- export: by quarter
select
    source,
    ref_name,
    target_hash,
    observed_at,
    observed_at::date as observed_on,
    null::varchar as never,
    length(ref_name)::integer as size_count,
    0.5::double as half_ratio,
    true as is_there,
    case when target_hash like '20%' then target_hash end as quarter,
    date '2024-01-01' as quarter_starts_on
from raw.refs
"""
NAMES = """-- Names.
--
-- grain: ref_name
-- export: whole
select distinct ref_name from raw.refs
"""
MEANINGS = dict.fromkeys(
    ["source", "ref_name", "target_hash", "observed_at", "observed_on", "never", "size_count",
     "half_ratio", "is_there", "quarter", "quarter_starts_on"],
    "Something.",
)  # fmt: skip


@pytest.fixture
def events(home):
    """Two quarters and an event without one, exported once."""
    home.write_model("facts/events.sql", EVENTS)
    home.write_model("facts/names.sql", NAMES)
    home.describe(**MEANINGS)
    home.write_batch(
        refs=[ref("b", "2024-Q1"), ref("a", "2024-Q1"), ref("c", "2023-Q4"), ref("d", "none")]
    )
    return home


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def current(home):
    return files(home.exports / "current")


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


def test_the_same_store_gives_the_same_files(events):
    events.build()
    first = current(events)
    shutil.rmtree(events.exports)
    events.warehouse.unlink()
    events.build()

    assert current(events) == first


def inode(home, path):
    return (home.exports / "current" / path).stat().st_ino


def test_a_quarter_that_did_not_change_is_linked(events):
    events.build()
    old = "events/quarter=2023-Q4/data.parquet"
    changed = "events/quarter=2024-Q1/data.parquet"
    before = {path: inode(events, path) for path in (old, changed)}
    events.write_batch(day=2, refs=[ref("e", "2024-Q1")])
    snapshot = events.build()

    assert inode(events, old) == before[old]
    assert inode(events, changed) != before[changed]
    # The names and the quarter of the new event are written anew.
    assert (snapshot.files_written, snapshot.files_linked) == (2, 3)


def test_linked_files_are_those_that_a_build_from_nothing_writes(events):
    events.build()
    events.write_batch(day=2, refs=[ref("e", "2024-Q1"), ref("c", None)])
    events.build()
    step_by_step = current(events)
    shutil.rmtree(events.exports)
    events.warehouse.unlink()
    events.build()

    assert current(events) == step_by_step


QUARTERED = """-- Numbers.
--
-- grain: n
-- export: by quarter
select
    i as n,
    {others} as name,
    i % 5 = 0 as is_it,
    if(i % 4 = 0, '2024-Q1', '2024-Q' || i % 4) as quarter
from range(20000) as r (i)
"""


@pytest.mark.parametrize(
    "others",
    [
        "'x' || i % 7",
        "if(i % 4 = 2, null, 'x' || i % 7)",
        "if(i % 4 = 2, 'long and different ' || i, 'x' || i % 7)",
        "if(i % 4 = 2 and i > 19000, null, 'x' || i % 7)",
    ],
)
def test_the_bytes_of_a_quarter_depend_on_its_own_rows_alone(home, others):
    home.describe(n="N.", name="N.", is_it="I.", quarter="Q.")
    seen = []
    for sql in ("'x' || i % 7", others):
        home.write_model("facts/t.sql", QUARTERED.replace("{others}", sql))
        home.build()
        seen.append((home.exports / "current/t/quarter=2024-Q1/data.parquet").read_bytes())
        shutil.rmtree(home.exports)

    assert seen[0] == seen[1]


@pytest.mark.parametrize("damage", [b"", b"other bytes"])
def test_a_published_file_that_somebody_changed_is_written_anew(events, damage):
    events.build()
    whole = current(events)
    (events.exports / "current/events/quarter=2023-Q4/data.parquet").write_bytes(damage)
    events.build()

    assert current(events) == whole


def test_another_schema_is_never_linked(events):
    events.build()
    events.write_model("facts/events.sql", EVENTS.replace("::integer as size", "::double as size"))
    snapshot = events.build()

    assert snapshot.files_written == 4
    frame = pl.read_parquet(events.exports / "current/events/**/*.parquet", hive_partitioning=True)
    assert frame.schema["size_count"] == pl.Float64()


def test_where_files_cannot_be_linked_they_are_copied(events, monkeypatch):
    events.build()
    before = current(events)

    def refuse(*_):
        raise OSError("this file system knows no links")

    monkeypatch.setattr(os, "link", refuse)
    assert events.build().files_linked == 5
    assert current(events) == before


def test_a_corrupt_manifest_costs_only_the_links(events):
    events.build()
    before = current(events)
    (events.exports / "current/manifest.json").write_text('{"files": [1]}')

    assert events.build().files_linked == 0
    assert current(events) == before


def test_current_is_a_relative_link_and_the_snapshot_before_it_stays(events):
    for _ in range(3):
        events.build()
    link = events.exports / "current"

    assert link.readlink() == Path("snapshots/3")
    assert sorted(path.name for path in (events.exports / "snapshots").iterdir()) == ["2", "3"]


def test_what_killed_exports_left_is_removed(events):
    events.build()
    snapshots = events.exports / "snapshots"
    (snapshots / "2").mkdir()
    (snapshots / "2" / "never published").write_bytes(b"PAR1")
    (snapshots / "2.building").mkdir()
    (snapshots / "2.building" / "half.parquet").write_bytes(b"PAR1")
    (events.exports / ".current.new").symlink_to("nowhere")
    events.build()

    assert (events.exports / "current").readlink() == Path("snapshots/2")
    assert sorted(path.name for path in snapshots.iterdir()) == ["1", "2"]
    assert (snapshots / "2" / "manifest.json").is_file()
    assert not (events.exports / ".current.new").is_symlink()


def test_until_it_is_published_a_snapshot_is_not_current(events):
    events.build()
    before = current(events)
    events.write_batch(day=2, refs=[ref("e", "2024-Q1")])
    events.build(export=False)
    export_snapshot(events.warehouse, events.exports, "f", folder=events.sql)

    assert current(events) == before
    publish_snapshot(events.exports)
    assert current(events) != before


def test_a_folder_in_the_place_of_the_link_is_not_touched(events):
    (events.exports / "current").mkdir(parents=True)

    with pytest.raises(WarehouseError, match="Move it away"):
        events.build()
    assert (events.exports / "current").is_dir()


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


MANY = """-- Many rows in one quarter.
--
-- grain: n
-- export: by quarter
select
    i * 7919 % 230003 as n,
    'name ' || hash(i) % 1000 as name,
    to_timestamp(i) as happened_at,
    (i % 97)::double / 7 as ratio,
    case when i % 50 = 0 then '2024-Q2' else '2024-Q1' end as quarter
from range(230003) as r (i)
"""
RUN = """
import sys
sys.path[:0] = [{tests!r}, {root!r}]
from pathlib import Path
from homes import Home
Home(Path(sys.argv[1])).build(threads=int(sys.argv[2]))
"""


def test_bytes_do_not_depend_on_threads_or_on_the_machine_s_time_zone_and_locale(home):
    home.write_model("facts/many.sql", MANY)
    home.describe(n="N.", name="N.", happened_at="H.", ratio="R.", quarter="Q.")
    here = Path(__file__).parent
    script = RUN.format(tests=str(here), root=str(here.parent.parent))
    seen = []
    for threads, zone, locale in [
        ("1", "UTC", "C"),
        ("2", "Asia/Seoul", "ko_KR.UTF-8"),
        ("4", "America/New_York", "tr_TR.UTF-8"),
    ]:
        shutil.rmtree(home.exports, ignore_errors=True)
        subprocess.run(
            [sys.executable, "-c", script, str(home.path), threads],
            env=os.environ | {"TZ": zone, "LC_ALL": locale},
            check=True,
        )
        seen.append(current(home))

    assert seen[0] == seen[1] == seen[2]
    path = "many/quarter=2024-Q1/data.parquet"
    assert pyarrow.parquet.read_metadata(home.exports / "current" / path).num_row_groups > 1


def test_a_build_is_current_until_something_that_it_was_made_from_changes(events):
    context = Context()
    events.build()

    def current_for(context):
        printed = fingerprint(events.store, context, folder=events.sql)
        return is_current(events.warehouse, events.exports, printed)

    assert current_for(context)
    assert not current_for(Context(Calendar("Asia/Seoul")))
    events.write_batch(day=2)
    assert current_for(context), "a look that found nothing is no reason to build"
    events.write_model("facts/names.sql", NAMES + "-- another comment\n")
    assert not current_for(context)
    events.write_model("facts/names.sql", NAMES)
    assert current_for(context)
    events.write_batch(day=3, refs=[ref("z", "2024-Q1")])
    assert not current_for(context)


def test_a_look_in_a_new_quarter_is_a_reason_to_build(home):
    home.write_batch(refs=[ref("a", "x")])
    before = fingerprint(home.store, Context())
    for month, is_changed in [(2, False), (3, False), (4, True)]:
        home.write_batch(month=month)
        assert (fingerprint(home.store, Context()) != before) is is_changed


@pytest.mark.parametrize(
    "lost", ["quarry.duckdb", "exports/current", "exports/current/manifest.json"]
)
def test_what_is_gone_or_damaged_is_not_current(events, lost):
    events.build()
    printed = fingerprint(events.store, Context(), folder=events.sql)
    path = events.path / lost
    assert is_current(events.warehouse, events.exports, printed)
    if path.is_symlink():
        path.unlink()
    else:
        path.write_bytes(b"damage")

    assert not is_current(events.warehouse, events.exports, printed)


def test_nothing_is_current_before_the_first_build(home):
    assert not is_current(home.warehouse, home.exports, fingerprint(home.store, Context()))
