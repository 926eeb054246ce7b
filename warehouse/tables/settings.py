"""The settings.* tables: settings for SQL."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from miners.records import Field
from warehouse.calendar import quarters
from warehouse.context import Project
from warehouse.sql import insert, quoted
from warehouse.tables.functions import write_functions

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from warehouse.context import Context
    from warehouse.rules import Rule


@dataclass(frozen=True)
class SettingsTable:
    """A table of settings: its name, the meaning of a row, its columns."""

    name: str
    meaning: str
    fields: tuple[Field, ...]


QUARTERS = SettingsTable(
    "quarters",
    "A fiscal quarter of the calendar of the settings.",
    (
        Field("quarter", "varchar", "Label such as 2024-Q1."),
        Field("fiscal_year", "integer", "Calendar year that names the fiscal year."),
        Field("fiscal_quarter", "integer", "Number within the fiscal year, 1 to 4."),
        Field("starts_on", "date", "First local day."),
        Field("ends_before", "date", "First local day of the next quarter."),
        Field("starts_at", "timestamptz", "First instant (UTC)."),
        Field("ends_at", "timestamptz", "First instant of the next quarter (UTC)."),
        Field("time_zone", "varchar", "Zone in which days begin."),
    ),
)
PROJECTS = SettingsTable(
    "projects",
    "A project: what people report on.",
    (
        Field("project", "varchar", "Short name of the project."),
        Field("title", "varchar", "Name of the project for people."),
        Field("title_ko", "varchar", "The same in Korean; null if there is none."),
        Field("active_from", "date", "First local day that counts; null: from the beginning."),
        Field("active_until", "date", "Last local day that counts; null: to the end."),
        Field("incident_window_hours", "bigint", "How long after a deployment it may be blamed."),
    ),
)
PROJECT_RULES = SettingsTable(
    "project_rules",
    "What a pattern over names or titles means in a project.",
    (
        Field("project", "varchar", "Short name of the project."),
        Field("rule", "varchar", "What it means, as in the settings."),
        Field("pattern", "varchar", "As written in the settings."),
        Field("matcher", "varchar", "GLOB over lower-case names; RE2 for titles."),
    ),
)
TARGETS = SettingsTable(
    "targets",
    "What a figure is to reach.",
    (
        Field("kpi", "varchar", "Name of the KPI."),
        Field("fiscal_year", "integer", "Fiscal year."),
        Field("target", "double", "Value to reach, in the KPI's unit."),
        Field("project", "varchar", "Project; null for each."),
        Field("quarter", "varchar", "Quarter; null for the year and each of its quarters."),
        Field("near", "double", "Value that is nearly as good; null if none."),
        Field("accepted_until", "date", "Day until which missing it is accepted; null if not."),
    ),
)
HASHES = SettingsTable(
    "setting_hashes",
    "A hash over a part of the settings, to detect changes.",
    (
        Field("name", "varchar", "calendar, rules or identities."),
        Field("settings_hash", "varchar", "Hash over it."),
    ),
)
PROJECT_SOURCES = SettingsTable(
    "project_sources",
    "A source that a project owns.",
    (
        Field("project", "varchar", "Short name of the project."),
        Field("source", "varchar", "Where it is mined."),
    ),
)
IDENTITY_RULES = SettingsTable(
    "identity_rules",
    "A rule that distinguishes bots and AI agents from people; the first match applies.",
    (
        Field("rule_number", "integer", "Position in the settings, from 1."),
        Field("person_kind", "varchar", "bot or ai_agent."),
        Field("pattern", "varchar", "RE2 pattern over name <email>; case does not matter."),
    ),
)
AI_MARKS = SettingsTable(
    "ai_marks",
    "A mark with which a commit discloses the help of an AI agent.",
    (
        Field("mark_number", "integer", "Position in the settings, from 1."),
        Field("pattern", "varchar", "RE2 pattern over a commit's signatures and message."),
    ),
)
EXPORTS = SettingsTable(
    "exports",
    "What exports and evidence show.",
    (
        Field("is_confidential_shown", "boolean", "Whether confidential texts and people are."),
        Field("are_addresses_shown", "boolean", "Whether e-mail addresses are."),
    ),
)
TRACKER_KINDS = SettingsTable(
    "tracker_kinds",
    "A kind of tracker that Quarry mines.",
    (
        Field("tracker_kind", "varchar", "Name of the kind, as in the settings."),
        Field("commit_path", "varchar", "Between a repository's page and a commit hash."),
        Field("public_host", "varchar", "Host that needs no setting; null if there is none."),
        Field("noreply_domain", "varchar", "Domain of addresses that hide accounts, or null."),
        Field("noreply_separator", "varchar", "Between number and login in them, or null."),
        Field("part_type", "varchar", "Type of issues that are always parts, or null."),
        Field("has_environment_tiers", "boolean", "Whether it knows what production is."),
        Field("has_request_sign", "boolean", "Whether # is before numbers of issues alone."),
    ),
)
MAILMAP_ENTRIES = SettingsTable(
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
SHARED_ADDRESSES = SettingsTable(
    "shared_addresses",
    "An address that several people sign with, and that joins nobody.",
    (Field("matcher", "varchar", "GLOB over lower-case addresses."),),
)

PROJECT_COLUMNS = (
    *("name", "title", "title_ko", "active_from", "active_until"),
    "incident_window_hours",
)

# A repository's own name takes precedence over the last part of its tracker's path.
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
    """Write the settings.* tables; write_projects fills those of projects later."""
    rules = enumerate(context.identity_rules, start=1)
    write_table(connection, QUARTERS, quarters(context.calendar))
    for table in (PROJECTS, PROJECT_RULES, PROJECT_SOURCES):
        _write_rows(connection, table, [])
    write_table(connection, TARGETS, context.targets)
    _write_rows(connection, HASHES, list(context.hashes().items()))
    _write_rows(
        connection, IDENTITY_RULES, [(n, rule.person_kind, rule.pattern) for n, rule in rules]
    )
    _write_rows(connection, AI_MARKS, list(enumerate(context.ai_marks, start=1)))
    _write_rows(connection, EXPORTS, [(context.is_confidential_shown, context.are_addresses_shown)])
    write_functions(connection, context)
    write_table(connection, MAILMAP_ENTRIES, context.mailmap)
    write_table(connection, TRACKER_KINDS, context.tracker_kinds)
    shared = [(address.lower().replace("[", "[[]"),) for address in context.shared_addresses]
    _write_rows(connection, SHARED_ADDRESSES, shared)


def write_projects(connection: duckdb.DuckDBPyConnection, projects: Sequence[Project]) -> None:
    """Insert projects with their sources and rules."""
    insert(
        connection,
        "settings.projects",
        [tuple(getattr(project, name) for name in PROJECT_COLUMNS) for project in projects],
    )
    ruled = [
        (project.name, rule.rule, rule.pattern, rule.matcher)
        for project in projects
        for rule in project.rules
    ]
    insert(connection, "settings.project_rules", ruled)
    owned = [(project.name, source) for project in projects for source in project.sources]
    insert(connection, "settings.project_sources", owned)


def own_projects(connection: duckdb.DuckDBPyConnection, context: Context) -> list[Project]:
    """
    Return a project for each mined source that no project of the settings owns whole.

    Every mined source belongs whole to some project: a source that the settings omit, or of which
    projects own only parts, gets a project of its own.
    """
    projects = context.projects
    owned = {s for project in projects if not project.owns_parts for s in project.sources}
    mined = connection.execute(FOUND).fetchall()
    free = [(source, name) for source, name in mined if source not in owned]
    uses = Counter([name for _, name in free] + [project.name for project in projects])
    return [
        _own_project(name if uses[name] == 1 else source, source, context.rules)
        for source, name in free
    ]


def _own_project(name: str, source: str, rules: tuple[Rule, ...]) -> Project:
    return Project(name=name, title=name, sources=(source,), rules=rules)


def write_table(
    connection: duckdb.DuckDBPyConnection, table: SettingsTable, things: Sequence[Any]
) -> None:
    """Write records as rows of a table of settings."""
    columns = [field.name for field in table.fields]
    rows = [tuple(getattr(thing, name) for name in columns) for thing in things]
    _write_rows(connection, table, rows)


def _write_rows(
    connection: duckdb.DuckDBPyConnection, table: SettingsTable, rows: Sequence[tuple[Any, ...]]
) -> None:
    path = f"settings.{table.name}"
    columns = ", ".join(f"{quoted(field.name)} {field.type}" for field in table.fields)
    # A table that is there keeps its comments.
    connection.execute(f"create table if not exists {path} ({columns})")
    connection.execute(f"delete from {path}")  # noqa: S608 - our own names
    insert(connection, path, rows)
