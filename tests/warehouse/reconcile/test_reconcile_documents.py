"""Invented reports: every contradiction is found, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from warehouse.reconcile.findings import reconcile

REPORTS = Path(__file__).parent / "reports"
EXPECTED = re.compile(r"--> line (\d+): (.+) should be (.+)")


def reports(name):
    """Yield invented reports: a name, Markdown, and the expected findings."""
    for block in re.split(r"^=== ", (REPORTS / name).read_text("utf-8"), flags=re.MULTILINE)[1:]:
        title, _, text = block.partition("\n")
        expected = [(int(line), says, right) for line, says, right in EXPECTED.findall(text)]
        yield pytest.param(EXPECTED.sub("", text), expected, id=title)


@pytest.mark.parametrize(("text", "expected"), [*reports("broken.txt"), *reports("fine.txt")])
def test_every_contradiction_is_found_and_nothing_else(text, expected):
    findings = [
        (finding.figure.line, finding.says, finding.should_be)
        for finding in reconcile(text).findings
    ]

    assert findings == expected


def test_every_broken_report_says_what_is_wrong_with_it():
    assert all(case.values[1] for case in reports("broken.txt"))
    assert not any(case.values[1] for case in reports("fine.txt"))
