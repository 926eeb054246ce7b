"""Test the hash of all modules and models of a build."""

import subprocess
import sys
from pathlib import Path

from warehouse.build.checks import read_checks
from warehouse.build.code_version import hashed_files, program_hash
from warehouse.build.model import read_models
from warehouse.build.schemas import MACROS
from warehouse.sql import package_folder, sql_files, sql_folder

# In a process of its own: this one has imported the rest of the warehouse too.
IMPORTED = """
import sys
import warehouse.tables.batches, warehouse.build.build_file
import warehouse.build.runner, warehouse.build.checks, warehouse.build.failing_sources
for name, module in sys.modules.items():
    if name.partition(".")[0] == "warehouse":
        print(module.__file__)
"""


def imported_by_a_build():
    found = subprocess.run(
        [sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True
    )
    return {Path(line) for line in found.stdout.splitlines()}


def test_the_modules_hashed_are_those_that_a_build_imports():
    """A missing module would leave stale tables. An unused one would rebuild them for nothing."""
    hashed = {path for path in hashed_files() if path.suffix == ".py"}

    assert package_folder() / "build" / "runner.py" in hashed
    assert hashed == imported_by_a_build()


def test_the_models_hashed_are_those_that_a_build_runs():
    hashed = hashed_files().keys()
    run = {model.path for model in read_models()} | {check.path for check in read_checks()}
    run |= {*sql_files(sql_folder(), MACROS)}

    assert {path for path in hashed if path.suffix == ".sql"} == run
    assert {sql_folder() / name for name in ("columns.toml", "reasons.toml")} <= hashed


def test_a_model_in_any_folder_changes_the_program(tmp_path):
    before = program_hash(tmp_path)
    for path in ("facts/one.sql", "facts/git/two.sql", "facts/git/deep/three.sql"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("-- One.\nselect 1 as x")
        after = program_hash(tmp_path)
        assert after != before
        before = after
