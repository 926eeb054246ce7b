"""Commands in locales that lack characters."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

# In most of them Python uses UTF-8 unless these variables forbid it.
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
LOCALES = {
    "C": ASCII,
    "POSIX": {**ASCII, "LC_ALL": "POSIX"},
    "output in ASCII": {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "ascii"},
    "output in Latin-1": {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "latin-1"},
}
COMMANDS = ["kpi", "kpi --lang ko", "status", "rules", "explain commits"]


@pytest.fixture
def ended(built):
    """Return a function that runs a command in a locale, and gives its process."""

    def run(variables, *arguments):
        environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **variables}
        return subprocess.run(
            [sys.executable, "-m", "flows.cli.main", *arguments],
            cwd=built.folder,
            env={**environment, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=False,
        )

    return run


@pytest.mark.parametrize("variables", LOCALES.values(), ids=list(LOCALES))
@pytest.mark.parametrize("command", COMMANDS)
def test_what_a_locale_has_no_character_for_is_printed_as_an_escape(ended, variables, command):
    done = ended(variables, *command.split())
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False), done.stderr
    assert done.stdout


def test_a_query_in_utf_8_is_that_in_every_locale(ended):
    query = "select 'é한' as x".encode()
    expected = ended({"LC_ALL": "C.UTF-8"}, "query", query, "--format", "csv")
    assert expected.stdout.decode().split() == ["x", "é한"]
    for variables in LOCALES.values():
        done = ended(variables, "query", query, "--format", "csv")
        assert (done.returncode, done.stdout) == (0, expected.stdout), done.stderr


def test_a_query_in_other_bytes_is_refused(ended):
    done = ended({"LC_ALL": "C.UTF-8"}, "query", b"select '\xe9'")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr == b"quarry: The query is not UTF-8. Write it in UTF-8.\n"
