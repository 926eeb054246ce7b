"""What a report states more than once: a figure, or a change."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.intervals import amount_of, explained_by
from warehouse.reconcile.parse.numbers import unit_in
from warehouse.reconcile.parse.qualifiers import Bound
from warehouse.reconcile.parse.statements import is_summary, title_of
from warehouse.reconcile.parse.vocabulary import FILLING, tokens
from warehouse.reconcile.rules.check import Check
from warehouse.reconcile.rules.claimed_change import direction_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.reconcile.parse.document import Line
    from warehouse.reconcile.parse.numbers import Figure
    from warehouse.reconcile.parse.periods import Period
    from warehouse.reconcile.parse.statements import Name, Reading, Statement

_ENOUGH = 2
_OBJECT = re.compile(r"\s*(?:[^.,;()\d]{0,20})\b(?:in|of)\s+(?P<what>[^.,;()]+)")
Key = tuple["Name", tuple["Name", ...], "Period", str]


def repeated(reading: Reading) -> Iterator[Check]:
    """
    Compare figures of the same name and time.

    Shape:   what stands for the whole report with each other, and with the details where these
             agree among themselves.
    """
    if not reading.period:
        return
    groups: dict[Key, list[Statement]] = defaultdict(list)
    for one in reading.statements:
        for name in one.names:
            groups[(name, one.of, one.period, _kind(one))].append(one)
    seen: set[tuple[int, int, int]] = set()
    for found in groups.values():
        for check in _compared(found):
            place = (check.figure.line, check.figure.column, check.figure.start)
            if place not in seen:
                seen.add(place)
                yield check


def repeated_changes(reading: Reading) -> Iterator[Check]:
    """Compare a change in the summary with the one among the details that is of the same things."""
    found = [(line, claim) for line in reading.document.lines for claim in _changes_of(line)]
    title = reading.document.title
    details = [(line, claim) for line, claim in found if not is_summary(line.section, title)]
    for line, claim in found:
        what = _OBJECT.match(line.text, claim.end)
        if not what or not is_summary(line.section, title):
            continue
        words = set(tokens(what["what"])) - FILLING
        told = [(len(words & _told(one, other)), one, other) for one, other in details]
        most = max((count for count, _, _ in told), default=0)
        best = [(one, other) for count, one, other in told if count == most]
        if most >= _ENOUGH and len(best) == 1:
            first, figure = best[0]
            is_same = direction_of(first.text, figure) == direction_of(line.text, claim)
            working = f"{figure.line}: {title_of(first)}, {figure.text}"
            if is_same and figure.unit == claim.unit:
                yield Check(claim, "repeated", (amount_of(figure),), working, (figure,))


def _changes_of(line: Line) -> Iterator[Figure]:
    """Yield the percentages of a line that are said to be a rise or a fall."""
    for figure in line.figures:
        if figure.unit == "%" and not figure.is_signed and direction_of(line.text, figure):
            yield figure


def _told(line: Line, figure: Figure) -> set[str]:
    """Collect the words around a change: of its line, and of the heading above."""
    return {*tokens(line.text[: figure.start]), *tokens(line.text[figure.end :])} | set(
        tokens(line.section.title)
    )


def _kind(one: Statement) -> str:
    return "parts" if one.figure.over else one.figure.unit or unit_in(one.title)


def _compared(found: Sequence[Statement]) -> Iterator[Check]:
    summaries = [one for one in found if one.is_summary]
    details = [one for one in found if not one.is_summary]
    if len({one.figure.line for one in found}) < len(found) or not summaries:
        return
    agreed = details if all(_agree(one, details[0]) for one in details) else []
    first, *others = sorted([*summaries, *agreed], key=_trust)
    for other in others:
        if other.group != first.group:
            yield _check(first, other)


def _trust(one: Statement) -> tuple[bool, bool, int]:
    """Trust first what no table rounds or sums up: exact details, in their order."""
    return one.figure.bound is not Bound.EXACT, one.group < 0, one.figure.line


def _agree(one: Statement, other: Statement) -> bool:
    return bool(
        explained_by(one.figure, amount_of(other.figure))
        or explained_by(other.figure, amount_of(one.figure))
    )


def _check(first: Statement, other: Statement) -> Check:
    working = f"{first.figure.line}: {first.title}, {first.figure.text}"
    if first.figure.over and other.figure.over:
        same = (first.figure.value, first.figure.over) == (other.figure.value, other.figure.over)
        expected = amount_of(other.figure) if same else amount_of(first.figure)
        return Check(
            other.figure,
            "repeated",
            (expected,),
            working,
            (first.figure,),
            should_be=first.figure.text,
        )
    is_same = _agree(first, other)
    expected = amount_of(first.figure)
    if is_same and not explained_by(other.figure, expected):
        expected = amount_of(other.figure)
    return Check(other.figure, "repeated", (expected,), working, (first.figure,))
