"""Hash seeds of Python and the bytes of exports and reports."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from miners.store import sha256_of
from tests.support.rows import shop
from tests.support.running.examples import IS_LONG
from tests.support.running.shop_home import make_home

SEEDS = ("0", "1", "4321")
ROOTS = ("exports/current", "reports")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    (folder := tmp_path_factory.mktemp("seeds") / "shop").mkdir()
    return make_home(folder, shop.first_look)


def quarry(home, seed, *arguments):
    """Run a command as Python with another order of its sets does."""
    variables = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    epoch = str(int(shop.FIRST_LOOK.timestamp()))
    subprocess.run(
        [sys.executable, "-m", "flows.cli.main", *arguments],
        cwd=home.folder,
        env={**variables, "PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": epoch},
        check=True,
        capture_output=True,
    )


def written(home):
    """Hash every file that readers get."""
    found = {}
    for root in ROOTS:
        top = (home.workspace.home / root).resolve()
        files = (path for path in top.rglob("*") if path.is_file())
        found |= {(root, path.relative_to(top).as_posix()): sha256_of(path) for path in files}
    return found


@pytest.mark.skipif(not IS_LONG, reason="QUARRY_TEST_LONG asks for three whole builds")
def test_the_same_store_gives_the_same_bytes_with_every_hash_seed(home, tmp_path):
    seen = []
    for seed in SEEDS:
        own = home.copied(tmp_path / seed)
        shutil.rmtree(own.workspace.exports)
        quarry(own, seed, "replay")
        quarry(own, seed, "report", "2024", "--format", "html,xlsx")
        seen.append(written(own))
    assert len(seen[0]) > 50
    assert seen[0] == seen[1] == seen[2]
