"""The evidence of a figure: its definition, rows, reasons and restatements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from warehouse.build.comments import columns_of_all
from warehouse.query.environments import UncountedEnvironment, uncounted_environments
from warehouse.query.figures import (
    Figure,
    Kpi,
    choose_kpi,
    figures_of,
    quarters_of,
    read_kpis,
    time_zone_of,
)
from warehouse.query.pseudonyms import (
    define_pseudonyms,
    rows_without_addresses,
    without_addresses,
)
from warehouse.query.query import fetch_as, open_for_queries, require_format, write_result
from warehouse.query.scope import Period, Scope, choose_period, choose_scope, known_quarters

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    import duckdb

COUNTED = "counted"
EVIDENCE_TABLE = "figures.kpi_evidence"
# These depend on what a deployment to production is.
DELIVERY_KPIS = frozenset(
    {
        "change_fail_rate",
        "change_lead_time",
        "deployment_frequency",
        "deployment_rework_rate",
        "failed_deployment_recovery_time",
    }
)
# In all projects together, a row of a repository that several share counts once, and in a project
# what a repository repeats of another, such as a fork, does not count.
ROWS = """
    select {columns}
    from figures.kpi_evidence
    where
        kpi = $1
        and quarter in (select unnest($2::varchar[]))
        and case
            when $3 = '*' then counts_in_all
            when $4 = '*' then project = $3 and counts_in_project
            else project = $3 and counts_in_repository
        end
        and $4 in ('*', source)
    order by reason != 'counted', happened_at, source, subject_id, quarter, project
"""
# A person by the display name; an account by its login. An interval by its local beginning.
EVIDENCE = """
    source, quarter, subject_id,
    case
        when kpi = 'uptime_streak' and subject_type != 'incident' then (
            select any_value(strftime(timezone(time_zone, try_cast(subject_id as timestamptz)),
                '%Y-%m-%d %H:%M ') || time_zone) from settings.quarters
        )
        else coalesce(subject_url, subject_id)
    end as place,
    coalesce(
        (
            select nullif(people.person_name, '') from facts.people as people
            where people.person_id = person
        ), person
    ) as person, happened_at,
    grade, reason, numerator, denominator, value, is_sealed
"""
RESTATEMENTS = """
    select quarter, cause, was_value, is_value, difference, came_count, went_count, changed_count
    from marts.kpi_restatements
    where kpi = $1 and quarter in (select unnest($2::varchar[])) and project = $3 and source = $4
    order by quarter, cause_number
