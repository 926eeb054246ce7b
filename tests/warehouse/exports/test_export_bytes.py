"""The same rows give the same bytes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.dataset
import pyarrow.parquet
import pytest

from tests.support.rows.exports import build_from_nothing, current


def test_the_same_store_gives_the_same_files(events):
    events.build()
    first = current(events)
    build_from_nothing(events)

    assert current(events) == first


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
sys.path.insert(0, {root!r})
from pathlib import Path
from tests.support.rows.memory_homes import MemoryHome
MemoryHome(Path(sys.argv[1])).build(threads=int(sys.argv[2]))
"""


def test_bytes_do_not_depend_on_threads_or_on_the_machine_s_time_zone_and_locale(home):
    home.write_model("facts/many.sql", MANY)
    home.describe(n="N.", name="N.", happened_at="H.", ratio="R.", quarter="Q.")
    script = RUN.format(root=str(Path(__file__).parents[3]))
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
