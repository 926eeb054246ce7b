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
from warehouse.query.scope import Period, period_before, year_before_of
from warehouse.report.queries.evidence import FigureRow, figure_row

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    import duckdb

    from warehouse.query.figures import Figure, Kpi, YearOfFigures
    from warehouse.query.scope import Scope
    from warehouse.report.queries.breakdowns import HistoricFigure, PartFigure
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
        where
            case
                when $2 = '*' then counts_in_all
                when $3 = '*' then project = $2 and counts_in_project
                else project = $2 and counts_in_repository
            end
            and $3 in ('*', source)
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
    """List all rows of the KPIs with reported quarters or values, in some quarters."""
    parameters = [list(quarters), scope.project, scope.source]
    return tuple(fetch_as(figure_row, connection, REPORTED_ROWS, parameters))


def read_as_reported(
    connection: duckdb.DuckDBPyConnection,
    figures: ReportFigures,
    history: Sequence[HistoricFigure],
) -> tuple[ReportFigures, tuple[HistoricFigure, ...]]:
    """Return figures and those of earlier quarters by their reported quarters and values."""
    year = figures.year
    before = {f"{year.fiscal_year - 1}-Q{number}" for number in range(1, 5)}
    earlier = sorted((before | {figure.quarter for figure in history}) - {*year.quarters})
    rows = read_reported_rows(connection, year.scope, (*earlier, *year.quarters))
    return as_reported(figures, rows, earlier), history_as_reported(history, year.kpis, rows)


def year_as_reported(
    year: YearOfFigures, rows: Sequence[FigureRow], earlier: Collection[str] = ()
) -> YearOfFigures:
    """
    Return a year with the figures of these rows recalculated.

    Shape:   earlier has the quarters before the year whose rows are among them, to compare with.
    """
    by_kpi, covered = _by_kpi(rows), {*earlier, *year.quarters}
    recalculated = {
        kpi.kpi: _ReportedKpi(kpi, by_kpi[kpi.kpi], covered)
        for kpi in year.kpis
        if kpi.kpi in by_kpi
    }
    figures = (
        recalculated[figure.kpi].figure(figure, year.quarters)
        if figure.kpi in recalculated
        else figure
        for figure in year.figures
    )
    return replace(year, figures=tuple(figures))


def as_reported(
    figures: ReportFigures, rows: Sequence[FigureRow], earlier: Collection[str] = ()
) -> ReportFigures:
    """
    Return figures with those of these rows recalculated.

    Shape:   earlier as of year_as_reported.
    """
    kpis = {kpi.kpi: kpi for kpi in figures.year.kpis}
    of_year = [row for row in rows if row.row.quarter in figures.year.quarters]
    by_kpi, names = _by_kpi(of_year), _by_kpi(rows).keys()
    parts = tuple(
        _recalculated_part(kpis[part.kpi], part, by_kpi.get(part.kpi, ()))
        if part.kpi in names
        else part
        for part in figures.parts
    )
    evidence_rows = (*(row for row in figures.evidence.rows if row.kpi not in names), *of_year)
    return ReportFigures(
        year_as_reported(figures.year, rows, earlier),
        parts,
        replace(figures.evidence, rows=evidence_rows),
    )


def history_as_reported(
    history: Sequence[HistoricFigure], kpis: Sequence[Kpi], rows: Sequence[FigureRow]
) -> tuple[HistoricFigure, ...]:
    """Return figures of quarters with those of these rows recalculated."""
    by_kpi = _by_kpi(rows)
    recalculated = {
        kpi.kpi: _ReportedKpi(kpi, by_kpi[kpi.kpi], ()) for kpi in kpis if kpi.kpi in by_kpi
    }
    return tuple(
        recalculated[figure.kpi].historic(figure) if figure.kpi in recalculated else figure
        for figure in history
    )


def _by_kpi(rows: Sequence[FigureRow]) -> dict[str, list[FigureRow]]:
    by_kpi: dict[str, list[FigureRow]] = {}
    for row in rows:
        by_kpi.setdefault(row.kpi, []).append(row)
    return by_kpi


def _is_of(row: EvidenceRow, quarter: str | None) -> bool:
    return quarter is None or row.quarter == quarter


@dataclass(frozen=True)
class _ReportedKpi:
    """The rows of a KPI by their reported quarters, of all quarters that were read."""

    kpi: Kpi
    rows: Sequence[FigureRow]
    covered: Collection[str]

    def figure(self, figure: Figure, quarters: Sequence[str]) -> Figure:
        """Return a figure recalculated from its rows, with its changes."""
        kpi = self.kpi
        period = Period(int(figure.period[:4]), figure.quarter)
        rows = self._rows_of(period, quarters)
        value = recalculate(kpi, rows).value
        counted = [row for row in rows if row.reason == COUNTED]
        values = [row.value / kpi.unit_size for row in counted if row.value is not None]
        before = self._value(period_before(period), figure.quarter_before_value)
        year_before = self._value(year_before_of(period), figure.year_before_value)
        whole = None if figure.is_growing else value
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
            quarter_before_value=before if figure.quarter else None,
            change_from_quarter_before=_change(whole, before) if figure.quarter else None,
            year_before_value=year_before,
            change_from_year_before=_change(whole, year_before),
        )

    def historic(self, figure: HistoricFigure) -> HistoricFigure:
        """Return a figure of an earlier quarter recalculated from its rows."""
        rows = self._rows_of(Period(int(figure.quarter[:4]), figure.quarter))
        value = recalculate(self.kpi, rows).value
        return replace(figure, value=value, n=sum(row.reason == COUNTED for row in rows))

    def _rows_of(self, period: Period, quarters: Sequence[str] = ()) -> list[EvidenceRow]:
        """List the rows of a quarter, or of the quarters of a year."""
        names = {period.quarter} if period.quarter else {*quarters}
        if period.quarter is None and self.kpi.span == "quarter_end":
            names = {max(names)}
        return [row.row for row in self.rows if row.row.quarter in names]

    def _value(self, period: Period, published: float | None) -> float | None:
        """Return the value of an earlier period, or the published one if it was not read."""
        names = [f"{period.fiscal_year}-Q{number}" for number in range(1, 5)]
        quarters = [period.quarter] if period.quarter else names
        rows = self._rows_of(period, names)
        # A quarter without rows has no figure before the first row, and a zero after it.
        is_there = bool(rows) or published is not None
        if not {*quarters} <= {*self.covered} or not is_there:
            return published
        return recalculate(self.kpi, rows).value


def _change(value: float | None, before: float | None) -> float | None:
    return None if value is None or before is None else round(value - before, 6)


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
