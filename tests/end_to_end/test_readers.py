"""Five readers and a second run, while runs publish."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest

from tests.end_to_end.test_crash_safety import FIRST_RUN, finish, grow, wait_until_begun
from tests.support.git.repositories import Repository
from tests.support.rows.some_models import copy_models
from tests.support.running.after_kills import leftovers
from tests.support.running.clocks import HANG_SECONDS
from tests.support.running.examples import count_of
from tests.support.running.killed_runs import end, models_of, start

READERS = 5
RUNS = count_of(3)
# At least so long; an hour of nights is 3600.
SECONDS = float(os.environ.get("QUARRY_TEST_READING_SECONDS", "0"))
TABLES = ("facts.commits", "marts.velocity_quarterly", "facts.issues")
# Until a file named stop exists, read all that is published as two documented readers do.
READ = """
import json, sys, time
from pathlib import Path
import duckdb
home, stop = Path(sys.argv[1]), Path(sys.argv[2])
reads, errors, mixed, seen = 0, [], [], set()
while not stop.exists() or not reads:
    snapshot = (home / "exports/current").resolve()
    try:
        with duckdb.connect(str(home / "quarry.duckdb"), read_only=True) as connection:
            counts = [
                connection.sql(f"select count(*) from {table}").fetchall()[0][0]
                for table in ("raw.commits", "facts.commits", "raw.commits")
            ]
        listed = json.loads((snapshot / "manifest.json").read_text())["files"]
        for file in listed:
            path = snapshot / file["path"]
            if duckdb.sql(f"select count(*) from '{path}'").fetchall()[0][0] != file["rows"]:
                mixed.append(file["path"])
        if len(set(counts)) > 1:
            mixed.append(str(counts))
        seen.add(counts[0])
        reads += 1
    except Exception as error:
        # A snapshot is kept for one run after it was replaced; two may pass while one is read.
        if snapshot.exists():
            errors.append(f"{type(error).__name__}: {error}")
        if len(errors) > 3:
            break
    time.sleep(0.05)
print(json.dumps({"reads": reads, "errors": errors, "mixed": mixed, "seen": len(seen)}))
"""


@pytest.fixture
def home(tmp_path):
    """A repository and its published home."""
    source, home = tmp_path / "source", tmp_path / "home"
    copy_models(models_of(source), *TABLES)
    grow(Repository.make(source, bare=True), 0, 20)
    finish(source, home, FIRST_RUN)
    return home


@pytest.fixture
def readers(home, tmp_path):
    """Five processes that read until the test ends; what each has seen."""
    stop = tmp_path / "stop"
    command = [sys.executable, "-c", READ, str(home), str(stop)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(READERS)]

    def seen():
        stop.touch()
        return [json.loads(reader.communicate(timeout=HANG_SECONDS)[0]) for reader in started]

    yield seen
    for reader in started:
        reader.kill()
        reader.wait()


def test_readers_never_fail_and_never_see_half_of_a_run(home, readers, tmp_path):
    """Each run meets a second one, which is refused."""
    source = tmp_path / "source"
    number, ends_at = 0, time.monotonic() + SECONDS
    while number < RUNS or time.monotonic() < ends_at:
        number += 1
        grow(Repository(source), 20 * number, 20 * number + 20)
        known, epoch = list(home.glob("runs/*.json")), FIRST_RUN + 86_400 * number
        first = start(source, home, epoch)
        wait_until_begun(home, first, known)
        code, said = end(start(source, home, epoch), home)
        assert (code, "another run is in progress" in said) == (1, True), said
        assert end(first, home)[0] == 0
    results = readers()
    assert [(one["errors"], one["mixed"]) for one in results] == [([], [])] * READERS
    assert max(one["seen"] for one in results) > 1
    assert leftovers(home) == []
