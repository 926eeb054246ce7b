"""Test a Prefect server that lives as long as a run."""

from __future__ import annotations

import os
import subprocess
import sys

from flows.orchestration import environment

PREPARE = """
import sys
from importlib import import_module
from pathlib import Path
from flows.orchestration import environment, processes
from flows.settings.workspace import open_workspace

processes.prefect = lambda *_: [sys.executable, "-c", "raise SystemExit('no database')"]
try:
    environment.prepare(
        open_workspace(None, Path(sys.argv[1])), meanwhile=lambda: import_module("flows.nightly")
    )
except processes.ProcessFailed as error:
    print("flows.nightly" in sys.modules, error)
"""


def test_prefect_is_imported_while_its_server_starts_and_a_failed_start_is_named(tmp_path):
    own = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    command = [sys.executable, "-c", PREPARE, str(tmp_path / "home")]

    done = subprocess.run(
        command, check=True, env=own, cwd=tmp_path, capture_output=True, text=True
    )

    assert done.stderr == ""
    assert done.stdout == (
        "True server ended with exit code 1:\n    no database\n"
        f"See {tmp_path}/home/prefect/server.log.\n"
    )


def test_nobody_else_reads_the_login_whatever_the_umask(tmp_path):
    os.umask(0o002)
    written = environment.login(tmp_path)

    assert written.startswith("quarry:")
    assert environment.login(tmp_path) == written
    assert (tmp_path / "login").stat().st_mode & 0o777 == 0o600
