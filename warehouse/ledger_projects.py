"""The projects of ledgers: those that only they name, and what they say of the settings' own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.context import Project
from warehouse.settings_tables import write_projects

if TYPE_CHECKING:
    from collections.abc import Collection

    import duckdb

    from warehouse.context import Context
    from warehouse.rules import Rule

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
FILL_IN = f"""
    update settings.projects as known
    set
        title = if(known.title = known.project, told.title, known.title),
        title_ko = coalesce(known.title_ko, told.title_ko),
        active_from = coalesce(known.active_from, told.active_from),
        active_until = coalesce(known.active_until, told.active_until)
    from ({TOLD}) as told (project, title, title_ko, active_from, active_until)
    where known.project = told.project
"""  # noqa: S608 - our own text


def add_ledger_projects(connection: duckdb.DuckDBPyConnection, context: Context) -> None:
    """Add to settings.projects what ledgers say; what the settings say goes before it."""
    connection.execute(FILL_IN)
    known = connection.execute("select project from settings.projects").fetchall()
    only_told = told_projects(connection, {name for (name,) in known}, context.rules)
    write_projects(connection, only_told)


def told_projects(
    connection: duckdb.DuckDBPyConnection, known: Collection[str], rules: tuple[Rule, ...]
) -> list[Project]:
    """List the projects that ledgers name and that are not known otherwise."""
    rows = connection.execute(TOLD).fetchall()
    return [
        Project(name, title, (), title_ko, active_from, active_until, rules)
        for name, title, title_ko, active_from, active_until in rows
        if name not in known
    ]
