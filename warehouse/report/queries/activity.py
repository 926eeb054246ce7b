"""What a report asks about the work itself: issues, active days, durations, incidents, measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.query.figures import time_zone_of

if TYPE_CHECKING:
    from datetime import date, datetime

    import duckdb

    from warehouse.query.scope import Scope
    from warehouse.report.queries.quarter import ReportQuarter

# Of the repositories that the scope owns whole, each once.
ISSUES = """
    with flows as (
        select distinct on (source, quarter)
            source, quarter, quarter_starts_on,
            opened_count, closed_count, reopened_count, open_at_end_count
        from marts.issue_closure_quarterly
        where ($1 = '*' or project = $1) and $2 in ('*', source) and quarter <= $3
        order by source, quarter, project
    )
    select
        quarter,
        sum(opened_count)::bigint, sum(closed_count)::bigint, sum(reopened_count)::bigint,
        sum(open_at_end_count)::bigint
    from flows
    group by quarter, quarter_starts_on
    order by quarter_starts_on desc
    limit $4
"""
COUNTED = """
    select *
    from figures.kpi_evidence
    where
        reason = 'counted'
        and if($1 = '*', counts_in_all, project = $1)
        and $2 in ('*', source)
        and happened_at >= $3 and happened_at < $4
"""
DAYS = f"""
    select (happened_at at time zone $5)::date as day, count(*)
    from ({COUNTED})
    where kpi = 'commits'
    group by day
    order by day
"""  # noqa: S608 - our own text
# Buckets that people think in; a duration belongs to the last whose bound it reaches.
DURATIONS = """
    select
        rows.kpi,
        rows.quarter,
        (
            rows.value >= 3600)::int + (rows.value >= 14400)::int + (rows.value >= 86400)::int
            + (rows.value >= 259200)::int + (rows.value >= 604800)::int
            + (rows.value >= 2592000)::int + (rows.value >= 7776000
        )::int as bucket,
        count(*)
    from figures.kpi_evidence as rows
    inner join marts.dim_kpis as kpis using (kpi)
    where
        rows.reason = 'counted'
        and rows.value is not null
        and kpis.unit in ('hours', 'days')
        and kpis.kind in ('mean', 'median')
        and if($1 = '*', rows.counts_in_all, rows.project = $1)
        and $2 in ('*', rows.source)
        and rows.quarter between $3 and $4
    group by all
    order by all
"""
INCIDENTS = f"""
    select kpi, project, subject_id, subject_url, happened_at, value
    from ({COUNTED})
    where kpi in ('mean_time_to_recovery', 'deployment_frequency')
    order by kpi, happened_at, project, subject_id
"""  # noqa: S608 - our own text
MEASURES = """
    select
        project, measure, measure_ko, coalesce(unit, ''), before_value::double,
        after_value::double, better, measured_on, link, note
    from facts.ledger_measurements
    where
        ($1 = '*' or project = $1)
        and (measured_on is null or (measured_on >= $2 and measured_on < $3))
    order by project, measured_on nulls last, source, measurement_id
"""


@dataclass(frozen=True)
class IssueFlow:
    """What came, went and was left in a quarter."""

    quarter: str
    opened: int
    closed: int
    reopened: int
    left: int


@dataclass(frozen=True)
class Incident:
    """An incident, or a deployment where it took no time; seconds before it ended."""

    kpi: str
    project: str
    subject_id: str
    subject_url: str | None
    happened_at: datetime
    seconds: int | None


@dataclass(frozen=True)
class DurationCount:
    """How many rows of a KPI in a quarter took as long as a bucket says."""

    kpi: str
    quarter: str
    bucket: int
    count: int


@dataclass(frozen=True)
class Measurement:
    """What somebody measured before and after a change."""

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


@dataclass(frozen=True)
class ActivityData:
    """What there is to see of the work of a period."""

    issues: tuple[IssueFlow, ...]
    days: tuple[tuple[date, int], ...]
    spreads: tuple[DurationCount, ...]
    incidents: tuple[Incident, ...]
    measures: tuple[Measurement, ...]


def read_activity(
    connection: duckdb.DuckDBPyConnection,
    scope: Scope,
    first: ReportQuarter,
    last: ReportQuarter,
    history_quarters: int,
) -> ActivityData:
    """Read what there is to see of the work between two quarters, and of issues before them."""
    whose = [scope.project, scope.source]
    bounds = [first.starts_at, last.ends_at]
    zone = time_zone_of(connection)
    issues = connection.execute(ISSUES, [*whose, last.quarter, history_quarters]).fetchall()
    spreads = connection.execute(DURATIONS, [*whose, first.quarter, last.quarter]).fetchall()
    days = connection.execute(DAYS, [*whose, *bounds, zone]).fetchall()
    incidents = connection.execute(INCIDENTS, [*whose, *bounds]).fetchall()
    return ActivityData(
        tuple(IssueFlow(*row) for row in reversed(issues)),
        tuple((day, count) for day, count in days),
        tuple(DurationCount(*row) for row in spreads),
        tuple(Incident(*row) for row in incidents),
        _measures(connection, scope, first, last),
    )


def _measures(
    connection: duckdb.DuckDBPyConnection, scope: Scope, first: ReportQuarter, last: ReportQuarter
) -> tuple[Measurement, ...]:
    """Read what was measured in the period, or on a day that nobody told."""
    which = [scope.project, first.starts_on, last.ends_before]
    return tuple(Measurement(*row) for row in connection.execute(MEASURES, which).fetchall())
