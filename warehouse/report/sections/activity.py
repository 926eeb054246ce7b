"""What there is to see of the work: durations, issues, active days, incidents and deployments."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from warehouse.report.blocks import Cell, Chart, Charts, Column, Fold, Heading, Row, Table, plain
from warehouse.report.charts.specs import Bars, Calendar, Flow, Interval, Stack, TimeLine
from warehouse.report.format.language import note
from warehouse.report.format.names import project_title
from warehouse.report.sections.dashboard import wanted_kpis

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warehouse.query.figures import Kpi
    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Voice
    from warehouse.report.queries.activity import Incident
    from warehouse.report.queries.report_data import Findings

# As the bounds in ask_work.DURATIONS.
BUCKETS = (
    *(note("under 1 h"), note("1 to 4 h"), note("4 h to 1 d"), note("1 to 3 d")),
    *(note("3 to 7 d"), note("7 to 30 d"), note("30 to 90 d"), note("over 90 d")),
)
SHOWN_DURATIONS = (
    *("lead_time", "change_lead_time", "project_lead_time", "days_to_close"),
    "first_response_time",
)
SHOWN_PARTS, SHOWN_INCIDENTS, LONGEST_LABEL = 6, 14, 12
# Of fewer rows in all there is no distribution to see.
FEWEST_ROWS = 10
RECOVERY = "mean_time_to_recovery"


def lead_times(found: Findings, voice: Voice) -> Iterator[Block]:
    """Draw of each duration how many rows took how long, quarter by quarter."""
    by_name = {kpi.kpi: kpi for kpi in wanted_kpis(found.kpis, voice)}
    for name in SHOWN_DURATIONS:
        charts = list(_spreads(found, by_name[name], voice)) if name in by_name else []
        if charts:
            yield Heading(voice.title(by_name[name]))
            yield Charts(tuple(charts))


def _spreads(found: Findings, kpi: Kpi, voice: Voice) -> Iterator[Chart]:
    mine = [one for one in found.work.spreads if one.kpi == kpi.kpi]
    most = max((one.count for one in mine), default=0)
    if sum(one.count for one in mine) < FEWEST_ROWS:
        return
    for quarter in found.year.quarters:
        spread = {one.bucket: one.count for one in mine if one.quarter == quarter}
        figure = found.figure(kpi.kpi, quarter)
        if spread and figure:
            bars = tuple((voice.say(name), spread.get(i, 0)) for i, name in enumerate(BUCKETS))
            listed = ", ".join(f"{name}: {count}" for name, count in bars if count)
            median = voice.amounts(kpi).figure(figure.median_value, kpi.unit)
            middle = voice.say("median {median}, n={n}", median=median, n=sum(spread.values()))
            yield Chart(
                voice.language.quarter(quarter), f"{middle}; {listed}", Bars(bars, most), middle
            )


def issues(found: Findings, voice: Voice) -> Iterator[Block]:
    """Draw what was opened, closed and left, and list it."""
    flows = found.work.issues
    if not any(one.opened or one.closed or one.left for one in flows):
        return
    words = voice.say("opened"), voice.say("closed"), voice.say("open at the quarter's end")
    plot = Flow(
        tuple(one.quarter for one in flows),
        tuple(one.opened for one in flows),
        tuple(one.closed for one in flows),
        tuple(one.left for one in flows),
        words,
    )
    listed = "; ".join(
        f"{voice.language.quarter(one.quarter)}: {one.opened} {words[0]}, {one.closed} {words[1]}, "
        f"{one.left} {words[2]}"
        for one in flows[-4:]
    )
    yield Chart(voice.say("Issues, quarter by quarter"), listed, plot)
    names = (*words[:2], voice.say("reopened"), words[2])
    rows = (
        Row(
            (
                Cell(voice.language.quarter(one.quarter)),
                *(
                    Cell(voice.language.number(n), n, "count")
                    for n in (one.opened, one.closed, one.reopened, one.left)
                ),
            )
        )
        for one in reversed(flows)
    )
    columns = Column(voice.say("Quarter"), kind="text"), *(Column(name) for name in names)
    table = Table("issues", voice.say("Issues, quarter by quarter"), columns, tuple(rows))
    yield Fold(voice.say("The figures"), (table,))


def activity(found: Findings, voice: Voice) -> Iterator[Block]:
    """Draw on which days there were commits, and how many each project or repository has."""
    days = found.work.days
    if not days:
        return
    first, last = found.quarters[0].starts_on, found.quarters[-1].ends_before - timedelta(days=1)
    total, most = sum(count for _, count in days), max(days, key=lambda one: (one[1], one[0]))
    said = voice.say(
        "{count} commits on {days} days; most on {most}: {most_count}",
        count=voice.language.number(total),
        days=len(days),
        most=voice.language.day(most[0]),
        most_count=most[1],
    )
    months = tuple((day, voice.language.month(day)) for day in _months(first, last))
    weekdays = tuple(map(voice.language.weekday, range(7)))
    calendar = Calendar(days, first, last, months, weekdays)
    yield Chart(voice.say("Days with commits"), said, calendar, said)
    yield from _commits(found, voice)


def _months(first: date, last: date) -> Iterator[date]:
    """List the first day of each month, and of the first one the day from which it counts."""
    day = first
    while day <= last:
        yield day
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _commits(found: Findings, voice: Voice) -> Iterator[Block]:
    quarters = set(found.year.quarters)
    counted = [
        one for one in found.parts if one.kpi == "commits" and one.value and one.period in quarters
    ]
    totals: dict[str, float] = {}
    for one in counted:
        name = voice.language.pick(one.title, one.title_ko)
        totals[name] = totals.get(name, 0.0) + (one.value or 0.0)
    if len(totals) <= 1:
        return
    names = sorted(totals, key=lambda name: (-totals[name], name))
    others = voice.say("others")
    shown = names[:SHOWN_PARTS] + ([others] if len(names) > SHOWN_PARTS else [])
    amounts: dict[tuple[str, str], float] = {}
    for one in counted:
        name = voice.language.pick(one.title, one.title_ko)
        key = (one.period, name if name in names[:SHOWN_PARTS] else others)
        amounts[key] = amounts.get(key, 0.0) + (one.value or 0.0)
    plot = Stack(tuple((q, part, count) for (q, part), count in amounts.items()), tuple(shown))
    listed = ", ".join(f"{name}: {voice.language.number(int(totals[name]))}" for name in names)
    yield Chart(voice.say("Commits of each part"), listed, plot)


def incidents(found: Findings, voice: Voice) -> Iterator[Block]:
    """Draw incidents as long as they lasted, with the deployments beside them."""
    ended = [one for one in found.work.incidents if one.kpi == RECOVERY and one.seconds is not None]
    deployed = [one for one in found.work.incidents if one.kpi != RECOVERY]
    if not ended and not deployed:
        return
    first, last = found.quarters[0], found.quarters[-1]
    longest = sorted(ended, key=lambda one: (-(one.seconds or 0), one.subject_id))[:SHOWN_INCIDENTS]
    shown = sorted(longest, key=lambda one: (one.happened_at, one.subject_id))
    ticks = (
        (found.quarters[0].starts_at + timedelta(days=(day - first.starts_on).days), day)
        for day in _months(first.starts_on, last.ends_before - timedelta(days=1))
    )
    plot = TimeLine(
        tuple(_interval(one, found, voice) for one in shown),
        tuple(one.happened_at for one in deployed),
        first.starts_at,
        last.ends_at,
        tuple((instant, voice.language.month(day)) for instant, day in ticks),
    )
    said = "; ".join(
        (
            voice.language.say_many("{count} incident", "{count} incidents", len(ended)),
            voice.language.say_many("{count} deployment", "{count} deployments", len(deployed)),
            *(f"{one.label}: {one.text}" for one in plot.intervals),
        )
    )
    yield Chart(voice.say("Incidents as they lasted"), said, plot)
    yield plain(
        voice.say(
            "A bar is an incident from its beginning to its end, the dashed lines are deployments."
        )
    )
    if len(ended) > len(shown):
        yield plain(voice.say("The {count} longest are drawn.", count=len(shown)))


def _interval(one: Incident, found: Findings, voice: Voice) -> Interval:
    seconds = one.seconds or 0
    begun = one.happened_at - timedelta(seconds=seconds)
    text = voice.plain_amounts.duration(seconds)
    return Interval(_label(one, found, voice), begun, one.happened_at, text)


def _label(one: Incident, found: Findings, voice: Voice) -> str:
    """Name an incident in short: by its number or, where a ledger tells of it, by its project."""
    if one.subject_url is None:
        return project_title(one.project, found, voice)[:LONGEST_LABEL]
    name = one.subject_url.rpartition("/")[2]
    return f"#{name}" if name.isdigit() else name[:LONGEST_LABEL]
