"""Seal every quarter of the manual years; then run, replay and report."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from tests.end_to_end.year_by_hand import world as by_hand
from tests.end_to_end.year_in_korean import world as in_korean
from tests.support.fakes.fake_github import fake_github
from tests.support.rows.row_histories import instant
from tests.support.running.examples import IS_LONG

ROOT = Path(__file__).parents[2]
NOW = instant("2025-01-05")
SEALED = "select * from marts.kpi_quarterly where is_sealed order by all"
ENDED = "select distinct quarter from marts.kpi_quarterly where quarter < '2025-Q1' order by 1"
YEARS = "select distinct fiscal_year from marts.kpi_yearly order by 1"

pytestmark = pytest.mark.skipif(not IS_LONG, reason="takes minutes: QUARRY_TEST_LONG=1 runs it")


@contextmanager
def of_hand(folder):
    with fake_github() as fake:
        by_hand.make_world(folder, fake)
        yield


@contextmanager
def of_korea(folder):
    in_korean.make_world(folder)
    yield


def quarry(folder, *arguments):
    epoch = {"SOURCE_DATE_EPOCH": str(int(NOW.timestamp())), "YEAR_TOKEN": "ghp_" + "y" * 36}
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli.main", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **epoch},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def ask(folder, query):
    file = str(folder / "home" / "quarry.duckdb")
    with duckdb.connect(file, read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.mark.parametrize("world", [of_hand, of_korea], ids=["by hand", "in Korean"])
def test_every_quarter_of_a_year_is_sealed_then_run_replayed_and_reported(world, tmp_path):
    with world(tmp_path):
        quarry(tmp_path, "run")
        ended = [quarter for (quarter,) in ask(tmp_path, ENDED)]
        for quarter in ended:
            quarry(tmp_path, "seal", quarter)
        figures = ask(tmp_path, SEALED)
        assert sorted({row[3] for row in figures}) == ended
        for command in ("run", "replay"):
            quarry(tmp_path, command)
            assert ask(tmp_path, SEALED) == figures
    quarry(tmp_path, "seal", "--check")
    for (year,) in ask(tmp_path, YEARS):
        quarry(tmp_path, "report", str(year))
