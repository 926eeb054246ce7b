"""Changes that a report states between two figures of its own."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.periods import period_in
from warehouse.reconcile.parse.qualifiers import Bound
from warehouse.reconcile.parse.vocabulary import AFTER, BEFORE, tokens
from warehouse.reconcile.rules.claimed_change import check_change, direction_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.reconcile.parse.document import Line
    from warehouse.reconcile.parse.numbers import Figure
    from warehouse.reconcile.parse.statements import Reading
    from warehouse.reconcile.rules.check import Check

_TO = re.compile(
    r"(?:\s+[A-Za-z]+){0,2}?\s*(?:(?P<word>\bto\b)|→|->|=>|⇒|에서)\s*(?:about |~|약 ?)?"
)
_FROM = re.compile(r"\bfrom\s+$", re.IGNORECASE)
# From 30GB to 12GB (60 % reduction); from 30GB to 12GB, a 60 % reduction
_THEN_CHANGE = re.compile(
    r"[^.;()\d]{0,20}\(\s*|(?:\s[A-Za-z]+){0,2},?\s+(?:an?|or|i\.e\.,?)\s+|로\s+"
)
# A 60 % reduction from 30GB to 12GB
_CHANGE_BEFORE = re.compile(r"[^.;()\d]{0,40}[\s,(]from\s+", re.IGNORECASE)
_BASE = re.compile(
    r"[^.;()\d]{0,20}\b(?:vs\.?|versus|from|over|than|compared (?:to|with))\s+[^.;()]*"
)
_TOTAL_OF_YEAR = re.compile(r"\b((?:19|20)\d{2})\s+totals?\s+of\s+$")
_OBJECT = re.compile(r"\b(?:in|of)\s+(?P<what>[^.,;()]+)")
_CLAIMS = {"%", "points"}


def changes_in_sentences(reading: Reading) -> Iterator[Check]:
    """Compare a change with both ends in its sentence: from 30GB to 12GB (60 % reduction)."""
    for line in reading.document.lines:
        figures = line.found.figures
        for index, (first, second) in enumerate(pairwise(figures)):
            if not is_from_to(line.text, first, second):
                continue
            after = figures[index + 2] if index + 2 < len(figures) else None
            before = figures[index - 1] if index else None
            if after and _THEN_CHANGE.fullmatch(line.text[second.end : after.start]):
                yield from check_change(line.text, after, first, second)
            elif before and _CHANGE_BEFORE.fullmatch(line.text[before.end : first.start]):
                yield from check_change(line.text, before, first, second)


def changes_of_before_and_after(reading: Reading) -> Iterator[Check]:
    """Compare a change with the items before and after above it."""
    for group in reading.document.groups:
        before, after = _labelled(group, BEFORE), _labelled(group, AFTER)
        if not (before and after and before.lead and after.lead):
            continue
        for line in group[group.index(after) + 1 :]:
            claim = next((one for one in line.figures if one.unit in _CLAIMS), None)
            if claim and _is_about(line, claim, before, after):
                yield from check_change(line.text, claim, before.lead, after.lead)


def changes_from_a_base(reading: Reading) -> Iterator[Check]:
    """Compare a change with its base, in the same line or a year whose total stands elsewhere."""
    bases = _totals_of_years(reading)
    for line in reading.document.lines:
        lead = line.lead
        for claim, base in pairwise((*line.figures[1:], None)):
            behind = _BASE.match(line.text, claim.end) if claim and claim.unit == "%" else None
            if not (lead and claim and behind) or lead.over:
                continue
            if base and base.start < behind.end():
                is_same = bool(set(base.noun) & set(lead.noun)) or not base.noun
                yield from check_change(line.text, claim, base, lead, is_firm=is_same)
            else:
                period = period_in(line.text[claim.end : behind.end()])
                year = period.year if period and not period.part else None
                for known in bases.get((year, lead.noun[-1:]), ()):
                    yield from check_change(line.text, claim, known, lead)


def is_from_to(text: str, first: Figure, second: Figure) -> bool:
    """Tell whether a text goes from one figure to the next, which measures the same."""
    match = _TO.fullmatch(text[first.end : second.start])
    if not match or first.unit != second.unit or first.over or second.over:
        return False
    return not match["word"] or bool(_FROM.search(text[: first.start]))


def _labelled(group: Sequence[Line], words: set[str]) -> Line | None:
    found = [
        line
        for line in group
        if set(tokens(line.label)) & words or line.label.replace(" ", "") in words
    ]
    return found[0] if len(found) == 1 else None


def _is_about(line: Line, claim: Figure, before: Line, after: Line) -> bool:
    """Tell whether a claim names nothing else than what is told of before and after."""
    if not (claim.is_signed or direction_of(line.text, claim)) or claim.bound is Bound.AT_MOST:
        return False
    what = _OBJECT.search(line.text, claim.end)
    if not what:
        return claim is line.lead
    known = {*tokens(before.text), *tokens(after.text), *tokens(line.section.title)}
    return bool(set(tokens(what["what"])) & known)


def _totals_of_years(
    reading: Reading,
) -> dict[tuple[int | None, tuple[str, ...]], list[Figure]]:
    """Collect what whole years came to: 2023 total of 38 commits, or a row of a table."""
    found: dict[tuple[int | None, tuple[str, ...]], list[Figure]] = {}
    for line in reading.document.lines:
        for figure in line.found.figures:
            match = _TOTAL_OF_YEAR.search(line.text[: figure.start])
            if match and figure.noun:
                found.setdefault((int(match[1]), figure.noun[-1:]), []).append(figure)
    for one in reading.statements:
        is_year = not one.period.part and one.period.year and not one.of
        if is_year and one.group < 0 and len(one.names) == 1 and len(one.names[0]) == 1:
            found.setdefault((one.period.year, tuple(one.names[0])), []).append(one.figure)
    return found
