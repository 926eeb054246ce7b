"""Rules of changes between two figures of a report."""

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
    from warehouse.reconcile.parse.numbers import WrittenFigure
    from warehouse.reconcile.parse.statements import ParsedReport
    from warehouse.reconcile.rules.check import FigureCheck

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


def changes_in_sentences(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare a change with both figures in its sentence: from 30GB to 12GB (60 % reduction)."""
    for line in report.document.lines:
        figures = line.numbers.figures
        for index, (first, second) in enumerate(pairwise(figures)):
            if not is_from_to(line.text, first, second):
                continue
            after = figures[index + 2] if index + 2 < len(figures) else None
            before = figures[index - 1] if index else None
            if after and _THEN_CHANGE.fullmatch(line.text[second.end : after.start]):
                yield from check_change(line.text, after, first, second)
            elif before and _CHANGE_BEFORE.fullmatch(line.text[before.end : first.start]):
                yield from check_change(line.text, before, first, second)


def changes_of_before_and_after(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare a change with the items labelled before and after above it."""
    for group in report.document.groups:
        before, after = _labelled(group, BEFORE), _labelled(group, AFTER)
        if not (before and after and before.lead and after.lead):
            continue
        for line in group[group.index(after) + 1 :]:
            claim = next((figure for figure in line.figures if figure.unit in _CLAIMS), None)
            if claim and _is_about(line, claim, before, after):
                yield from check_change(line.text, claim, before.lead, after.lead)


def changes_from_a_base(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare a change with its base, in the same line or the total of a year elsewhere."""
    bases = _totals_of_years(report)
    for line in report.document.lines:
        lead = line.lead
        for claim, base in pairwise((*line.figures[1:], None)):
            base_text = _BASE.match(line.text, claim.end) if claim and claim.unit == "%" else None
            if not (lead and claim and base_text) or lead.over:
                continue
            if base and base.start < base_text.end():
                is_same = bool(set(base.noun) & set(lead.noun)) or not base.noun
                yield from check_change(line.text, claim, base, lead, is_firm=is_same)
            else:
                period = period_in(line.text[claim.end : base_text.end()])
                year = period.year if period and not period.part else None
                for total in bases.get((year, lead.noun[-1:]), ()):
                    yield from check_change(line.text, claim, total, lead)


def is_from_to(text: str, first: WrittenFigure, second: WrittenFigure) -> bool:
    """Return whether a text states a change from one figure to the next."""
    match = _TO.fullmatch(text[first.end : second.start])
    if not match or first.unit != second.unit or first.over or second.over:
        return False
    return not match["word"] or bool(_FROM.search(text[: first.start]))


def _labelled(group: Sequence[Line], words: set[str]) -> Line | None:
    matches = [
        line
        for line in group
        if set(tokens(line.label)) & words or line.label.replace(" ", "") in words
    ]
    return matches[0] if len(matches) == 1 else None


def _is_about(line: Line, claim: WrittenFigure, before: Line, after: Line) -> bool:
    """Return whether a claim has no other object than the items before and after."""
    if not (claim.is_signed or direction_of(line.text, claim)) or claim.bound is Bound.AT_MOST:
        return False
    object_text = _OBJECT.search(line.text, claim.end)
    if not object_text:
        return claim is line.lead
    known_words = {*tokens(before.text), *tokens(after.text), *tokens(line.section.title)}
    return bool(set(tokens(object_text["what"])) & known_words)


def _totals_of_years(
    report: ParsedReport,
) -> dict[tuple[int | None, tuple[str, ...]], list[WrittenFigure]]:
    """Return the totals of whole years: 2023 total of 38 commits, or a row of a table."""
    totals: dict[tuple[int | None, tuple[str, ...]], list[WrittenFigure]] = {}
    for line in report.document.lines:
        for figure in line.numbers.figures:
            match = _TOTAL_OF_YEAR.search(line.text[: figure.start])
            if match and figure.noun:
                totals.setdefault((int(match[1]), figure.noun[-1:]), []).append(figure)
    for statement in report.statements:
        is_year = not statement.period.part and statement.period.year and not statement.of
        if (
            is_year
            and statement.group < 0
            and len(statement.names) == 1
            and len(statement.names[0]) == 1
        ):
            totals.setdefault((statement.period.year, tuple(statement.names[0])), []).append(
                statement.figure
            )
    return totals
