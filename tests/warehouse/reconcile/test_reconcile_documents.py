"""Reports of other authors: what does not hold is found, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from warehouse.reconcile.findings import reconcile

REPORTS = Path(__file__).parent / "reports"
EXPECTED = re.compile(r"--> line (\d+): (.+) should be (.+)")


def reports(name):
    """Read invented reports: a name, Markdown, and what does not hold in it."""
    for block in re.split(r"^=== ", (REPORTS / name).read_text("utf-8"), flags=re.MULTILINE)[1:]:
        title, _, text = block.partition("\n")
        expected = [(int(line), says, right) for line, says, right in EXPECTED.findall(text)]
        yield pytest.param(EXPECTED.sub("", text), expected, id=title)


@pytest.mark.parametrize(("text", "expected"), [*reports("broken.txt"), *reports("fine.txt")])
def test_what_does_not_hold_is_found_and_nothing_else(text, expected):
    found = [(one.figure.line, one.says, one.should_be) for one in reconcile(text).alarms]

    assert found == expected


def test_every_broken_report_says_what_is_wrong_with_it():
    assert all(case.values[1] for case in reports("broken.txt"))
    assert not any(case.values[1] for case in reports("fine.txt"))
