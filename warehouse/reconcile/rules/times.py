"""Rules of time: durations, quarters, products, rates and transfers."""

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
from warehouse.reconcile.parse.periods import parse_time_intervals
from warehouse.reconcile.parse.units import MEASURED
from warehouse.reconcile.parse.vocabulary import AFTER, BEFORE, tokens
from warehouse.reconcile.rules.check import FigureCheck

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from warehouse.reconcile.parse.document import Line
    from warehouse.reconcile.parse.numbers import WrittenFigure
    from warehouse.reconcile.parse.periods import TimeInterval
    from warehouse.reconcile.parse.statements import ParsedReport

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


def durations_of_intervals(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare a duration with its time interval."""
    for line in report.document.lines:
        for interval, figure in _intervals_with_duration(line):
            expected = lengths(interval, figure.unit, report.zone)
            if expected:
                interval_text = line.text[interval.start : interval.end]
                working = f"{interval_text} = {plain(expected[0].shown)} {figure.unit}"
                yield FigureCheck(
                    figure=figure, rule="duration", expected=expected, working=working
                )


def quarters_of_intervals(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare the quarter of a heading with the time intervals below it."""
    if report.is_fiscal and report.first_month == 1:
        return
    for line in report.document.lines:
        part = report.period_of(line).part
        for interval, figure in _intervals_with_duration(line) if _QUARTER.fullmatch(part) else ():
            ends = (interval.begins, interval.ends)
            began, ended = (_quarter(at, report.first_month) for at in ends)
            is_past = interval.precision == "minute" and not _AHEAD.search(line.text)
            if is_past and part not in {began, ended}:
                at = f"{interval.ends:%Y-%m-%d}"
                yield FigureCheck(
                    figure=figure,
                    rule="quarter",
                    expected=(),
                    working=at,
                    says=part,
                    should_be=ended,
                )


def products(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare a figure with the product after it: 63 hours (21 visits × 3 hours)."""
    for text, figures in report.document.texts():
        for whole, first, second in zip(figures, figures[1:], figures[2:], strict=False):
            opens, times = text[whole.end : first.start], text[first.end : second.start]
            units = [figure.unit for figure in (first, second) if figure.unit in MEASURED]
            is_same = units == [whole.unit] and not _MORE_TIMES.match(text, second.end)
            if is_same and _OPENS.fullmatch(opens) and _TIMES.fullmatch(times):
                amount = product([_as_written(first), _as_written(second)])
                working = f"{first.text} × {second.text} = {plain(amount.shown)}"
                yield FigureCheck(
                    figure=whole,
                    rule="product",
                    expected=(amount,),
                    working=working,
                    parts=(first, second),
                )


def rates_per_period(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare a rate with a count: 6.75 per quarter is 27 in a year, or in fewer quarters."""
    for line in report.document.lines:
        for whole, rate in pairwise(line.figures):
            per = _PER.match(line.text, rate.end)
            opens = _OPENS.fullmatch(line.text[whole.end : rate.start])
            if per and opens and whole.is_exact and whole.value and not (whole.over or rate.over):
                count = _PER_YEAR[per["a"] or per["b"]]
                mean = scaled(amount_of(whole), Fraction(1, count))
                working = f"{whole.text} / {count} = {plain(mean.shown)}"
                check = FigureCheck(
                    figure=rate, rule="rate", expected=(mean,), working=working, parts=(whole,)
                )
                is_other = not check.explained and _fits_some(whole, rate, count)
                yield replace(check, is_firm=not is_other)


def times_of_transfers(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare the duration of a transfer with its minimum, size divided by speed."""
    for group in report.document.groups:
        lines = [nested_line for line in group for nested_line in (line, *line.children)]
        speeds = {
            figure.value: figure
            for line in lines
            for figure in line.numbers.figures
            if figure.unit == "B/s"
        }
        before, after = (_size(group, words) for words in (BEFORE, AFTER))
        if len(speeds) != 1 or not before or not after:
            continue
        speed = next(iter(speeds.values()))
        for line in lines:
            times = [figure for figure in line.figures if figure.unit == "h"]
            if _TRANSFER.search(line.text) and len(times) == len((before, after)):
                for figure, size in zip(times, (before, after), strict=True):
                    yield from _transfer(figure, size, speed)


def _as_written(figure: WrittenFigure) -> Amount:
    """Return a whole number as exact: people multiply by the figure that they write."""
    return exactly(figure.value) if figure.step == figure.scale else amount_of(figure)


def _intervals_with_duration(line: Line) -> Iterator[tuple[TimeInterval, WrittenFigure]]:
    """Yield each time interval with the duration next to it."""
    for interval in parse_time_intervals(line.text):
        for figure in line.numbers.figures:
            after = line.text[interval.end : figure.start]
            before = line.text[figure.end : interval.start]
            if figure.unit in _DURATIONS and (
                (figure.start >= interval.end and _THEN_TAKEN.fullmatch(after))
                or (figure.end <= interval.start and _TAKEN_BEFORE.fullmatch(before))
            ):
                yield interval, figure
                break


def _quarter(at: datetime, first_month: int) -> str:
    return f"Q{(at.month - first_month) % _MONTHS // 3 + 1}"


def _fits_some(whole: WrittenFigure, rate: WrittenFigure, most: int) -> bool:
    """Return whether a rate fits a count over some number of periods up to a year."""
    amounts = (scaled(amount_of(whole), Fraction(1, count)) for count in range(1, most + 1))
    return any(
        FigureCheck(figure=rate, rule="rate", expected=(amount,), working="").explained
        for amount in amounts
    )


def _size(group: Sequence[Line], words: set[str]) -> WrittenFigure | None:
    for line in group:
        if set(tokens(line.label)) & words and line.lead and line.lead.unit == "B":
            return line.lead
    return None


def _transfer(
    figure: WrittenFigure, size: WrittenFigure, speed: WrittenFigure
) -> Iterator[FigureCheck]:
    seconds = ratio(amount_of(size), amount_of(speed))
    if seconds:
        amount = scaled(seconds, Fraction(1, _SECONDS))
        working = f"{size.text} / {speed.text} = {plain(amount.shown, 1)} h"
        check = FigureCheck(
            figure=figure, rule="transfer", expected=(amount,), working=working, parts=(size, speed)
        )
        yield replace(check, is_firm=figure.value < amount.shown)
