"""Read report data: the period, its figures and their evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from warehouse.query.figures import YearOfFigures, read_year, time_zone_of
from warehouse.query.pseudonyms import without_addresses
from warehouse.query.query import fetch_as, open_for_queries
from warehouse.query.scope import (
    KnownQuarter,
    Period,
    choose_period,
    choose_scope,
    known_quarters,
    quarter_name,
)
from warehouse.report.queries.activity import ActivityData, read_activity
from warehouse.report.queries.breakdowns import (
    HistoricFigure,
    PartFigure,
    TargetResult,
    read_history,
    read_parts,
    read_target_results,
)
from warehouse.report.queries.comparisons import PeriodComparison, compared_period, read_comparisons
from warehouse.report.queries.data_quality import DataQuality, read_data_quality
from warehouse.report.queries.evidence import ReportEvidence, read_evidence
from warehouse.report.queries.goals import Goals, read_goals
from warehouse.report.queries.ledger import LedgerData, read_ledger
from warehouse.report.queries.projects import ProjectData, read_projects
from warehouse.report.queries.quarter import ReportQuarter
from warehouse.report.queries.reported_quarter import ReportFigures, read_as_reported
from warehouse.report.queries.technologies import TechnologyArrival, read_arrivals

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, tzinfo
    from pathlib import Path

    import duckdb

    from warehouse.query.figures import Figure, Kpi
    from warehouse.query.scope import Scope

QUARTERS = """
    select
        quarter, quarter_starts_on as starts_on, quarter_ends_before as ends_before,
        quarter_starts_at as starts_at, quarter_ends_at as ends_at
    from facts.quarters
    where fiscal_year = $1
    order by fiscal_quarter
"""


@dataclass(frozen=True)
class ReportRequest:
    """A report as a user names it; None selects the default."""

    year: str | None = None
    quarter: str | None = None
    project: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReportData:
    """
    The data of a report of a fiscal year, or of its quarters up to one.

    Shape:   the period's quarter is None in a report of a year; focus is the newest complete
             quarter, and compared the period of comparisons. With reported quarters year counts
             rows in these, and year_by_date counts them by their dates.
    """

    period: Period
    focus: str
    compared: Period
    comparisons: Mapping[str, PeriodComparison]
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
        """Return a figure of a quarter or of the year."""
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
    Read the data of a report; by default of the newest fiscal year.

    Errors:  WarehouseMissing; QueryFailed for an unknown year, quarter or project.
    """
    with open_for_queries(warehouse) as connection:
        data = _read(
            connection, request, history_quarters, row_count, is_reported=has_reported_quarters
        )
        return without_addresses(connection, warehouse.parent, data)


def _read(
    connection: duckdb.DuckDBPyConnection,
    request: ReportRequest,
    history_quarters: int,
    row_count: int,
    *,
    is_reported: bool,
) -> ReportData:
    scope, period, known = _resolve(connection, request)
    quarters, year = _quarters(connection, period), period.fiscal_year
    names = [quarter.quarter for quarter in quarters]
    by_date = _figures_by_date(connection, scope, period, names, row_count)
    history = read_history(connection, scope, names[-1], history_quarters)
    figures = by_date
    if is_reported:
        figures, history = read_as_reported(connection, by_date, history)
    focus = _focus(period, [quarter for quarter in known if quarter.quarter in names])
    compared = compared_period(period, focus, figures.year)
    return ReportData(
        period=period,
        focus=focus,
        compared=compared,
        comparisons=read_comparisons(connection, scope, compared, is_reported=is_reported),
        year=figures.year,
        year_by_date=by_date.year,
        quarters=quarters,
        zone=ZoneInfo(time_zone_of(connection)),
        observed_at=_observed_at(connection),
        history=history,
        parts=figures.parts,
        targets=read_target_results(connection, scope, (*figures.year.periods, period.name)),
        goals=read_goals(connection, scope, year, quarters[-1]),
        titles=_titles(connection),
        activity=read_activity(connection, scope, quarters[0], quarters[-1], history_quarters),
        ledger=read_ledger(connection, scope, year, is_reported=is_reported),
        projects=read_projects(connection, scope, names, is_reported=is_reported),
        arrivals=read_arrivals(connection, scope, names),
        evidence=figures.evidence,
        data_quality=read_data_quality(connection, scope, names),
    )


def newest_quarter(warehouse: Path) -> str:
    """
    Return the newest quarter with figures of all projects.

    Errors:  WarehouseMissing; QueryFailed where there is none.
    """
    with open_for_queries(warehouse) as connection:
        return known_quarters(connection, choose_scope(connection, None, None))[-1].quarter


def _resolve(
    connection: duckdb.DuckDBPyConnection, request: ReportRequest
) -> tuple[Scope, Period, list[KnownQuarter]]:
    scope = choose_scope(connection, request.project, None)
    known = known_quarters(connection, scope)
    return scope, choose_period(_period(request, known), known), known


def _period(request: ReportRequest, known: Sequence[KnownQuarter]) -> str:
    year = request.year or str(known[-1].fiscal_year)
    return year if request.quarter is None else quarter_name(request.quarter, year)


def _quarters(connection: duckdb.DuckDBPyConnection, period: Period) -> tuple[ReportQuarter, ...]:
    """List the quarters of the year, up to the requested one."""
    quarters = fetch_as(ReportQuarter, connection, QUARTERS, [period.fiscal_year])
    return tuple(q for q in quarters if period.quarter is None or q.quarter <= period.quarter)


def _figures_by_date(
    connection: duckdb.DuckDBPyConnection,
    scope: Scope,
    period: Period,
    names: Sequence[str],
    row_count: int,
) -> ReportFigures:
    return ReportFigures(
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
    """Read the figures; those of the year only where no later quarter of it has figures."""
    year = read_year(connection, scope, period.fiscal_year)
    later = {f.quarter for f in year.figures if f.quarter and f.quarter not in names}
    periods = {*names, *(() if later else (str(period.fiscal_year),))}
    return replace(
        year,
        quarters=tuple(quarter for quarter in year.quarters if quarter in names),
        figures=tuple(f for f in year.figures if f.period in periods),
    )


def _focus(period: Period, quarters: Sequence[KnownQuarter]) -> str:
    """Return the requested quarter, else the newest complete one."""
    complete = [quarter.quarter for quarter in quarters if quarter.is_complete]
    return period.quarter or (complete or [quarter.quarter for quarter in quarters])[-1]


def _titles(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, str | None]]:
    """Return the English and the Korean title of each project."""
    rows = connection.execute("select project, title, title_ko from settings.projects").fetchall()
    return {project: (title or project, title_ko) for project, title, title_ko in rows}


def _observed_at(connection: duckdb.DuckDBPyConnection) -> datetime:
    """Return the instant of the newest observation of any source, the clock of the report."""
    rows = connection.execute("select max(last_observed_at) from staging.batches").fetchall()
    observed_at: datetime = rows[0][0]
    return observed_at
