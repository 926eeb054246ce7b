"""Means beside what they are of: the items of a list, a total and a count, a range."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.durations import hours
from warehouse.reconcile.parse.intervals import Amount, amount_of, exactly, mean, plain, ratio
from warehouse.reconcile.parse.periods import find_stretches
from warehouse.reconcile.parse.vocabulary import (
    AVERAGE,
    NOT_ADDED,
    PARTLY,
    RANGE,
    TOTAL,
    is_total,
    tokens,
)
from warehouse.reconcile.rules.check import Check

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.reconcile.parse.document import Line
    from warehouse.reconcile.parse.numbers import Figure
    from warehouse.reconcile.parse.statements import Reading

_SPREAD_OVER = re.compile(r"[^.;:\d]*?\s*(?:\b(?:across|over|in|for|from|among)\b|/|÷)\s*")


def means_of_children(reading: Reading) -> Iterator[Check]:
    """Compare a mean with the durations that hang on it, or the stretches of time they took."""
    for line in reading.document.lines:
        words = set(tokens(line.label))
        if not line.lead or not words & AVERAGE or words & PARTLY:
            continue
        leaves = _leaves(line, line.lead.unit)
        if leaves:
            averaged = mean([amount for amount, _, _ in leaves])
            added = " + ".join(text for _, text, _ in leaves)
            value = plain(averaged.shown)
            working = added if len(leaves) == 1 else f"({added}) / {len(leaves)} = {value}"
            parts = tuple(figure for _, _, figure in leaves if figure)
            yield Check(line.lead, "mean", (averaged,), working, parts)


def means_of_totals(reading: Reading) -> Iterator[Check]:
    """Compare an average with a total and a count: 37 days, from 447 days across 12 tasks."""
    for line in reading.document.lines:
        if line.lead and set(tokens(line.label)) & AVERAGE:
            yield from _mean_of_total(line, line.lead, line.figures[1:])
            for child in line.children:
                if is_total(child.label):
                    yield from _mean_of_total(child, line.lead, child.figures)


def means_within_ranges(reading: Reading) -> Iterator[Check]:
    """Compare an average with the range that it has to lie in."""
    for line in reading.document.lines:
        figure = line.lead
        if not figure or not set(tokens(line.label)) & AVERAGE:
            continue
        for child in line.children:
            for between in child.found.ranges if set(tokens(child.label)) & RANGE else ():
                if between.unit in {"", figure.unit}:
                    nearest = min(max(figure.value, between.low), between.high)
                    working = f"{plain(between.low)} … {plain(between.high)}"
                    yield Check(figure, "range", (exactly(nearest),), working)


def _leaves(line: Line, unit: str) -> list[tuple[Amount, str, Figure | None]]:
    """List the durations that hang on a line; none where one of them is not understood."""
    found: list[tuple[Amount, str, Figure | None]] = []
    for child in line.children:
        below = _leaf(child, unit)
        if not below:
            return []
        found += below
    return found


def _leaf(line: Line, unit: str) -> list[tuple[Amount, str, Figure | None]]:
    if set(tokens(line.label or line.text)) & (TOTAL | RANGE | NOT_ADDED | PARTLY):
        return []
    if line.lead:
        is_same = line.lead.unit == unit and not line.lead.over
        return [(amount_of(line.lead), line.lead.text, line.lead)] if is_same else []
    stretches = [one for one in find_stretches(line.text) if one.precision == "minute"]
    if len(stretches) == 1 and unit == "h":
        taken = hours(stretches[0])
        return [(exactly(taken), f"{plain(taken)} h", None)]
    return _leaves(line, unit)


def _mean_of_total(line: Line, figure: Figure, figures: Sequence[Figure]) -> Iterator[Check]:
    for whole, count in pairwise(figures):
        between = line.text[whole.end : count.start]
        if whole.unit == figure.unit and count.is_exact and _SPREAD_OVER.fullmatch(between):
            averaged = ratio(amount_of(whole), amount_of(count))
            if averaged:
                working = f"{whole.text} / {count.text} = {plain(averaged.shown)}"
                yield Check(figure, "mean", (averaged,), working, (whole, count))
