"""Published figures of a fiscal year in one scope."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, BinaryIO

from warehouse.query.names import choose
from warehouse.query.query import fetch_as, open_for_queries, require_format, write_result
from warehouse.query.scope import Scope, choose_scope, choose_year, known_quarters

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import duckdb

KPIS = """
    select
        kpi, title, title_ko, unit, unit_size, kind, span, better, version,
        answers, judgement, known_bias, position, definition_hash
    from marts.dim_kpis
    order by position, kpi
"""
# The figures of quarters, and those of years, which have no quarter.
OF_PERIODS = """
    select * from marts.kpi_quarterly
    union all by name
    select * from marts.kpi_yearly
"""
# The quarters of a fiscal year and the year itself.
YEAR = f"""
    with figures as ({OF_PERIODS})
    select
        figures.kpi,
        figures.project,
        figures.source,
        coalesce(figures.quarter, figures.fiscal_year::varchar) as period,
        figures.* exclude (kpi, project, source)
    from figures
    inner join marts.dim_kpis as kpis using (kpi)
    where figures.project = $1 and figures.source = $2 and figures.fiscal_year = $3
    order by kpis.position, figures.kpi, figures.quarter nulls last
"""  # noqa: S608 - our own text
FIGURES = f"""
    select
        kpi, period, quarter, is_complete, is_sealed,
        coalesce(is_restated, false) as is_restated, value,
        value_now, n, left_out_count, coverage_ratio, numerator, denominator,
        min_value, median_value, max_value, quarter_before_value, change_from_quarter_before,
        year_before_value, change_from_year_before, is_growing, target, target_status
    from ({YEAR})
"""  # noqa: S608 - our own text
# A year is over once anything was polled after its end, also if all its projects ended before.
IS_OVER = """
    select coalesce((select max(last_observed_at) from staging.batches) >= max(ends_at), false)
    from settings.quarters where fiscal_year = $1
