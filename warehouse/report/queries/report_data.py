"""What a report asks of the warehouse: the period, its figures, and what is behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from warehouse.query.figures import YearOfFigures, figures_of, quarters_of, read_kpis, time_zone_of
from warehouse.query.query import open_for_queries
from warehouse.query.scope import KnownQuarter, Period, choose_period, choose_scope, known_quarters
from warehouse.report.queries.activity import ActivityData, read_activity
from warehouse.report.queries.breakdowns import (
    HistoricFigure,
    PartFigure,
    TargetResult,
    read_history,
    read_parts,
    read_target_results,
)
from warehouse.report.queries.data_quality import DataQuality, read_data_quality
from warehouse.report.queries.evidence import ReportEvidence, read_evidence
from warehouse.report.queries.goals import Goals, read_goals
from warehouse.report.queries.ledger import LedgerData, read_ledger
from warehouse.report.queries.projects import ProjectData, read_projects
from warehouse.report.queries.quarter import ReportQuarter
from warehouse.report.queries.reported_quarter import (
    ReportedFigures,
    as_reported,
    read_reported_rows,
)
from warehouse.report.queries.technologies import TechnologyArrival, read_arrivals

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
class ReportRequest:
    """What somebody asks for, as they write it; None for what is left to the default."""

    year: str | None = None
    quarter: str | None = None
    project: str | None = None


@dataclass(frozen=True)
class ReportData:
    """
    All that a report tells of a fiscal year, or of its quarters up to one.

    Shape:   the period's quarter is None in a report of a year; focus is the newest quarter that
             can be spoken of. Of a house that counts rows where they were reported, year is that,
             and happened is the year by their dates.
    """

    period: Period
    focus: str
    year: YearOfFigures
    year_by_date: YearOfFigures
    quarters: tuple[ReportQuarter, ...]
    zone: tzinfo
    observed_at: datetime
    history: tuple[HistoricFigure, ...]
    parts: tuple[PartFigure, ...]
    targets: tuple[TargetResult, ...]
    goals: Goals
    titles: Mapping[str, tuple[str, str | None]]
    activity: ActivityData
    ledger: LedgerData
    projects: ProjectData
    arrivals: tuple[TechnologyArrival, ...]
    evidence: ReportEvidence
    data_quality: DataQuality

    @property
    def scope(self) -> Scope:
        return self.year.scope

    @property
    def kpis(self) -> tuple[Kpi, ...]:
        return self.year.kpis

    def figure(self, kpi: str, period: str) -> Figure | None:
        """Find a figure of a quarter or of the year."""
        return next((f for f in self.year.figures if (f.kpi, f.period) == (kpi, period)), None)


def read_report_data(
    warehouse: Path,
    request: ReportRequest,
    *,
    history_quarters: int,
    row_count: int,
    has_reported_quarters: bool = False,
) -> ReportData:
    """
    Ask the warehouse for all that a report tells; by default of the newest fiscal year.

    Errors:  WarehouseMissing; QueryFailed for a year, quarter or project that there is not.
    """
    with open_for_queries(warehouse) as connection:
        scope, period, known = _settled(connection, request)
        quarters = _quarters(connection, period)
        names = [one.quarter for one in quarters]
        year_by_date = _as_happened(connection, scope, period, names, row_count)
        moved = read_reported_rows(connection, scope, names) if has_reported_quarters else ()
        told = as_reported(year_by_date, moved)
        return ReportData(
            period,
            _focus(period, [one for one in known if one.quarter in names]),
            told.year,
            year_by_date.year,
            quarters,
            ZoneInfo(time_zone_of(connection)),
            _observed_at(connection),
            read_history(connection, scope, names[-1], history_quarters),
            told.parts,
            read_target_results(connection, scope, told.year.periods),
            read_goals(connection, scope, period.fiscal_year, quarters[-1]),
            _titles(connection),
            read_activity(connection, scope, quarters[0], quarters[-1], history_quarters),
            read_ledger(connection, scope, period.fiscal_year, is_reported=has_reported_quarters),
            read_projects(connection, scope, names, is_reported=has_reported_quarters),
            read_arrivals(connection, scope, names),
            told.evidence,
            read_data_quality(connection, scope, names),
        )


def newest_quarter(warehouse: Path) -> str:
    """
    Name the newest quarter with figures, of all projects together.

    Errors:  WarehouseMissing; QueryFailed where there is none.
    """
    with open_for_queries(warehouse) as connection:
        return known_quarters(connection, choose_scope(connection, None, None))[-1].quarter


def _settled(
    connection: duckdb.DuckDBPyConnection, request: ReportRequest
) -> tuple[Scope, Period, list[KnownQuarter]]:
    scope = choose_scope(connection, request.project, None)
    known = known_quarters(connection, scope)
    return scope, choose_period(_period(request, known), known), known


def _period(request: ReportRequest, known: Sequence[KnownQuarter]) -> str:
    if request.quarter is None:
        return request.year or str(known[-1].fiscal_year)
    is_whole = request.quarter[:4].isdigit()
    return (
        request.quarter
        if is_whole
        else f"{request.year or known[-1].fiscal_year}-{request.quarter}"
    )


def _quarters(connection: duckdb.DuckDBPyConnection, period: Period) -> tuple[ReportQuarter, ...]:
    """List the quarters to show: of the year, or those up to the one that is asked for."""
    rows = connection.execute(QUARTERS, [period.fiscal_year]).fetchall()
    quarters = [ReportQuarter(*row) for row in rows]
    return tuple(q for q in quarters if period.quarter is None or q.quarter <= period.quarter)


def _as_happened(
    connection: duckdb.DuckDBPyConnection,
    scope: Scope,
    period: Period,
    names: Sequence[str],
    row_count: int,
) -> ReportedFigures:
    return ReportedFigures(
        _year(connection, scope, period, names),
        read_parts(connection, scope, names, period.fiscal_year),
        read_evidence(connection, scope, names, row_count),
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
