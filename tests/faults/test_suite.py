"""Lists of the fault suite."""

from __future__ import annotations

import re

import pytest

from tests.faults.suite import ROOT, Counts, counted, read_suite

FAULTS = read_suite()
PAGE = (ROOT / "docs/RELIABILITY.md").read_text("utf-8")


def test_there_are_twenty_faults_and_the_parsers():
    assert len({fault.name for fault in FAULTS}) == 21


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_has_tests_that_exist_or_says_that_it_has_none(fault):
    assert fault.tests or fault.not_covered
    for test in (*fault.tests, *fault.short):
        path, _, name = test.partition("::")
        assert (ROOT / path).exists(), test
        assert not name or f"def {name}(" in (ROOT / path).read_text("utf-8"), test


def test_the_page_has_a_row_for_each_fault_in_their_order():
    rows = re.findall(r"^\| `([a-z-]+)` \|", PAGE, re.MULTILINE)
    assert rows == [fault.name for fault in FAULTS]


def test_a_report_of_pytest_is_counted():
    xml = '<testsuites><testsuite tests="9" failures="2" errors="1" skipped="3"/></testsuites>'
    assert counted(xml, 1.5, "") == Counts(3, 3, 3, 1.5, "")
    assert counted(xml, 1.5, "").verdict == "3 failed"
    assert counted(xml.replace("2", "0").replace('errors="1"', ""), 0, "").verdict == "passed"


def test_tests_that_ended_without_a_report_have_failed():
    assert counted("", 1.0, "crashed").verdict == "1 failed"
    assert Counts().verdict == "not tested"
