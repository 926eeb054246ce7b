"""How each KPI went over the last quarters: small pictures, all drawn alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.report.blocks import Chart, Charts, plain
from warehouse.report.charts.specs import Point, Trend
from warehouse.report.format.language import msgid
from warehouse.report.format.numbers import RATIO, SECONDS
from warehouse.report.sections.dashboard import wanted_kpis

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.query.figures import Kpi
    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.breakdowns import HistoricFigure
    from warehouse.report.queries.report_data import ReportData

# The units of axes, and from how many seconds on each is used.
UNITS = (
    (msgid("days"), 86400, 2 * 86400),
    (msgid("hours"), 3600, 3600),
    (msgid("minutes"), 60, 0),
)
FEWEST_POINTS = 3


def trends(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Draw every KPI that has a figure in some quarters, as far back as is wanted."""
    charts = []
    for kpi in wanted_kpis(data.kpis, formatter):
        past = [one for one in data.history if one.kpi == kpi.kpi]
        known = [one for one in past if one.value is not None]
        if len(known) >= FEWEST_POINTS and any(one.value for one in known):
            charts.append(_chart(kpi, past, data, formatter))
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
    kpi: Kpi, past: Sequence[HistoricFigure], data: ReportData, formatter: Formatter
) -> Chart:
    numbers, size, unit = formatter.numbers(kpi), *_scale(kpi, past, formatter)
    points = tuple(
        Point(
            one.quarter,
            None if one.value is None else one.value / size,
            numbers.figure(one.value, kpi.unit),
        )
        for one in past
    )
    last = data.quarters[-1].quarter
    aimed = data.figure(kpi.kpi, last)
    target = None if aimed is None or aimed.target is None else aimed.target / size
    return Chart(
        formatter.title(kpi),
        description(points, formatter),
        Trend(points, data.quarters[0].quarter, kpi.unit == RATIO, target),
        unit,
    )


def description(points: Sequence[Point], formatter: Formatter) -> str:
    """Say in words what a line shows: where it begins, its lowest and highest, where it ends."""
    known = [point for point in points if point.value is not None]
    low, high = min(known, key=_value), max(known, key=_value)
    quarter = formatter.language.quarter
    return formatter.text(
        "from {first} in {begin} to {last} in {end}; lowest {low} in {low_in}, highest {high} in "
        "{high_in}",
        first=known[0].text,
        begin=quarter(known[0].label),
        last=known[-1].text,
        end=quarter(known[-1].label),
        low=low.text,
        low_in=quarter(low.label),
        high=high.text,
        high_in=quarter(high.label),
    )


def _value(point: Point) -> float:
    return point.value or 0.0


def _scale(kpi: Kpi, past: Sequence[HistoricFigure], formatter: Formatter) -> tuple[float, str]:
    """Choose the unit of an axis: how many of the KPI's unit one is, and its name."""
    if kpi.unit not in SECONDS:
        return 1.0, ""
    longest = max(one.value or 0.0 for one in past) * SECONDS[kpi.unit]
    name, seconds, _ = next(unit for unit in UNITS if longest >= unit[2])
    return seconds / SECONDS[kpi.unit], formatter.text(name)
