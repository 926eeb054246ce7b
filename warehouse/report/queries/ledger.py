"""What a report asks of ledgers: what people did beside writing code, and in which quarters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import duckdb

    from warehouse.query.scope import Scope

# Two years, so that a quarter and a year have one before them.
ACTIVITIES = """
    select
        activity_kind,
        if($3, coalesce(reported_quarter, quarter), quarter) as counted_in,
        project, site, title, title_ko, happened_on, happened_until, hours, link, note
    from facts.ledger_activities
    where
        ($1 = '*' or project = $1)
        and counted_in in (
            select quarter from facts.quarters where fiscal_year between $2 - 1 and $2
        )
    order by counted_in, happened_on nulls last, source, activity_id
"""
KNOWN = """
    select told.quarter, bool_and(told.is_complete)
    from intermediate.ledger_quarters as told
    semi join (
        select source from staging.ledger_projects where $1 = '*' or project = $1
    ) as owned using (source)
    group by told.quarter
"""
# A row that names no project belongs to one that is called like its ledger.
UNNAMED = """
    select projects.project
    from facts.projects as projects
    inner join staging.ledgers as ledgers on projects.project = ledgers.name
    where projects.project_title = projects.project and projects.source_count = 0
"""


@dataclass(frozen=True)
class LedgerActivity:
    """What somebody did beside writing code, in the quarter in which it counts."""

    kind: str
    quarter: str
    project: str
    site: str | None
    title: str | None
    title_ko: str | None
    happened_on: date | None
    happened_until: date | None
    hours: float | None
    link: str | None
    note: str | None


@dataclass(frozen=True)
class LedgerData:
    """
    What ledgers tell of a year and the one before it.

    Shape:   known says of each quarter of which they tell whether all of it was looked at since
             it ended; unnamed are projects that only stand for rows without one.
    """

    activities: tuple[LedgerActivity, ...]
    known: Mapping[str, bool]
    unnamed: frozenset[str]


def read_ledger(
    connection: duckdb.DuckDBPyConnection, scope: Scope, year: int, *, is_reported: bool
) -> LedgerData:
    """Read what ledgers tell of a fiscal year, by the quarters that they report where wanted."""
    which = [scope.project, year, is_reported]
    activities = connection.execute(ACTIVITIES, which).fetchall()
    known = connection.execute(KNOWN, [scope.project]).fetchall()
    unnamed = connection.execute(UNNAMED).fetchall()
    return LedgerData(
        tuple(LedgerActivity(*row) for row in activities),
        dict(known),
        frozenset(name for (name,) in unnamed),
    )
