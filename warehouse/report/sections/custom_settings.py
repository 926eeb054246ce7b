"""Where the style of a house makes another figure than the default, and why."""

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
    from collections.abc import Iterator

    from warehouse.query.figures import Figure, Kpi, YearOfFigures
    from warehouse.report.blocks import Block
    from warehouse.report.queries.report_data import ReportData

REPORTED = msgid("Rows count in the quarters and with the values reported; by dates: {value}.")
EMPTY = msgid("There was nothing to measure, and that is shown as zero.")
YEAR = msgid("The year is the mean of its quarters as shown; over all its rows: {value}.")
YEAR_END = msgid("The year is the mean of its quarters as shown; as its last quarter: {value}.")
ROUNDED = msgid("Rounded down; to the nearest: {value}.")
SHOWN = msgid("Differences are those between the figures as they are shown.")


@dataclass(frozen=True)
class _Stage:
    """Figures on the way from the default to the house's, and what the last step did to them."""

    why: str
    formatter: Formatter
    figures: dict[tuple[str, str], Figure]

    def text(self, kpi: Kpi, period: str) -> str:
        figure = self.figures[kpi.kpi, period]
        numbers = self.formatter.numbers(kpi, is_year=figure.quarter is None)
        return numbers.figure(figure.value, kpi.unit)


def custom_settings(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Set each figure that the house forms otherwise beside the default's, and say why."""
    default = _stage("", data.year_by_date, Formatter(formatter.language, Style()))
    stages = list(_stages(data, formatter))
    rows = tuple(
        row
        for kpi in wanted_kpis(data.kpis, formatter)
        for period in data.year.periods
        if (kpi.kpi, period) in default.figures
        for row in _row(kpi, period, default, stages)
    )
    if not rows:
        return
    heads = (formatter.text("The house"), formatter.text("By default"))
    yield ReportTable(
        "beside",
        formatter.text("Figures that the style of the house changes"),
        (
            Column(formatter.text("KPI"), kind="text"),
            Column(formatter.text("Period"), kind="text"),
            *(Column(head) for head in heads),
            Column(formatter.text("Why"), kind="text"),
        ),
        rows,
    )
    if not formatter.style.has_exact_differences:
        yield Paragraph((formatter.text(SHOWN),), "quiet")


def _stages(data: ReportData, formatter: Formatter) -> Iterator[_Stage]:
    """Go from the default to the house's style, one decision after the other."""
    house = formatter.style
    own = {kpi: replace(style, year=None) for kpi, style in house.of_kpis.items()}
    plain = replace(
        house, is_rounded_down=False, empty_mean_is_zero=False, year="all_rows", of_kpis=own
    )
    emptied = replace(plain, empty_mean_is_zero=house.empty_mean_is_zero)
    averaged = replace(emptied, year=house.year, of_kpis=house.of_kpis)
    yield _stage("", data.year_by_date, replace(formatter, style=plain))
    yield _stage(REPORTED, data.year, replace(formatter, style=plain))
    yield _stage(EMPTY, data.year, replace(formatter, style=emptied))
    yield _stage(YEAR, data.year, replace(formatter, style=averaged))
    yield _stage(ROUNDED, data.year, formatter)


def _stage(why: str, year: YearOfFigures, formatter: Formatter) -> _Stage:
    return _Stage(
        why, formatter, {(f.kpi, f.period): f for f in apply_style(year, formatter).figures}
    )


def _row(kpi: Kpi, period: str, default: _Stage, stages: list[_Stage]) -> Iterator[TableRow]:
    formatter = stages[-1].formatter
    texts = [stage.text(kpi, period) for stage in stages]
    whys = [
        formatter.text(_why(stage, kpi), value=before)
        for stage, (before, after) in zip(stages[1:], pairwise(texts), strict=True)
        if before != after
    ]
    if whys:
        name = formatter.language.period(period)
        cells = (formatter.title(kpi), name, texts[-1], default.text(kpi, period), " ".join(whys))
        yield TableRow(tuple(Cell(text) for text in cells))


def _why(stage: _Stage, kpi: Kpi) -> str:
    is_end = stage.why == YEAR and kpi.span == "quarter_end"
    return YEAR_END if is_end else stage.why
