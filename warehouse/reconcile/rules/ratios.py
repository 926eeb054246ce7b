"""Rules of shares: percentages and remainders of parts of a whole."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, permutations
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.intervals import amount_of, exactly, mean, plain, ratio, scaled
from warehouse.reconcile.parse.vocabulary import REMAINING, REMAINING_BEFORE, is_total
from warehouse.reconcile.rules.check import FigureCheck, agreeing, firm_where_most_agree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.reconcile.parse.document import Line, ParsedCell, ParsedTable
    from warehouse.reconcile.parse.numbers import WrittenFigure
    from warehouse.reconcile.parse.statements import ParsedReport

_HUNDRED = 100
# 25/40 tasks completed = 62 %, 25/40 (62 %)
_THEN_PERCENT = re.compile(r"[^.;:()=\d]{0,40}=\s*|[^.;:()=\d]{0,25}\(\s*")
# 89 % on-time rate (17/19)
_THEN_PARTS = re.compile(r"[^.;:()\d]{0,50}\(\s*")
_REST_OF_PARTS = re.compile(r"(?!\s+of\b)[^()\d]{0,30}\)")
_IS_CHANGE = re.compile(r"\b(?:up|down|increase|decrease|growth|reduction|off)\b|증가|감소")


def percent_of_parts(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare a percentage with its parts, before or after it: 25/40 = 62.5 %."""
    for text, figures in report.document.texts():
        for first, second in pairwise(figures):
            between = text[first.end : second.start]
            if first.over and _is_percent_after(between, text, second):
                yield _of_parts(second, [first])
            elif second.over and _is_percent_before(between, text, first, second):
                yield _of_parts(first, [second])


def percent_of_columns(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare a column of percentages with the two columns that explain most of its rows."""
    for table in report.document.tables:
        columns = range(1, len(table.header))
        for percent in columns:
            pairs = permutations([n for n in columns if n != percent], 2)
            candidates = [_of_columns(table, percent, *pair) for pair in pairs]
            best = max(candidates, key=agreeing, default=[])
            yield from (check for check in firm_where_most_agree(best) if check.is_firm)


def percent_of_children(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare a percentage with the parts of wholes below it."""
    checks_by_label: dict[str | int, list[FigureCheck]] = defaultdict(list)
    for line in report.document.lines:
        figure = line.lead
        is_alone = figure and figure.unit == "%" and not any(other.over for other in line.figures)
        parts = [child for child in line.children if child.lead and child.lead.over]
        if figure and is_alone and parts and len(parts) == len(line.children):
            checks_by_label[line.label or id(line)].append(_of_children(figure, parts))
    for checks in checks_by_label.values():
        yield from firm_where_most_agree(checks)


def remaining_of_parts(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare a remaining count with its maximum, whole minus part: 5/10 resolved leaves 5."""
    for line in report.document.lines:
        for parts, remaining in pairwise(line.figures):
            between, after = line.text[parts.end : remaining.start], line.text[remaining.end :]
            is_remaining = REMAINING.search(after) or REMAINING_BEFORE.search(between)
            if parts.over and is_remaining and remaining.is_exact:
                value = parts.over - parts.value
                working = f"{plain(parts.over)} − {plain(parts.value)} = {plain(value)}"
                check = FigureCheck(
                    figure=remaining,
                    rule="remaining",
                    expected=(exactly(value),),
                    working=working,
                    parts=(parts,),
                )
                yield replace(check, is_firm=remaining.value > value)


def _is_percent_after(between: str, text: str, percent: WrittenFigure) -> bool:
    match = _THEN_PERCENT.fullmatch(between)
    is_closed = not between.rstrip().endswith("(") or text[percent.end :].lstrip().startswith(")")
    return bool(match and is_closed and percent.unit == "%" and not percent.is_signed)


def _is_percent_before(
    between: str, text: str, percent: WrittenFigure, parts: WrittenFigure
) -> bool:
    if percent.unit != "%" or percent.is_signed or _IS_CHANGE.search(between):
        return False
    return bool(_THEN_PARTS.fullmatch(between) and _REST_OF_PARTS.match(text, parts.end))


def _of_parts(figure: WrittenFigure, parts: Sequence[WrittenFigure]) -> FigureCheck:
    part = sum((part_figure.value for part_figure in parts), Fraction(0))
    whole = sum((part_figure.over or Fraction(0) for part_figure in parts), Fraction(0))
    value = exactly(_HUNDRED * part / whole)
    working = f"{plain(part)}/{plain(whole)} = {plain(value.shown)} %"
    return FigureCheck(
        figure=figure,
        rule="percent of parts",
        expected=(value,),
        working=working,
        parts=tuple(parts),
    )


def _of_children(figure: WrittenFigure, children: Sequence[Line]) -> FigureCheck:
    """Return the check against the sum of the parts, their total, or their mean percentage."""
    leads = {child: child.lead for child in children if child.lead}
    whole = [lead for child, lead in leads.items() if is_total(child.label)]
    check = _of_parts(figure, whole or list(leads.values()))
    averaged = mean([amount_of(lead) for lead in leads.values()])
    return check if whole else replace(check, expected=(*check.expected, averaged), is_firm=False)


def _of_columns(table: ParsedTable, percent: int, part: int, whole: int) -> list[FigureCheck]:
    rows = [_of_cells(row[percent], row[part], row[whole]) for row in table.rows]
    return [check for check in rows if check]


def _of_cells(percent: ParsedCell, part: ParsedCell, whole: ParsedCell) -> FigureCheck | None:
    stated, part_figure, whole_figure = percent.lead, part.lead, whole.lead
    if not (stated and part_figure and whole_figure) or stated.unit != "%" or stated.is_signed:
        return None
    share = (
        ratio(amount_of(part_figure), amount_of(whole_figure))
        if part_figure.is_exact and whole_figure.is_exact
        else None
    )
    if not share:
        return None
    value = scaled(share, _HUNDRED)
    working = f"{part_figure.text}/{whole_figure.text} = {plain(value.shown)} %"
    return FigureCheck(
        figure=stated,
        rule="percent of parts",
        expected=(value,),
        working=working,
        parts=(part_figure, whole_figure),
        is_firm=False,
    )
