"""How each KPI went over the last quarters: small pictures, all drawn alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.report.blocks import Chart, Charts, plain
from warehouse.report.charts.specs import Point, Trend
from warehouse.report.format.language import note
from warehouse.report.format.numbers import RATIO, SECONDS
from warehouse.report.sections.dashboard import wanted_kpis

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.query.figures import Kpi
    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Voice
    from warehouse.report.queries.breakdowns import Past
    from warehouse.report.queries.report_data import Findings

# The units of axes, and from how many seconds on each is used.
UNITS = (
    (note("days"), 86400, 2 * 86400),
    (note("hours"), 3600, 3600),
    (note("minutes"), 60, 0),
)
FEWEST_POINTS = 3


def trends(found: Findings, voice: Voice) -> Iterator[Block]:
    """Draw every KPI that has a figure in some quarters, as far back as is wanted."""
    charts = []
    for kpi in wanted_kpis(found.kpis, voice):
        past = [one for one in found.history if one.kpi == kpi.kpi]
        known = [one for one in past if one.value is not None]
        if len(known) >= FEWEST_POINTS and any(one.value for one in known):
            charts.append(_chart(kpi, past, found, voice))
    if charts:
        yield plain(
            voice.say(
                "The last {count} quarters; the larger dots are those of this report, a gap is a "
                "quarter without data, a dashed line is a target.",
                count=max(
                    len(chart.plot.points) for chart in charts if isinstance(chart.plot, Trend)
                ),
            )
        )
        yield Charts(tuple(charts))


def _chart(kpi: Kpi, past: Sequence[Past], found: Findings, voice: Voice) -> Chart:
    amounts, size, unit = voice.amounts(kpi), *_scale(kpi, past, voice)
    points = tuple(
        Point(
            one.quarter,
            None if one.value is None else one.value / size,
            amounts.figure(one.value, kpi.unit),
        )
        for one in past
    )
    last = found.quarters[-1].quarter
    aimed = found.figure(kpi.kpi, last)
    target = None if aimed is None or aimed.target is None else aimed.target / size
    return Chart(
        voice.title(kpi),
        says(points, voice),
        Trend(points, found.quarters[0].quarter, kpi.unit == RATIO, target),
        unit,
    )


def says(points: Sequence[Point], voice: Voice) -> str:
    """Say in words what a line shows: where it begins, its lowest and highest, where it ends."""
    known = [point for point in points if point.value is not None]
    low, high = min(known, key=_value), max(known, key=_value)
    quarter = voice.language.quarter
    return voice.say(
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


def _scale(kpi: Kpi, past: Sequence[Past], voice: Voice) -> tuple[float, str]:
    """Choose the unit of an axis: how many of the KPI's unit one is, and its name."""
    if kpi.unit not in SECONDS:
        return 1.0, ""
    longest = max(one.value or 0.0 for one in past) * SECONDS[kpi.unit]
    name, seconds, _ = next(unit for unit in UNITS if longest >= unit[2])
    return seconds / SECONDS[kpi.unit], voice.say(name)
