"""Rules of lists: totals, sums and counts of items."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.intervals import amount_of, exactly, plain, total
from warehouse.reconcile.parse.periods import by_grain, period_in
from warehouse.reconcile.parse.vocabulary import (
    NOT_ADDED,
    PARTIAL,
    TOTAL,
    is_average,
    is_total,
    tokens,
)
from warehouse.reconcile.rules.check import FigureCheck, agreeing, firm_where_most_agree
from warehouse.reconcile.rules.check_sum import Sum, check_sum, sum_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.reconcile.parse.document import Line
    from warehouse.reconcile.parse.numbers import WrittenFigure
    from warehouse.reconcile.parse.statements import ParsedReport

_TWO = 2
_NAMED = re.compile(r"[^.;:()\d]{0,30}\((?P<names>[^()]+)\)")
_QUARTERS = 4


def totals_of_lists(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare a total or average with the other items of its list."""
    for group in report.document.groups:
        for index, line in enumerate(group):
            if line.lead and (is_total(line.label) or is_average(line.label)):
                checks = [
                    list(_total(line, line.lead, parts))
                    for parts in _parts_of(line.lead, group[:index] or group[1:])
                ]
                yield from max(checks, key=agreeing, default=[])


def sums_of_children(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare a figure with its child items, where they are all of its parts."""
    checks_by_label: dict[str | int, list[FigureCheck]] = defaultdict(list)
    for line in report.document.lines:
        parts = [child.lead for child in line.children if child.lead and not is_total(child.label)]
        is_whole = len(parts) >= _TWO and len(parts) == len(line.children)
        if line.lead and is_whole and not set(tokens(line.text)) & PARTIAL:
            checks_by_label[line.label or id(line)].extend(_of_children(line, line.lead, parts))
    for checks in checks_by_label.values():
        yield from firm_where_most_agree(checks)


def counted_children(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare a count with the number of child items, which may be incomplete."""
    for line in report.document.lines:
        count, items = line.lead, len(line.children)
        if not count or not count.is_exact or items < _TWO:
            continue
        is_numbered = all(child.is_ordered for child in line.children)
        is_total_of = bool(set(tokens(line.label)) & TOTAL)
        is_firm = is_numbered and is_total_of and items > count.value
        if is_firm or items == count.value:
            yield FigureCheck(figure=count, rule="items", expected=(exactly(items),), working="")


def named_in_brackets(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare a count with the names in brackets after it, which may be examples."""
    for line in report.document.lines:
        for count in line.figures:
            match = _NAMED.match(line.text, count.end)
            items = len(match["names"].split(",")) if match else 0
            if count.is_exact and not count.over and items == count.value and items >= _TWO:
                yield FigureCheck(
                    figure=count, rule="items", expected=(exactly(items),), working=""
                )


def at_least_once_each(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare a total of times with its items; an item without a number counts at least once."""
    for line in report.document.lines:
        if not (line.lead and line.lead.unit == "회" and set(tokens(line.text)) & TOTAL):
            continue
        counts = {child: _times(child, line.lead.unit) for child in line.children}
        stated = tuple(times for times in counts.values() if times)
        others = [child for child, times in counts.items() if not times]
        if stated and all(_is_one_of(child, line) for child in others):
            added = total([amount_of(figure) for figure in stated] + [exactly(1)] * len(others))
            ones = "".join(" + 1" for _ in others)
            working = f"{' + '.join(figure.text for figure in stated)}{ones} = {plain(added.shown)}"
            is_firm = line.lead.value < added.shown
            yield FigureCheck(
                figure=line.lead,
                rule="total",
                expected=(added,),
                working=working,
                parts=stated,
                is_firm=is_firm,
            )


def _parts_of(figure: WrittenFigure, lines: Sequence[Line]) -> list[list[Line]]:
    """Return the candidate parts of a total: the items of each grain, or all alike items."""
    with_figures = [line for line in lines if line.lead]
    by_period = [
        [with_figures[n] for n in places]
        for places in by_grain([line.label for line in with_figures])
    ]
    chosen = [parts for parts in by_period if len(parts) >= _TWO]
    if chosen:
        return chosen
    alike = [line for line in with_figures if line.lead and _is_alike(line.lead, figure)]
    return [alike] if len(alike) == len(lines) and len(alike) >= _TWO else []


def _is_alike(figure: WrittenFigure, other: WrittenFigure) -> bool:
    """Return whether two figures have the same unit or noun."""
    if bool(figure.over) != bool(other.over) or figure.unit != other.unit:
        return False
    if figure.over or figure.unit:
        return True
    return bool(set(figure.noun) & set(other.noun)) or not (figure.noun or other.noun)


def _total(line: Line, figure: WrittenFigure, parts: Sequence[Line]) -> Iterator[FigureCheck]:
    leads = tuple(part.lead for part in parts if part.lead)
    if figure.over:
        if all(lead.over for lead in leads):
            yield _both_sums(figure, leads, is_firm=True)
    elif {lead.unit for lead in leads} == {figure.unit} and not any(lead.over for lead in leads):
        of = f"{parts[0].section.title} {' '.join(leads[0].noun)}"
        check = check_sum(
            Sum(
                figure=figure,
                says=line.label,
                of=of,
                parts=leads,
                amounts=tuple(map(amount_of, leads)),
            )
        )
        misses_some = bool(by_grain([parts[0].label])) and len(parts) < _QUARTERS
        may_be_more = misses_some and figure.value > check.expected[0].shown
        is_of_year = period_in(line.label) is not None
        yield replace(check, is_firm=check.is_firm and not (may_be_more and is_of_year))


def _of_children(
    line: Line, figure: WrittenFigure, parts: Sequence[WrittenFigure]
) -> Iterator[FigureCheck]:
    if figure.over and all(part.over for part in parts):
        yield _both_sums(figure, parts, is_firm=False)
    elif {part.unit for part in parts} == {figure.unit} and not any(part.over for part in parts):
        if figure.over or set(tokens(line.text)) & NOT_ADDED:
            return
        added = total([amount_of(part) for part in parts])
        is_same = bool(figure.noun) and {part.noun[-1:] for part in parts} == {figure.noun[-1:]}
        working = sum_of(figure, parts, added)
        yield FigureCheck(
            figure=figure,
            rule="total",
            expected=(added,),
            working=working,
            parts=tuple(parts),
            is_firm=is_same,
        )


def _both_sums(
    figure: WrittenFigure, parts: Sequence[WrittenFigure], *, is_firm: bool
) -> FigureCheck:
    """
    Return the check of parts and wholes; firm where one of the two sums fits.

    Shape:   the expected amount is the sum that does not fit, if any.
    """
    part = sum((part_figure.value for part_figure in parts), Fraction(0))
    whole = sum((part_figure.over or Fraction(0) for part_figure in parts), Fraction(0))
    is_part, is_whole = part == figure.value, whole == figure.over
    expected = exactly(part if is_whole or not is_part else figure.value + 1)
    added = f"{plain(part)}/{plain(whole)}"
    working = f"{' + '.join(part_figure.text for part_figure in parts)} = {added}"
    return FigureCheck(
        figure=figure,
        rule="total",
        expected=(expected,),
        working=working,
        parts=tuple(parts),
        is_firm=is_firm or is_part or is_whole,
        should_be=added,
    )


def _times(line: Line, unit: str) -> WrittenFigure | None:
    return next((figure for figure in line.numbers.figures if figure.unit == unit), None)


def _is_one_of(child: Line, line: Line) -> bool:
    """Return whether an item is one of what a line counts, by its last word."""
    words = tokens(child.text)
    counted = [word for word in tokens(line.label) if len(word) > 1]
    return bool(words) and any(words[-1].endswith(word) for word in counted)
