"""What a report asks about its own ground: looks, gaps, contradictions, checks that held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.build.checks import read_checks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import duckdb

    from warehouse.query.scope import Scope

OWNED = """
    select distinct source
    from (
        select project, source from facts.project_repositories
        union all
        select project, source from staging.ledger_projects
    )
    where ($1 = '*' or project = $1) and $2 in ('*', source)
"""
LOOKS = f"""
    with mined as (
        select source, source as looked_at from staging.repositories
        union all
        select source, tracker_source from staging.trackers
        union all
        select source, source from staging.ledgers
    )
    select mined.looked_at, batches.first_observed_at, batches.last_observed_at
    from mined
    inner join staging.batches as batches on mined.looked_at = batches.source
    semi join ({OWNED}) as owned on mined.source = owned.source
    order by mined.looked_at
"""  # noqa: S608 - our own text
INCOMPLETE = f"""
    with quarters as (
        select source, quarter, is_complete, 'repository' as what from facts.repository_quarters
        union all
        select source, quarter, is_complete, 'tracker' as what from facts.tracker_quarters
        union all
        select source, quarter, is_complete, 'ledger' as what from intermediate.ledger_quarters
    )
    select quarters.source, quarters.what, quarters.quarter
    from quarters
    semi join ({OWNED}) as owned using (source)
    where not is_complete and quarter in (select unnest($3::varchar[]))
    order by all
"""  # noqa: S608 - our own text
DISAGREEMENTS = f"""
    select reason, item_kind, count(*)
    from facts.tracker_disagreements
    semi join ({OWNED}) as owned using (source)
    group by all
    order by count(*) desc, reason, item_kind
"""  # noqa: S608 - our own text
REJECTS = f"""
    select reason, record, count(*)
    from raw.rejects
    where exists (
        select 1 from ({OWNED}) as owned
        where rejects.source = owned.source or rejects.source = owned.source || '#tracker'
    )
    group by all
    order by count(*) desc, reason, record
"""  # noqa: S608 - our own text


@dataclass(frozen=True)
class SourceObservation:
    """When a source was looked at, first and last."""

    source: str
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class IncompleteQuarter:
    """A quarter of which a source was not looked at since it ended."""

    source: str
    what: str
    quarter: str


@dataclass(frozen=True)
class ReasonCount:
    """How many things there are of one kind, for one reason."""

    reason: str
    what: str
    count: int


@dataclass(frozen=True)
class PassedCheck:
    """A check that held when the warehouse was built, or nothing would have been published."""

    name: str
    meaning: str


@dataclass(frozen=True)
class DataQuality:
    """What the figures rest on."""

    looks: tuple[SourceObservation, ...]
    incomplete: tuple[IncompleteQuarter, ...]
    disagreements: tuple[ReasonCount, ...]
    rejects: tuple[ReasonCount, ...]
    checks: tuple[PassedCheck, ...]


def read_data_quality(
    connection: duckdb.DuckDBPyConnection, scope: Scope, quarters: Sequence[str]
) -> DataQuality:
    """Read what the figures of some quarters rest on."""
    whose = [scope.project, scope.source]
    looks = connection.execute(LOOKS, whose).fetchall()
    incomplete = connection.execute(INCOMPLETE, [*whose, list(quarters)]).fetchall()
    disagreements = connection.execute(DISAGREEMENTS, whose).fetchall()
    rejects = connection.execute(REJECTS, whose).fetchall()
    return DataQuality(
        tuple(SourceObservation(*row) for row in looks),
        tuple(IncompleteQuarter(*row) for row in incomplete),
        tuple(ReasonCount(*row) for row in disagreements),
        tuple(ReasonCount(*row) for row in rejects),
        tuple(PassedCheck(check.name, check.meaning) for check in read_checks()),
    )
