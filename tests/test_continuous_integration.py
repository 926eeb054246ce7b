"""Test that hooks and workflow call `make lint` and `.ci/run`."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]


def _loaded(name):
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


def _linter(command):
    """Return a linter and its subcommand, without its folder and options."""
    _, _, call = command.partition("bin/")
    return [word for word in call.split()[:2] if word[0] not in "-."]


def test_the_hooks_run_the_linters_of_make():
    (repository,) = _loaded(".pre-commit-config.yaml")["repos"]
    recipe = (ROOT / "Makefile").read_text("utf-8").partition("\nlint:")[2].partition("\n\n")[0]
    calls = recipe.replace("$(BIN)/", "bin/").splitlines()[1:]

    assert [_linter(hook["entry"]) for hook in repository["hooks"]] == [*map(_linter, calls)]


def test_the_workflow_runs_on_the_oldest_and_the_newest_python():
    supported = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    oldest, above = map(int, re.findall(r"3\.(\d+)", supported["requires-python"]))
    job = _loaded(".github/workflows/ci.yml")["jobs"]["ci"]

    assert job["strategy"]["matrix"]["python"] == [f"3.{oldest}", f"3.{above - 1}"]
    assert [step["run"] for step in job["steps"] if "run" in step] == ["bash .ci/run"]
