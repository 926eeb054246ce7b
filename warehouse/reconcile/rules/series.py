"""Changes along a series of quarters or other times: to the one before, trends, points."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.intervals import amount_of, difference, explained_by, mean, plain
from warehouse.reconcile.parse.periods import PERIOD, period_in
from warehouse.reconcile.parse.vocabulary import AIMED, OTHER_YEAR
from warehouse.reconcile.rules.changes import is_from_to
from warehouse.reconcile.rules.check import Check, firm_where_most_agree
from warehouse.reconcile.rules.claimed_change import check_change

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from warehouse.reconcile.parse.document import Line
    from warehouse.reconcile.parse.intervals import Amount
    from warehouse.reconcile.parse.numbers import Figure
    from warehouse.reconcile.parse.statements import Reading

_TREND = re.compile(r"\b(?:trend|trajectory)\b|추세|추이", re.IGNORECASE)
_FROM_TO = re.compile(r"\s*from (?P<first>.+?) to (?P<second>.+)")
_AVERAGE = re.compile(r"average|mean|평균")


def changes_in_series(reading: Reading) -> Iterator[Check]:
    """Compare a change in brackets with the time before: Q2: 47 trips (+370 %)."""
    for series in (*_of_labels(reading), *_of_headings(reading)):
        found: list[Check] = []
        for (before, _), (line, _) in pairwise(series):
            lead, claim = line.lead, line.figures[1] if len(line.figures) > 1 else None
            if lead and claim:
                found += _from_line_before(series, before, line, lead, claim)
        yield from firm_where_most_agree(found)


def trends_of_lists(reading: Reading) -> Iterator[Check]:
    """Compare a trend with the first and the last of the times beside it."""
    for group in reading.document.groups:
        for line in group:
            if not _TREND.search(line.label):
                continue
            series = [one for one in group if one.lead and one is not line and _part(one.label)]
            for first, second in pairwise(line.figures) if len(series) > 1 else ():
                if is_from_to(line.text, first, second):
                    yield from _ends(first, second, series)


def points_between_periods(reading: Reading) -> Iterator[Check]:
    """Compare points with both ends: +56 percentage points from Q1 to the annual average."""
    for group in reading.document.groups:
        claims = [(line, one) for line in group for one in line.figures if one.unit == "points"]
        if claims:
            shares = {_part(line.label): _share(line) for line in group if _part(line.label)}
            known = {part: share for part, share in shares.items() if share}
            for line, claim in claims if len(known) > 1 else ():
                yield from _between(line.text[claim.end :], claim, known)


def _of_labels(reading: Reading) -> Iterator[list[tuple[Line, str]]]:
    """Yield the lines of each list that are each of a quarter or another part of a year."""
    for group in reading.document.groups:
        found = [(line, _part(line.label)) for line in group]
        yield [(line, part) for line, part in found if part]


def _of_headings(reading: Reading) -> Iterator[list[tuple[Line, str]]]:
    """Yield lines with the same label that stand under one heading per quarter."""
    found: dict[tuple[int, str], list[tuple[Line, str]]] = defaultdict(list)
    for line in reading.document.lines:
        part = _part(line.section.title)
        if line.label and not line.parent and part:
            found[(id(line.section.parent), line.label)].append((line, part))
    yield from found.values()


def _from_line_before(
    series: Sequence[tuple[Line, str]], before: Line, line: Line, lead: Figure, claim: Figure
) -> Iterator[Check]:
    """Compare a change in brackets with the time that it names, or else with the one before."""
    said = line.text[claim.end :].partition(")")[0]
    is_opened = line.text[lead.end : claim.start].rstrip().endswith("(")
    if not (claim.is_signed and is_opened) or OTHER_YEAR.search(said) or AIMED.search(said):
        return
    named = period_in(said)
    bases = [one for one, part in series if named and part == named.part]
    base = bases[0] if bases else before
    if base.lead and (bases or not named):
        yield from check_change(line.text, claim, base.lead, lead, is_firm=bool(bases))


def _ends(first: Figure, second: Figure, series: Sequence[Line]) -> Iterator[Check]:
    """Compare the ends of a trend; one that is another item's figure is not understood."""
    shares = [share for line in series if (share := _share(line)) and first.unit == "%"]
    if len(shares) < len(series):
        return
    known = list(map(amount_of, shares))
    for figure, amount, line in ((first, known[0], series[0]), (second, known[-1], series[-1])):
        is_other = any(explained_by(figure, one) for one in known)
        parts = (line.lead,) if line.lead else ()
        working = f"{line.label}: {line.lead.text if line.lead else ''} = {plain(amount.shown)} %"
        if not is_other or explained_by(figure, amount):
            yield Check(figure, "trend", (amount,), working, parts)


def _between(said: str, claim: Figure, shares: Mapping[str, Figure]) -> Iterator[Check]:
    ends = _FROM_TO.match(said)
    if not ends:
        return
    first, second = (_named(ends[name], shares) for name in ("first", "second"))
    if first and second:
        points = difference(second, first)
        working = f"{plain(second.shown)} − {plain(first.shown)} = {plain(points.shown)}"
        yield Check(claim, "difference", (points,), working, tuple(shares.values()))


def _named(said: str, shares: Mapping[str, Figure]) -> Amount | None:
    match, period = PERIOD.search(said), period_in(said)
    if match and match["part"] and period:
        return amount_of(shares[period.part]) if period.part in shares else None
    return mean(list(map(amount_of, shares.values()))) if _AVERAGE.search(said) else None


def _share(line: Line) -> Figure | None:
    """Find the first percentage of a line, or its parts of a whole."""
    return next(
        (one for one in line.figures if one.over or (one.unit == "%" and not one.is_signed)), None
    )


def _part(label: str) -> str:
    period = period_in(label)
    return period.part if period else ""
