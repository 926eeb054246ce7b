"""Runs on disks that become full."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

from miners.store import sha256_of
from tests.end_to_end.test_crash_safety import cases, finish
from tests.support.running.after_kills import exported, leftovers
from tests.support.running.examples import count_of
from tests.support.running.killed_runs import models_of

__all__ = ["cases"]  # a fixture

POINTS = count_of(3)
# The copy of the warehouse and the new exports, of the size of the home before.
NEEDED_PERCENT = 180
# A run in a mount of its own, whose contents are copied out before it ends.
RUN_ON_SMALL_DISK = """
import os, sys
from pathlib import Path
from flows import pipeline
from tests.support.git.repositories import PLAIN
from tests.support.running import killed_runs
home, source, models, epoch, said = sys.argv[1:]
pipeline._require_space = lambda _workspace: None
environment = {**PLAIN, "SOURCE_DATE_EPOCH": epoch, "TMPDIR": f"{home}/tmp"}
arguments = ("run", source, "--home", home, "--engine", "local")
killed_runs.work(arguments, environment, Path(models), Path(said), None)
"""
MOUNT = """
mount -t tmpfs -o size="$1" none "$2" && cp -a "$3/." "$2" && mkdir -p "$2/tmp" || exit 90
shift 3
"$@"
code=$?
cd "$OLDHOME" && rm -rf tmp && cp -a . "$OUT" && exit $code
"""
APART = ("unshare", "--map-root-user", "--mount")
CAN_MOUNT = (
    shutil.which("unshare")
    and not subprocess.run(
        [*APART, *["mount", "-t", "tmpfs", "none", "/tmp"]], capture_output=True, check=False
    ).returncode
)


def size_of(folder):
    return sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if not path.is_symlink())


@pytest.mark.skipif(not CAN_MOUNT, reason="this system lets nobody mount a small disk")
@pytest.mark.parametrize("number", range(POINTS))
def test_a_disk_that_becomes_full_harms_nothing_that_was_published(number, cases, tmp_path):
    """Sizes from hardly more than the home to almost what the run needs."""
    case = cases["later"]
    (mounted := tmp_path / "disk").mkdir()
    (out := tmp_path / "out").mkdir()
    size = (
        size_of(case.start)
        + (1 << 20)
        + number * NEEDED_PERCENT * size_of(case.start) // (100 * POINTS)
    )
    said = tmp_path / "said"
    work = [sys.executable, "-c", RUN_ON_SMALL_DISK, str(mounted), str(case.source)]
    work += [str(models_of(case.source)), str(case.epoch), str(said)]
    done = subprocess.run(
        [*APART, "sh", "-c", MOUNT, "sh", str(size), str(mounted), str(case.start), *work],
        env={"PATH": "/usr/bin:/bin", "OLDHOME": str(mounted), "OUT": str(out)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    assert exported(out) in (exported(case.start), case.exports)
    manifest = json.loads((out / "exports/current/manifest.json").read_text())
    for file in manifest["files"]:
        assert sha256_of(out / "exports/current" / file["path"]) == file["sha256"]
    assert done.returncode or number > POINTS // 2
    if done.returncode:
        assert "the disk is full" in said.read_text()
        assert "Traceback" not in said.read_text()
    finish(case.source, out, case.epoch)
    assert exported(out) == case.exports
    assert leftovers(out) == []
