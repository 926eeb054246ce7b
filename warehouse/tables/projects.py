"""The projects of ledgers: those that only they name, and what they say of all others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from warehouse.context import Project
from warehouse.tables.settings import own_projects

if TYPE_CHECKING:
    import duckdb

    from warehouse.context import Context

TABLE = "staging.ledger_projects"
# Of several ledgers the first one that says it.
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
    known = [*context.projects, *own_projects(connection, context)]
    rows = connection.execute(TOLD).fetchall() if has_ledgers else []
    told = {
        name: Project(name, title, (), title_ko, active_from, active_until, context.rules)
        for name, title, title_ko, active_from, active_until in rows
    }
    filled = [_filled(project, told.pop(project.name, project)) for project in known]
    return [*filled, *told.values()]


def _filled(known: Project, told: Project) -> Project:
    """Add what a ledger says; what the settings say goes before it."""
    return replace(
        known,
        title=told.title if known.title == known.name else known.title,
        title_ko=known.title_ko or told.title_ko,
        active_from=known.active_from or told.active_from,
        active_until=known.active_until or told.active_until,
    )
