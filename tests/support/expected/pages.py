"""Pages of commands and reports that `make docs` writes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PAGES = Path(__file__).parents[2] / "pages"
# Set by `make docs`.
WRITES_PAGES = "QUARRY_WRITES_PAGES"
# A test that compares a page.
compares_page = pytest.mark.page


def compare_page(name, text):
    """Compare a text with the page of a name; under `make docs` write it first."""
    path = PAGES / name
    if WRITES_PAGES in os.environ:
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8"), f"{path} differs: run `make docs` and review it"
