"""Releases and tags of projects without a deployment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.query.query import fetch_as, open_for_queries

if TYPE_CHECKING:
    from pathlib import Path

# Of tags those that would be deployments if the project's rules had tags.
_RELEASES = """
    with released as (
        select distinct owned.project, found.deployment_kind, found.deployment_id
        from facts.project_repositories as owned
        inner join intermediate.deployment_candidates as found on owned.source = found.source
        left join settings.project_rules as rules
            on
                owned.project = rules.project
                and rules.rule = 'deployment_tags'
                and lower(found.name) glob rules.matcher
        where
            found.reason = 'counted'
            and (
                found.deployment_kind = 'release'
                or (found.deployment_kind = 'tag' and rules.project is not null)
            )
    )
    select
        released.project,
        count(*) filter (where released.deployment_kind = 'release') as release_count,
        count(*) filter (where released.deployment_kind = 'tag') as tag_count
    from released
    anti join intermediate.project_deployments as deployments
        on released.project = deployments.project
    group by released.project
    order by released.project
"""


@dataclass(frozen=True, kw_only=True)
class UncountedReleases:
    """A project without a deployment, and how many releases and tags it has."""

    project: str
    release_count: int
    tag_count: int


def read_uncounted_releases(warehouse: Path) -> list[UncountedReleases]:
    """
    List the projects that have releases or tags, and of which none is a deployment.

    Errors:  WarehouseMissing; QueryFailed.
    """
    with open_for_queries(warehouse) as connection:
        return fetch_as(UncountedReleases, connection, _RELEASES)
