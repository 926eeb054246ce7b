"""Query activity: issue flows, active days, durations, incidents and measurements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.query.figures import time_zone_of
from warehouse.query.query import fetch_as

if TYPE_CHECKING:
    from datetime import date, datetime

    import duckdb

    from warehouse.query.scope import Scope
    from warehouse.report.queries.quarter import ReportQuarter

# Of the repositories that a project of the scope owns as a whole, each once: of projects that share
# one, as the project counts them that excludes the least.
ISSUES = """
    with flows as (
        select
            source, quarter, quarter_starts_on,
            max(opened_count) as opened_count, max(closed_count) as closed_count,
            max(reopened_count) as reopened_count, max(open_at_end_count) as open_at_end_count
        from marts.issue_closure_quarterly
        where ($1 = '*' or project = $1) and $2 in ('*', source) and quarter <= $3
        group by source, quarter, quarter_starts_on
    )
    select
        quarter,
        sum(opened_count)::bigint as opened,
        sum(closed_count)::bigint as closed,
        sum(reopened_count)::bigint as reopened,
        sum(open_at_end_count)::bigint as open_at_end
    from flows
    group by quarter, quarter_starts_on
    order by quarter_starts_on desc
    limit $4
"""
IN_SCOPE = """
    select *
    from figures.kpi_evidence
    where
        case
            when $1 = '*' then counts_in_all
            when $2 = '*' then project = $1 and counts_in_project
            else project = $1 and counts_in_repository
        end
        and $2 in ('*', source)
"""
DAYS = f"""
    select (happened_at at time zone $5)::date as day, count(*)
    from ({IN_SCOPE})
    where kpi = 'commits' and reason = 'counted' and happened_at >= $3 and happened_at < $4
    group by day
    order by day
"""  # noqa: S608 - our own text
# A duration is in the last bucket whose bound it reaches.
DURATIONS = """
    select
        rows.kpi,
        rows.quarter,
        (
            rows.value >= 3600)::int + (rows.value >= 14400)::int + (rows.value >= 86400)::int
            + (rows.value >= 259200)::int + (rows.value >= 604800)::int
            + (rows.value >= 2592000)::int + (rows.value >= 7776000
        )::int as bucket,
        count(*) as count
    from figures.kpi_evidence as rows
    inner join marts.dim_kpis as kpis using (kpi)
    where
        rows.reason = 'counted'
        and rows.value is not null
        and kpis.unit in ('hours', 'days')
        and kpis.kind in ('mean', 'median')
        and case
            when $1 = '*' then rows.counts_in_all
            when $2 = '*' then rows.project = $1 and rows.counts_in_project
            else rows.project = $1 and rows.counts_in_repository
        end
        and $2 in ('*', rows.source)
        and rows.quarter between $3 and $4
    group by all
    order by all
"""
# Those of a ledger that have hours and no dates are of the quarter that is reported.
INCIDENTS = f"""
    select
        kpi, project, subject_id, subject_url, happened_at, value as seconds,
        reason = 'still_open' as is_open
    from ({IN_SCOPE})
    where
        kpi in ('mean_time_to_recovery', 'deployment_frequency')
        and case
            when reason = 'still_open' then happened_at < $4
            when happened_at is null then reason = 'counted' and quarter between $5 and $6
            else reason = 'counted' and happened_at >= $3 and happened_at < $4
        end
    order by kpi, happened_at, project, subject_id
"""  # noqa: S608 - our own text
MEASUREMENTS = """
    select
        project, measure, measure_ko, coalesce(measurement_unit, '') as unit,
        before_value::double as before, after_value::double as after, better, measured_on, link,
        note
    from facts.ledger_measurements
    where
        ($1 = '*' or project = $1)
        and (measured_on is null or (measured_on >= $2 and measured_on < $3))
    order by project, measured_on nulls last, source, measurement_id
"""


@dataclass(frozen=True, kw_only=True)
class IssueFlow:
    """The issues opened, closed and reopened in a quarter, and open at its end."""

    quarter: str
    opened: int
    closed: int
    reopened: int
    open_at_end: int


@dataclass(frozen=True, kw_only=True)
class Incident:
    """
    An incident with its end and duration, or a deployment, which has no duration.

    Shape:   an open one has its beginning; one of which only the hours are known, no instant.
    """

    kpi: str
    project: str
    subject_id: str
    subject_url: str | None
    happened_at: datetime | None
    seconds: int | None
    is_open: bool


@dataclass(frozen=True)
class DurationCount:
    """The number of rows of a KPI in a quarter with a duration in a bucket."""

    kpi: str
    quarter: str
    bucket: int
    count: int


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """A measurement before and after a change, from a ledger."""

    project: str
    measure: str
    measure_ko: str | None
    unit: str
    before: float | None
    after: float | None
    better: str
    measured_on: date | None
    link: str | None
    note: str | None


@dataclass(frozen=True, kw_only=True)
class ActivityData:
    """The activity of a period."""

    issues: tuple[IssueFlow, ...]
    days: tuple[tuple[date, int], ...]
    durations: tuple[DurationCount, ...]
    incidents: tuple[Incident, ...]
    measurements: tuple[Measurement, ...]


def read_activity(
    connection: duckdb.DuckDBPyConnection,
    scope: Scope,
    first: ReportQuarter,
    last: ReportQuarter,
    history_quarters: int,
) -> ActivityData:
    """Read the activity between two quarters, and the issues of earlier ones."""
    of_scope = [scope.project, scope.source]
    between = [*of_scope, first.starts_at, last.ends_at]
    of_days = [*between, time_zone_of(connection)]
    of_incidents = [*between, first.quarter, last.quarter]
    of_issues = [*of_scope, last.quarter, history_quarters]
    of_durations = [*of_scope, first.quarter, last.quarter]
    of_measurements = [scope.project, first.starts_on, last.ends_before]
    days = connection.execute(DAYS, of_days).fetchall()
    return ActivityData(
        issues=tuple(reversed(fetch_as(IssueFlow, connection, ISSUES, of_issues))),
        days=tuple((day, count) for day, count in days),
        durations=tuple(fetch_as(DurationCount, connection, DURATIONS, of_durations)),
        incidents=tuple(fetch_as(Incident, connection, INCIDENTS, of_incidents)),
        measurements=tuple(fetch_as(Measurement, connection, MEASUREMENTS, of_measurements)),
    )
