"""Give sealed rows the new names of renamed projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

# A project was renamed if one project that its seal does not know, and no other, has what it had:
# a whole repository, or rows of a ledger.
RENAMED = """
    with

    sealed_parts as (

        select distinct quarter, project, source
        from sealed.figures
        where project != '*' and source != '*'

    ),

    known as (

        select quarter, project from sealed_parts
        union
        -- A project may have had no figures in the quarter.
        select quarter, project from sealed.projects

    ),

    missing as (

        select * from sealed_parts
        anti join settings.projects as projects on sealed_parts.project = projects.project

    ),

    ledger_rows (source, project, subject_id) as (

        select source, project, task_id from staging.ledger_tasks
        union all
        select source, project, deployment_id from staging.ledger_deployments
        union all
        select source, project, incident_id from staging.ledger_incidents
        union all
        select source, project, activity_id from staging.ledger_activities

    ),

    heirs (quarter, project, new_name) as (

        select missing.quarter, missing.project, owned.project
        from missing
        inner join settings.project_sources as owned on missing.source = owned.source
        anti join settings.project_rules as parts
            on owned.project = parts.project and parts.rule in ('paths', 'branches', 'labels')

        union

        select missing.quarter, missing.project, ledger_rows.project
        from missing
        inner join sealed.evidence as rows
            on
                missing.quarter = rows.quarter
                and missing.project = rows.project
                and missing.source = rows.source
        inner join ledger_rows
            on rows.source = ledger_rows.source and rows.subject_id = ledger_rows.subject_id

    ),

    new_heirs as (

        select * from heirs
        anti join known
            on heirs.quarter = known.quarter and heirs.new_name = known.project

    )

    select * from new_heirs
    qualify
        count(*) over (partition by quarter, project) = 1
        and count(*) over (partition by quarter, new_name) = 1
"""
RENAME = """
    update sealed.{table} as sealed set project = renamed.new_name
    from renamed
    where sealed.quarter = renamed.quarter and sealed.project = renamed.project
"""


def rename_sealed_projects(connection: duckdb.DuckDBPyConnection) -> None:
    """Show sealed quarters under the present names of their projects; needs settings.projects."""
    if not connection.execute("from sealed.seals limit 1").fetchone():
        return
    connection.execute(f"create or replace temp table renamed as {RENAMED}")
    for table in ("figures", "evidence", "projects", "scopes"):
        connection.execute(RENAME.format(table=table))
    connection.execute("drop table renamed")
