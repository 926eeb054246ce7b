"""Query projects: descriptions and active quarters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.query.query import fetch_as

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import duckdb

    from warehouse.query.scope import Scope

DESCRIPTIONS = """
    select project, client, team_size, active_from, active_until, link
    from facts.projects
    where ($1 = '*' or project = $1) and coalesce(
        client, team_size::varchar, active_from::varchar, active_until::varchar, link
    ) is not null
    order by project
"""
# A project is active in its period or, without one, in quarters in which something of it
# counts, or that a row of a ledger is of; what only stands open at a quarter's end is no work.
ACTIVE = """
    with worked as (
        select
            evidence.project,
            if($3, coalesce(evidence.reported_quarter, evidence.quarter), evidence.quarter)
                as quarter
        from figures.kpi_evidence as evidence
        inner join settings.kpis as kpis using (kpi)
        where evidence.reason = 'counted' and kpis.span = 'quarter'
        union
        select project, if($3, coalesce(reported_quarter, quarter), quarter)
        from (
            select project, quarter, reported_quarter from facts.ledger_activities
            union all
            select project, quarter, reported_quarter from facts.ledger_tasks
            union all
            select project, quarter, reported_quarter from facts.ledger_deployments
            union all
            select project, quarter, reported_quarter from facts.ledger_incidents
        )
    )
    select quarters.quarter, projects.project
    from facts.projects as projects
    cross join facts.quarters as quarters
    left join worked using (project, quarter)
    where
        ($1 = '*' or projects.project = $1)
        and quarters.quarter in (select unnest($2::varchar[]))
        and case
            when coalesce(projects.active_from, projects.active_until) is null
                then worked.project is not null
            else
                coalesce(projects.active_from < quarters.quarter_ends_before, true)
                and coalesce(projects.active_until >= quarters.quarter_starts_on, true)
        end
    order by quarters.quarter, projects.project
"""


@dataclass(frozen=True, kw_only=True)
class ProjectDescription:
    """The description of a project; days are its first and its last."""

    project: str
    client: str | None
    team_size: int | None
    active_from: date | None
    active_until: date | None
    link: str | None


@dataclass(frozen=True)
class ProjectData:
    """The described projects, and the active quarters of each project."""

    descriptions: tuple[ProjectDescription, ...]
    active: tuple[tuple[str, str], ...]


def read_projects(
    connection: duckdb.DuckDBPyConnection,
    scope: Scope,
    quarters: Sequence[str],
    *,
    is_reported: bool,
) -> ProjectData:
    """Read the descriptions of projects, and in which of some quarters they are active."""
    active = connection.execute(ACTIVE, [scope.project, list(quarters), is_reported]).fetchall()
    return ProjectData(
        tuple(fetch_as(ProjectDescription, connection, DESCRIPTIONS, [scope.project])),
        tuple((quarter, project) for quarter, project in active),
    )
