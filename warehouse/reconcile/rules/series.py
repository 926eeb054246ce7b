"""Rules of series: changes between periods, trends and points."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.intervals import amount_of, difference, explained_by, mean, plain
from warehouse.reconcile.parse.periods import PERIOD, period_in
from warehouse.reconcile.parse.vocabulary import OTHER_YEAR, PLANNED
from warehouse.reconcile.rules.changes import is_from_to
from warehouse.reconcile.rules.check import FigureCheck, firm_where_most_agree
from warehouse.reconcile.rules.claimed_change import check_change

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from warehouse.reconcile.parse.document import Line
    from warehouse.reconcile.parse.intervals import Amount
    from warehouse.reconcile.parse.numbers import WrittenFigure
    from warehouse.reconcile.parse.statements import ParsedReport

_TREND = re.compile(r"\b(?:trend|trajectory)\b|추세|추이", re.IGNORECASE)
_FROM_TO = re.compile(r"\s*from (?P<first>.+?) to (?P<second>.+)")
_AVERAGE = re.compile(r"average|mean|평균")


def changes_in_series(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare a change in brackets with the preceding period: Q2: 47 trips (+370 %)."""
    for series in (*_of_labels(report), *_of_headings(report)):
        checks: list[FigureCheck] = []
        for (before, _), (line, _) in pairwise(series):
            lead, claim = line.lead, line.figures[1] if len(line.figures) > 1 else None
            if lead and claim:
                checks += _from_line_before(series, before, line, lead, claim)
        yield from firm_where_most_agree(checks)


def trends_of_lists(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare a trend with the first and the last period of its list."""
    for group in report.document.groups:
        for line in group:
            if not _TREND.search(line.label):
                continue
            series = [
                item for item in group if item.lead and item is not line and _part(item.label)
            ]
            for first, second in pairwise(line.figures) if len(series) > 1 else ():
                if is_from_to(line.text, first, second):
                    yield from _ends(first, second, series)


def points_between_periods(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare points with both periods: +56 percentage points from Q1 to the annual average."""
    for group in report.document.groups:
        claims = [
            (line, figure) for line in group for figure in line.figures if figure.unit == "points"
        ]
        if claims:
            shares = {_part(line.label): _share(line) for line in group if _part(line.label)}
            stated = {part: share for part, share in shares.items() if share}
            for line, claim in claims if len(stated) > 1 else ():
                yield from _points_between(line.text[claim.end :], claim, stated)


def _of_labels(report: ParsedReport) -> Iterator[list[tuple[Line, str]]]:
    """Yield the lines of each list that have a period as label."""
    for group in report.document.groups:
        parts = [(line, _part(line.label)) for line in group]
        yield [(line, part) for line, part in parts if part]


def _of_headings(report: ParsedReport) -> Iterator[list[tuple[Line, str]]]:
    """Yield lines with the same label under sibling headings with a period."""
    series: dict[tuple[int, str], list[tuple[Line, str]]] = defaultdict(list)
    for line in report.document.lines:
        part = _part(line.section.title)
        if line.label and not line.parent and part:
            series[(id(line.section.parent), line.label)].append((line, part))
    yield from series.values()


def _from_line_before(
    series: Sequence[tuple[Line, str]],
    before: Line,
    line: Line,
    lead: WrittenFigure,
    claim: WrittenFigure,
) -> Iterator[FigureCheck]:
    """Compare a change in brackets with the period that it names, or the preceding one."""
    claim_text = line.text[claim.end :].partition(")")[0]
    is_opened = line.text[lead.end : claim.start].rstrip().endswith("(")
    if (
        not (claim.is_signed and is_opened)
        or OTHER_YEAR.search(claim_text)
        or PLANNED.search(claim_text)
    ):
        return
    stated_period = period_in(claim_text)
    bases = [
        base_line for base_line, part in series if stated_period and part == stated_period.part
    ]
    base = bases[0] if bases else before
    if base.lead and (bases or not stated_period):
        yield from check_change(line.text, claim, base.lead, lead, is_firm=bool(bases))


def _ends(
    first: WrittenFigure, second: WrittenFigure, series: Sequence[Line]
) -> Iterator[FigureCheck]:
    """Compare the ends of a trend; a figure of another item is not understood."""
    shares = [share for line in series if (share := _share(line)) and first.unit == "%"]
    if len(shares) < len(series):
        return
    amounts = list(map(amount_of, shares))
    for figure, amount, line in ((first, amounts[0], series[0]), (second, amounts[-1], series[-1])):
        is_other = any(explained_by(figure, other) for other in amounts)
        parts = (line.lead,) if line.lead else ()
        working = f"{line.label}: {line.lead.text if line.lead else ''} = {plain(amount.shown)} %"
        if not is_other or explained_by(figure, amount):
            yield FigureCheck(
                figure=figure, rule="trend", expected=(amount,), working=working, parts=parts
            )


def _points_between(
    claim_text: str, claim: WrittenFigure, shares: Mapping[str, WrittenFigure]
) -> Iterator[FigureCheck]:
    ends = _FROM_TO.match(claim_text)
    if not ends:
        return
    first, second = (_amount_of_period(ends[name], shares) for name in ("first", "second"))
    if first and second:
        points = difference(second, first)
        working = f"{plain(second.shown)} − {plain(first.shown)} = {plain(points.shown)}"
        yield FigureCheck(
            figure=claim,
            rule="difference",
            expected=(points,),
            working=working,
            parts=tuple(shares.values()),
        )


def _amount_of_period(period_text: str, shares: Mapping[str, WrittenFigure]) -> Amount | None:
    match, period = PERIOD.search(period_text), period_in(period_text)
    if match and match["part"] and period:
        return amount_of(shares[period.part]) if period.part in shares else None
    return mean(list(map(amount_of, shares.values()))) if _AVERAGE.search(period_text) else None


def _share(line: Line) -> WrittenFigure | None:
    """Return the first percentage of a line, or its parts of a whole."""
    return next(
        (
            figure
            for figure in line.figures
            if figure.over or (figure.unit == "%" and not figure.is_signed)
        ),
        None,
    )


def _part(label: str) -> str:
    period = period_in(label)
    return period.part if period else ""
