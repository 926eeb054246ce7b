"""What a report asks of the warehouse: the period, its figures, and what is behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from warehouse.query.figures import YearOfFigures, figures_of, quarters_of, read_kpis, time_zone_of
from warehouse.query.query import open_for_queries
from warehouse.query.scope import KnownQuarter, Period, choose_period, choose_scope, known_quarters
from warehouse.report.queries.activity import Work, work_of
from warehouse.report.queries.breakdowns import (
    Part,
    Past,
    Targeted,
    history_of,
    parts_of,
    targets_of,
)
from warehouse.report.queries.data_quality import Quality, quality_of
from warehouse.report.queries.evidence import Evidence, evidence_of
from warehouse.report.queries.goals import Aims, aims_of
from warehouse.report.queries.ledger import Ledger, ledger_of
from warehouse.report.queries.projects import Projects, projects_of
from warehouse.report.queries.quarter import Quarter
from warehouse.report.queries.reported_quarter import Reported, as_reported, moved_rows
from warehouse.report.queries.technologies import Arrival, arrivals_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, tzinfo
    from pathlib import Path

    import duckdb

    from warehouse.query.figures import Figure, Kpi
    from warehouse.query.scope import Scope

QUARTERS = """
    select quarter, quarter_starts_on, quarter_ends_before, quarter_starts_at, quarter_ends_at
    from facts.quarters
    where fiscal_year = $1
    order by fiscal_quarter
"""


@dataclass(frozen=True)
class Asked:
    """What somebody asks for, as they write it; None for what is left to the default."""

    year: str | None = None
    quarter: str | None = None
    project: str | None = None


@dataclass(frozen=True)
class Findings:
    """
    All that a report tells of a fiscal year, or of its quarters up to one.

    Shape:   the period's quarter is None in a report of a year; focus is the newest quarter that
             can be spoken of. Of a house that counts rows where they were reported, year is that,
             and happened is the year by their dates.
    """

    period: Period
    focus: str
    year: YearOfFigures
    happened: YearOfFigures
    quarters: tuple[Quarter, ...]
    zone: tzinfo
    observed_at: datetime
    history: tuple[Past, ...]
    parts: tuple[Part, ...]
    targets: tuple[Targeted, ...]
    aims: Aims
    titles: Mapping[str, tuple[str, str | None]]
    work: Work
    ledger: Ledger
    projects: Projects
    arrivals: tuple[Arrival, ...]
    evidence: Evidence
    quality: Quality

    @property
    def scope(self) -> Scope:
        return self.year.scope

    @property
    def kpis(self) -> tuple[Kpi, ...]:
        return self.year.kpis

    def figure(self, kpi: str, period: str) -> Figure | None:
        """Find a figure of a quarter or of the year."""
        return next((f for f in self.year.figures if (f.kpi, f.period) == (kpi, period)), None)


def find(
    warehouse: Path,
    asked: Asked,
    *,
    history_quarters: int,
    row_count: int,
    has_reported_quarters: bool = False,
) -> Findings:
    """
    Ask the warehouse for all that a report tells; by default of the newest fiscal year.

    Errors:  WarehouseMissing; QueryFailed for a year, quarter or project that there is not.
    """
    with open_for_queries(warehouse) as connection:
        scope, period, known = _settled(connection, asked)
        quarters = _quarters(connection, period)
        names = [one.quarter for one in quarters]
        happened = _as_happened(connection, scope, period, names, row_count)
        moved = moved_rows(connection, scope, names) if has_reported_quarters else ()
        told = as_reported(happened, moved)
        return Findings(
            period,
            _focus(period, [one for one in known if one.quarter in names]),
            told.year,
            happened.year,
            quarters,
            ZoneInfo(time_zone_of(connection)),
            _observed_at(connection),
            history_of(connection, scope, names[-1], history_quarters),
            told.parts,
            targets_of(connection, scope, told.year.periods),
            aims_of(connection, scope, period.fiscal_year, quarters[-1]),
            _titles(connection),
            work_of(connection, scope, quarters[0], quarters[-1], history_quarters),
            ledger_of(connection, scope, period.fiscal_year, is_reported=has_reported_quarters),
            projects_of(connection, scope, names, is_reported=has_reported_quarters),
            arrivals_of(connection, scope, names),
            told.evidence,
            quality_of(connection, scope, names),
        )


def newest_quarter(warehouse: Path) -> str:
    """
    Name the newest quarter with figures, of all projects together.

    Errors:  WarehouseMissing; QueryFailed where there is none.
    """
    with open_for_queries(warehouse) as connection:
        return known_quarters(connection, choose_scope(connection, None, None))[-1].quarter


def _settled(
    connection: duckdb.DuckDBPyConnection, asked: Asked
) -> tuple[Scope, Period, list[KnownQuarter]]:
    scope = choose_scope(connection, asked.project, None)
    known = known_quarters(connection, scope)
    return scope, choose_period(_period(asked, known), known), known


def _period(asked: Asked, known: Sequence[KnownQuarter]) -> str:
    if asked.quarter is None:
        return asked.year or str(known[-1].fiscal_year)
    is_whole = asked.quarter[:4].isdigit()
    return asked.quarter if is_whole else f"{asked.year or known[-1].fiscal_year}-{asked.quarter}"


def _quarters(connection: duckdb.DuckDBPyConnection, period: Period) -> tuple[Quarter, ...]:
    """List the quarters to show: of the year, or those up to the one that is asked for."""
    rows = connection.execute(QUARTERS, [period.fiscal_year]).fetchall()
    quarters = [Quarter(*row) for row in rows]
    return tuple(q for q in quarters if period.quarter is None or q.quarter <= period.quarter)


def _as_happened(
    connection: duckdb.DuckDBPyConnection,
    scope: Scope,
    period: Period,
    names: Sequence[str],
    row_count: int,
) -> Reported:
    return Reported(
        _year(connection, scope, period, names),
        parts_of(connection, scope, names, period.fiscal_year),
        evidence_of(connection, scope, names, row_count),
    )


def _year(
    connection: duckdb.DuckDBPyConnection,
    scope: Scope,
    period: Period,
    names: Sequence[str],
) -> YearOfFigures:
    """Read the figures; the year's own only where nothing of it lies after what is shown."""
    found = figures_of(connection, scope, period.fiscal_year)
    later = {f.quarter for f in found if f.quarter and f.quarter not in names}
    wanted = {*names, *(() if later else (str(period.fiscal_year),))}
    quarters = quarters_of(connection, period.fiscal_year)
    return YearOfFigures(
        scope=scope,
        fiscal_year=period.fiscal_year,
        quarters=tuple(quarter for quarter in quarters if quarter in names),
        kpis=tuple(read_kpis(connection)),
        figures=tuple(f for f in found if f.period in wanted),
    )


def _focus(period: Period, known: Sequence[KnownQuarter]) -> str:
    """Choose the quarter to speak of: the one asked for, else the newest that is complete."""
    complete = [one.quarter for one in known if one.is_complete]
    return period.quarter or (complete or [one.quarter for one in known])[-1]


def _titles(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, str | None]]:
    """Read what each project is called, in English and in Korean."""
    rows = connection.execute("select project, title, title_ko from settings.projects").fetchall()
    return {project: (title or project, title_ko) for project, title, title_ko in rows}


def _observed_at(connection: duckdb.DuckDBPyConnection) -> datetime:
    """Return the instant of the newest look at any source: a page has no other clock."""
    rows = connection.execute("select max(last_observed_at) from staging.batches").fetchall()
    observed_at: datetime = rows[0][0]
    return observed_at
