"""Section on incidents and deployments: a time line."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from warehouse.report.blocks import Chart, plain
from warehouse.report.charts.specs import Interval, TimeLine
from warehouse.report.format.names import project_title
from warehouse.report.sections.activity import month_starts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.activity import Incident
    from warehouse.report.queries.report_data import ReportData

SHOWN_INCIDENTS, LONGEST_LABEL = 14, 12
RECOVERY = "mean_time_to_recovery"


def incidents(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Yield a time line of incidents and deployments, and the incidents without dates."""
    events = data.activity.incidents
    found = [event for event in events if event.kpi == RECOVERY]
    marks = tuple(e.happened_at for e in events if e.kpi != RECOVERY and e.happened_at)
    intervals = [interval for event in found if (interval := _interval(event, data, formatter))]
    undated = [event for event in found if event.happened_at is None]
    if intervals or marks:
        yield from _time_line(intervals, marks, data, formatter)
    if undated:
        yield plain(
            formatter.text(
                "Without dates, and so not drawn: {incidents}.",
                incidents=", ".join(_undated(event, data, formatter) for event in undated),
            )
        )


def _time_line(
    intervals: Sequence[Interval],
    marks: tuple[datetime, ...],
    data: ReportData,
    formatter: Formatter,
) -> Iterator[Block]:
    first, last = data.quarters[0], data.quarters[-1]
    longest = sorted(intervals, key=lambda shown: (shown.starts_at - shown.ends_at, shown.label))
    shown = sorted(longest[:SHOWN_INCIDENTS], key=lambda shown: (shown.ends_at, shown.label))
    ticks = (
        (first.starts_at + timedelta(days=(day - first.starts_on).days), day)
        for day in month_starts(first.starts_on, last.ends_before - timedelta(days=1))
    )
    plot = TimeLine(
        intervals=tuple(shown),
        marks=marks,
        starts_at=first.starts_at,
        ends_at=last.ends_at,
        ticks=tuple((instant, formatter.language.month(day)) for instant, day in ticks),
    )
    description = "; ".join(
        (
            formatter.language.plural("{count} incident", "{count} incidents", len(intervals)),
            formatter.language.plural("{count} deployment", "{count} deployments", len(marks)),
            *(f"{interval.label}: {interval.text}" for interval in plot.intervals),
        )
    )
    yield Chart(formatter.text("Duration of incidents"), description, plot)
    yield plain(
        formatter.text(
            "A bar is an incident from its beginning to its end, or to the last poll if it is "
            "open; the dashed lines are deployments."
        )
    )
    if len(intervals) > len(shown):
        yield plain(formatter.text("Only the {count} longest are shown.", count=len(shown)))


def _interval(incident: Incident, data: ReportData, formatter: Formatter) -> Interval | None:
    """Return the bar of an incident; that of an open one reaches the last poll in the period."""
    if incident.happened_at is None:
        return None
    label = _label(incident, data, formatter)
    if incident.is_open:
        ends_at = max(min(data.quarters[-1].ends_at, data.observed_at), incident.happened_at)
        return Interval(label, incident.happened_at, ends_at, formatter.text("open"))
    seconds = incident.seconds or 0
    started_at = incident.happened_at - timedelta(seconds=seconds)
    text = formatter.plain_numbers.duration(seconds)
    return Interval(label, started_at, incident.happened_at, text)


def _undated(incident: Incident, data: ReportData, formatter: Formatter) -> str:
    hours = formatter.plain_numbers.duration(incident.seconds or 0)
    return f"{_label(incident, data, formatter)} {hours}"


def _label(incident: Incident, data: ReportData, formatter: Formatter) -> str:
    """Return the number of an incident or, of one in a ledger, its project."""
    if incident.subject_url is None:
        return project_title(incident.project, data, formatter)[:LONGEST_LABEL]
    name = incident.subject_url.rpartition("/")[2]
    return f"#{name}" if name.isdigit() else name[:LONGEST_LABEL]
