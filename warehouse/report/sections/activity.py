"""Sections on activity: issue flows, days with commits, commits by part."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from warehouse.query.scope import ALL
from warehouse.report.blocks import (
    Cell,
    Chart,
    Column,
    Fold,
    ReportTable,
    TableRow,
)
from warehouse.report.charts.specs import Flow, Heatmap, Stack
from warehouse.report.format.names import part_title

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.activity import IssueFlow
    from warehouse.report.queries.report_data import ReportData

SHOWN_PARTS = 6


def issues(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Yield a chart and a table of the issues opened, closed and open by quarter."""
    flows = data.activity.issues
    if not any(flow.opened or flow.closed or flow.open_at_end for flow in flows):
        return
    labels = (
        formatter.text("opened"),
        formatter.text("closed"),
        formatter.text("open at the quarter's end"),
    )
    plot = Flow(
        quarters=tuple(flow.quarter for flow in flows),
        added=tuple(flow.opened for flow in flows),
        removed=tuple(flow.closed for flow in flows),
        remaining=tuple(flow.open_at_end for flow in flows),
        labels=labels,
    )
    description = "; ".join(
        formatter.text(
            "{quarter}: {opened} opened, {closed} closed, {remaining} open at its end",
            quarter=formatter.language.quarter(flow.quarter),
            opened=formatter.language.number(flow.opened),
            closed=formatter.language.number(flow.closed),
            remaining=formatter.language.number(flow.open_at_end),
        )
        for flow in flows[-4:]
    )
    yield Chart(formatter.text("Issues, quarter by quarter"), description, plot)
    table = _issues_table(flows, labels, formatter)
    yield Fold(title=formatter.text("The figures"), blocks=(table,))


def _issues_table(
    flows: Sequence[IssueFlow], labels: tuple[str, str, str], formatter: Formatter
) -> ReportTable:
    names = (*labels[:2], formatter.text("reopened"), labels[2])
    rows = (
        TableRow(
            (
                Cell(text=formatter.language.quarter(flow.quarter)),
                *(
                    Cell(text=formatter.language.count(n, "issues"), value=n, unit="count")
                    for n in (flow.opened, flow.closed, flow.reopened, flow.open_at_end)
                ),
            )
        )
        for flow in reversed(flows)
    )
    return ReportTable(
        name="issues",
        caption=formatter.text("Issues, quarter by quarter"),
        columns=(Column(formatter.text("Quarter"), kind="text"), *map(Column, names)),
        rows=tuple(rows),
    )


def activity(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Yield charts of the days with commits, and of the commits of each part."""
    days = data.activity.days
    if not days:
        return
    first, last = data.quarters[0].starts_on, data.quarters[-1].ends_before - timedelta(days=1)
    total, most = (
        sum(count for _, count in days),
        max(days, key=lambda day_count: (day_count[1], day_count[0])),
    )
    description = formatter.text(
        "{count} commits on {days} days; most on {most}: {most_count}",
        count=formatter.language.number(total),
        days=len(days),
        most=formatter.language.day(most[0]),
        most_count=most[1],
    )
    months = tuple((day, formatter.language.month(day)) for day in month_starts(first, last))
    weekdays = tuple(map(formatter.language.weekday, range(7)))
    calendar = Heatmap(days=days, first=first, last=last, months=months, weekdays=weekdays)
    yield Chart(formatter.text("Days with commits"), description, calendar, description)
    yield from _commits(data, formatter)


def month_starts(first: date, last: date) -> Iterator[date]:
    """Yield the first day of each month between two days, inclusive of the first day."""
    day = first
    while day <= last:
        yield day
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _commits(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    quarters = set(data.year.quarters)
    counted = [
        figure
        for figure in data.parts
        if figure.kpi == "commits" and figure.value and figure.period in quarters
    ]
    totals: dict[str, float] = {}
    for figure in counted:
        name = part_title(figure, formatter)
        totals[name] = totals.get(name, 0.0) + (figure.value or 0.0)
    if len(totals) <= 1:
        return
    names = sorted(totals, key=lambda name: (-totals[name], name))
    others = formatter.text("others")
    shown = names[:SHOWN_PARTS] + ([others] if len(names) > SHOWN_PARTS else [])
    numbers: dict[tuple[str, str], float] = {}
    for figure in counted:
        name = part_title(figure, formatter)
        key = (figure.period, name if name in names[:SHOWN_PARTS] else others)
        numbers[key] = numbers.get(key, 0.0) + (figure.value or 0.0)
    amounts = tuple((q, part, count) for (q, part), count in numbers.items())
    plot = Stack(amounts, tuple(shown), overlaps=_overlap(amounts, data))
    description = ", ".join(
        f"{name}: {formatter.language.count(int(totals[name]), 'commits')}" for name in names
    )
    title = formatter.text("Commits by repository")
    if data.scope.project == ALL:
        title = formatter.text("Commits by project")
    if plot.overlaps:
        title = formatter.text("{title} (what several have counts in each)", title=title)
    yield Chart(title, description, plot)


def _overlap(amounts: Iterable[tuple[str, str, float]], data: ReportData) -> bool:
    """Return whether the parts have more commits together than there are."""
    totals = {f.period: f.value or 0.0 for f in data.year.figures if f.kpi == "commits"}
    of_parts: dict[str, float] = {}
    for quarter, _, count in amounts:
        of_parts[quarter] = of_parts.get(quarter, 0.0) + count
    return any(count > totals.get(quarter, 0.0) for quarter, count in of_parts.items())
