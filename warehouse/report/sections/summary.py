"""Section with the summary: largest changes, targets, restatements and completeness."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.query.scope import ALL, period_before
from warehouse.report.blocks import Bullet, Bullets, Columns, Heading, Jump, Strong, plain
from warehouse.report.figure_status import STATUSES, change_tone
from warehouse.report.format.names import source_titles
from warehouse.report.format.restyle import is_mean_of_quarters
from warehouse.report.sections.dashboard import wanted_kpis
from warehouse.report.styled import styled_targets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.query.figures import Kpi
    from warehouse.report.blocks import Block, Tone
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.breakdowns import TargetResult
    from warehouse.report.queries.comparisons import PeriodComparison
    from warehouse.report.queries.report_data import ReportData

SENTENCES = 4
# Kinds whose value is not the number of its rows.
WITH_N = ("ratio", "sum", "half", "mean", "median", "longest")
# The statuses of a target that a figure did not reach, the worst first.
NOT_MET = ("missed", "near", "accepted")
# A change over fewer rows than this, in either period, may be chance.
FEWEST_ROWS = 10


@dataclass(frozen=True)
class _Change:
    kpi: Kpi
    comparison: PeriodComparison
    weight: float

    @property
    def tone(self) -> Tone:
        return change_tone(self.kpi, self.comparison.difference)


def summary(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Yield the largest changes as sentences, and notes on the figures."""
    changes = sorted(_changes(data, formatter), key=lambda change: (-change.weight, change.kpi.kpi))
    titles = {
        "good": formatter.text("Better"),
        "bad": formatter.text("Worse"),
        "": formatter.text("Also changed"),
    }
    yield Heading(_heading(data, formatter))
    by_tone = {tone: [c for c in changes if c.tone == tone][:SENTENCES] for tone in titles}
    columns = [
        (titles[tone], (Bullets(tuple(_sentence(change, formatter) for change in of_tone)),))
        for tone, of_tone in by_tone.items()
        if of_tone
    ]
    if columns:
        yield Columns(tuple(columns))
    else:
        yield plain(
            formatter.text(
                "No figure changed that has at least {n} rows in both periods.", n=FEWEST_ROWS
            )
        )
    yield Heading(formatter.text("Notes"))
    yield Bullets(tuple(_notes(data, formatter)))


def _heading(data: ReportData, formatter: Formatter) -> str:
    period, before = data.compared, period_before(data.compared)
    name, name_before = map(formatter.language.period, (period.name, before.name))
    return formatter.text("{period} vs. {before}", period=name, before=name_before)


def _changes(data: ReportData, formatter: Formatter) -> Iterator[_Change]:
    for kpi in wanted_kpis(data.kpis, formatter):
        comparison = data.comparisons.get(kpi.kpi)
        figure = data.figure(kpi.kpi, data.compared.name)
        if comparison is None or figure is None:
            continue
        # Its rows make another figure than the one that the report shows.
        is_shown = figure.quarter is not None or not is_mean_of_quarters(kpi, formatter)
        is_enough = comparison.least_n >= FEWEST_ROWS
        if is_shown and not figure.is_growing and is_enough and comparison.difference:
            yield _Change(kpi, comparison, _weight(kpi, comparison))


def _weight(kpi: Kpi, comparison: PeriodComparison) -> float:
    """Return the weight of a change: points of a share, else the log ratio."""
    if kpi.unit == "ratio":
        return abs(comparison.difference) * 2
    return min(abs(math.log((comparison.after + 0.5) / (comparison.before + 0.5))), 3.0)


def _sentence(change: _Change, formatter: Formatter) -> Bullet:
    kpi, comparison = change.kpi, change.comparison
    # The sign of the difference is in the message.
    amount = _difference_text(change, formatter).lstrip("+-")
    sentence = _direction(comparison, formatter).format(
        before=_figure_with_n(kpi, comparison.before, comparison.before_n, formatter),
        after=_figure_with_n(kpi, comparison.after, comparison.after_n, formatter),
        more=", ".join(filter(None, (amount, _projects(comparison, formatter)))),
    )
    return Bullet((Strong(formatter.title(kpi)), f" {sentence}"), tone=change.tone)


def _direction(comparison: PeriodComparison, formatter: Formatter) -> str:
    if comparison.difference < 0:
        return formatter.text("fell from {before} to {after} (\N{MINUS SIGN}{more}).")
    return formatter.text("rose from {before} to {after} (+{more}).")


def _figure_with_n(kpi: Kpi, value: float, n: int, formatter: Formatter) -> str:
    text = formatter.numbers(kpi).figure(value, kpi.unit)
    sample = formatter.text("n={n}", n=formatter.language.number(n))
    return f"{text} ({sample})" if kpi.kind in WITH_N else text


def _projects(comparison: PeriodComparison, formatter: Formatter) -> str:
    """Return over how many projects the figures are, if some have rows in one period only."""
    if comparison.project_count == comparison.all_project_count:
        return ""
    return formatter.text(
        "of {count} of {all} projects, those with rows in both periods",
        count=comparison.project_count,
        all=comparison.all_project_count,
    )


def _difference_text(change: _Change, formatter: Formatter) -> str:
    """Return the size of a change: points of a share, else percent where possible."""
    numbers = formatter.numbers(change.kpi)
    difference, before = change.comparison.difference, change.comparison.before
    if change.kpi.unit == "ratio" or not before:
        return numbers.difference(difference, change.kpi.unit, change.comparison.after)
    return formatter.plain_numbers.percent_change(difference / before)


def _notes(data: ReportData, formatter: Formatter) -> Iterator[Bullet]:
    targets = styled_targets(data, formatter)
    yield from _targets([t for t in targets if t.period == data.period.name], data, formatter)
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
    names = {
        status: [
            _kpi_of_project(titles[result.kpi], result, formatter)
            for result in results
            if result.status == status
        ]
        for status in STATUSES
    }
    not_met = ", ".join(
        f"{name} ({formatter.text(STATUSES[status])})"
        for status in NOT_MET
        for name in names[status]
    )
    sentences = [formatter.text("Targets met: {met} of {all}.", met=met, all=len(results))]
    if not_met:
        sentences.append(formatter.text("Not met: {names}.", names=not_met))
    if names["open"]:
        open_names = ", ".join(names["open"])
        sentences.append(formatter.text("Open until the period ends: {names}.", names=open_names))
    if names["no_data"]:
        sentences.append(formatter.text("Without data: {count}.", count=len(names["no_data"])))
    tone: Tone = "warning" if not_met else "good" if met == len(results) else ""
    yield Bullet((" ".join(sentences),), tone=tone)


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
    sources = source_titles((quarter.source for quarter in missing), formatter.language)
    quarters = sorted({quarter.quarter for quarter in missing})
    message = formatter.text(
        "Not polled after the end of {quarters}, so its figures may change: {names}.",
        quarters=", ".join(map(formatter.language.quarter, quarters)),
        names=", ".join(sources),
    )
    return Bullet((message,), tone="warning")
