"""What the items of a list hold to each other, and to the line that they hang on."""

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
    PARTLY,
    TOTAL,
    is_average,
    is_total,
    tokens,
)
from warehouse.reconcile.rules.check import Check, agreeing, firm_where_most_agree
from warehouse.reconcile.rules.check_sum import Sum, check_sum, sum_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.reconcile.parse.document import Line
    from warehouse.reconcile.parse.numbers import Figure
    from warehouse.reconcile.parse.statements import Reading

_TWO = 2
_NAMED = re.compile(r"[^.;:()\d]{0,30}\((?P<names>[^()]+)\)")
_QUARTERS = 4


def totals_of_lists(reading: Reading) -> Iterator[Check]:
    """Compare a total or average with the quarters or other items beside it."""
    for group in reading.document.groups:
        for index, line in enumerate(group):
            if line.lead and (is_total(line.label) or is_average(line.label)):
                found = [
                    list(_total(line, line.lead, parts))
                    for parts in _parts_of(line.lead, group[:index] or group[1:])
                ]
                yield from max(found, key=agreeing, default=[])


def sums_of_children(reading: Reading) -> Iterator[Check]:
    """Compare a figure with the parts that hang on it, where these are surely all."""
    beside: dict[str | int, list[Check]] = defaultdict(list)
    for line in reading.document.lines:
        parts = [child.lead for child in line.children if child.lead and not is_total(child.label)]
        is_whole = len(parts) >= _TWO and len(parts) == len(line.children)
        if line.lead and is_whole and not set(tokens(line.text)) & PARTLY:
            beside[line.label or id(line)].extend(_of_children(line, line.lead, parts))
    for checks in beside.values():
        yield from firm_where_most_agree(checks)


def counted_children(reading: Reading) -> Iterator[Check]:
    """Compare a number of things with the list of them, which may be of some only."""
    for line in reading.document.lines:
        count, items = line.lead, len(line.children)
        if not count or not count.is_exact or items < _TWO:
            continue
        is_numbered = all(child.is_ordered for child in line.children)
        is_total_of = bool(set(tokens(line.label)) & TOTAL)
        is_firm = is_numbered and is_total_of and items > count.value
        if is_firm or items == count.value:
            yield Check(count, "items", (exactly(items),), "")


def named_in_brackets(reading: Reading) -> Iterator[Check]:
    """Compare a number of things with their names in brackets, which may be examples."""
    for line in reading.document.lines:
        for count in line.figures:
            match = _NAMED.match(line.text, count.end)
            items = len(match["names"].split(",")) if match else 0
            if count.is_exact and not count.over and items == count.value and items >= _TWO:
                yield Check(count, "items", (exactly(items),), "")


def at_least_once_each(reading: Reading) -> Iterator[Check]:
    """Compare a total of times with a list of them; what it says no number of was once at least."""
    for line in reading.document.lines:
        if not (line.lead and line.lead.unit == "회" and set(tokens(line.text)) & TOTAL):
            continue
        said = {child: _times(child, line.lead.unit) for child in line.children}
        known = tuple(times for times in said.values() if times)
        others = [child for child, times in said.items() if not times]
        if known and all(_is_one_of(child, line) for child in others):
            added = total([amount_of(one) for one in known] + [exactly(1)] * len(others))
            ones = "".join(" + 1" for _ in others)
            working = f"{' + '.join(one.text for one in known)}{ones} = {plain(added.shown)}"
            is_firm = line.lead.value < added.shown
            yield Check(line.lead, "total", (added,), working, known, is_firm=is_firm)


def _parts_of(figure: Figure, lines: Sequence[Line]) -> list[list[Line]]:
    """Choose the lines that a total may be of: those of quarters or other times, or all alike."""
    told = [line for line in lines if line.lead]
    of_time = [[told[n] for n in places] for places in by_grain([line.label for line in told])]
    chosen = [parts for parts in of_time if len(parts) >= _TWO]
    if chosen:
        return chosen
    alike = [line for line in told if line.lead and _is_alike(line.lead, figure)]
    return [alike] if len(alike) == len(lines) and len(alike) >= _TWO else []


def _is_alike(one: Figure, other: Figure) -> bool:
    """Tell whether two figures count the same thing, by what is written behind them."""
    if bool(one.over) != bool(other.over) or one.unit != other.unit:
        return False
    if one.over or one.unit:
        return True
    return bool(set(one.noun) & set(other.noun)) or not (one.noun or other.noun)


def _total(line: Line, figure: Figure, parts: Sequence[Line]) -> Iterator[Check]:
    leads = tuple(part.lead for part in parts if part.lead)
    if figure.over:
        if all(lead.over for lead in leads):
            yield _both_sums(figure, leads, is_firm=True)
    elif {lead.unit for lead in leads} == {figure.unit} and not any(lead.over for lead in leads):
        of = f"{parts[0].section.title} {' '.join(leads[0].noun)}"
        check = check_sum(Sum(figure, line.label, of, leads, tuple(map(amount_of, leads))))
        misses_some = bool(by_grain([parts[0].label])) and len(parts) < _QUARTERS
        may_be_more = misses_some and figure.value > check.expected[0].shown
        is_of_year = period_in(line.label) is not None
        yield replace(check, is_firm=check.is_firm and not (may_be_more and is_of_year))


def _of_children(line: Line, figure: Figure, parts: Sequence[Figure]) -> Iterator[Check]:
    if figure.over and all(part.over for part in parts):
        yield _both_sums(figure, parts, is_firm=False)
    elif {part.unit for part in parts} == {figure.unit} and not any(part.over for part in parts):
        if figure.over or set(tokens(line.text)) & NOT_ADDED:
            return
        added = total([amount_of(part) for part in parts])
        is_same = bool(figure.noun) and {part.noun[-1:] for part in parts} == {figure.noun[-1:]}
        working = sum_of(figure, parts, added)
        yield Check(figure, "total", (added,), working, tuple(parts), is_firm=is_same)


def _both_sums(figure: Figure, parts: Sequence[Figure], *, is_firm: bool) -> Check:
    """
    Add up parts and wholes; where one of the two adds up the other has to.

    Shape:   the amount is that of the sum that misses, if one does.
    """
    part = sum((one.value for one in parts), Fraction(0))
    whole = sum((one.over or Fraction(0) for one in parts), Fraction(0))
    is_part, is_whole = part == figure.value, whole == figure.over
    expected = exactly(part if is_whole or not is_part else figure.value + 1)
    added = f"{plain(part)}/{plain(whole)}"
    working = f"{' + '.join(one.text for one in parts)} = {added}"
    return Check(
        figure,
        "total",
        (expected,),
        working,
        tuple(parts),
        is_firm=is_firm or is_part or is_whole,
        should_be=added,
    )


def _times(line: Line, unit: str) -> Figure | None:
    return next((one for one in line.found.figures if one.unit == unit), None)


def _is_one_of(child: Line, line: Line) -> bool:
    """Tell whether an item names one more of what a line counts: its last word ends alike."""
    words = tokens(child.text)
    counted = [word for word in tokens(line.label) if len(word) > 1]
    return bool(words) and any(words[-1].endswith(word) for word in counted)
