"""
Rows as they were reported, where a ledger says another quarter or value than theirs.

Only by the style of a house: the warehouse keeps a row where it happened.
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

# All rows of each KPI of which some row was reported otherwise.
MOVED = f"""
    with told as (
        select
            * replace (
                coalesce(reported_quarter, quarter) as quarter,
                coalesce(reported_reason, reason) as reason,
                coalesce(reported_value, value) as value
            ),
            reported_quarter is not null or reported_value is not null as is_told
        from figures.kpi_evidence
        where if($2 = '*', counts_in_all, project = $2) and $3 in ('*', source)
    )
    select kpi, project, {EVIDENCE}
    from told
    where
        quarter in (select unnest($1::varchar[]))
        and kpi in (select kpi from told where is_told)
    order by kpi, quarter, reason != 'counted', happened_at, source, subject_id, project
"""  # noqa: S608 - our own text


@dataclass(frozen=True)
class ReportedFigures:
    """Figures, the figures of each part, and their rows, by the quarters that were reported."""

    year: YearOfFigures
    parts: tuple[PartFigure, ...]
    evidence: ReportEvidence


def read_reported_rows(
    connection: duckdb.DuckDBPyConnection, scope: Scope, quarters: Sequence[str]
) -> tuple[FigureRow, ...]:
    """List the rows of the KPIs of which some belong elsewhere; none where no ledger says so."""
    which = [list(quarters), scope.project, scope.source]
    return tuple(fetch_as(figure_row, connection, MOVED, which))


def year_as_reported(year: YearOfFigures, moved: Sequence[FigureRow]) -> YearOfFigures:
    """Form the figures of these rows anew, and leave all others as they are published."""
    kpis = {kpi.kpi: kpi for kpi in year.kpis}
    names = {one.kpi for one in moved}
    figures: list[Figure] = []
    before: dict[str, float | None] = {}
    for figure in year.figures:
        if figure.kpi in names:
            rows = [m.row for m in moved if m.kpi == figure.kpi and _is_of(m.row, figure.quarter)]
            made = _formed(kpis[figure.kpi], figure, rows, before)
            before[figure.kpi] = made.value
            figures.append(made)
        else:
            figures.append(figure)
    return replace(year, figures=tuple(figures))


def as_reported(found: ReportedFigures, moved: Sequence[FigureRow]) -> ReportedFigures:
    """Form all that these rows make anew, and leave all else as it is published."""
    kpis = {kpi.kpi: kpi for kpi in found.year.kpis}
    names = {one.kpi for one in moved}
    parts = tuple(
        _formed_part(kpis[part.kpi], part, moved) if part.kpi in names else part
        for part in found.parts
    )
    rows_now = (*(r for r in found.evidence.rows if r.kpi not in names), *moved)
    return ReportedFigures(
        year_as_reported(found.year, moved),
        parts,
        replace(found.evidence, rows=rows_now),
    )


def _is_of(row: EvidenceRow, quarter: str | None) -> bool:
    return quarter is None or row.quarter == quarter


def _formed(
    kpi: Kpi, figure: Figure, rows: Sequence[EvidenceRow], before: dict[str, float | None]
) -> Figure:
    value = recalculate(kpi, rows).value
    counted = [row for row in rows if row.reason == COUNTED]
    last = before.get(kpi.kpi, figure.quarter_before_value)
    change = None if value is None or last is None else round(value - last, 6)
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
        quarter_before_value=last if figure.quarter else None,
        change_from_quarter_before=change if figure.quarter else None,
    )


def _formed_part(kpi: Kpi, part: PartFigure, moved: Sequence[FigureRow]) -> PartFigure:
    quarter = part.period if "-" in part.period else None
    mine = [m.row for m in moved if (m.kpi, m.project) == (part.kpi, part.part)]
    rows = [row for row in mine if _is_of(row, quarter)]
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
    known = [value for value in values if value is not None]
    return sum(known) if known else None
