"""Sums that are written out: 54 commits (32 here + 19 there + 3 elsewhere)."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.intervals import amount_of, total
from warehouse.reconcile.parse.numbers import MASK
from warehouse.reconcile.rules.check import Check
from warehouse.reconcile.rules.check_sum import sum_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.reconcile.parse.numbers import Figure
    from warehouse.reconcile.parse.statements import Reading

_TWO = 2
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_PLUS = re.compile(rf"[^\d=(){MASK}]*?\s\+\s*|\s*\+\s*")
_EQUALS = re.compile(rf"[^\d=()+{MASK}]{{0,30}}=\s*")
_NAMED = re.compile(r"[^.;:()\d=+]{0,40}")


def sums_in_brackets(reading: Reading) -> Iterator[Check]:
    """Compare a figure with the sum in brackets behind it: 54 (32 + 19 + 3)."""
    for text, figures in reading.document.texts():
        for match in _IN_BRACKETS.finditer(text):
            parts = [one for one in figures if match.start(1) <= one.start < match.end(1)]
            before = [one for one in figures if one.end <= match.start()]
            if before and _is_sum(text, parts, match.start(1)):
                whole = before[-1]
                is_named = _NAMED.fullmatch(text[whole.end : match.start()])
                if is_named and (whole.noun or whole.unit) and _are_alike(whole, parts):
                    yield _sum(whole, parts)


def sums_as_equations(reading: Reading) -> Iterator[Check]:
    """Compare both sides of an equation: 32 + 19 + 3 = 54, or the other way round."""
    for text, figures in reading.document.texts():
        for run in _runs(text, figures):
            first, last = figures.index(run[0]), figures.index(run[-1])
            after = figures[last + 1] if last + 1 < len(figures) else None
            before = figures[first - 1] if first else None
            is_right_side = text[: run[0].start].rstrip().endswith("=")
            if after and _EQUALS.fullmatch(text[run[-1].end : after.start]):
                is_sum = _are_alike(after, run) and not is_right_side
                yield from [_sum(after, run)] if is_sum else []
            elif before and _EQUALS.fullmatch(text[before.end : run[0].start]):
                yield from [_sum(before, run)] if _are_alike(before, run) else []


def _is_sum(text: str, parts: Sequence[Figure], start: int) -> bool:
    """Tell whether a bracket holds nothing but parts with a plus between them."""
    if len(parts) < _TWO or text[start : parts[0].start].strip():
        return False
    return all(_PLUS.fullmatch(text[a.end : b.start]) for a, b in pairwise(parts))


def _runs(text: str, figures: Sequence[Figure]) -> Iterator[list[Figure]]:
    """Yield figures that stand in a row with a plus between them."""
    run: list[Figure] = []
    for figure in figures:
        if run and not _PLUS.fullmatch(text[run[-1].end : figure.start]):
            if len(run) >= _TWO:
                yield run
            run = []
        run.append(figure)
    if len(run) >= _TWO:
        yield run


def _are_alike(whole: Figure, parts: Sequence[Figure]) -> bool:
    units = {one.unit for one in parts}
    return not whole.over and not any(one.over for one in parts) and units in ({whole.unit}, {""})


def _sum(whole: Figure, parts: Sequence[Figure]) -> Check:
    added = total([amount_of(one) for one in parts])
    return Check(whole, "total", (added,), sum_of(whole, parts, added), tuple(parts))
