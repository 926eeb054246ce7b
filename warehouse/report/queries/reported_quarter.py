"""
Evidence rows by the quarters and values that ledgers report.

Only with the custom report setting; the warehouse counts a row in the quarter of its date.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from warehouse.query.evidence import COUNTED, EVIDENCE, EvidenceRow
from warehouse.query.query import fetch_as
from warehouse.query.recalculate import recalculate
from warehouse.report.queries.evidence import FigureRow, figure_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import duckdb

    from warehouse.query.figures import Figure, Kpi, YearOfFigures
    from warehouse.query.scope import Scope
    from warehouse.report.queries.breakdowns import PartFigure
    from warehouse.report.queries.evidence import ReportEvidence

# All rows of each KPI with a row that was reported with another quarter or value.
REPORTED_ROWS = f"""
    with reported as (
        select
            * replace (
                coalesce(reported_quarter, quarter) as quarter,
                coalesce(reported_reason, reason) as reason,
                coalesce(reported_value, value) as value
            ),
            reported_quarter is not null or reported_value is not null as is_reported
        from figures.kpi_evidence
        where if($2 = '*', counts_in_all, project = $2) and $3 in ('*', source)
    )
    select kpi, project, {EVIDENCE}
    from reported
    where
        quarter in (select unnest($1::varchar[]))
        and kpi in (select kpi from reported where is_reported)
    order by kpi, quarter, reason != 'counted', happened_at, source, subject_id, project
"""  # noqa: S608 - our own text


@dataclass(frozen=True)
class ReportFigures:
    """The figures of a year, the figures of each part, and their evidence."""

    year: YearOfFigures
    parts: tuple[PartFigure, ...]
    evidence: ReportEvidence


def read_reported_rows(
    connection: duckdb.DuckDBPyConnection, scope: Scope, quarters: Sequence[str]
) -> tuple[FigureRow, ...]:
    """List all rows of the KPIs with reported quarters or values."""
    parameters = [list(quarters), scope.project, scope.source]
    return tuple(fetch_as(figure_row, connection, REPORTED_ROWS, parameters))


def year_as_reported(year: YearOfFigures, rows: Sequence[FigureRow]) -> YearOfFigures:
    """Return a year with the figures of these rows recalculated."""
    kpis = {kpi.kpi: kpi for kpi in year.kpis}
    by_kpi = _by_kpi(rows)
    figures: list[Figure] = []
    before: dict[str, float | None] = {}
    for figure in year.figures:
        if figure.kpi in by_kpi:
            of_figure = [row.row for row in by_kpi[figure.kpi] if _is_of(row.row, figure.quarter)]
            recalculated = _recalculated(kpis[figure.kpi], figure, of_figure, before)
            before[figure.kpi] = recalculated.value
            figures.append(recalculated)
        else:
            figures.append(figure)
    return replace(year, figures=tuple(figures))


def as_reported(figures: ReportFigures, rows: Sequence[FigureRow]) -> ReportFigures:
    """Return figures with those of these rows recalculated."""
    kpis = {kpi.kpi: kpi for kpi in figures.year.kpis}
    by_kpi = _by_kpi(rows)
    parts = tuple(
        _recalculated_part(kpis[part.kpi], part, by_kpi[part.kpi]) if part.kpi in by_kpi else part
        for part in figures.parts
    )
    evidence_rows = (*(row for row in figures.evidence.rows if row.kpi not in by_kpi), *rows)
    return ReportFigures(
        year_as_reported(figures.year, rows),
        parts,
        replace(figures.evidence, rows=evidence_rows),
    )


def _by_kpi(rows: Sequence[FigureRow]) -> dict[str, list[FigureRow]]:
    by_kpi: dict[str, list[FigureRow]] = {}
    for row in rows:
        by_kpi.setdefault(row.kpi, []).append(row)
    return by_kpi


def _is_of(row: EvidenceRow, quarter: str | None) -> bool:
    return quarter is None or row.quarter == quarter


def _recalculated(
    kpi: Kpi, figure: Figure, rows: Sequence[EvidenceRow], before: dict[str, float | None]
) -> Figure:
    value = recalculate(kpi, rows).value
    counted = [row for row in rows if row.reason == COUNTED]
    previous = before.get(kpi.kpi, figure.quarter_before_value)
    change = None if value is None or previous is None else round(value - previous, 6)
    values = [row.value / kpi.unit_size for row in counted if row.value is not None]
    return replace(
        figure,
        value=value,
        value_now=value,
        n=len(counted),
        left_out_count=len(rows) - len(counted),
        numerator=_sum(row.numerator for row in counted),
        denominator=_sum(row.denominator for row in counted),
        min_value=min(values, default=None),
        median_value=statistics.median(values) if values else None,
        max_value=max(values, default=None),
        quarter_before_value=previous if figure.quarter else None,
        change_from_quarter_before=change if figure.quarter else None,
    )


def _recalculated_part(kpi: Kpi, part: PartFigure, rows_of_kpi: Sequence[FigureRow]) -> PartFigure:
    quarter = part.period if "-" in part.period else None
    of_part = [row.row for row in rows_of_kpi if row.project == part.part]
    rows = [row for row in of_part if _is_of(row, quarter)]
    counted = [row for row in rows if row.reason == COUNTED]
    values = [row.value / kpi.unit_size for row in counted if row.value is not None]
    return replace(
        part,
        value=recalculate(kpi, rows).value,
        n=len(counted),
        numerator=_sum(row.numerator for row in counted),
        denominator=_sum(row.denominator for row in counted),
        min_value=min(values, default=None),
        max_value=max(values, default=None),
    )


def _sum(values: Iterable[int | None]) -> int | None:
    present = [value for value in values if value is not None]
    return sum(present) if present else None
