"""Section on custom report settings: figures that differ from the default."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from warehouse.report.blocks import Cell, Column, Paragraph, ReportTable, TableRow
from warehouse.report.format.language import msgid
from warehouse.report.format.restyle import apply_style
from warehouse.report.format.style import Formatter, Style
from warehouse.report.sections.dashboard import wanted_kpis

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.query.figures import Figure, Kpi, YearOfFigures
    from warehouse.report.blocks import Block
    from warehouse.report.queries.report_data import ReportData

REPORTED = msgid("Rows are counted with their reported quarters and values; by date: {value}.")
EMPTY = msgid("There are no rows to measure, which is shown as zero.")
YEAR = msgid("The year is the mean of its quarters as shown; over all its rows: {value}.")
YEAR_END = msgid("The year is the mean of its quarters as shown; as its last quarter: {value}.")
ROUNDED = msgid("Rounded down; to the nearest: {value}.")
SHOWN = msgid("Differences are between the figures as shown.")


@dataclass(frozen=True)
class _SettingsStage:
    """The figures after a number of settings, and the reason of the last setting."""

    reason: str
    formatter: Formatter
    figures: dict[tuple[str, str], Figure]

    def text(self, kpi: Kpi, period: str) -> str:
        figure = self.figures[kpi.kpi, period]
        numbers = self.formatter.numbers(kpi, is_year=figure.quarter is None)
        return numbers.figure(figure.value, kpi.unit)


def custom_settings(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Yield a table of the figures that the settings change, with default and reasons."""
    kpis = wanted_kpis(data.kpis, formatter)
    table = changed_figures(kpis, data.year_by_date, data.year, formatter)
    if not table.rows:
        return
    yield table
    if not formatter.style.has_exact_differences:
        yield Paragraph((formatter.text(SHOWN),), "quiet")


def changed_figures(
    kpis: Sequence[Kpi], by_date: YearOfFigures, as_reported: YearOfFigures, formatter: Formatter
) -> ReportTable:
    """Return a table of the figures that the settings change, with default and reasons."""
    default = _stage("", by_date, Formatter(formatter.language, Style()))
    stages = list(_stages(by_date, as_reported, formatter))
    rows = tuple(
        row
        for kpi in kpis
        for period in as_reported.periods
        if (kpi.kpi, period) in default.figures
        for row in _row(kpi, period, default, stages)
    )
    heads = (formatter.text("Custom"), formatter.text("Default"))
    return ReportTable(
        name="beside",
        caption=formatter.text("Figures changed by the custom report settings"),
        columns=(
            Column(formatter.text("KPI"), kind="text"),
            Column(formatter.text("Period"), kind="text"),
            *(Column(head) for head in heads),
            Column(formatter.text("Why"), kind="text"),
        ),
        rows=rows,
    )


def _stages(
    by_date: YearOfFigures, as_reported: YearOfFigures, formatter: Formatter
) -> Iterator[_SettingsStage]:
    """Yield the stages from the default to the custom settings, one setting after the other."""
    style = formatter.style
    without_year = {kpi: replace(style, year=None) for kpi, style in style.of_kpis.items()}
    plain = replace(
        style,
        is_rounded_down=False,
        empty_mean_is_zero=False,
        year="all_rows",
        of_kpis=without_year,
    )
    emptied = replace(plain, empty_mean_is_zero=style.empty_mean_is_zero)
    averaged = replace(emptied, year=style.year, of_kpis=style.of_kpis)
    yield _stage("", by_date, replace(formatter, style=plain))
    yield _stage(REPORTED, as_reported, replace(formatter, style=plain))
    yield _stage(EMPTY, as_reported, replace(formatter, style=emptied))
    yield _stage(YEAR, as_reported, replace(formatter, style=averaged))
    yield _stage(ROUNDED, as_reported, formatter)


def _stage(reason: str, year: YearOfFigures, formatter: Formatter) -> _SettingsStage:
    return _SettingsStage(
        reason, formatter, {(f.kpi, f.period): f for f in apply_style(year, formatter).figures}
    )


def _row(
    kpi: Kpi, period: str, default: _SettingsStage, stages: list[_SettingsStage]
) -> Iterator[TableRow]:
    formatter = stages[-1].formatter
    texts = [stage.text(kpi, period) for stage in stages]
    reasons = [
        formatter.text(_reason(stage, kpi), value=previous)
        for stage, (previous, current) in zip(stages[1:], pairwise(texts), strict=True)
        if previous != current
    ]
    if reasons:
        name = formatter.language.period(period)
        cells = (
            formatter.title(kpi),
            name,
            texts[-1],
            default.text(kpi, period),
            " ".join(reasons),
        )
        yield TableRow(tuple(Cell(text=text) for text in cells))


def _reason(stage: _SettingsStage, kpi: Kpi) -> str:
    is_quarter_end = stage.reason == YEAR and kpi.span == "quarter_end"
    return YEAR_END if is_quarter_end else stage.reason
