"""Events and their names, the tables that tests export."""

from __future__ import annotations

import hashlib
import shutil

from tests.support.rows.memory_homes import ref

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


def write_events(home):
    """Write two quarters and an event without one, to be exported."""
    home.write_model("facts/events.sql", EVENTS)
    home.write_model("facts/names.sql", NAMES)
    home.describe(**MEANINGS)
    home.write_batch(
        refs=[ref("b", "2024-Q1"), ref("a", "2024-Q1"), ref("c", "2023-Q4"), ref("d", "none")]
    )


def build_from_nothing(home):
    """Build when there is neither a warehouse nor an export, only the store."""
    shutil.rmtree(home.exports)
    home.warehouse.unlink()
    home.build()


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def current(home):
    return files(home.exports / "current")


def parquet(home):
    """Hash every published Parquet file."""
    current = home / "exports" / "current"
    return {
        path.relative_to(current): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in current.rglob("*.parquet")
    }
