"""Parts of a whole, their percentage, and what remains."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, permutations
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.intervals import amount_of, exactly, mean, plain, ratio, scaled
from warehouse.reconcile.parse.vocabulary import REMAINING, REMAINING_BEFORE, is_total
from warehouse.reconcile.rules.check import Check, agreeing, firm_where_most_agree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.reconcile.parse.document import Cell, Line, Table
    from warehouse.reconcile.parse.numbers import Figure
    from warehouse.reconcile.parse.statements import Reading

_HUNDRED = 100
# 25/40 tasks completed = 62 %, 25/40 (62 %)
_THEN_PERCENT = re.compile(r"[^.;:()=\d]{0,40}=\s*|[^.;:()=\d]{0,25}\(\s*")
# 89 % on-time rate (17/19)
_THEN_PARTS = re.compile(r"[^.;:()\d]{0,50}\(\s*")
_REST_OF_PARTS = re.compile(r"(?!\s+of\b)[^()\d]{0,30}\)")
_IS_CHANGE = re.compile(r"\b(?:up|down|increase|decrease|growth|reduction|off)\b|증가|감소")


def percent_of_parts(reading: Reading) -> Iterator[Check]:
    """Compare a percentage with its parts, in either order: 25/40 = 62.5 %."""
    for text, figures in reading.document.texts():
        for first, second in pairwise(figures):
            between = text[first.end : second.start]
            if first.over and _is_percent_after(between, text, second):
                yield _of_parts(second, [first])
            elif second.over and _is_percent_before(between, text, first, second):
                yield _of_parts(first, [second])


def percent_of_columns(reading: Reading) -> Iterator[Check]:
    """Compare a column of percentages with the two columns that most of its rows are made from."""
    for table in reading.document.tables:
        columns = range(1, len(table.header))
        for percent in columns:
            pairs = permutations([n for n in columns if n != percent], 2)
            found = [_of_columns(table, percent, *pair) for pair in pairs]
            best = max(found, key=agreeing, default=[])
            yield from (check for check in firm_where_most_agree(best) if check.is_firm)


def percent_of_children(reading: Reading) -> Iterator[Check]:
    """Compare a percentage with the parts of wholes that hang on it."""
    beside: dict[str | int, list[Check]] = defaultdict(list)
    for line in reading.document.lines:
        figure = line.lead
        is_alone = figure and figure.unit == "%" and not any(one.over for one in line.figures)
        parts = [child for child in line.children if child.lead and child.lead.over]
        if figure and is_alone and parts and len(parts) == len(line.children):
            beside[line.label or id(line)].append(_of_children(figure, parts))
    for checks in beside.values():
        yield from firm_where_most_agree(checks)


def remaining_of_parts(reading: Reading) -> Iterator[Check]:
    """Compare what is left with what is not done, as it is never more: 5/10 resolved leaves 5."""
    for line in reading.document.lines:
        for parts, left in pairwise(line.figures):
            between, after = line.text[parts.end : left.start], line.text[left.end :]
            is_left = REMAINING.search(after) or REMAINING_BEFORE.search(between)
            if parts.over and is_left and left.is_exact:
                value = parts.over - parts.value
                working = f"{plain(parts.over)} − {plain(parts.value)} = {plain(value)}"
                check = Check(left, "remaining", (exactly(value),), working, (parts,))
                yield replace(check, is_firm=left.value > value)


def _is_percent_after(between: str, text: str, percent: Figure) -> bool:
    match = _THEN_PERCENT.fullmatch(between)
    is_closed = not between.rstrip().endswith("(") or text[percent.end :].lstrip().startswith(")")
    return bool(match and is_closed and percent.unit == "%" and not percent.is_signed)


def _is_percent_before(between: str, text: str, percent: Figure, parts: Figure) -> bool:
    if percent.unit != "%" or percent.is_signed or _IS_CHANGE.search(between):
        return False
    return bool(_THEN_PARTS.fullmatch(between) and _REST_OF_PARTS.match(text, parts.end))


def _of_parts(figure: Figure, parts: Sequence[Figure]) -> Check:
    part = sum((one.value for one in parts), Fraction(0))
    whole = sum((one.over or Fraction(0) for one in parts), Fraction(0))
    value = exactly(_HUNDRED * part / whole)
    working = f"{plain(part)}/{plain(whole)} = {plain(value.shown)} %"
    return Check(figure, "percent of parts", (value,), working, tuple(parts))


def _of_children(figure: Figure, children: Sequence[Line]) -> Check:
    """Take the parts together, or the one that says total, or the mean of their percentages."""
    leads = {child: child.lead for child in children if child.lead}
    whole = [lead for child, lead in leads.items() if is_total(child.label)]
    check = _of_parts(figure, whole or list(leads.values()))
    averaged = mean([amount_of(lead) for lead in leads.values()])
    return check if whole else replace(check, expected=(*check.expected, averaged), is_firm=False)


def _of_columns(table: Table, percent: int, part: int, whole: int) -> list[Check]:
    rows = [_of_cells(row[percent], row[part], row[whole]) for row in table.rows]
    return [check for check in rows if check]


def _of_cells(percent: Cell, part: Cell, whole: Cell) -> Check | None:
    said, one, other = percent.lead, part.lead, whole.lead
    if not (said and one and other) or said.unit != "%" or said.is_signed:
        return None
    share = ratio(amount_of(one), amount_of(other)) if one.is_exact and other.is_exact else None
    if not share:
        return None
    value = scaled(share, _HUNDRED)
    working = f"{one.text}/{other.text} = {plain(value.shown)} %"
    return Check(said, "percent of parts", (value,), working, (one, other), is_firm=False)
