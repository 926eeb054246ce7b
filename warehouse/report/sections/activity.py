"""What there is to see of the work: durations, issues, active days, incidents and deployments."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from warehouse.report.blocks import (
    Cell,
    Chart,
    Charts,
    Column,
    Fold,
    Heading,
    ReportTable,
    TableRow,
    plain,
)
from warehouse.report.charts.specs import Bars, Flow, Heatmap, Interval, Stack, TimeLine
from warehouse.report.format.language import msgid
from warehouse.report.format.names import project_title
from warehouse.report.sections.dashboard import wanted_kpis

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.query.figures import Kpi
    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.activity import Incident, IssueFlow
    from warehouse.report.queries.report_data import ReportData

# As the bounds in ask_work.DURATIONS.
BUCKETS = (
    *(msgid("under 1 h"), msgid("1 to 4 h"), msgid("4 h to 1 d"), msgid("1 to 3 d")),
    *(msgid("3 to 7 d"), msgid("7 to 30 d"), msgid("30 to 90 d"), msgid("over 90 d")),
)
SHOWN_DURATIONS = (
    *("lead_time", "change_lead_time", "project_lead_time", "days_to_close"),
    "first_response_time",
)
SHOWN_PARTS, SHOWN_INCIDENTS, LONGEST_LABEL = 6, 14, 12
# Of fewer rows in all there is no distribution to see.
FEWEST_ROWS = 10
RECOVERY = "mean_time_to_recovery"


def lead_times(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Draw of each duration how many rows took how long, quarter by quarter."""
    by_name = {kpi.kpi: kpi for kpi in wanted_kpis(data.kpis, formatter)}
    for name in SHOWN_DURATIONS:
        charts = list(_spreads(data, by_name[name], formatter)) if name in by_name else []
        if charts:
            yield Heading(formatter.title(by_name[name]))
            yield Charts(tuple(charts))


def _spreads(data: ReportData, kpi: Kpi, formatter: Formatter) -> Iterator[Chart]:
    mine = [one for one in data.activity.spreads if one.kpi == kpi.kpi]
    most = max((one.count for one in mine), default=0)
    if sum(one.count for one in mine) < FEWEST_ROWS:
        return
    for quarter in data.year.quarters:
        spread = {one.bucket: one.count for one in mine if one.quarter == quarter}
        figure = data.figure(kpi.kpi, quarter)
        if spread and figure:
            bars = tuple((formatter.text(name), spread.get(i, 0)) for i, name in enumerate(BUCKETS))
            listed = ", ".join(f"{name}: {count}" for name, count in bars if count)
            median = formatter.numbers(kpi).figure(figure.median_value, kpi.unit)
            middle = formatter.text("median {median}, n={n}", median=median, n=sum(spread.values()))
            yield Chart(
                formatter.language.quarter(quarter), f"{middle}; {listed}", Bars(bars, most), middle
            )


