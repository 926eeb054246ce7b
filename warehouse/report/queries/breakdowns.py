"""Query figures by quarter, by part of the scope, and with targets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.query.figures import OF_PERIODS
from warehouse.query.query import fetch_as
from warehouse.query.scope import ALL

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import duckdb

    from warehouse.query.scope import Scope

HISTORY = """
    with last_quarters as (
        select distinct quarter, quarter_starts_on
        from marts.kpi_quarterly
        where project = $1 and source = $2 and quarter <= $3
        order by quarter_starts_on desc
        limit $4
    )
    select figures.kpi, figures.quarter, figures.value, figures.n, figures.is_complete
    from marts.kpi_quarterly as figures
    semi join last_quarters using (quarter)
    where figures.project = $1 and figures.source = $2
    order by figures.kpi, figures.quarter_starts_on
"""
# The projects of all, or the repositories of one.
PARTS = f"""
    with figures as ({OF_PERIODS}),
    titled as (
        select figures.*, projects.title, projects.title_ko
        from figures
        left join settings.projects as projects using (project)
        where
            ($1 = '*' and figures.project != '*' and figures.source = '*')
            or ($1 != '*' and figures.project = $1 and figures.source != '*')
    )
    select
        kpi,
        if($1 = '*', project, source) as part,
        coalesce(if($1 = '*', title, null), part) as title,
        if($1 = '*', title_ko, null) as title_ko,
        coalesce(quarter, fiscal_year::varchar) as period,
        value, n, numerator, denominator, min_value, max_value
    from titled
    where period in (select unnest($2::varchar[]))
    order by part, kpi, quarter nulls last
"""  # noqa: S608 - our own text
# A target that no figure was compared with has no data, so that who set it sees it.
TARGETS = f"""
    with figures as ({OF_PERIODS}),
    compared as (
        select
            status.* rename (target_status as status),
            figures.value
        from figures
        inner join figures.kpi_target_status as status
            on
                figures.kpi = status.kpi
                and figures.project = status.project
                and coalesce(figures.quarter, figures.fiscal_year::varchar) = status.period
        where figures.source = '*'
    ),
    without_figures as (
        select
            targets.kpi,
            coalesce(targets.project, $1) as project,
            coalesce(targets.quarter, targets.fiscal_year::varchar) as period,
            targets.target,
            targets.near,
            coalesce(targets.better, kpis.better) = 'lower' as is_lower_better,
            targets.accepted_until,
            'no_data' as status,
            false as is_growing
        from figures.kpi_targets as targets
        inner join marts.dim_kpis as kpis using (kpi)
        anti join compared
            on
                targets.kpi = compared.kpi
                and coalesce(targets.project, if($1 = '*', compared.project, $1)) = compared.project
                and coalesce(targets.quarter, targets.fiscal_year::varchar)
                in (compared.period, compared.period[:4])
    ),
    results as (
        select * from compared
        union all by name
        select * from without_figures
    )
    select
        results.kpi,
        results.project,
        coalesce(projects.title, results.project) as title,
        projects.title_ko,
        results.period,
        results.value,
        results.target,
        results.status,
        results.near,
        results.is_lower_better,
        results.accepted_until,
        results.ends_before,
        results.is_growing
    from results
    inner join marts.dim_kpis as kpis using (kpi)
    left join settings.projects as projects on results.project = projects.project
    where
        ($1 = '*' or results.project = $1)
        and results.period in (select unnest($2::varchar[]))
    order by
        kpis.position, results.kpi, results.project, length(results.period) = 4, results.period
"""  # noqa: S608 - our own text


@dataclass(frozen=True, kw_only=True)
class HistoricFigure:
    """A figure of a quarter up to the last one of a report."""

    kpi: str
    quarter: str
    value: float | None
    n: int
    is_complete: bool


@dataclass(frozen=True, kw_only=True)
class PartFigure:
    """A figure of one project of all, or of one repository of a project."""

    kpi: str
    part: str
    title: str
    title_ko: str | None
    period: str
    value: float | None
    n: int
    numerator: int | None
    denominator: int | None
    min_value: float | None
    max_value: float | None


@dataclass(frozen=True, kw_only=True)
class TargetResult:
    """
    A figure with its target, and until when a miss is accepted.

    Shape:   ends_before is the day after the period, unknown where there is no figure; is_growing
             is of an amount of a period that is not over.
    """

    kpi: str
    project: str
    title: str
    title_ko: str | None
    period: str
    value: float | None
    target: float
    status: str
    near: float | None
    is_lower_better: bool
    accepted_until: date | None
    ends_before: date | None
    is_growing: bool


def read_history(
    connection: duckdb.DuckDBPyConnection, scope: Scope, last_quarter: str, count: int
) -> tuple[HistoricFigure, ...]:
    """List the figures of a number of quarters up to the last one."""
    parameters = [scope.project, scope.source, last_quarter, count]
    return tuple(fetch_as(HistoricFigure, connection, HISTORY, parameters))


def read_parts(
    connection: duckdb.DuckDBPyConnection, scope: Scope, quarters: Sequence[str], year: int
) -> tuple[PartFigure, ...]:
    """List the figures of each project or repository; none of a project with one repository."""
    periods = [*quarters, str(year)]
    parts = fetch_as(PartFigure, connection, PARTS, [scope.project, periods])
    is_single = scope.project != ALL and len({figure.part for figure in parts}) == 1
    return () if is_single else tuple(parts)


def read_target_results(
    connection: duckdb.DuckDBPyConnection, scope: Scope, periods: Sequence[str]
) -> tuple[TargetResult, ...]:
    """List the figures with a target in some periods, and the targets without figures."""
    return tuple(fetch_as(TargetResult, connection, TARGETS, [scope.project, list(periods)]))
