"""Names in the warehouse, and how many items each rule matches."""

# ruff: noqa: S608 - what is put into SQL here is our own names
from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.query.published import open_published
from warehouse.rules import AT_ANY_DEPTH, EXACT, EXPRESSIONS
from warehouse.sql import insert, literal
from warehouse.tables.projects import all_projects

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import duckdb

    from warehouse.context import Context, Project

_ITEM_LABELS = ("issue label", "change request label")
# The kinds of names that each rule matches.
KINDS: dict[str, tuple[str, ...]] = {
    "paths": ("path",),
    "generated": ("path",),
    "branches": ("branch",),
    "labels": _ITEM_LABELS,
    "left_out_authors": ("author",),
    "left_out_labels": _ITEM_LABELS,
    "deployments": ("deployment",),
    "environments": ("environment",),
    "environment_groups": ("environment",),
    "deployment_tags": ("tag",),
    "incident_labels": ("issue label",),
    "issue_types": ("issue type",),
    "left_out_types": ("issue type",),
    "incident_types": ("issue type",),
    "incident_titles": ("issue title",),
    "hotfix_labels": ("change request label",),
    "hotfix_titles": ("change request title",),
    "hotfix_branches": ("head branch",),
    "test_labels": ("issue label",),
    "test_titles": ("issue title",),
    "started_labels": ("issue label",),
}
_LABELS = (
    "unnest([attribute_value, former_value]), lower(attribute_value) from facts.item_attributes "
    "left join staging.renamed_attributes using (tracker_source, attribute, attribute_value) "
    "where attribute = 'label' and item_kind"
)
# The names of each kind, and the things to count: labels and the like regardless of case, titles by
# item, authors by person.
_NAMES = {
    "path": "path, path from facts.commit_files union select source, old_path, old_path "
    "from facts.commit_files",
    "branch": "regexp_replace(ref_name, '^refs/heads/', ''), ref_name from facts.refs "
    "where ref_kind = 'branch' and is_current",
    "tag": "regexp_replace(ref_name, '^refs/tags/', ''), ref_name from facts.refs "
    "where ref_kind = 'tag'",
    "issue label": f"{_LABELS} = 'issue'",
    "change request label": f"{_LABELS} = 'change_request'",
    "issue type": "unnest([coalesce(issue_type, 'issue'), if(is_part, 'part/' || "
    "coalesce(issue_type, 'issue'), null)]), lower(issue_type) from facts.issues",
    "issue title": "title, tracker_source || '#' || issue_number from facts.issues",
    "change request title": "title, tracker_source || '#' || change_request_number "
    "from facts.change_requests",
    "head branch": "head_ref, lower(head_ref) from facts.change_requests",
    "environment": "environment, lower(environment) from facts.deployments where fate is null",
    "deployment": "if(deployment_kind != 'deployment' and prereleases.tag_name is not null, "
    "'prerelease', deployment_kind), deployment_id from intermediate.deployment_candidates "
    "left join intermediate.prereleases as prereleases using (source, tag_name) "
    "where reason = 'counted' union all select source || '/' || project, 'ledger', deployment_id "
    "from facts.ledger_deployments where deployment_status in ('succeeded', 'rolled_back')",
    "author": "author_kind, author_person_id from facts.commits",
}
_FILL = """
    insert into there
    select distinct source, '{kind}', name, thing
    from (select source, {named}) as found (source, name, thing)
    where name is not null
"""
_TABLES = """
    create temp table there (source text, kind text, name text, thing text);
    create temp table owned (project text, source text);
    create temp table asked (project text, rule text, pattern text, matcher text, kind text);
"""


def _listed(names: Iterable[str]) -> str:
    return f"({', '.join(map(literal, sorted(names)))})"


_MATCHES = f"""
    select asked.project, asked.rule, asked.pattern, count(distinct there.thing)
    from asked
    inner join owned on asked.project = owned.project
    inner join there
        on owned.source = there.source
        and asked.kind = there.kind
        and case
            when asked.rule in {_listed(EXPRESSIONS)}
                then regexp_matches(there.name, asked.matcher)
            when asked.rule in {_listed(EXACT)} then there.name glob asked.matcher
            when asked.rule in {_listed(AT_ANY_DEPTH)}
                then '/' || lower(there.name) glob asked.matcher
            else lower(there.name) glob asked.matcher
        end
    group by all
"""
# Paths are shown by first folder; titles are not shown.
_SHOWN = """
    select owned.project, there.kind, if(
        there.kind = 'path', regexp_extract(there.name, '^[^/]*/?'), there.name
    ) as shown
    from owned
    inner join there on owned.source = there.source
    where not ends_with(there.kind, 'title')
    group by all
    order by all
"""
# A ledger has rows of several projects, each with a source of its own here.
_TOLD = "insert into owned select project, source || '/' || project from staging.ledger_projects"
_LEDGERS = """
    select project, list(ledgers.name order by ledgers.name)
    from staging.ledger_projects inner join staging.ledgers using (source)
    group by project
"""
_DEPLOYMENTS = "select project, count(*) from intermediate.project_deployments group by project"
_MINED = "select source from facts.project_repositories"


@dataclass(frozen=True, kw_only=True)
class WarehouseMatches:
    """
    The matches of all projects' rules, also of projects that no setting names.

    Shape:   matches by (project, rule, pattern), missing is 0; names by (project, kind); ledgers
             are those that name the project; deployments are those of the last build.
    """

    projects: Sequence[Project]
    mined: frozenset[str]
    matches: Mapping[tuple[str, str, str], int]
    names: Mapping[tuple[str, str], Sequence[str]]
    ledgers: Mapping[str, Sequence[str]]
    deployments: Mapping[str, int]


def read_matches(warehouse: Path, context: Context) -> WarehouseMatches:
    """
    Match the current rules against the names in a warehouse.

    Errors:  WarehouseMissing, or WarehouseOutdated where another version built it.
    """
    with open_published(warehouse) as connection:
        return _find(connection, context)


def _find(connection: duckdb.DuckDBPyConnection, context: Context) -> WarehouseMatches:
    projects = all_projects(connection, context)
    connection.execute(_TABLES)
    insert(connection, "owned", [(p.name, source) for p in projects for source in p.sources])
    connection.execute(_TOLD)
    asked = [
        (project.name, rule.rule, rule.pattern, rule.matcher, kind)
        for project in projects
        for rule in project.rules
        for kind in KINDS[rule.rule]
    ]
    insert(connection, "asked", asked)
    for kind in {kind for *_, kind in asked}:
        connection.execute(_FILL.format(kind=kind, named=_NAMES[kind]))
    names: dict[tuple[str, str], list[str]] = defaultdict(list)
    for project, kind, name in connection.execute(_SHOWN).fetchall():
        names[project, kind].append(name)
    matches = connection.execute(_MATCHES).fetchall()
    return WarehouseMatches(
        projects=projects,
        mined=frozenset(source for (source,) in connection.execute(_MINED).fetchall()),
        matches={(project, rule, pattern): count for project, rule, pattern, count in matches},
        names=names,
        ledgers=dict(connection.execute(_LEDGERS).fetchall()),
        deployments=dict(connection.execute(_DEPLOYMENTS).fetchall()),
    )
