"""Section on incidents and deployments: a time line."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from warehouse.report.blocks import Chart, plain
from warehouse.report.charts.specs import Interval, TimeLine
from warehouse.report.format.names import project_title
from warehouse.report.sections.activity import month_starts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.activity import Incident
    from warehouse.report.queries.report_data import ReportData

SHOWN_INCIDENTS, LONGEST_LABEL = 14, 12
RECOVERY = "mean_time_to_recovery"


def incidents(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Yield a time line of incidents and deployments."""
    events = data.activity.incidents
    ended = [event for event in events if event.kpi == RECOVERY and event.seconds is not None]
    deployed = [event for event in events if event.kpi != RECOVERY]
    if not ended and not deployed:
        return
    first, last = data.quarters[0], data.quarters[-1]
    by_length = sorted(ended, key=lambda incident: (-(incident.seconds or 0), incident.subject_id))
    shown = sorted(
        by_length[:SHOWN_INCIDENTS],
        key=lambda incident: (incident.happened_at, incident.subject_id),
    )
    ticks = (
        (data.quarters[0].starts_at + timedelta(days=(day - first.starts_on).days), day)
        for day in month_starts(first.starts_on, last.ends_before - timedelta(days=1))
    )
    plot = TimeLine(
        intervals=tuple(_interval(incident, data, formatter) for incident in shown),
        marks=tuple(incident.happened_at for incident in deployed),
        starts_at=first.starts_at,
        ends_at=last.ends_at,
        ticks=tuple((instant, formatter.language.month(day)) for instant, day in ticks),
    )
    description = "; ".join(
        (
            formatter.language.plural("{count} incident", "{count} incidents", len(ended)),
            formatter.language.plural("{count} deployment", "{count} deployments", len(deployed)),
            *(f"{interval.label}: {interval.text}" for interval in plot.intervals),
        )
    )
    yield Chart(formatter.text("Duration of incidents"), description, plot)
    yield plain(
        formatter.text(
            "A bar is an incident from its beginning to its end, the dashed lines are deployments."
        )
    )
    if len(ended) > len(shown):
        yield plain(formatter.text("Only the {count} longest are shown.", count=len(shown)))


def _interval(incident: Incident, data: ReportData, formatter: Formatter) -> Interval:
    seconds = incident.seconds or 0
    started_at = incident.happened_at - timedelta(seconds=seconds)
    text = formatter.plain_numbers.duration(seconds)
    return Interval(_label(incident, data, formatter), started_at, incident.happened_at, text)


def _label(incident: Incident, data: ReportData, formatter: Formatter) -> str:
    """Return the number of an incident or, of one in a ledger, its project."""
    if incident.subject_url is None:
        return project_title(incident.project, data, formatter)[:LONGEST_LABEL]
    name = incident.subject_url.rpartition("/")[2]
    return f"#{name}" if name.isdigit() else name[:LONGEST_LABEL]
