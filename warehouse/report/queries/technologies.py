"""Query technology arrivals: new languages and tools of projects, by file names."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.query.query import fetch_as

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import duckdb

    from warehouse.query.scope import Scope

FILE = Path(__file__).parents[1] / "technologies.toml"
ARRIVALS = """
    with patterns as (
        select unnest($2::varchar[]) as part, unnest($3::varchar[]) as key,
            unnest($4::varchar[]) as technology
    ),
    firsts as (
        select
            commits.project, files.source, files.path,
            arg_min(commits, (commits.happened_at, commits.commit_hash)) as first
        from facts.commit_files as files
        inner join intermediate.kpi_commits as commits using (source, commit_hash)
        inner join intermediate.project_parts as owned using (project, source)
        where
            commits.reason = 'counted'
            and files.file_change != 'deleted'
            and files.file_kind = 'file'
            and ($1 = '*' or commits.project = $1)
            and (
                not owned.has_paths
                or exists (
                    select 1
                    from settings.project_rules as rules
                    where
                        rules.project = commits.project
                        and rules.rule = 'paths'
                        and files.path glob rules.matcher
                )
            )
        group by all
    ),
    files as (
        select
            project, source, path, first.commit_hash, first.subject_url, first.happened_at,
            first.quarter, lower(regexp_extract(path, '[^/]+$')) as name
        from firsts
    ),
    keyed as (
        select *, 'names' as part, name as key
        from files
        union all
        select *, 'folders', regexp_extract(path, '^(.*)/[^/]*$', 1)
        from files
        union all
        select *, 'languages', regexp_extract(name, '[^.]\\.([^.]+)$', 1)
        from files
    ),
    arrivals as (
        select
            keyed.project, if(keyed.part = 'languages', 'language', 'tool') as kind,
            patterns.technology, keyed.quarter, keyed.happened_at, keyed.path, keyed.source,
            keyed.commit_hash, keyed.subject_url as commit_url
        from keyed
        inner join patterns using (part, key)
        where not regexp_matches(lower(keyed.path), $5)
        qualify
            row_number() over (
                partition by keyed.project, patterns.technology
                order by keyed.happened_at, keyed.source, keyed.commit_hash, keyed.path
            ) = 1
    ),
    ranked as (
        select
            *,
            row_number() over (
                partition by technology
                order by happened_at, source, commit_hash, path, project
            ) = 1 as is_first
        from arrivals
    )
    select * from ranked
    where quarter in (select unnest($6::varchar[]))
    order by happened_at, project, kind, technology
"""


@dataclass(frozen=True, kw_only=True)
class TechnologyArrival:
    """The first change of a file of a language or tool in the history of a project."""

    project: str
    kind: str
    technology: str
    quarter: str
    happened_at: datetime
    path: str
    source: str
    commit_hash: str
    commit_url: str | None
    # No other project of the scope had it before.
    is_first: bool


@dataclass(frozen=True)
class TechnologyPatterns:
    """File name patterns: the part of the path, the key and the technology of each."""

    parts: tuple[str, ...]
    keys: tuple[str, ...]
    names: tuple[str, ...]
    foreign: str


@cache
def read_technologies() -> TechnologyPatterns:
    """Return the file name patterns of all technologies."""
    settings = tomllib.loads(FILE.read_text("utf-8"))
    rows = [
        (part, key, name)
        for part in ("languages", "names", "folders")
        for name, keys in settings[part].items()
        for key in keys
    ]
    folders = "|".join(map(re.escape, settings["foreign_folders"]))
    parts, keys, names = zip(*rows, strict=True)
    return TechnologyPatterns(parts, keys, names, f"(^|/)({folders})/")


def read_arrivals(
    connection: duckdb.DuckDBPyConnection, scope: Scope, quarters: Sequence[str]
) -> tuple[TechnologyArrival, ...]:
    """List the technologies that are new to a project in some quarters, with the first commit."""
    patterns = read_technologies()
    parameters = [
        scope.project,
        patterns.parts,
        patterns.keys,
        patterns.names,
        patterns.foreign,
        list(quarters),
    ]
    return tuple(fetch_as(TechnologyArrival, connection, ARRIVALS, parameters))
