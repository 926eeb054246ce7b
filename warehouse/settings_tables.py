"""The settings.* tables: what the settings say, where SQL can join it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from miners.records import Field
from warehouse.context import Project, quarters
from warehouse.sql import comment_on, insert, literal, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from warehouse.context import Context


@dataclass(frozen=True)
class Table:
    """A table of settings: its name, what a row is, its columns."""

    name: str
    meaning: str
    fields: tuple[Field, ...]


QUARTERS = Table(
    "quarters",
    "A fiscal quarter of the calendar of the settings.",
    (
        Field("quarter", "varchar", "Label such as 2024-Q1."),
        Field("fiscal_year", "integer", "Calendar year in which the fiscal year ends."),
        Field("fiscal_quarter", "integer", "Number within the fiscal year, 1 to 4."),
        Field("starts_on", "date", "First local day."),
        Field("ends_before", "date", "First local day of the next quarter."),
        Field("starts_at", "timestamptz", "First instant (UTC)."),
        Field("ends_at", "timestamptz", "First instant of the next quarter (UTC)."),
        Field("time_zone", "varchar", "Zone in which days begin."),
    ),
)
PROJECTS = Table(
    "projects",
    "A project: what people report on.",
    (
        Field("project", "varchar", "Short name of the project."),
        Field("title", "varchar", "Name of the project for people."),
    ),
)
PROJECT_SOURCES = Table(
    "project_sources",
    "A source that a project owns.",
    (
        Field("project", "varchar", "Short name of the project."),
        Field("source", "varchar", "Where it is mined."),
    ),
)
IDENTITY_RULES = Table(
    "identity_rules",
    "A rule that tells bots and AI agents from people; the first that matches holds.",
    (
        Field("rule_number", "integer", "Position in the settings, from 1."),
        Field("person_kind", "varchar", "bot or ai_agent."),
        Field("pattern", "varchar", "RE2 pattern over name <email>; case does not matter."),
    ),
)
MAILMAP_ENTRIES = Table(
    "mailmap_entries",
    "A line of the settings' own mailmap.",
    (
        Field("line_number", "integer", "Line in the file, from 1."),
        Field("proper_name", "varchar", "Name to show; null keeps the recorded one."),
        Field("proper_email", "varchar", "Address to show; null keeps the recorded one."),
        Field("commit_name", "varchar", "Recorded name it applies to; null applies to any."),
        Field("commit_email", "varchar", "Recorded address it applies to."),
    ),
)

# A repository's own name goes before the last part of its tracker's path.
FOUND = """
    with named as (
        select source, 2 as rank, batch, name from raw.repositories
        union all
        select repository, 1, batch, split_part(path, '/', -1) from raw.trackers
    )
    select source, coalesce(max_by(name, (rank, batch, name)), source)
    from named
    group by source
    order by source
"""


def write_settings(connection: duckdb.DuckDBPyConnection, context: Context) -> None:
    """
    Write the settings.* tables.

    Every source that was mined belongs to a project: one that the settings leave out gets a
    project of its own.
    """
    projects = [*context.projects, *_own_projects(connection, context.projects)]
    rules = enumerate(context.identity_rules, start=1)
    _write(connection, QUARTERS, quarters(context.calendar))
    _write(connection, PROJECTS, projects, names=("name", "title"))
    owned = [(project.name, source) for project in projects for source in project.sources]
    _write_rows(connection, PROJECT_SOURCES, owned)
    _write_rows(
        connection, IDENTITY_RULES, [(n, rule.person_kind, rule.pattern) for n, rule in rules]
    )
    _write(connection, MAILMAP_ENTRIES, context.mailmap)


def _own_projects(
    connection: duckdb.DuckDBPyConnection, projects: Sequence[Project]
) -> list[Project]:
    owned = {source for project in projects for source in project.sources}
    found = connection.execute(FOUND).fetchall()
    free = [(source, name) for source, name in found if source not in owned]
    uses = Counter([name for _, name in free] + [project.name for project in projects])
    return [
        Project(name, name, (source,)) if uses[name] == 1 else Project(source, source, (source,))
        for source, name in free
    ]


def _write(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    things: Sequence[Any],
    names: Sequence[str] = (),
) -> None:
    columns = names or [field.name for field in table.fields]
    rows = [tuple(getattr(thing, name) for name in columns) for thing in things]
    _write_rows(connection, table, rows)


def _write_rows(
    connection: duckdb.DuckDBPyConnection, table: Table, rows: Sequence[tuple[Any, ...]]
) -> None:
    path = f"settings.{table.name}"
    columns = ", ".join(f"{quoted(field.name)} {field.type}" for field in table.fields)
    connection.execute(f"create table {path} ({columns})")
    insert(connection, path, rows)
    connection.execute(f"comment on table {path} is {literal(table.meaning)}")
    comment_on(connection, path, {field.name: field.meaning for field in table.fields})
