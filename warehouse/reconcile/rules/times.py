"""What figures hold to instants and to each other in time: durations, rates, multiples."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.durations import lengths
from warehouse.reconcile.parse.intervals import (
    Amount,
    amount_of,
    exactly,
    plain,
    product,
    ratio,
    scaled,
)
from warehouse.reconcile.parse.periods import find_stretches
from warehouse.reconcile.parse.units import MEASURED
from warehouse.reconcile.parse.vocabulary import AFTER, BEFORE, tokens
from warehouse.reconcile.rules.check import Check

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from warehouse.reconcile.parse.document import Line
    from warehouse.reconcile.parse.numbers import Figure
    from warehouse.reconcile.parse.periods import Stretch
    from warehouse.reconcile.parse.statements import Reading

_SECONDS = 3600
_MONTHS = 12
_DURATIONS = {"h", "d", "w", "mo"}
_THEN_TAKEN = re.compile(r"\s*(?:[:=,(]|→)\s*(?:총 ?)?")
_TAKEN_BEFORE = re.compile(r"\s*\(\s*(?:from )?")
_TIMES = re.compile(r"[^.;:()=+\d]{0,15}\s*(?:×\s*|[*xX]\s+)[^.;:()=+\d]{0,10}")
_MORE_TIMES = re.compile(r"[^.;:()=+\d]{0,15}\s*[×*xX]")
_OPENS = re.compile(r"[^.;:\d]{0,30}[(=]\s*[^.;:()=\d]{0,15}")
_PER = re.compile(
    r"\s*[^.;:()\d]{0,20}\b(?:per|a|each|every)\s+(?P<a>quarter|month|week)\b"
    r"|/(?P<b>quarter|month|week)\b"
)
_PER_YEAR = {"quarter": 4, "month": 12, "week": 52}
_QUARTER = re.compile(r"Q[1-4]")
_AHEAD = re.compile(r"\b(?:planned|until|deadline|due|scheduled)\b|예정|마감|계획", re.IGNORECASE)
_TRANSFER = re.compile(r"\b(?:transfer|download|upload|copy)\w*\b|전송", re.IGNORECASE)


def durations_of_stretches(reading: Reading) -> Iterator[Check]:
    """Compare a duration with the instants from which to which it lasted."""
    for line in reading.document.lines:
        for stretch, figure in _taken(line):
            expected = lengths(stretch, figure.unit, reading.zone)
            if expected:
                said = line.text[stretch.start : stretch.end]
                working = f"{said} = {plain(expected[0].shown)} {figure.unit}"
                yield Check(figure, "duration", expected, working)


def quarters_of_stretches(reading: Reading) -> Iterator[Check]:
    """Compare the quarter of a heading with the instants that are reported under it."""
    if reading.is_fiscal and reading.first_month == 1:
        return
    for line in reading.document.lines:
        part = reading.period_of(line).part
        for stretch, figure in _taken(line) if _QUARTER.fullmatch(part) else ():
            ends = (stretch.begins, stretch.ends)
            began, ended = (_quarter(at, reading.first_month) for at in ends)
            is_past = stretch.precision == "minute" and not _AHEAD.search(line.text)
            if is_past and part not in {began, ended}:
                at = f"{stretch.ends:%Y-%m-%d}"
                yield Check(figure, "quarter", (), at, says=part, should_be=ended)


def products(reading: Reading) -> Iterator[Check]:
    """Compare a figure with the product behind it: 63 hours (21 visits of 3 hours)."""
    for text, figures in reading.document.texts():
        for whole, first, second in zip(figures, figures[1:], figures[2:], strict=False):
            opens, times = text[whole.end : first.start], text[first.end : second.start]
            units = [one.unit for one in (first, second) if one.unit in MEASURED]
            is_same = units == [whole.unit] and not _MORE_TIMES.match(text, second.end)
            if is_same and _OPENS.fullmatch(opens) and _TIMES.fullmatch(times):
                amount = product([_as_written(first), _as_written(second)])
                working = f"{first.text} × {second.text} = {plain(amount.shown)}"
                yield Check(whole, "product", (amount,), working, (first, second))


def rates_per_period(reading: Reading) -> Iterator[Check]:
    """Compare a rate with a number: 6.75 per quarter are 27 in a year, or in fewer quarters."""
    for line in reading.document.lines:
        for whole, rate in pairwise(line.figures):
            per = _PER.match(line.text, rate.end)
            opens = _OPENS.fullmatch(line.text[whole.end : rate.start])
            if per and opens and whole.is_exact and whole.value and not (whole.over or rate.over):
                count = _PER_YEAR[per["a"] or per["b"]]
                mean = scaled(amount_of(whole), Fraction(1, count))
                working = f"{whole.text} / {count} = {plain(mean.shown)}"
                check = Check(rate, "rate", (mean,), working, (whole,))
                is_other = not check.explained and _fits_some(whole, rate, count)
                yield replace(check, is_firm=not is_other)


def times_of_transfers(reading: Reading) -> Iterator[Check]:
    """Compare the time of a transfer with its size and speed, as it never takes less."""
    for group in reading.document.groups:
        below = [one for line in group for one in (line, *line.children)]
        speeds = {f.value: f for line in below for f in line.found.figures if f.unit == "B/s"}
        before, after = (_size(group, words) for words in (BEFORE, AFTER))
        if len(speeds) != 1 or not before or not after:
            continue
        speed = next(iter(speeds.values()))
        for line in below:
            times = [one for one in line.figures if one.unit == "h"]
            if _TRANSFER.search(line.text) and len(times) == len((before, after)):
                for figure, size in zip(times, (before, after), strict=True):
                    yield from _transfer(figure, size, speed)


def _as_written(figure: Figure) -> Amount:
    """Take a whole number for exact: people multiply by what they write."""
    return exactly(figure.value) if figure.step == figure.scale else amount_of(figure)


def _taken(line: Line) -> Iterator[tuple[Stretch, Figure]]:
    """Yield each stretch whose duration is said: right behind it, or before it."""
    for stretch in find_stretches(line.text):
        for figure in line.found.figures:
            after = line.text[stretch.end : figure.start]
            before = line.text[figure.end : stretch.start]
            if figure.unit in _DURATIONS and (
                (figure.start >= stretch.end and _THEN_TAKEN.fullmatch(after))
                or (figure.end <= stretch.start and _TAKEN_BEFORE.fullmatch(before))
            ):
                yield stretch, figure
                break


def _quarter(at: datetime, first_month: int) -> str:
    return f"Q{(at.month - first_month) % _MONTHS // 3 + 1}"


def _fits_some(whole: Figure, rate: Figure, most: int) -> bool:
    """Tell whether a number and a rate fit to some number of periods up to a year."""
    amounts = (scaled(amount_of(whole), Fraction(1, count)) for count in range(1, most + 1))
    return any(Check(rate, "rate", (amount,), "").explained for amount in amounts)


def _size(group: Sequence[Line], words: set[str]) -> Figure | None:
    for line in group:
        if set(tokens(line.label)) & words and line.lead and line.lead.unit == "B":
            return line.lead
    return None


def _transfer(figure: Figure, size: Figure, speed: Figure) -> Iterator[Check]:
    seconds = ratio(amount_of(size), amount_of(speed))
    if seconds:
        amount = scaled(seconds, Fraction(1, _SECONDS))
        working = f"{size.text} / {speed.text} = {plain(amount.shown, 1)} h"
        check = Check(figure, "transfer", (amount,), working, (size, speed))
        yield replace(check, is_firm=figure.value < amount.shown)
