"""The version, and completion in a shell."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.running.commands import call_quarry

ROOT = Path(__file__).parents[3]
COMPLETE = """
source <(quarry --show-completion)
COMP_WORDS=({words}) COMP_CWORD={last}
_quarry_completion quarry
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def test_the_version_is_that_of_the_package(tmp_path):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    assert call_quarry(tmp_path, "--version") == (0, f"quarry {project['version']}\n", "")


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("quarry re", ["replay", "report", "reconcile", "restore"]),
        ("quarry report --fo", ["--format"]),
    ],
)
def test_bash_completes_commands_and_options(words, completed, tmp_path):
    last = len(words.split()) - 1
    done = subprocess.run(
        ["bash", "-c", COMPLETE.format(words=words, last=last)],
        env={"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split() == completed


def test_completion_is_installed_where_the_shell_finds_it(tmp_path):
    quarry = Path(sys.executable).with_name("quarry")
    subprocess.run(
        ["bash", "-c", f"{quarry} --install-completion; true"],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        capture_output=True,
        check=True,
    )

    assert "quarry.sh" in (tmp_path / ".bashrc").read_text("utf-8")
