"""Projects of the settings, merged with those of ledgers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from warehouse.context import Project
from warehouse.tables.settings import own_projects

if TYPE_CHECKING:
    import duckdb

    from warehouse.context import Context

TABLE = "staging.ledger_projects"
# Of several ledgers the first with a value.
TOLD = """
    select
        project, coalesce(arg_min(name, source), project), arg_min(name_ko, source),
        arg_min(active_from, source), arg_min(active_until, source)
    from staging.ledger_projects
    group by project
    order by project
"""


def all_projects(
    connection: duckdb.DuckDBPyConnection, context: Context, *, has_ledgers: bool = True
) -> list[Project]:
    """List the projects of the settings, of mined sources, and of ledgers, in this order."""
    projects = [*context.projects, *own_projects(connection, context)]
    rows = connection.execute(TOLD).fetchall() if has_ledgers else []
    ledger_projects = {
        name: Project(
            name=name,
            title=title,
            sources=(),
            title_ko=title_ko,
            active_from=active_from,
            active_until=active_until,
            rules=context.rules,
        )
        for name, title, title_ko, active_from, active_until in rows
    }
    filled = [_filled(project, ledger_projects.pop(project.name, project)) for project in projects]
    return [*filled, *ledger_projects.values()]


def _filled(project: Project, ledger_project: Project) -> Project:
    """Fill a project's missing values from a ledger; settings take precedence."""
    return replace(
        project,
        title=ledger_project.title if project.title == project.name else project.title,
        title_ko=project.title_ko or ledger_project.title_ko,
        active_from=project.active_from or ledger_project.active_from,
        active_until=project.active_until or ledger_project.active_until,
    )
