"""What a report asks about projects themselves: who they are for, and when they are active."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import duckdb

    from warehouse.query.scope import Scope

DESCRIBED = """
    select project, client, team_size, active_from, active_until, link
    from facts.projects
    where ($1 = '*' or project = $1) and coalesce(
        client, team_size::varchar, active_from::varchar, active_until::varchar, link
    ) is not null
    order by project
"""
# By its period or, where none is told, by the work of which there is evidence.
ACTIVE = """
    with worked as (
        select project, quarter
        from figures.kpi_evidence
        where
            reason = 'counted'
            and kpi in (
                'commits', 'issues_closed', 'change_requests_merged', 'deployment_frequency'
            )
        union
        select project, if($3, coalesce(reported_quarter, quarter), quarter)
        from facts.ledger_activities
        union
        select project, if($3, coalesce(reported_quarter, quarter), quarter)
        from facts.ledger_tasks
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


@dataclass(frozen=True)
class ProjectFacts:
    """What is said of a project beside its name: days are its first and last ones."""

    project: str
    client: str | None
    team_size: int | None
    active_from: date | None
    active_until: date | None
    link: str | None


@dataclass(frozen=True)
class ProjectData:
    """The projects of which something is said, and each quarter of each with work on it."""

    described: tuple[ProjectFacts, ...]
    active: tuple[tuple[str, str], ...]


def read_projects(
    connection: duckdb.DuckDBPyConnection,
    scope: Scope,
    quarters: Sequence[str],
    *,
    is_reported: bool,
) -> ProjectData:
    """Read what is said of projects, and in which of some quarters there is work on them."""
    described = connection.execute(DESCRIBED, [scope.project]).fetchall()
    active = connection.execute(ACTIVE, [scope.project, list(quarters), is_reported]).fetchall()
    return ProjectData(
        tuple(ProjectFacts(*row) for row in described),
        tuple((quarter, project) for quarter, project in active),
    )
