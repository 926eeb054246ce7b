"""Query the activities of ledgers and the quarters that they cover."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.query.query import fetch_as

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import duckdb

    from warehouse.query.scope import Scope

# Two years, so that every quarter and the year have a previous one.
ACTIVITIES = """
    with activities as (
        select *, if($3, coalesce(reported_quarter, quarter), quarter) as counted_quarter
        from facts.ledger_activities
        where $1 = '*' or project = $1
    )
    select
        activity_kind as kind, counted_quarter as quarter,
        project, site, title, title_ko, happened_on, happened_until, hours, link, note
    from activities
    where
        counted_quarter in (
            select quarter from facts.quarters where fiscal_year between $2 - 1 and $2
        )
    order by counted_quarter, happened_on nulls last, source, activity_id
"""
# Before the first activity of a ledger its team kept none, which is no data, not zero; nor is there
# any before the first active day of a project, or else its first activity.
RECORDED = """
    with counted as (
        select activities.source, activities.project, quarters.starts_on
        from facts.ledger_activities as activities
        inner join settings.quarters as quarters
            on
                quarters.quarter = if(
                    $2, coalesce(activities.reported_quarter, activities.quarter),
                    activities.quarter
                )
    ),
    spans as (
        select
            source, project, projects.active_until,
            min(min(starts_on)) over (partition by source) as kept_from,
            coalesce(projects.active_from, min(starts_on)) as first_on,
            min(starts_on) as first_row_on,
            max(starts_on) as last_row_on
        from counted
        left join settings.projects as projects using (project)
        group by source, project, projects.active_from, projects.active_until
    )
    select distinct spans.project, quarters.quarter
    from spans
    inner join staging.batches as batches using (source)
    inner join settings.quarters as quarters
        on
            quarters.starts_on between spans.first_row_on and spans.last_row_on
            or (
                quarters.starts_on >= spans.kept_from
                and quarters.ends_before > spans.first_on
                and quarters.starts_at <= batches.last_observed_at
                and coalesce(quarters.starts_on <= spans.active_until, true)
            )
    where $1 = '*' or spans.project = $1
"""
COVERED = """
    select covered.quarter, bool_and(covered.is_complete)
    from intermediate.ledger_quarters as covered
    semi join (
        select source from staging.ledger_projects where $1 = '*' or project = $1
    ) as owned using (source)
    group by covered.quarter
"""
# A row without a project belongs to a project with the name of its ledger.
UNNAMED = """
    select projects.project
    from facts.projects as projects
    inner join staging.ledgers as ledgers on projects.project = ledgers.name
    where projects.project_title = projects.project and projects.source_count = 0
"""


@dataclass(frozen=True, kw_only=True)
class LedgerActivity:
    """An activity of a ledger, in the quarter in which it is counted."""

    kind: str
    quarter: str
    project: str
    site: str | None
    title: str | None
    title_ko: str | None
    happened_on: date | None
    happened_until: date | None
    hours: float | None
    link: str | None
    note: str | None


@dataclass(frozen=True)
class LedgerData:
    """
    The activities of a year and the previous one.

    Shape:   covered maps each quarter of a ledger to whether all ledgers were polled after its
             end; recorded has each project and quarter for which activities were kept; unnamed are
             the projects of rows without a project.
    """

    activities: tuple[LedgerActivity, ...]
    covered: Mapping[str, bool]
    recorded: frozenset[tuple[str, str]]
    unnamed: frozenset[str]


def read_ledger(
    connection: duckdb.DuckDBPyConnection, scope: Scope, year: int, *, is_reported: bool
) -> LedgerData:
    """Read the activities of a fiscal year, by the quarters that ledgers report where wanted."""
    covered = connection.execute(COVERED, [scope.project]).fetchall()
    unnamed = connection.execute(UNNAMED).fetchall()
    parameters = [scope.project, year, is_reported]
    return LedgerData(
        tuple(fetch_as(LedgerActivity, connection, ACTIVITIES, parameters)),
        dict(covered),
        frozenset(connection.execute(RECORDED, [scope.project, is_reported]).fetchall()),
        frozenset(name for (name,) in unnamed),
    )
