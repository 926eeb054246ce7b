"""Distribution of tests over workers that crash."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
CONFTEST = """
import pytest
from tests.support.running.workers import OneFolder

@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    config.option.loadscopereorder = False
    return OneFolder(config, log)
"""
FILES = {
    "conftest.py": CONFTEST,
    "test_a.py": "import os\ndef test_one(): pass\ndef test_crash(): os._exit(1)\n",
    "test_b.py": "def test_one(): pass\ndef test_two(): pass\n",
}


def test_a_test_that_crashes_fails_once_and_all_others_run(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "1", "--dist", "loadfile", "."],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    last = done.stdout.splitlines()[-1]
    assert last.startswith("1 failed, 3 passed"), done.stdout
    assert "test_a.py::test_crash" in done.stdout
