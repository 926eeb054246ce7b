"""The table of docs/ERRORS.md, and which tests show its rows."""

from __future__ import annotations

from pathlib import Path

from miners.errors import RateLimited, SourceDenied, SourceUnavailable

PAGE = Path(__file__).parents[3] / "docs" / "ERRORS.md"
CLASSES = {"denied": SourceDenied, "limited": RateLimited, "unavailable": SourceUnavailable}


def rows():
    """Read the table: the outcome of each case, by its name."""
    lines = PAGE.read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    return {row[0]: row[2] for row in cells[2:]}


def shows(*cases):
    """Mark a test as one that shows these rows."""

    def mark(test):
        test.shown_cases = cases
        return test

    return mark


def error_of(case):
    """Name the class of the error that a row promises."""
    return CLASSES[rows()[case]]
