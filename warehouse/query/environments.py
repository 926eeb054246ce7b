"""Environments of a project that do not count as production."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.query.query import fetch_as, open_for_queries

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from warehouse.query.scope import Scope

_ENVIRONMENTS = """
    select
        project,
        environment,
        bool_and(has_environment_rules) as has_rules,
        sum(deployment_count)::bigint as deployment_count
    from facts.project_environments
    where $1 in ('*', project) and $2 in ('*', source)
    group by project, environment
    having not bool_or(is_counted_environment)
    order by project, deployment_count desc, environment
"""


@dataclass(frozen=True, kw_only=True)
class UncountedEnvironment:
    """An environment of a project, and how many deployments to it do not count."""

    project: str
    environment: str
    has_rules: bool
    deployment_count: int


def uncounted_environments(
    connection: duckdb.DuckDBPyConnection, scope: Scope | None = None
) -> list[UncountedEnvironment]:
    """
    List the environments that do not count, of a scope or of all projects.

    Shape:   by project, the one with most deployments first.
    """
    parameters = [scope.project, scope.source] if scope else ["*", "*"]
    return fetch_as(UncountedEnvironment, connection, _ENVIRONMENTS, parameters)


def read_uncounted_environments(warehouse: Path) -> list[UncountedEnvironment]:
    """
    List the environments of all projects that do not count.

    Errors:  WarehouseMissing; QueryFailed.
    """
    with open_for_queries(warehouse) as connection:
        return uncounted_environments(connection)