def issues(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Draw what was opened, closed and left, and list it."""
    flows = data.activity.issues
    if not any(one.opened or one.closed or one.left for one in flows):
        return
    words = (
        formatter.text("opened"),
        formatter.text("closed"),
        formatter.text("open at the quarter's end"),
    )
    plot = Flow(
        tuple(one.quarter for one in flows),
        tuple(one.opened for one in flows),
        tuple(one.closed for one in flows),
        tuple(one.left for one in flows),
        words,
    )
    listed = "; ".join(
        f"{formatter.language.quarter(one.quarter)}: {one.opened} {words[0]}, "
        f"{one.closed} {words[1]}, {one.left} {words[2]}"
        for one in flows[-4:]
    )
    yield Chart(formatter.text("Issues, quarter by quarter"), listed, plot)
    yield Fold(formatter.text("The figures"), (_issues_table(flows, words, formatter),))


def _issues_table(
    flows: Sequence[IssueFlow], words: tuple[str, str, str], formatter: Formatter
) -> ReportTable:
    names = (*words[:2], formatter.text("reopened"), words[2])
    rows = (
        TableRow(
            (
                Cell(formatter.language.quarter(one.quarter)),
                *(
                    Cell(formatter.language.number(n), n, "count")
                    for n in (one.opened, one.closed, one.reopened, one.left)
                ),
            )
        )
        for one in reversed(flows)
    )
    columns = Column(formatter.text("Quarter"), kind="text"), *(Column(name) for name in names)
    title = formatter.text("Issues, quarter by quarter")
    return ReportTable("issues", title, columns, tuple(rows))


def activity(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Draw on which days there were commits, and how many each project or repository has."""
    days = data.activity.days
    if not days:
        return
    first, last = data.quarters[0].starts_on, data.quarters[-1].ends_before - timedelta(days=1)
    total, most = sum(count for _, count in days), max(days, key=lambda one: (one[1], one[0]))
    said = formatter.text(
        "{count} commits on {days} days; most on {most}: {most_count}",
        count=formatter.language.number(total),
        days=len(days),
        most=formatter.language.day(most[0]),
        most_count=most[1],
    )
    months = tuple((day, formatter.language.month(day)) for day in _months(first, last))
    weekdays = tuple(map(formatter.language.weekday, range(7)))
    calendar = Heatmap(days, first, last, months, weekdays)
    yield Chart(formatter.text("Days with commits"), said, calendar, said)
    yield from _commits(data, formatter)


def _months(first: date, last: date) -> Iterator[date]:
    """List the first day of each month, and of the first one the day from which it counts."""
    day = first
    while day <= last:
        yield day
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _commits(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    quarters = set(data.year.quarters)
    counted = [
        one for one in data.parts if one.kpi == "commits" and one.value and one.period in quarters
    ]
    totals: dict[str, float] = {}
    for one in counted:
        name = formatter.language.pick(one.title, one.title_ko)
        totals[name] = totals.get(name, 0.0) + (one.value or 0.0)
    if len(totals) <= 1:
        return
    names = sorted(totals, key=lambda name: (-totals[name], name))
    others = formatter.text("others")
    shown = names[:SHOWN_PARTS] + ([others] if len(names) > SHOWN_PARTS else [])
    numbers: dict[tuple[str, str], float] = {}
    for one in counted:
        name = formatter.language.pick(one.title, one.title_ko)
        key = (one.period, name if name in names[:SHOWN_PARTS] else others)
        numbers[key] = numbers.get(key, 0.0) + (one.value or 0.0)
    plot = Stack(tuple((q, part, count) for (q, part), count in numbers.items()), tuple(shown))
    listed = ", ".join(f"{name}: {formatter.language.number(int(totals[name]))}" for name in names)
    yield Chart(formatter.text("Commits of each part"), listed, plot)


def incidents(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Draw incidents as long as they lasted, with the deployments beside them."""
    ended = [
        one for one in data.activity.incidents if one.kpi == RECOVERY and one.seconds is not None
    ]
    deployed = [one for one in data.activity.incidents if one.kpi != RECOVERY]
    if not ended and not deployed:
        return
    first, last = data.quarters[0], data.quarters[-1]
    longest = sorted(ended, key=lambda one: (-(one.seconds or 0), one.subject_id))[:SHOWN_INCIDENTS]
    shown = sorted(longest, key=lambda one: (one.happened_at, one.subject_id))
    ticks = (
        (data.quarters[0].starts_at + timedelta(days=(day - first.starts_on).days), day)
        for day in _months(first.starts_on, last.ends_before - timedelta(days=1))
    )
    plot = TimeLine(
        tuple(_interval(one, data, formatter) for one in shown),
        tuple(one.happened_at for one in deployed),
        first.starts_at,
        last.ends_at,
        tuple((instant, formatter.language.month(day)) for instant, day in ticks),
    )
    said = "; ".join(
        (
            formatter.language.plural("{count} incident", "{count} incidents", len(ended)),
            formatter.language.plural("{count} deployment", "{count} deployments", len(deployed)),
            *(f"{one.label}: {one.text}" for one in plot.intervals),
        )
    )
    yield Chart(formatter.text("Incidents as they lasted"), said, plot)
    yield plain(
        formatter.text(
            "A bar is an incident from its beginning to its end, the dashed lines are deployments."
        )
    )
    if len(ended) > len(shown):
        yield plain(formatter.text("The {count} longest are drawn.", count=len(shown)))


def _interval(one: Incident, data: ReportData, formatter: Formatter) -> Interval:
    seconds = one.seconds or 0
    begun = one.happened_at - timedelta(seconds=seconds)
    text = formatter.plain_numbers.duration(seconds)
    return Interval(_label(one, data, formatter), begun, one.happened_at, text)


def _label(one: Incident, data: ReportData, formatter: Formatter) -> str:
    """Name an incident in short: by its number or, where a ledger tells of it, by its project."""
    if one.subject_url is None:
        return project_title(one.project, data, formatter)[:LONGEST_LABEL]
    name = one.subject_url.rpartition("/")[2]
    return f"#{name}" if name.isdigit() else name[:LONGEST_LABEL]
