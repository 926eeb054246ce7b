"""Section with the summary: largest changes, targets, restatements and completeness."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.query.scope import ALL
from warehouse.report.blocks import Bullet, Bullets, Columns, Heading, Jump, Strong, plain
from warehouse.report.figure_status import STATUSES, change_tone, sample_size
from warehouse.report.format.restyle import apply_style
from warehouse.report.sections.dashboard import wanted_kpis

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.query.figures import Figure, Kpi
    from warehouse.report.blocks import Block, Tone
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.breakdowns import TargetResult
    from warehouse.report.queries.report_data import ReportData

SENTENCES = 4
# Totals are not compared while the quarter is incomplete.
TOTALS = ("count", "sum", "distinct", "half")
# Changes over few rows have a lower weight: over this many rows it is half.
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
    """Yield the largest changes as sentences, and notes on the figures."""
    is_of_year = data.period.quarter is None and _is_over(data)
    period = str(data.period.fiscal_year) if is_of_year else data.focus
    changes = sorted(
        _changes(data, period, formatter), key=lambda change: (-change.weight, change.kpi.kpi)
    )
    titles = {
        "good": formatter.text("Better"),
        "bad": formatter.text("Worse"),
        "": formatter.text("Also changed"),
    }
    yield Heading(_heading(period, formatter, is_of_year=is_of_year))
    by_tone = {tone: [c for c in changes if c.tone == tone][:SENTENCES] for tone in titles}
    columns = [
        (titles[tone], (Bullets(tuple(_sentence(change, formatter) for change in of_tone)),))
        for tone, of_tone in by_tone.items()
        if of_tone
    ]
    if columns:
        yield Columns(tuple(columns))
    else:
        yield plain(formatter.text("No comparable figure changed."))
    yield Heading(formatter.text("Notes"))
    yield Bullets(tuple(_notes(data, formatter)))


def _is_over(data: ReportData) -> bool:
    of_year = [f for f in data.year.figures if not f.quarter]
    return bool(of_year) and any(figure.is_complete for figure in of_year)


def _heading(period: str, formatter: Formatter, *, is_of_year: bool) -> str:
    period_title = formatter.language.period(period)
    if is_of_year:
        return formatter.text("{period} compared with the previous year", period=period_title)
    return formatter.text("{period} compared with the previous quarter", period=period_title)


def _changes(data: ReportData, period: str, formatter: Formatter) -> Iterator[_Change]:
    by_name = {kpi.kpi: kpi for kpi in wanted_kpis(data.kpis, formatter)}
    for figure in apply_style(data.year, formatter).figures:
        kpi = by_name.get(figure.kpi)
        if kpi is None:
            continue
        previous = figure.quarter_before_value if figure.quarter else figure.year_before_value
        is_there = figure.period == period and figure.value is not None and previous is not None
        is_whole = figure.is_complete or figure.is_sealed or kpi.kind not in TOTALS
        if is_there and is_whole and previous != figure.value:
            yield _Change(kpi, figure, previous or 0.0, _weight(kpi, figure, previous or 0.0))


def _weight(kpi: Kpi, figure: Figure, before: float) -> float:
    """Return the weight of a change: points of a share, else the log ratio, by rows."""
    value, n = figure.value or 0.0, figure.denominator or figure.n
    if kpi.unit == "ratio":
        size = abs(value - before) * 2
    else:
        size = min(abs(math.log((value + 0.5) / (before + 0.5))), 3.0)
    return size * n / (n + HALF_WEIGHT)


def _sentence(change: _Change, formatter: Formatter) -> Bullet:
    numbers = formatter.numbers(change.kpi)
    message = formatter.text("rose from {before} to {after}")
    if change.difference < 0:
        message = formatter.text("fell from {before} to {after}")
    sentence = message.format(
        before=numbers.figure(change.before, change.kpi.unit),
        after=numbers.figure(change.figure.value, change.kpi.unit),
    )
    more = [
        _difference_text(change, formatter).replace("-", "\N{MINUS SIGN}"),
        sample_size(change.kpi, change.figure, formatter),
    ]
    title = Strong(formatter.title(change.kpi))
    return Bullet((title, f" {sentence} ({', '.join(filter(None, more))})."), tone=change.tone)


def _difference_text(change: _Change, formatter: Formatter) -> str:
    """Return the size of a change: points of a share, else percent where possible."""
    numbers = formatter.numbers(change.kpi)
    if change.kpi.unit == "ratio" or not change.before:
        return numbers.difference(change.difference, change.kpi.unit, change.figure.value)
    return formatter.plain_numbers.percent_change(change.difference / change.before)


def _notes(data: ReportData, formatter: Formatter) -> Iterator[Bullet]:
    yield from _targets([t for t in data.targets if t.period == data.period.name], data, formatter)
    sealed = [q for q in data.year.quarters if _is_sealed(data, q)]
    restated = {restated.restatement.quarter for restated in data.evidence.restatements} & set(
        data.year.quarters
    )
    if sealed:
        names = ", ".join(map(formatter.language.quarter, sealed))
        yield Bullet((formatter.text("Sealed, and final: {names}.", names=names),))
    if restated:
        names = ", ".join(map(formatter.language.quarter, sorted(restated)))
        message = formatter.text("Restated since they were sealed: {names}.", names=names)
        is_there = formatter.style.has_section("restatements")
        yield Bullet((Jump(message, "restatements") if is_there else message,), tone="warning")
    yield _completeness(data, formatter)


def _targets(
    results: Sequence[TargetResult], data: ReportData, formatter: Formatter
) -> Iterator[Bullet]:
    titles = {kpi.kpi: formatter.title(kpi) for kpi in wanted_kpis(data.kpis, formatter)}
    results = [result for result in results if result.kpi in titles]
    if not results:
        return
    met = sum(result.status == "met" for result in results)
    message = formatter.text("Targets met: {met} of {all}.", met=met, all=len(results))
    others = [result for result in results if result.status not in {"met", "no_data"}]
    listed = ", ".join(
        f"{_kpi_of_project(titles[result.kpi], result, formatter)} "
        f"({formatter.text(STATUSES[result.status])})"
        for result in others
    )
    not_met = formatter.text("Not met: {names}.", names=listed) if others else ""
    yield Bullet(
        (" ".join(filter(None, (message, not_met))),), tone="warning" if others else "good"
    )


def _kpi_of_project(title: str, result: TargetResult, formatter: Formatter) -> str:
    if result.project == ALL:
        return title
    project = formatter.language.pick(result.title, result.title_ko)
    return formatter.text("{kpi} of {project}", kpi=title, project=project)


def _is_sealed(data: ReportData, quarter: str) -> bool:
    figures = [figure for figure in data.year.figures if figure.period == quarter]
    return bool(figures) and all(figure.is_sealed for figure in figures)


def _completeness(data: ReportData, formatter: Formatter) -> Bullet:
    missing = data.data_quality.incomplete
    if not missing:
        return Bullet((formatter.text("Every source was polled after the last quarter ended."),))
    sources = ", ".join(sorted({quarter.source for quarter in missing}))
    message = formatter.text(
        "Not polled since the last quarter ended, so figures may change: {names}.",
        names=sources,
    )
    return Bullet((message,), tone="warning")
