"""Rules for figures and changes that a report states repeatedly."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.intervals import amount_of, explained_by
from warehouse.reconcile.parse.numbers import unit_in
from warehouse.reconcile.parse.qualifiers import Bound
from warehouse.reconcile.parse.statements import is_summary, title_of
from warehouse.reconcile.parse.vocabulary import FILLER, tokens
from warehouse.reconcile.rules.check import FigureCheck
from warehouse.reconcile.rules.claimed_change import direction_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.reconcile.parse.document import Line
    from warehouse.reconcile.parse.numbers import WrittenFigure
    from warehouse.reconcile.parse.periods import StatedPeriod
    from warehouse.reconcile.parse.statements import Name, ParsedReport, Statement

_ENOUGH = 2
_OBJECT = re.compile(r"\s*(?:[^.,;()\d]{0,20})\b(?:in|of)\s+(?P<what>[^.,;()]+)")
Key = tuple["Name", tuple["Name", ...], "StatedPeriod", str]


def repeated(report: ParsedReport) -> Iterator[FigureCheck]:
    """
    Compare figures of the same name and period.

    Shape:   figures of the summary with each other, and with the details where these agree.
    """
    if not report.period:
        return
    groups: dict[Key, list[Statement]] = defaultdict(list)
    for statement in report.statements:
        for name in statement.names:
            groups[(name, statement.of, statement.period, _kind(statement))].append(statement)
    seen: set[tuple[int, int, int]] = set()
    for statements in groups.values():
        for check in _compared(statements):
            place = (check.figure.line, check.figure.column, check.figure.start)
            if place not in seen:
                seen.add(place)
                yield check


def repeated_changes(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare a change in the summary with the only change in the details of the same object."""
    changes = [(line, claim) for line in report.document.lines for claim in _changes_of(line)]
    title = report.document.title
    details = [(line, claim) for line, claim in changes if not is_summary(line.section, title)]
    for line, claim in changes:
        object_text = _OBJECT.match(line.text, claim.end)
        if not object_text or not is_summary(line.section, title):
            continue
        words = set(tokens(object_text["what"])) - FILLER
        matches = [
            (len(words & _words_around(other_line, other_claim)), other_line, other_claim)
            for other_line, other_claim in details
        ]
        best_count = max((count for count, _, _ in matches), default=0)
        best = [
            (other_line, other_claim)
            for count, other_line, other_claim in matches
            if count == best_count
        ]
        if best_count >= _ENOUGH and len(best) == 1:
            first, figure = best[0]
            is_same = direction_of(first.text, figure) == direction_of(line.text, claim)
            working = f"{figure.line}: {title_of(first)}, {figure.text}"
            if is_same and figure.unit == claim.unit:
                yield FigureCheck(
                    figure=claim,
                    rule="repeated",
                    expected=(amount_of(figure),),
                    working=working,
                    parts=(figure,),
                )


def _changes_of(line: Line) -> Iterator[WrittenFigure]:
    """Yield the percentages of a line that are a rise or a fall."""
    for figure in line.figures:
        if figure.unit == "%" and not figure.is_signed and direction_of(line.text, figure):
            yield figure


def _words_around(line: Line, figure: WrittenFigure) -> set[str]:
    """Return the words around a change: of its line and of its heading."""
    return {*tokens(line.text[: figure.start]), *tokens(line.text[figure.end :])} | set(
        tokens(line.section.title)
    )


def _kind(statement: Statement) -> str:
    return "parts" if statement.figure.over else statement.figure.unit or unit_in(statement.title)


def _compared(statements: Sequence[Statement]) -> Iterator[FigureCheck]:
    summaries = [statement for statement in statements if statement.is_summary]
    details = [statement for statement in statements if not statement.is_summary]
    if len({statement.figure.line for statement in statements}) < len(statements) or not summaries:
        return
    agreed = details if all(_agree(statement, details[0]) for statement in details) else []
    first, *others = sorted([*summaries, *agreed], key=_trust)
    for other in others:
        if other.group != first.group:
            yield _check(first, other)


def _trust(statement: Statement) -> tuple[bool, bool, int]:
    """Return the sort key of trust: exact figures first, then text before tables."""
    return statement.figure.bound is not Bound.EXACT, statement.group < 0, statement.figure.line


def _agree(first: Statement, second: Statement) -> bool:
    return bool(
        explained_by(first.figure, amount_of(second.figure))
        or explained_by(second.figure, amount_of(first.figure))
    )


def _check(first: Statement, other: Statement) -> FigureCheck:
    working = f"{first.figure.line}: {first.title}, {first.figure.text}"
    if first.figure.over and other.figure.over:
        same = (first.figure.value, first.figure.over) == (other.figure.value, other.figure.over)
        expected = amount_of(other.figure) if same else amount_of(first.figure)
        return FigureCheck(
            figure=other.figure,
            rule="repeated",
            expected=(expected,),
            working=working,
            parts=(first.figure,),
            should_be=first.figure.text,
        )
    is_same = _agree(first, other)
    expected = amount_of(first.figure)
    if is_same and not explained_by(other.figure, expected):
        expected = amount_of(other.figure)
    return FigureCheck(
        figure=other.figure,
        rule="repeated",
        expected=(expected,),
        working=working,
        parts=(first.figure,),
    )
