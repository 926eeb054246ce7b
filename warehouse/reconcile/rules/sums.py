"""Rules for written sums: 54 commits (32 here + 22 there)."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.intervals import amount_of, total
from warehouse.reconcile.parse.numbers import MASK
from warehouse.reconcile.rules.check import FigureCheck
from warehouse.reconcile.rules.check_sum import sum_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.reconcile.parse.numbers import WrittenFigure
    from warehouse.reconcile.parse.statements import ParsedReport

_TWO = 2
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_PLUS = re.compile(rf"[^\d=(){MASK}]*?\s\+\s*|\s*\+\s*")
_EQUALS = re.compile(rf"[^\d=()+{MASK}]{{0,30}}=\s*")
_NAMED = re.compile(r"[^.;:()\d=+]{0,40}")


def sums_in_brackets(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare a figure with the sum in brackets after it: 54 (32 + 19 + 3)."""
    for text, figures in report.document.texts():
        for match in _IN_BRACKETS.finditer(text):
            parts = [figure for figure in figures if match.start(1) <= figure.start < match.end(1)]
            before = [figure for figure in figures if figure.end <= match.start()]
            if before and _is_sum(text, parts, match.start(1)):
                whole = before[-1]
                is_named = _NAMED.fullmatch(text[whole.end : match.start()])
                if is_named and (whole.noun or whole.unit) and _are_alike(whole, parts):
                    yield _sum(whole, parts)


def sums_as_equations(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare both sides of an equation: 32 + 19 + 3 = 54, or 54 = 32 + 19 + 3."""
    for text, figures in report.document.texts():
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


def _is_sum(text: str, parts: Sequence[WrittenFigure], start: int) -> bool:
    """Return whether a bracket has only parts with a plus between them."""
    if len(parts) < _TWO or text[start : parts[0].start].strip():
        return False
    return all(_PLUS.fullmatch(text[a.end : b.start]) for a, b in pairwise(parts))


def _runs(text: str, figures: Sequence[WrittenFigure]) -> Iterator[list[WrittenFigure]]:
    """Yield runs of figures with a plus between them."""
    run: list[WrittenFigure] = []
    for figure in figures:
        if run and not _PLUS.fullmatch(text[run[-1].end : figure.start]):
            if len(run) >= _TWO:
                yield run
            run = []
        run.append(figure)
    if len(run) >= _TWO:
        yield run


def _are_alike(whole: WrittenFigure, parts: Sequence[WrittenFigure]) -> bool:
    units = {part.unit for part in parts}
    return not whole.over and not any(part.over for part in parts) and units in ({whole.unit}, {""})


def _sum(whole: WrittenFigure, parts: Sequence[WrittenFigure]) -> FigureCheck:
    added = total([amount_of(part) for part in parts])
    return FigureCheck(
        figure=whole,
        rule="total",
        expected=(added,),
        working=sum_of(whole, parts, added),
        parts=tuple(parts),
    )