"""


@dataclass(frozen=True, kw_only=True)
class EvidenceRow:
    """
    A row that a KPI considered.

    Units:   value is in seconds of a duration, else a number.
    """

    source: str
    quarter: str
    subject_id: str
    place: str
    person: str | None
    happened_at: datetime | None
    grade: str | None
    reason: str
    numerator: int | None
    denominator: int | None
    value: int | None
    is_sealed: bool


@dataclass(frozen=True, kw_only=True)
class Restatement:
    """The change of a sealed figure by one cause."""

    quarter: str
    cause: str
    was_value: float | None
    is_value: float | None
    difference: float | None
    came_count: int
    went_count: int
    changed_count: int


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """A figure, its definition, and every row behind it; figure is None where there is none."""

    scope: Scope
    kpi: Kpi
    period: Period
    quarters: tuple[str, ...]
    figure: Figure | None
    rows: tuple[EvidenceRow, ...]
    meanings: dict[str, tuple[str, bool]]
    restatements: tuple[Restatement, ...]
    time_zone: str
    uncounted_environments: tuple[UncountedEnvironment, ...] = ()


@dataclass(frozen=True)
class EvidenceRequest:
    """A figure as a user names it; None selects the default."""

    kpi: str
    period: str | None = None
    project: str | None = None
    source: str | None = None


def read_explanation(warehouse: Path, request: EvidenceRequest) -> Explanation:
    """
    Read a figure with its evidence; by default of the newest quarter with counted rows.

    Errors:  WarehouseMissing; QueryFailed for an unknown name or period.
    """
    with open_for_queries(warehouse) as connection:
        explanation = explanation_of(connection, request)
        return without_addresses(connection, warehouse.parent, explanation)


def explanation_of(connection: duckdb.DuckDBPyConnection, request: EvidenceRequest) -> Explanation:
    """
    Read a figure with its evidence, as read_explanation does.

    Errors:  QueryFailed for an unknown name or period.
    """
    scope, kpi, period = _resolve(connection, request)
    quarters = _quarters(connection, scope, kpi, period)
    figures = figures_of(connection, scope, period.fiscal_year)
    parameters = [kpi.kpi, quarters, scope.project, scope.source]
    rows = fetch_as(EvidenceRow, connection, ROWS.format(columns=EVIDENCE), parameters)
    return Explanation(
        scope=scope,
        kpi=kpi,
        period=period,
        quarters=tuple(quarters),
        figure=next((f for f in figures if (f.kpi, f.period) == (kpi.kpi, period.name)), None),
        rows=tuple(rows),
        meanings=_meanings(connection),
        restatements=tuple(fetch_as(Restatement, connection, RESTATEMENTS, parameters)),
        time_zone=time_zone_of(connection),
        uncounted_environments=tuple(uncounted_environments(connection, scope))
        if kpi.kpi in DELIVERY_KPIS
        else (),
    )


def write_evidence_rows(
    warehouse: Path,
    request: EvidenceRequest,
    format: str,  # noqa: A002 - its name on the command line
    out: BinaryIO,
) -> None:
    """
    Write the evidence rows of a figure in a format, counted and excluded.

    Errors:  those of read_explanation; QueryFailed for an unknown format.
    """
    require_format(format)
    with open_for_queries(warehouse) as connection:
        scope, kpi, period = _resolve(connection, request)
        quarters = _quarters(connection, scope, kpi, period)
        parameters = [kpi.kpi, quarters, scope.project, scope.source]
        define_pseudonyms(connection, warehouse.parent)
        rows = ROWS.format(columns="*")
        shown = rows_without_addresses(f"({rows})", columns_of_all(connection)[EVIDENCE_TABLE])
        write_result(connection, f"from {shown}", format, out, parameters)


def _resolve(
    connection: duckdb.DuckDBPyConnection, request: EvidenceRequest
) -> tuple[Scope, Kpi, Period]:
    kpi = choose_kpi(request.kpi, read_kpis(connection))
    scope = choose_scope(connection, request.project, request.source)
    quarters = known_quarters(connection, scope, kpi.kpi)
    if request.period is not None:
        return scope, kpi, choose_period(request.period, quarters, kpi.kpi)
    return (
        scope,
        kpi,
        _newest(connection, scope, kpi) or Period(quarters[-1].fiscal_year, quarters[-1].quarter),
    )


def _newest(connection: duckdb.DuckDBPyConnection, scope: Scope, kpi: Kpi) -> Period | None:
    # To its end, although one row is enough: DuckDB answers nothing else before.
    rows = connection.execute(
        "select fiscal_year, quarter from marts.kpi_quarterly "
        "where kpi = $1 and project = $2 and source = $3 and n > 0 "
        "order by quarter_starts_on desc limit 1",
        [kpi.kpi, scope.project, scope.source],
    ).fetchall()
    return Period(*rows[0]) if rows else None


def _quarters(
    connection: duckdb.DuckDBPyConnection, scope: Scope, kpi: Kpi, period: Period
) -> list[str]:
    """List the quarters whose rows make a figure: only a year's last if the KPI is as of an end."""
    if period.quarter:
        return [period.quarter]
    if kpi.span == "quarter_end":
        quarters = known_quarters(connection, scope, kpi.kpi)
        return [[q.quarter for q in quarters if q.fiscal_year == period.fiscal_year][-1]]
    return quarters_of(connection, period.fiscal_year)


def _meanings(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, bool]]:
    rows = connection.execute("select reason, meaning, is_gap from marts.dim_reasons").fetchall()
    return {reason: (meaning, is_gap) for reason, meaning, is_gap in rows}
