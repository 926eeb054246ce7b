"""Rules of means: items, totals with counts, and ranges."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.durations import hours
from warehouse.reconcile.parse.intervals import Amount, amount_of, exactly, mean, plain, ratio
from warehouse.reconcile.parse.periods import parse_time_intervals
from warehouse.reconcile.parse.vocabulary import (
    AVERAGE,
    NOT_ADDED,
    PARTIAL,
    RANGE,
    TOTAL,
    is_total,
    tokens,
)
from warehouse.reconcile.rules.check import FigureCheck

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.reconcile.parse.document import Line
    from warehouse.reconcile.parse.numbers import WrittenFigure
    from warehouse.reconcile.parse.statements import ParsedReport

_SPREAD_OVER = re.compile(r"[^.;:\d]*?\s*(?:\b(?:across|over|in|for|from|among)\b|/|÷)\s*")


def means_of_children(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare a mean with the durations or time intervals below it."""
    for line in report.document.lines:
        words = set(tokens(line.label))
        if not line.lead or not words & AVERAGE or words & PARTIAL:
            continue
        leaves = _leaves(line, line.lead.unit)
        if leaves:
            averaged = mean([amount for amount, _, _ in leaves])
            added = " + ".join(text for _, text, _ in leaves)
            value = plain(averaged.shown)
            working = added if len(leaves) == 1 else f"({added}) / {len(leaves)} = {value}"
            parts = tuple(figure for _, _, figure in leaves if figure)
            yield FigureCheck(
                figure=line.lead, rule="mean", expected=(averaged,), working=working, parts=parts
            )


def means_of_totals(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare a mean with its total and count: 37 days, from 447 days across 12 tasks."""
    for line in report.document.lines:
        if line.lead and set(tokens(line.label)) & AVERAGE:
            yield from _mean_of_total(line, line.lead, line.figures[1:])
            for child in line.children:
                if is_total(child.label):
                    yield from _mean_of_total(child, line.lead, child.figures)


def means_within_ranges(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare a mean with its range."""
    for line in report.document.lines:
        figure = line.lead
        if not figure or not set(tokens(line.label)) & AVERAGE:
            continue
        for child in line.children:
            for written_range in child.numbers.ranges if set(tokens(child.label)) & RANGE else ():
                if written_range.unit in {"", figure.unit}:
                    nearest = min(max(figure.value, written_range.low), written_range.high)
                    working = f"{plain(written_range.low)} … {plain(written_range.high)}"
                    yield FigureCheck(
                        figure=figure, rule="range", expected=(exactly(nearest),), working=working
                    )


def _leaves(line: Line, unit: str) -> list[tuple[Amount, str, WrittenFigure | None]]:
    """List the durations below a line; none where one of them is not understood."""
    leaves: list[tuple[Amount, str, WrittenFigure | None]] = []
    for child in line.children:
        of_child = _leaf(child, unit)
        if not of_child:
            return []
        leaves += of_child
    return leaves


def _leaf(line: Line, unit: str) -> list[tuple[Amount, str, WrittenFigure | None]]:
    if set(tokens(line.label or line.text)) & (TOTAL | RANGE | NOT_ADDED | PARTIAL):
        return []
    if line.lead:
        is_same = line.lead.unit == unit and not line.lead.over
        return [(amount_of(line.lead), line.lead.text, line.lead)] if is_same else []
    intervals = [
        interval for interval in parse_time_intervals(line.text) if interval.precision == "minute"
    ]
    if len(intervals) == 1 and unit == "h":
        elapsed_hours = hours(intervals[0])
        return [(exactly(elapsed_hours), f"{plain(elapsed_hours)} h", None)]
    return _leaves(line, unit)


def _mean_of_total(
    line: Line, figure: WrittenFigure, figures: Sequence[WrittenFigure]
) -> Iterator[FigureCheck]:
    for whole, count in pairwise(figures):
        between = line.text[whole.end : count.start]
        if whole.unit == figure.unit and count.is_exact and _SPREAD_OVER.fullmatch(between):
            averaged = ratio(amount_of(whole), amount_of(count))
            if averaged:
                working = f"{whole.text} / {count.text} = {plain(averaged.shown)}"
                yield FigureCheck(
                    figure=figure,
                    rule="mean",
                    expected=(averaged,),
                    working=working,
                    parts=(whole, count),
                )
