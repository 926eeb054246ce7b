"""What a report asks about technologies: which ones came to a project, by the names of files."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import duckdb

    from warehouse.query.scope import Scope

FILE = Path(__file__).parents[1] / "technologies.toml"
ARRIVALS = """
    with known as (
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
            and files.change != 'deleted'
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
            known.technology, keyed.quarter, keyed.happened_at, keyed.path, keyed.source,
            keyed.commit_hash, keyed.subject_url
        from keyed
        inner join known using (part, key)
        where not regexp_matches(lower(keyed.path), $5)
        qualify
            row_number() over (
                partition by keyed.project, known.technology
                order by keyed.happened_at, keyed.source, keyed.commit_hash, keyed.path
            ) = 1
    ),
    everywhere as (
        select
            *,
            row_number() over (
                partition by technology
                order by happened_at, source, commit_hash, path, project
            ) = 1 as is_first
        from arrivals
    )
    select * from everywhere
    where quarter in (select unnest($6::varchar[]))
    order by happened_at, project, kind, technology
"""


@dataclass(frozen=True)
class TechnologyArrival:
    """A language or tool in the first change that a project's history has of it."""

    project: str
    kind: str
    technology: str
    quarter: str
    happened_at: datetime
    path: str
    source: str
    commit_hash: str
    commit_url: str | None
    # No other of the projects asked for had it before.
    is_first: bool


@dataclass(frozen=True)
class TechnologyPatterns:
    """What names of files tell: what part of a path each key is, the key, and what it tells."""

    parts: tuple[str, ...]
    keys: tuple[str, ...]
    names: tuple[str, ...]
    foreign: str


@cache
def read_technologies() -> TechnologyPatterns:
    """Read which names of files tell of which technology."""
    told = tomllib.loads(FILE.read_text("utf-8"))
    rows = [
        (part, key, name)
        for part in ("languages", "names", "folders")
        for name, keys in told[part].items()
        for key in keys
    ]
    folders = "|".join(map(re.escape, told["foreign_folders"]))
    parts, keys, names = zip(*rows, strict=True)
    return TechnologyPatterns(parts, keys, names, f"(^|/)({folders})/")


def read_arrivals(
    connection: duckdb.DuckDBPyConnection, scope: Scope, quarters: Sequence[str]
) -> tuple[TechnologyArrival, ...]:
    """List the technologies that no project had before some quarters, with what brought them."""
    known = read_technologies()
    which = [scope.project, known.parts, known.keys, known.names, known.foreign, list(quarters)]
    return tuple(TechnologyArrival(*row) for row in connection.execute(ARRIVALS, which).fetchall())
