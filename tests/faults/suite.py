"""The faults of the suite, and runs of their tests."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).parents[2]
_SUITE = Path(__file__).with_name("suite.toml")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A fault: what is demanded, the tests of its long and short form, and what has no test."""

    name: str
    demand: str
    tests: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    examples: int | None = None
    variables: dict[str, str] = field(default_factory=dict)
    not_covered: str = ""


@dataclass(frozen=True)
class Counts:
    """How many tests of a fault passed, failed and were skipped, and in how long."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    output: str = ""

    @property
    def verdict(self) -> str:
        if self.failed:
            return f"{self.failed} failed"
        return "passed" if self.passed else "not tested"


def read_suite() -> list[Fault]:
    """Read the faults in the order in which they are listed."""
    entries = tomllib.loads(_SUITE.read_text("utf-8"))["fault"]
    return [
        Fault(**{k: tuple(v) if isinstance(v, list) else v for k, v in e.items()}) for e in entries
    ]


def run_tests(fault: Fault, *, is_long: bool) -> Counts:
    """Run the tests of a fault in a process of their own."""
    tests = fault.tests if is_long else fault.short
    if not tests:
        return Counts()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-n", "0", f"--junitxml={report}"]
            + (["--hypothesis-profile=night"] if is_long and fault.examples else [])
            + list(tests),
            cwd=ROOT,
            env=os.environ | (_variables(fault) if is_long else {}),
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = time.monotonic() - began
        xml = report.read_text("utf-8") if report.exists() else ""
    return counted(xml, seconds, done.stdout + done.stderr)


def counted(xml: str, seconds: float, output: str) -> Counts:
    """Count the tests in a report of pytest; a run without a report has failed."""
    suites = list(ET.fromstring(xml).iter("testsuite")) if xml else []
    total, failures, errors, skipped = (
        sum(int(suite.get(name, 0)) for suite in suites)
        for name in ("tests", "failures", "errors", "skipped")
    )
    failed = failures + errors if suites else 1
    return Counts(max(0, total - failed - skipped), failed, skipped, seconds, output)


def _variables(fault: Fault) -> dict[str, str]:
    examples = {"QUARRY_TEST_EXAMPLES": str(fault.examples)} if fault.examples else {}
    return fault.variables | examples
