"""Query data quality: observations, incomplete quarters, disagreements, rejects, checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.build.checks import read_checks
from warehouse.query.query import fetch_as

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
OBSERVATIONS = f"""
    with mined as (
        select source, source as polled from staging.repositories
        union all
        select source, tracker_source from staging.trackers
        union all
        select source, source from staging.ledgers
    )
    select
        mined.polled as source,
        batches.first_observed_at as first_at,
        batches.last_observed_at as last_at
    from mined
    inner join staging.batches as batches on mined.polled = batches.source
    semi join ({OWNED}) as owned on mined.source = owned.source
    order by mined.polled
"""  # noqa: S608 - our own text
INCOMPLETE = f"""
    with quarters as (
        select source, quarter, is_complete, 'repository' as source_kind
        from facts.repository_quarters
        union all
        select source, quarter, is_complete, 'tracker' as source_kind
        from facts.tracker_quarters
        union all
        select source, quarter, is_complete, 'ledger' as source_kind
        from intermediate.ledger_quarters
    )
    select quarters.source, quarters.source_kind, quarters.quarter
    from quarters
    semi join ({OWNED}) as owned using (source)
    where not is_complete and quarter in (select unnest($3::varchar[]))
    order by all
"""  # noqa: S608 - our own text
DISAGREEMENTS = f"""
    select disagreement_kind as reason, item_kind as subject, count(*) as count
    from facts.tracker_disagreements
    semi join ({OWNED}) as owned using (source)
    group by all
    order by count(*) desc, disagreement_kind, item_kind
"""  # noqa: S608 - our own text
REJECTS = f"""
    select reason, record as subject, count(*) as count
    from raw.rejects
    where exists (
        select 1 from ({OWNED}) as owned
        where rejects.source = owned.source or rejects.source = owned.source || '#tracker'
    )
    group by all
    order by count(*) desc, reason, record
"""  # noqa: S608 - our own text
FINDINGS = f"""
    select ledgers.name as ledger, unnest(string_split(ledgers.findings, chr(10))) as finding
    from staging.ledgers as ledgers
    semi join ({OWNED}) as owned on ledgers.source = owned.source
    order by ledgers.name
"""  # noqa: S608 - our own text


@dataclass(frozen=True)
class LedgerFinding:
    """What is not read of a ledger, or may not count as intended."""

    ledger: str
    finding: str


@dataclass(frozen=True)
class SourceObservation:
    """The first and the last observation of a source."""

    source: str
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class IncompleteQuarter:
    """A quarter after whose end a source was not polled."""

    source: str
    source_kind: str
    quarter: str


@dataclass(frozen=True)
class ReasonCount:
    """The number of items or records with one reason."""

    reason: str
    subject: str
    count: int


@dataclass(frozen=True)
class PassedCheck:
    """A check that passed when the warehouse was built."""

    name: str
    meaning: str


@dataclass(frozen=True, kw_only=True)
class DataQuality:
    """The data quality of a scope."""

    observations: tuple[SourceObservation, ...]
    incomplete: tuple[IncompleteQuarter, ...]
    disagreements: tuple[ReasonCount, ...]
    rejects: tuple[ReasonCount, ...]
    findings: tuple[LedgerFinding, ...]
    checks: tuple[PassedCheck, ...]


def read_data_quality(
    connection: duckdb.DuckDBPyConnection, scope: Scope, quarters: Sequence[str]
) -> DataQuality:
    """Read the data quality of the sources of a scope in some quarters."""
    parameters = [scope.project, scope.source]
    of_quarters = [*parameters, list(quarters)]
    return DataQuality(
        observations=tuple(fetch_as(SourceObservation, connection, OBSERVATIONS, parameters)),
        incomplete=tuple(fetch_as(IncompleteQuarter, connection, INCOMPLETE, of_quarters)),
        disagreements=tuple(fetch_as(ReasonCount, connection, DISAGREEMENTS, parameters)),
        rejects=tuple(fetch_as(ReasonCount, connection, REJECTS, parameters)),
        findings=tuple(fetch_as(LedgerFinding, connection, FINDINGS, parameters)),
        checks=tuple(PassedCheck(check.name, check.meaning) for check in read_checks()),
    )
