"""Targets in a ledger: percentages and quarters of years."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from miners.ledger.cells import WrongCell

if TYPE_CHECKING:
    from miners.ledger.cells import Cells, Facts

PERCENT = "%"
_PERCENTAGE = re.compile(r"\s*(.*\S)\s*[%％]\s*")


def prepare_target(cells: Cells) -> Cells:
    """Move the sign of percent from numbers to the unit, where that has no other."""
    signed = {
        name: match[1]
        for name in ("target", "near")
        if (match := _PERCENTAGE.fullmatch(str(cells.get(name, ""))))
    }
    is_percent = str(cells.get("unit", PERCENT)).strip() == PERCENT
    return {**cells, **signed, "unit": PERCENT} if signed and is_percent else cells


def complete_target(facts: Facts) -> None:
    """Add the year to a quarter; WrongCell for one of another year."""
    year, quarter = facts["year"], facts["quarter"]
    if not quarter or not year:
        return
    if len(quarter) == len("Q1"):
        facts["quarter"] = f"{year}-{quarter}"
    elif quarter[:4] != str(year):
        raise WrongCell(f"a quarter of {year}", quarter, column="quarter")
