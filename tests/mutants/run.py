"""
Put single faults into the code, and see which test notices each.

    python -m tests.mutants.run --results results.jsonl [--wide] [--again] [ID or its beginning …]

Run it in a clone of its own: it changes one file at a time and restores it. tests/mutants.md has
what came of it.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import re
import signal
import sys
import tempfile
import time
import tomllib
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
ALL_PASSED, SOME_FAILED, NONE_FOUND = 0, 1, 5
OPTIONS = (
    *("-x", "-q", "-n", "0", "-p", "no:cacheprovider"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)
# No module of a library is mutated; our own modules are not by a mutant of the models.
LIBRARIES = ("duckdb", "git", "github", "hypothesis", "polars", "pydantic_settings", "typer")
OWN = ("flows.cli.main", "flows.settings.workspace", "flows.run.publish", "miners.git.mine")
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class CodeFault:
    """
    One fault: a text of a file and what is put in its place.

    Shape:   old stands once in the file; shows is what a user would get; tests are what covers it,
             the quickest first, and wider what covers its room.
    """

    id: str
    file: str
    old: str
    new: str
    shows: str
    tests: tuple[str, ...]
    wider: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class FaultOutcome:
    """What became of a mutant: the test that failed, None if it survived all that were run."""

    id: str
    killed_by: str | None
    tests: tuple[str, ...]
    seconds: float


def read_mutants() -> list[CodeFault]:
    """List the mutants of all lists, by identifier."""
    lists = (tomllib.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml")))
    return [
        CodeFault(**facts | {"tests": tuple(facts["tests"]), "wider": tuple(found["wider"])})
        for found in lists
        for facts in found["mutant"]
    ]


@contextmanager
def applied(mutant: CodeFault) -> Iterator[None]:
    """
    Put a mutant into its file, and restore the file.

    Errors:  ValueError if its old text does not stand once in the file.
    """
    path = ROOT / mutant.file
    before, stamp = path.read_text("utf-8"), path.stat()
    if before.count(mutant.old) != 1:
        raise ValueError(f"{mutant.id}: its text stands {before.count(mutant.old)} times")
    path.write_text(before.replace(mutant.old, mutant.new), "utf-8")
    try:
        yield
    finally:
        path.write_text(before, "utf-8")
        # A compiled module is of the time and size of its text.
        os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))


def try_mutant(mutant: CodeFault, limit_seconds: float, *, is_wide: bool) -> FaultOutcome:
    """Run the tests of a mutant one file or folder after the other until one fails."""
    began, ran = time.monotonic(), []
    tests = (*mutant.tests, *(mutant.wider if is_wide else ()))
    with applied(mutant):
        for chosen in tests:
            ran.append(chosen)
            killed_by = _failed_test(chosen, limit_seconds)
            if killed_by:
                break
    seconds = round(time.monotonic() - began, 1)
    return FaultOutcome(id=mutant.id, killed_by=killed_by, tests=tuple(ran), seconds=seconds)


def _failed_test(chosen: str, limit_seconds: float) -> str | None:
    with tempfile.TemporaryFile("w+") as output:
        child = os.fork()
        if not child:
            _run_tests(chosen, output.fileno())
        status = _wait(child, limit_seconds)
        output.seek(0)
        said = output.read()
    if status is None:
        return f"the time limit of {chosen}"
    if status == ALL_PASSED:
        return None
    if status == NONE_FOUND:
        raise ValueError(f"{chosen} has no test")
    failed = FAILED.search(said)
    return failed[1] if failed else f"{chosen}, which ended with {status}"


def _run_tests(chosen: str, output: int) -> NoReturn:
    """Run pytest in this process, which ends with it."""
    os.setsid()
    for stream in (1, 2):
        os.dup2(output, stream)
    code = pytest.main([*OPTIONS, *chosen.split()])
    sys.stdout.flush()
    os._exit(int(code))


def _wait(child: int, limit_seconds: float) -> int | None:
    """Wait for a process and return its exit code; end it, with its children, at the limit."""
    ends_at = time.monotonic() + limit_seconds
    while time.monotonic() < ends_at:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _preload(mutants: Iterable[CodeFault]) -> None:
    """Import what all tests need, so that each forked process begins with it."""
    names = list(LIBRARIES)
    if all(mutant.file.endswith(".sql") for mutant in mutants):
        names += OWN
    for name in names:
        importlib.import_module(name)


def main() -> None:
    """Try the chosen mutants, and add their outcomes to a file of JSON lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ids", nargs="*", default=[""])
    parser.add_argument("--results", type=Path, required=True)
    parser.add_argument("--wide", action="store_true", help="run the tests of the room too")
    parser.add_argument("--again", action="store_true", help="try those with an outcome too")
    parser.add_argument("--limit", type=float, default=600, help="seconds for each file of tests")
    asked = parser.parse_args()
    lines = asked.results.read_text("utf-8").splitlines() if asked.results.exists() else []
    known = set() if asked.again else {json.loads(line)["id"] for line in lines}
    begun = tuple(asked.ids)
    chosen = [m for m in read_mutants() if m.id.startswith(begun) and m.id not in known]
    _preload(chosen)
    for mutant in chosen:
        if (ROOT / mutant.file).read_text("utf-8").count(mutant.old) != 1:
            print(mutant.id, "is no longer in the code: renew its text", flush=True)
            continue
        outcome = try_mutant(mutant, asked.limit, is_wide=asked.wide)
        with asked.results.open("a", encoding="utf-8") as results:
            results.write(json.dumps(asdict(outcome)) + "\n")
        print(mutant.id, outcome.killed_by or "SURVIVED", outcome.seconds, flush=True)


if __name__ == "__main__":
    main()