"""


@dataclass(frozen=True, kw_only=True)
class Kpi:
    """The definition of a KPI."""

    kpi: str
    title: str
    title_ko: str | None
    unit: str
    unit_size: int
    kind: str
    span: str
    better: str
    version: int
    answers: str
    judgement: str
    known_bias: str
    position: int
    definition_hash: str

    @property
    def titles(self) -> tuple[str, ...]:
        """Its titles, one per language that has one."""
        return (self.title, self.title_ko) if self.title_ko else (self.title,)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """
    A KPI in a quarter or year, with the periods to compare it to; None is no data.

    Units:   the KPI's.
    """

    kpi: str
    period: str
    quarter: str | None
    is_complete: bool
    is_sealed: bool
    is_restated: bool
    value: float | None
    value_now: float | None
    n: int
    left_out_count: int
    coverage_ratio: float | None
    numerator: int | None
    denominator: int | None
    min_value: float | None
    median_value: float | None
    max_value: float | None
    quarter_before_value: float | None
    change_from_quarter_before: float | None
    year_before_value: float | None
    change_from_year_before: float | None
    # An amount of a period that is not over.
    is_growing: bool
    target: float | None
    target_status: str | None

    @classmethod
    def of_target(cls, kpi: str, period: str, target: float, target_status: str) -> Figure:
        """Return a target without a value."""
        facts: dict[str, Any] = dict.fromkeys(field.name for field in fields(cls))
        facts |= {name: False for name in facts if name.startswith("is_")}
        facts |= {"kpi": kpi, "period": period, "quarter": period if "-Q" in period else None}
        facts |= {"target": target, "target_status": target_status}
        return cls(**facts | {"n": 0, "left_out_count": 0})

    @property
    def change(self) -> float | None:
        """Return the difference to the quarter before, or of a year to the year before."""
        return self.change_from_quarter_before if self.quarter else self.change_from_year_before


@dataclass(frozen=True, kw_only=True)
class YearOfFigures:
    """All KPIs in the quarters of a fiscal year and in the year, in one scope."""

    scope: Scope
    fiscal_year: int
    quarters: tuple[str, ...]
    kpis: tuple[Kpi, ...]
    figures: tuple[Figure, ...]
    is_over: bool

    @property
    def is_so_far(self) -> bool:
        """Return whether the year is not over, or none of its own figures is complete."""
        of_year = [figure for figure in self.figures if not figure.quarter]
        return not (self.is_over and any(figure.is_complete for figure in of_year))

    @property
    def periods(self) -> tuple[str, ...]:
        """List the quarters, and the year where it has figures of its own."""
        year = str(self.fiscal_year)
        has_year = any(figure.period == year for figure in self.figures)
        return (*self.quarters, *((year,) if has_year else ()))


def year_in(
    connection: duckdb.DuckDBPyConnection,
    year: str | None,
    project: str | None,
    source: str | None,
) -> YearOfFigures:
    """
    List all figures of a fiscal year; by default the newest, and of the only project or all.

    Errors:  QueryFailed for an unknown year, project or repository.
    """
    return read_year(connection, *_scope_and_year(connection, year, project, source))


def read_year(
    connection: duckdb.DuckDBPyConnection, scope: Scope, fiscal_year: int
) -> YearOfFigures:
    """Read all figures of a fiscal year in a scope."""
    return YearOfFigures(
        scope=scope,
        fiscal_year=fiscal_year,
        quarters=tuple(quarters_of(connection, fiscal_year)),
        kpis=tuple(read_kpis(connection)),
        figures=tuple(figures_of(connection, scope, fiscal_year)),
        is_over=bool(connection.execute(IS_OVER, [fiscal_year]).fetchall()[0][0]),
    )


def write_year(
    warehouse: Path,
    *,
    year: str | None,
    project: str | None,
    source: str | None,
    format: str,  # noqa: A002 - its name on the command line
    out: BinaryIO,
) -> None:
    """
    Write all figures of a fiscal year in a format; those of the year itself have no quarter.

    Errors:  WarehouseMissing; those of year_in; QueryFailed for an unknown format.
    """
    require_format(format)
    with open_for_queries(warehouse) as connection:
        scope, fiscal_year = _scope_and_year(connection, year, project, source)
        write_result(connection, YEAR, format, out, [scope.project, scope.source, fiscal_year])


def read_kpis(connection: duckdb.DuckDBPyConnection) -> list[Kpi]:
    """List the definitions of all KPIs by position."""
    return fetch_as(Kpi, connection, KPIS)


def choose_kpi(name: str, kpis: Sequence[Kpi]) -> Kpi:
    """
    Return a KPI by its name, or by its title in either language.

    Errors:  QueryFailed suggests the closest name.
    """
    titles = {title: kpi.kpi for kpi in kpis for title in kpi.titles}
    chosen = titles[name] if name in titles else choose("KPI", name, [kpi.kpi for kpi in kpis])
    return next(kpi for kpi in kpis if kpi.kpi == chosen)


def figures_of(connection: duckdb.DuckDBPyConnection, scope: Scope, year: int) -> list[Figure]:
    """List the figures of a fiscal year in a scope, the year's own last."""
    return fetch_as(Figure, connection, FIGURES, [scope.project, scope.source, year])


def quarters_of(connection: duckdb.DuckDBPyConnection, year: int) -> list[str]:
    """List the names of the quarters of a fiscal year."""
    rows = connection.execute(
        "select quarter from facts.quarters where fiscal_year = $1 order by fiscal_quarter", [year]
    )
    return [name for (name,) in rows.fetchall()]


def time_zone_of(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the time zone of the fiscal calendar."""
    rows = connection.execute("select any_value(time_zone) from settings.quarters").fetchall()
    return str(rows[0][0])


def _scope_and_year(
    connection: duckdb.DuckDBPyConnection,
    year: str | None,
    project: str | None,
    source: str | None,
) -> tuple[Scope, int]:
    scope = choose_scope(connection, project, source)
    known = known_quarters(connection, scope)
    return scope, known[-1].fiscal_year if year is None else choose_year(year, known)
