"""What a report asks of the evidence: the first rows behind each figure, and what was left out."""

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
        and if($2 = '*', counts_in_all, project = $2)
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
        told.kpi, sealed.sealed_at,
        told.quarter, told.cause, told.was_value, told.is_value, told.difference,
        told.came_count, told.went_count, told.changed_count
    from marts.kpi_restatements as told
    inner join marts.dim_kpis as kpis using (kpi)
    left join sealed.seals as sealed using (quarter)
    where told.project = $2 and told.source = $3 and told.quarter <= $1
    order by told.quarter desc, kpis.position, told.kpi, told.cause_number
"""


@dataclass(frozen=True)
class FigureRow:
    """A row behind a figure of a KPI in a project."""

    kpi: str
    project: str
    row: EvidenceRow


@dataclass(frozen=True)
class KpiReasonCount:
    """How many rows a KPI looked at in a quarter counted, or not, for one reason."""

    kpi: str
    quarter: str
    reason: str
    count: int
    meaning: str
    meaning_ko: str
    is_gap: bool


@dataclass(frozen=True)
class FigureRestatement:
    """What one cause made of a sealed figure of a KPI, and when that was sealed."""

    kpi: str
    sealed_at: datetime | None
    told: Restatement


@dataclass(frozen=True)
class ReportEvidence:
    """The rows behind the figures, as many as are wanted, and why others are left out."""

    rows: tuple[FigureRow, ...]
    reasons: tuple[KpiReasonCount, ...]
    restatements: tuple[FigureRestatement, ...]

    def behind(self, kpi: str, quarter: str) -> tuple[EvidenceRow, ...]:
        """List the rows behind a figure."""
        return tuple(r.row for r in self.rows if (r.kpi, r.row.quarter) == (kpi, quarter))

    def why(self, kpi: str, quarter: str) -> tuple[KpiReasonCount, ...]:
        """List the reasons of all rows that a figure looked at."""
        return tuple(r for r in self.reasons if (r.kpi, r.quarter) == (kpi, quarter))


def read_evidence(
    connection: duckdb.DuckDBPyConnection, scope: Scope, quarters: Sequence[str], row_count: int
) -> ReportEvidence:
    """Read the evidence of some quarters: so many rows in and so many out of each figure."""
    which = [list(quarters), scope.project, scope.source]
    restated = [quarters[-1], *which[1:]]
    return ReportEvidence(
        tuple(fetch_as(figure_row, connection, ROWS, [*which, row_count])),
        tuple(fetch_as(KpiReasonCount, connection, REASONS, which)),
        tuple(fetch_as(_restated, connection, RESTATEMENTS, restated)),
    )


def figure_row(*, kpi: str, project: str, **columns: Any) -> FigureRow:  # noqa: ANN401 - a row's own
    """Make a row behind a figure from its columns."""
    return FigureRow(kpi, project, EvidenceRow(**columns))


def _restated(*, kpi: str, sealed_at: datetime | None, **columns: Any) -> FigureRestatement:  # noqa: ANN401
    return FigureRestatement(kpi, sealed_at, Restatement(**columns))
