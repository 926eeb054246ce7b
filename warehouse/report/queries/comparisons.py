"""Query comparisons with the period before, over projects with rows in both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.query.query import fetch_as
from warehouse.query.scope import Period, period_before

if TYPE_CHECKING:
    import duckdb

    from warehouse.query.figures import YearOfFigures
    from warehouse.query.scope import Scope

# Of a KPI that measures a quarter's end, a year has the rows of its last quarter.
COMPARISONS = """
    with periods as (
        select quarter, ends_before = max(ends_before) over (partition by side) as is_last, side
        from (
            select quarter, ends_before, 'before' as side
            from settings.quarters
            where if($4, fiscal_year::varchar = $1, quarter = $1)
            union all
            select quarter, ends_before, 'after' as side
            from settings.quarters
            where if($4, fiscal_year::varchar = $2, quarter = $2)
        )
    ),
    evidence as (
        select
            kpi, project, subject_id, numerator, denominator, counts_in_all,
            counts_in_project,
            if($5, coalesce(reported_quarter, quarter), quarter) as quarter,
            if($5, coalesce(reported_reason, reason), reason) as reason,
            if($5, coalesce(reported_value, value), value) as value
        from figures.kpi_evidence
    ),
    counted as (
        select evidence.*, periods.side, kpis.kind, kpis.unit_size
        from evidence
        inner join periods using (quarter)
        inner join settings.kpis as kpis using (kpi)
        where
            evidence.reason = 'counted'
            and if(
                $3 = '*',
                evidence.counts_in_all,
                evidence.project = $3 and evidence.counts_in_project
            )
            and (kpis.span = 'quarter' or periods.is_last)
    ),
    projects as (
        select kpi, project, count(distinct side) = 2 as is_on_both_sides
        from counted
        group by kpi, project
    ),
    compared as (
        select counted.*
        from counted
        inner join projects using (kpi, project)
        where projects.is_on_both_sides
    ),
    amounts as (
        select kpi, side, subject_id, sum(value) as amount
        from compared
        where kind = 'half'
        group by kpi, side, subject_id
    ),
    ranked as (
        select
            kpi, side,
            sum(amount) over (
                partition by kpi, side order by amount desc, subject_id
                rows between unbounded preceding and current row
            ) - amount as amount_before,
            sum(amount) over (partition by kpi, side) as total
        from amounts
    ),
    halves as (
        select kpi, side, count(*) filter (where amount_before * 2 < total) as half_count
        from ranked
        group by kpi, side
    ),
    figures as (
        select
            compared.kpi,
            compared.side,
            count(*) as n,
            round(
                case any_value(compared.kind)
                    when 'count' then count(*)
                    when 'sum' then sum(compared.value)
                    when 'distinct' then count(distinct compared.subject_id)
                    when 'half' then any_value(halves.half_count)
                    when 'ratio' then sum(compared.numerator) / nullif(sum(compared.denominator), 0)
                    when 'mean' then avg(compared.value) / any_value(compared.unit_size)
                    when 'median'
                        then quantile_cont(compared.value, 0.5) / any_value(compared.unit_size)
                    when 'longest' then max(compared.value) / any_value(compared.unit_size)
                end,
                6
            ) as value
        from compared
        left join halves on compared.kpi = halves.kpi and compared.side = halves.side
        group by compared.kpi, compared.side
    )
    select
        earlier.kpi,
        earlier.value as before,
        earlier.n as before_n,
        later.value as after,
        later.n as after_n,
        count(*) filter (where projects.is_on_both_sides) as project_count,
        count(*) as all_project_count
    from figures as earlier
    inner join figures as later
        on earlier.kpi = later.kpi and earlier.side = 'before' and later.side = 'after'
    inner join projects on earlier.kpi = projects.kpi
    where earlier.value is not null and later.value is not null
    group by all
    order by earlier.kpi
"""


@dataclass(frozen=True, kw_only=True)
class PeriodComparison:
    """
    A KPI in a period and in the one before, over the projects that have rows in both.

    Shape:   n is the number of counted rows, of a ratio its denominator; all_project_count has
             the projects with rows in one of the periods too.
    Units:   the KPI's.
    """

    kpi: str
    before: float
    before_n: int
    after: float
    after_n: int
    project_count: int
    all_project_count: int

    @property
    def difference(self) -> float:
        return self.after - self.before

    @property
    def least_n(self) -> int:
        return min(self.before_n, self.after_n)


def compared_period(period: Period, focus: str, year: YearOfFigures) -> Period:
    """Return the year if it is requested and over, else the quarter in focus."""
    is_whole = period.quarter is None and not year.is_so_far
    return period if is_whole else Period(period.fiscal_year, focus)


def read_comparisons(
    connection: duckdb.DuckDBPyConnection, scope: Scope, period: Period, *, is_reported: bool
) -> dict[str, PeriodComparison]:
    """Return the comparison of each KPI with the period before, by the name of the KPI."""
    before = period_before(period)
    parameters = [before.name, period.name, scope.project, period.quarter is None, is_reported]
    rows = fetch_as(PeriodComparison, connection, COMPARISONS, parameters)
    return {row.kpi: row for row in rows}
