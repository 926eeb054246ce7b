"""Section on trends: a small chart per KPI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.report.blocks import Chart, Charts, plain
from warehouse.report.charts.specs import Point, Trend
from warehouse.report.format.language import msgid
from warehouse.report.format.numbers import RATIO, SECONDS
from warehouse.report.sections.dashboard import wanted_kpis
from warehouse.report.styled import styled_history

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.query.figures import Kpi
    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.breakdowns import HistoricFigure
    from warehouse.report.queries.report_data import ReportData

# The units of axes, with their seconds and the seconds from which they are used.
UNITS = (
    (msgid("days"), 86400, 2 * 86400),
    (msgid("hours"), 3600, 3600),
    (msgid("minutes"), 60, 0),
)
FEWEST_POINTS = 3


def trends(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Yield a chart of every KPI with figures in several quarters."""
    charts, figures = [], styled_history(data, formatter)
    for kpi in wanted_kpis(data.kpis, formatter):
        history = [figure for figure in figures if figure.kpi == kpi.kpi]
        with_value = [figure for figure in history if figure.value is not None]
        if len(with_value) >= FEWEST_POINTS and any(figure.value for figure in with_value):
            charts.append(_chart(kpi, history, data, formatter))
    if charts:
        yield plain(
            formatter.text(
                "The last {count} quarters; the larger dots are those of this report, a gap is a "
                "quarter without data, a dashed line is a target.",
                count=max(
                    len(chart.plot.points) for chart in charts if isinstance(chart.plot, Trend)
                ),
            )
        )
        yield Charts(tuple(charts))


def _chart(
    kpi: Kpi, history: Sequence[HistoricFigure], data: ReportData, formatter: Formatter
) -> Chart:
    numbers, size, unit = formatter.numbers(kpi), *_scale(kpi, history, formatter)
    points = tuple(
        Point(
            figure.quarter,
            None if figure.value is None else figure.value / size,
            numbers.figure(figure.value, kpi.unit),
        )
        for figure in history
    )
    last = data.quarters[-1].quarter
    last_figure = data.figure(kpi.kpi, last)
    target = (
        None if last_figure is None or last_figure.target is None else last_figure.target / size
    )
    return Chart(
        formatter.title(kpi),
        description(points, formatter),
        Trend(points, data.quarters[0].quarter, kpi.unit == RATIO, target),
        unit,
    )


def description(points: Sequence[Point], formatter: Formatter) -> str:
    """Return a description of a line: first, last, lowest and highest value."""
    with_value = [point for point in points if point.value is not None]
    low, high = min(with_value, key=_value), max(with_value, key=_value)
    quarter = formatter.language.quarter
    return formatter.text(
        "from {first} in {begin} to {last} in {end}; lowest {low} in {low_in}, highest {high} in "
        "{high_in}",
        first=with_value[0].text,
        begin=quarter(with_value[0].label),
        last=with_value[-1].text,
        end=quarter(with_value[-1].label),
        low=low.text,
        low_in=quarter(low.label),
        high=high.text,
        high_in=quarter(high.label),
    )


def _value(point: Point) -> float:
    return point.value or 0.0


def _scale(kpi: Kpi, history: Sequence[HistoricFigure], formatter: Formatter) -> tuple[float, str]:
    """Return the size of the unit of an axis in the KPI's unit, and its name."""
    if kpi.unit not in SECONDS:
        return 1.0, ""
    longest = max(figure.value or 0.0 for figure in history) * SECONDS[kpi.unit]
    name, seconds, _ = next(unit for unit in UNITS if longest >= unit[2])
    return seconds / SECONDS[kpi.unit], formatter.text(name)
