"""Query evidence: the first rows of each figure, reasons and restatements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from warehouse.query.evidence import EVIDENCE, EvidenceRow, Restatement
from warehouse.query.query import fetch_as

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import duckdb

    from warehouse.query.scope import Scope

IN_SCOPE = """
    select *
    from figures.kpi_evidence
    where
        quarter in (select unnest($1::varchar[]))
        and case
            when $2 = '*' then counts_in_all
            when $3 = '*' then project = $2 and counts_in_project
            else project = $2 and counts_in_repository
        end
        and $3 in ('*', source)
"""
ROWS = f"""
    select kpi, project, {EVIDENCE}
    from ({IN_SCOPE})
    qualify
        row_number() over (
            partition by kpi, quarter, reason = 'counted'
            order by happened_at, source, subject_id, project
        ) <= $4
    order by kpi, quarter, reason != 'counted', happened_at, source, subject_id, project
"""  # noqa: S608 - our own text
REASONS = f"""
    select rows.kpi, rows.quarter, rows.reason, count(*) as count, reasons.meaning,
        reasons.meaning_ko, reasons.is_gap
    from ({IN_SCOPE}) as rows
    left join marts.dim_reasons as reasons on rows.reason = reasons.reason
    group by all
    order by rows.kpi, rows.quarter, count(*) desc, rows.reason
"""  # noqa: S608 - our own text
RESTATEMENTS = """
    select
        restatements.kpi, sealed.sealed_at,
        restatements.quarter, restatements.cause, restatements.was_value, restatements.is_value,
        restatements.difference, restatements.came_count, restatements.went_count,
        restatements.changed_count
    from marts.kpi_restatements as restatements
    inner join marts.dim_kpis as kpis using (kpi)
    left join sealed.seals as sealed using (quarter)
    where restatements.project = $2 and restatements.source = $3 and restatements.quarter <= $1
    order by
        restatements.quarter desc, kpis.position, restatements.kpi, restatements.cause_number
"""


@dataclass(frozen=True)
class FigureRow:
    """An evidence row of a KPI in a project."""

    kpi: str
    project: str
    row: EvidenceRow


@dataclass(frozen=True, kw_only=True)
class KpiReasonCount:
    """The number of rows that a KPI counted or excluded in a quarter, for one reason."""

    kpi: str
    quarter: str
    reason: str
    count: int
    meaning: str
    meaning_ko: str
    is_gap: bool


@dataclass(frozen=True)
class FigureRestatement:
    """The change of a sealed figure by one cause, and when it was sealed."""

    kpi: str
    sealed_at: datetime | None
    restatement: Restatement


@dataclass(frozen=True)
class ReportEvidence:
    """The first evidence rows of the figures, the reasons of all rows, and the restatements."""

    rows: tuple[FigureRow, ...]
    reasons: tuple[KpiReasonCount, ...]
    restatements: tuple[FigureRestatement, ...]

    def rows_of(self, kpi: str, quarter: str) -> tuple[EvidenceRow, ...]:
        """List the evidence rows of a figure."""
        return tuple(r.row for r in self.rows if (r.kpi, r.row.quarter) == (kpi, quarter))

    def reasons_of(self, kpi: str, quarter: str) -> tuple[KpiReasonCount, ...]:
        """List the reasons of all rows that a figure considered."""
        return tuple(r for r in self.reasons if (r.kpi, r.quarter) == (kpi, quarter))


def read_evidence(
    connection: duckdb.DuckDBPyConnection, scope: Scope, quarters: Sequence[str], row_count: int
) -> ReportEvidence:
    """Read the evidence of some quarters: up to row_count counted and excluded rows each."""
    parameters = [list(quarters), scope.project, scope.source]
    restated = [quarters[-1], *parameters[1:]]
    return ReportEvidence(
        tuple(fetch_as(figure_row, connection, ROWS, [*parameters, row_count])),
        tuple(fetch_as(KpiReasonCount, connection, REASONS, parameters)),
        tuple(fetch_as(_restated, connection, RESTATEMENTS, restated)),
    )


def figure_row(*, kpi: str, project: str, **columns: Any) -> FigureRow:  # noqa: ANN401 - a row's own
    """Return an evidence row of a KPI and project from its columns."""
    return FigureRow(kpi, project, EvidenceRow(**columns))


def _restated(*, kpi: str, sealed_at: datetime | None, **columns: Any) -> FigureRestatement:  # noqa: ANN401
    return FigureRestatement(kpi, sealed_at, Restatement(**columns))
