"""What a reader should know first: what changed most, how targets stand, what may still change."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.query.scope import ALL
from warehouse.report.blocks import Bullet, Bullets, Columns, Heading, Jump, Strong, plain
from warehouse.report.format.restyle import apply_style
from warehouse.report.sections.dashboard import wanted_kpis
from warehouse.report.year_table import STATUSES, change_tone, sample_size

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.query.figures import Figure, Kpi
    from warehouse.report.blocks import Block, Tone
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.breakdowns import TargetResult
    from warehouse.report.queries.report_data import ReportData

SENTENCES = 4
# Adding up counts says nothing where a quarter is not over.
TOTALS = ("count", "sum", "distinct", "half")
# Changes over fewer rows count for less: over so many, half.
HALF_WEIGHT = 4


@dataclass(frozen=True)
class _Change:
    kpi: Kpi
    figure: Figure
    before: float
    weight: float

    @property
    def difference(self) -> float:
        return (self.figure.value or 0.0) - self.before

    @property
    def tone(self) -> Tone:
        return change_tone(self.kpi, self.difference)


def summary(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Say in plain sentences, from figures alone, what changed most, and what to know of them."""
    is_of_year = data.period.quarter is None and _is_over(data)
    period = str(data.period.fiscal_year) if is_of_year else data.focus
    changes = sorted(_changes(data, period, formatter), key=lambda one: (-one.weight, one.kpi.kpi))
    said = {
        "good": formatter.text("Better"),
        "bad": formatter.text("Worse"),
        "": formatter.text("Also changed"),
    }
    yield Heading(_heading(period, formatter, is_of_year=is_of_year))
    by_tone = {tone: [c for c in changes if c.tone == tone][:SENTENCES] for tone in said}
    columns = [
        (said[tone], (Bullets(tuple(_sentence(one, formatter) for one in some)),))
        for tone, some in by_tone.items()
        if some
    ]
    if columns:
        yield Columns(tuple(columns))
    else:
        yield plain(formatter.text("Nothing changed that can be compared."))
    yield Heading(formatter.text("To know"))
    yield Bullets(tuple(_to_know(data, formatter)))


def _is_over(data: ReportData) -> bool:
    of_year = [f for f in data.year.figures if not f.quarter]
    return bool(of_year) and any(one.is_complete for one in of_year)


def _heading(period: str, formatter: Formatter, *, is_of_year: bool) -> str:
    named = formatter.language.period(period)
    if is_of_year:
        return formatter.text("{period} beside the year before", period=named)
    return formatter.text("{period} beside the quarter before", period=named)


def _changes(data: ReportData, period: str, formatter: Formatter) -> Iterator[_Change]:
    by_name = {kpi.kpi: kpi for kpi in wanted_kpis(data.kpis, formatter)}
    for figure in apply_style(data.year, formatter).figures:
        kpi = by_name.get(figure.kpi)
        if kpi is None:
            continue
        before = figure.quarter_before_value if figure.quarter else figure.year_before_value
        is_there = figure.period == period and figure.value is not None and before is not None
        is_whole = figure.is_complete or figure.is_sealed or kpi.kind not in TOTALS
        if is_there and is_whole and before != figure.value:
            yield _Change(kpi, figure, before or 0.0, _weight(kpi, figure, before or 0.0))


def _weight(kpi: Kpi, figure: Figure, before: float) -> float:
    """Weigh a change: shares by their points, others by how many times; few rows weigh less."""
    value, n = figure.value or 0.0, figure.denominator or figure.n
    if kpi.unit == "ratio":
        size = abs(value - before) * 2
    else:
        size = min(abs(math.log((value + 0.5) / (before + 0.5))), 3.0)
    return size * n / (n + HALF_WEIGHT)


def _sentence(one: _Change, formatter: Formatter) -> Bullet:
    numbers = formatter.numbers(one.kpi)
    message = formatter.text("rose from {before} to {after}")
    if one.difference < 0:
        message = formatter.text("fell from {before} to {after}")
    told = message.format(
        before=numbers.figure(one.before, one.kpi.unit),
        after=numbers.figure(one.figure.value, one.kpi.unit),
    )
    more = [
        _by(one, formatter).replace("-", "\N{MINUS SIGN}"),
        sample_size(one.kpi, one.figure, formatter),
    ]
    title = Strong(formatter.title(one.kpi))
    return Bullet((title, f" {told} ({', '.join(filter(None, more))})."), tone=one.tone)


def _by(one: _Change, formatter: Formatter) -> str:
    """Say how much: shares in points, others in percent where that can be said."""
    numbers = formatter.numbers(one.kpi)
    if one.kpi.unit == "ratio" or not one.before:
        return numbers.difference(one.difference, one.kpi.unit, one.figure.value)
    return formatter.plain_numbers.percent_change(one.difference / one.before)


def _to_know(data: ReportData, formatter: Formatter) -> Iterator[Bullet]:
    yield from _targets([t for t in data.targets if t.period == data.period.name], data, formatter)
    sealed = [q for q in data.year.quarters if _is_sealed(data, q)]
    restated = {one.told.quarter for one in data.evidence.restatements} & set(data.year.quarters)
    if sealed:
        names = ", ".join(map(formatter.language.quarter, sealed))
        yield Bullet((formatter.text("Sealed, and final: {names}.", names=names),))
    if restated:
        names = ", ".join(map(formatter.language.quarter, sorted(restated)))
        said = formatter.text("Restated since they were sealed: {names}.", names=names)
        is_there = formatter.style.has_section("restatements")
        yield Bullet((Jump(said, "restatements") if is_there else said,), tone="warning")
    yield _completeness(data, formatter)


def _targets(
    goals: Sequence[TargetResult], data: ReportData, formatter: Formatter
) -> Iterator[Bullet]:
    titles = {kpi.kpi: formatter.title(kpi) for kpi in wanted_kpis(data.kpis, formatter)}
    goals = [one for one in goals if one.kpi in titles]
    if not goals:
        return
    met = sum(one.status == "met" for one in goals)
    said = formatter.text("Targets met: {met} of {all}.", met=met, all=len(goals))
    others = [one for one in goals if one.status not in {"met", "no_data"}]
    listed = ", ".join(
        f"{_of_whom(titles[one.kpi], one, formatter)} ({formatter.text(STATUSES[one.status])})"
        for one in others
    )
    rest = formatter.text("Not met: {names}.", names=listed) if others else ""
    yield Bullet((" ".join(filter(None, (said, rest))),), tone="warning" if others else "good")


def _of_whom(title: str, one: TargetResult, formatter: Formatter) -> str:
    if one.project == ALL:
        return title
    whose = formatter.language.pick(one.title, one.title_ko)
    return formatter.text("{kpi} of {project}", kpi=title, project=whose)


def _is_sealed(data: ReportData, quarter: str) -> bool:
    figures = [one for one in data.year.figures if one.period == quarter]
    return bool(figures) and all(one.is_sealed for one in figures)


def _completeness(data: ReportData, formatter: Formatter) -> Bullet:
    missing = data.data_quality.incomplete
    if not missing:
        return Bullet((formatter.text("Every source was looked at after the last quarter ended."),))
    sources = ", ".join(sorted({one.source for one in missing}))
    said = formatter.text(
        "Not looked at since the last quarter ended, so it may still change: {names}.",
        names=sources,
    )
    return Bullet((said,), tone="warning")
