"""What is asked of the published figures: all of a fiscal year, in one scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from warehouse.query.query import asking, require_format, write_answer
from warehouse.query.scope import Scope, choose, choose_scope, choose_year, known_periods

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import duckdb

KPIS = """
    select
        kpi, title, title_ko, unit, unit_size, kind, span, better, version,
        answers, judgement, known_bias, position, definition_hash
    from marts.dim_kpis
    order by position
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
    order by kpis.position, figures.quarter nulls last
"""  # noqa: S608 - our own text
FIGURES = f"""
    select
        kpi, period, quarter, is_complete, is_sealed, coalesce(is_restated, false), value,
        value_now, n, left_out_count, coverage_ratio, numerator, denominator,
        min_value, median_value, max_value, quarter_before_value, change_from_quarter_before,
        year_before_value, change_from_year_before, target, target_status
    from ({YEAR})
"""  # noqa: S608 - our own text


@dataclass(frozen=True)
class Kpi:
    """The definition of a KPI."""

    kpi: str
    title: str
    title_ko: str
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


@dataclass(frozen=True)
class Figure:
    """
    A KPI in a quarter or year, and what it was before; None is no data.

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
    target: float | None
    target_status: str | None

    @property
    def change(self) -> float | None:
        """The difference to the quarter before, or of a year to the year before."""
        return self.change_from_quarter_before if self.quarter else self.change_from_year_before


@dataclass(frozen=True)
class YearOfFigures:
    """All KPIs in the quarters of a fiscal year and in the year, in one scope."""

    scope: Scope
    fiscal_year: int
    quarters: tuple[str, ...]
    kpis: tuple[Kpi, ...]
    figures: tuple[Figure, ...]

    @property
    def periods(self) -> tuple[str, ...]:
        """Name the quarters, and the year where it has figures of its own."""
        year = str(self.fiscal_year)
        has_year = any(one.period == year for one in self.figures)
        return (*self.quarters, *((year,) if has_year else ()))


def year_of_figures(
    warehouse: Path, year: str | None, project: str | None, source: str | None
) -> YearOfFigures:
    """
    List all figures of a fiscal year; by default the newest, and of the only project or all.

    Errors:  WarehouseMissing; QueryFailed for a year, project or repository that there is not.
    """
    with asking(warehouse) as connection:
        scope, chosen = _year(connection, year, project, source)
        return YearOfFigures(
            scope,
            chosen,
            tuple(quarters_of(connection, chosen)),
            tuple(read_kpis(connection)),
            tuple(figures_of(connection, scope, chosen)),
        )


def write_year(
    warehouse: Path,
    year: str | None,
    project: str | None,
    source: str | None,
    format: str,  # noqa: A002 - its name on the command line
    out: BinaryIO,
) -> None:
    """
    Write all figures of a fiscal year for programs: those of the year itself have no quarter.

    Errors:  those of year_of_figures; QueryFailed for a format that there is not.
    """
    require_format(format)
    with asking(warehouse) as connection:
        scope, chosen = _year(connection, year, project, source)
        write_answer(connection, YEAR, format, out, [scope.project, scope.source, chosen])


def read_kpis(connection: duckdb.DuckDBPyConnection) -> list[Kpi]:
    """List the definitions in their order."""
    return [Kpi(*row) for row in connection.execute(KPIS).fetchall()]


def choose_kpi(name: str, kpis: Sequence[Kpi]) -> Kpi:
    """
    Find a KPI by its name, or by its title in either language.

    Errors:  QueryFailed names the nearest one.
    """
    titles = {title: one.kpi for one in kpis for title in (one.title, one.title_ko)}
    chosen = titles[name] if name in titles else choose("KPI", name, [one.kpi for one in kpis])
    return next(one for one in kpis if one.kpi == chosen)


def figures_of(connection: duckdb.DuckDBPyConnection, scope: Scope, year: int) -> list[Figure]:
    """List the figures of a fiscal year in a scope, the year's own last."""
    which = [scope.project, scope.source, year]
    return [Figure(*row) for row in connection.execute(FIGURES, which).fetchall()]


def quarters_of(connection: duckdb.DuckDBPyConnection, year: int) -> list[str]:
    """Name the quarters of a fiscal year."""
    rows = connection.execute(
        "select quarter from facts.quarters where fiscal_year = $1 order by fiscal_quarter", [year]
    )
    return [name for (name,) in rows.fetchall()]


def time_zone_of(connection: duckdb.DuckDBPyConnection) -> str:
    """Name the zone in which the days of all quarters begin."""
    rows = connection.execute("select any_value(time_zone) from facts.quarters").fetchall()
    return str(rows[0][0])


def _year(
    connection: duckdb.DuckDBPyConnection,
    year: str | None,
    project: str | None,
    source: str | None,
) -> tuple[Scope, int]:
    scope = choose_scope(connection, project, source)
    known = known_periods(connection, scope)
    return scope, known[-1].fiscal_year if year is None else choose_year(year, known)
