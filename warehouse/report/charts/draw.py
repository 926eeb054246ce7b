"""Draw charts as SVG."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import altair as alt
from altair.utils.schemapi import debug_mode

from warehouse.report.charts import specs
from warehouse.report.charts.specs import Bars, Flow, Heatmap, Spark, Stack, TimeLine, Trend
from warehouse.report.charts.theme import ACCENT, INK, LINE, PAPER, SERIES, SOFT, svg_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from warehouse.report.charts.specs import Plot

    Drawable = alt.TopLevelMixin

DAY, THOUSAND = 86_400, 1_000
# The axis of quarters has a label where a year begins.
YEARS = "split(datum.label, '-Q')[1] == '1' ? split(datum.label, '-Q')[0] : ''"
# The opacity of a day by its minimum share of the busiest day.
STRENGTHS = ((0.66, 1.0), (0.33, 0.7), (0.1, 0.45), (0.0, 0.22))


@cache
def draw(plot: Plot) -> str:
    """Return a chart as SVG."""
    return svg_of(spec_of(plot))


def spec_of(plot: Plot, *, is_checked: bool = False) -> dict[str, Any]:
    """
    Return the Vega-Lite specification of a chart.

    Shape:   validated against the schema only on request, because that takes most of the time.
    """
    shown = specs.with_visible_texts(plot)
    with debug_mode(is_checked):
        return DRAWINGS[type(plot)](shown).to_dict(validate=is_checked)


def _data(rows: Iterable[Mapping[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=list(rows))


def _spark(plot: Spark) -> Drawable:
    rows = [{"x": x, "y": y} for x, y in enumerate(plot.values)]
    with_value = [row for row in rows if row["y"] is not None]
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, max(len(rows) - 1, 1)]))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(zero=True))
    line = alt.Chart(_data(rows)).mark_line(strokeWidth=1.5, color=SOFT).encode(x=x, y=y)
    last = alt.Chart(_data(with_value[-1:])).mark_circle(size=26, color=ACCENT, opacity=1)
    return alt.layer(line, last.encode(x=x, y=y)).properties(width=88, height=22)


def _trend(plot: Trend) -> Drawable:
    rows = [
        {"q": p.label, "y": p.value, "text": p.text, "shown": p.label >= plot.first_shown}
        for p in plot.points
    ]
    with_value = [row for row in rows if row["y"] is not None]
    x = alt.X("q:O", title=None, axis=alt.Axis(labelExpr=YEARS, labelOverlap=False))
    axis = alt.Axis(title=None, tickCount=3, format=_axis_format(plot), minExtent=34, maxExtent=34)
    y = alt.Y("y:Q", axis=axis, scale=alt.Scale(zero=True, nice=True))
    base = {"x": x, "y": y}
    layers: list[alt.Chart] = []
    if plot.target is not None:
        rule = alt.Chart(_data([{"y": plot.target}])).mark_rule(color=INK, strokeDash=[3, 3])
        layers.append(rule.encode(y=y))
    layers.append(alt.Chart(_data(rows)).mark_line(strokeWidth=1.5, color=SOFT).encode(**base))
    points = alt.Chart(_data(with_value)).mark_circle(opacity=1)
    colour = alt.condition("datum.shown", alt.value(ACCENT), alt.value(SOFT))
    size = alt.condition("datum.shown", alt.value(38), alt.value(14))
    layers.append(points.encode(**base, color=colour, size=size))
    layers += _last_label(with_value[-1:], base)
    return alt.layer(*layers).properties(width=240, height=92)


def _axis_format(plot: Trend) -> str:
    if plot.is_percent:
        return ".0%"
    most = max(point.value or 0 for point in plot.points)
    return "~s" if most >= THOUSAND else "~f"


def _last_label(rows: list[dict[str, Any]], base: Mapping[str, Any]) -> list[alt.Chart]:
    """Return the label of the last figure, with a background that hides the line below it."""
    labels = alt.Chart(_data(rows))
    place: Mapping[str, Any] = {"align": "right", "dy": -10, "dx": 6, "fontWeight": "bold"}
    ground = labels.mark_text(**place, stroke=PAPER, strokeWidth=4)
    return [part.encode(**base, text="text:N") for part in (ground, labels.mark_text(**place))]


def _bars(plot: Bars) -> Drawable:
    rows = [{"name": name, "count": count} for name, count in plot.bars]
    names = [name for name, _ in plot.bars]
    axis = alt.Axis(title=None, labelLimit=80, minExtent=80, maxExtent=80, grid=False)
    y = alt.Y("name:N", sort=names, axis=axis)
    x = alt.X("count:Q", axis=None, scale=alt.Scale(domain=[0, plot.most * 1.15], nice=False))
    bars = alt.Chart(_data(rows)).mark_bar(height=11).encode(x=x, y=y)
    labels = alt.Chart(_data(row for row in rows if row["count"]))
    texts = labels.mark_text(align="left", dx=4, color=SOFT).encode(x=x, y=y, text="count:Q")
    return alt.layer(bars, texts).properties(width=150, height=16 * len(rows))


def _flow(plot: Flow) -> Drawable:
    added, removed, remaining = plot.labels
    rows = [
        {"q": quarter, "what": word, "count": count}
        for word, counts in ((added, plot.added), (removed, plot.removed))
        for quarter, count in zip(plot.quarters, counts, strict=True)
    ]
    backlog = [{"q": q, "y": y} for q, y in zip(plot.quarters, plot.remaining, strict=True)]
    names = alt.Axis(title=None, labelExpr="replace(datum.label, '-', ' ')")
    x = alt.X("q:O", axis=names)
    bars = (
        alt.Chart(_data(rows))
        .mark_bar(width=14)
        .encode(
            x=alt.X("q:O", axis=None),
            xOffset=alt.XOffset("what:N", sort=[added, removed]),
            y=alt.Y("count:Q", title=None, axis=alt.Axis(tickCount=4)),
            color=alt.Color("what:N", scale=_scale([added, removed]), sort=[added, removed]),
        )
        .properties(width=640, height=110)
    )
    y = alt.Y("y:Q", title=None, axis=alt.Axis(tickCount=4))
    title = alt.TitleParams(remaining, anchor="start", color=INK, fontSize=12, fontWeight="normal")
    below = alt.layer(
        alt.Chart(_data(backlog)).mark_area(color=SERIES[6], opacity=0.2).encode(x=x, y=y),
        alt.Chart(_data(backlog)).mark_line(color=SERIES[6], point=False).encode(x=x, y=y),
        alt.Chart(_data(backlog)).mark_text(dy=-8).encode(x=x, y=y, text="y:Q"),
    ).properties(width=640, height=90, title=title)
    return alt.vconcat(bars, below, spacing=14)


def _stack(plot: Stack) -> Drawable:
    rows = [
        {"q": q, "part": part, "y": amount, "rank": plot.parts.index(part)}
        for q, part, amount in plot.numbers
    ]
    # Parts that do not add up have a bar each.
    lines = {"yOffset": alt.YOffset("part:N", sort=list(plot.parts))} if plot.overlaps else {}
    axis = alt.Axis(tickCount=5, grid=True)
    height = max(38 * len({row["q"] for row in rows}), 12 * len(lines) * len(rows))
    chart = alt.Chart(_data(rows)).mark_bar(size=9 if lines else 26)
    drawn: Drawable = chart.encode(
        y=alt.Y("q:O", axis=alt.Axis(title=None, labelExpr="replace(datum.label, '-', ' ')")),
        x=alt.X("y:Q", title=None, axis=axis, stack=not lines),
        color=alt.Color("part:N", scale=_scale(plot.parts), sort=list(plot.parts)),
        order=alt.Order("rank:Q"),
        **lines,
    ).properties(width=640, height=height)
    return drawn


def _calendar(plot: Heatmap) -> Drawable:
    begins = plot.first.toordinal() - plot.first.weekday()
    most = max(count for _, count in plot.days)
    counts = dict(plot.days)
    rows = []
    for ordinal in range(plot.first.toordinal(), plot.last.toordinal() + 1):
        day = plot.first.fromordinal(ordinal)
        week, weekday = divmod(ordinal - begins, 7)
        strength = _strength(counts.get(day, 0), most)
        rows.append({"week": week, "day": weekday, "is_busy": strength > 0, "s": strength or 0.55})
    labels = {(day.toordinal() - begins) // 7: name for day, name in plot.months}
    months = alt.Axis(
        values=list(labels),
        orient="top",
        title=None,
        labelAlign="left",
        labelExpr=_label_expression(labels),
    )
    weekdays = {number: name for number, name in enumerate(plot.weekdays) if name}
    days = alt.Axis(values=list(weekdays), title=None, labelExpr=_label_expression(weekdays))
    drawn: Drawable = (
        alt.Chart(_data(rows))
        .mark_rect(cornerRadius=2)
        .encode(
            x=alt.X("week:O", axis=months, scale=alt.Scale(paddingInner=0.2)),
            y=alt.Y("day:O", axis=days, scale=alt.Scale(paddingInner=0.2)),
            color=alt.condition("datum.is_busy", alt.value(ACCENT), alt.value(LINE)),
            fillOpacity=alt.FillOpacity("s:Q", scale=None, legend=None),
        )
        .properties(width=640, height=88)
    )
    return drawn


def _time_line(plot: TimeLine) -> Drawable:
    def day(instant: datetime) -> float:
        return (instant - plot.starts_at).total_seconds() / DAY

    span = day(plot.ends_at)
    rows = [
        {
            "y": interval.label,
            "x": max(day(interval.starts_at), 0.0),
            "x2": day(interval.ends_at),
            "t": interval.text,
        }
        for interval in plot.intervals
    ]
    labels = {round(day(instant)): name for instant, name in plot.ticks}
    scale = alt.Scale(domain=[0, span], nice=False)
    axis = alt.Axis(values=list(labels), title=None, labelExpr=_label_expression(labels), grid=True)
    x = alt.X("x:Q", scale=scale, axis=axis)
    y = alt.Y("y:N", sort=[interval.label for interval in plot.intervals], title=None)
    marks = alt.Chart(_data({"x": day(mark)} for mark in plot.marks))
    bars = alt.Chart(_data(rows))
    return alt.layer(
        marks.mark_rule(color=SERIES[2], strokeWidth=1.5, strokeDash=[4, 3]).encode(x=x),
        bars.mark_bar(height=12, color=SERIES[1], cornerRadius=2).encode(x=x, x2="x2:Q", y=y),
        bars.mark_text(align="left", dx=4, color=INK).encode(x="x2:Q", y=y, text="t:N"),
    ).properties(width=640, height=max(24 * len(rows), 30))


def _strength(count: int, most: int) -> float:
    if not count:
        return 0.0
    return next(strength for share, strength in STRENGTHS if count >= share * most)


def _scale(names: Iterable[str]) -> alt.Scale:
    domain = list(names)
    return alt.Scale(domain=domain, range=list(SERIES[: len(domain)]))


def _label_expression(labels: Mapping[Any, str]) -> str:
    """Return an expression that labels the values of an axis."""
    return f"({json.dumps({str(key): name for key, name in labels.items()})})[datum.value]"


DRAWINGS: dict[type, Callable[[Any], Drawable]] = {
    Spark: _spark,
    Trend: _trend,
    Bars: _bars,
    Flow: _flow,
    Stack: _stack,
    Heatmap: _calendar,
    TimeLine: _time_line,
}
