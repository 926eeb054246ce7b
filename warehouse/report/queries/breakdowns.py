"""What a report asks about the past, about each part of its scope, and about what was aimed at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.query.figures import OF_PERIODS
from warehouse.query.scope import ALL

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import duckdb

    from warehouse.query.scope import Scope

HISTORY = """
    with known as (
        select distinct quarter, quarter_starts_on
        from marts.kpi_quarterly
        where project = $1 and source = $2 and quarter <= $3
        order by quarter_starts_on desc
        limit $4
    )
    select figures.kpi, figures.quarter, figures.value, figures.n, figures.is_complete
    from marts.kpi_quarterly as figures
    semi join known using (quarter)
    where figures.project = $1 and figures.source = $2
    order by figures.kpi, figures.quarter_starts_on
"""
# The projects of all together, or the repositories of one.
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
TARGETS = f"""
    with figures as ({OF_PERIODS})
    select
        figures.kpi,
        figures.project,
        coalesce(projects.title, figures.project) as title,
        projects.title_ko,
        coalesce(figures.quarter, figures.fiscal_year::varchar) as period,
        figures.value,
        figures.target,
        figures.target_status,
        aims.accepted_until
    from figures
    inner join marts.dim_kpis as kpis using (kpi)
    inner join figures.kpi_target_status as aims
        on
            figures.kpi = aims.kpi
            and figures.project = aims.project
            and coalesce(figures.quarter, figures.fiscal_year::varchar) = aims.period
    left join settings.projects as projects on figures.project = projects.project
    where
        figures.source = '*'
        and ($1 = '*' or figures.project = $1)
        and aims.period in (select unnest($2::varchar[]))
    order by kpis.position, figures.kpi, figures.project, figures.quarter nulls last
"""  # noqa: S608 - our own text


@dataclass(frozen=True)
class HistoricFigure:
    """A figure of an earlier quarter, or of one that is shown."""

    kpi: str
    quarter: str
    value: float | None
    n: int
    is_complete: bool


@dataclass(frozen=True)
class PartFigure:
    """A figure of one project of several, or of one repository of a project."""

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


@dataclass(frozen=True)
class TargetResult:
    """A figure that was to reach something, and until when missing it is accepted."""

    kpi: str
    project: str
    title: str
    title_ko: str | None
    period: str
    value: float | None
    target: float
    status: str
    accepted_until: date | None


def read_history(
    connection: duckdb.DuckDBPyConnection, scope: Scope, last_quarter: str, count: int
) -> tuple[HistoricFigure, ...]:
    """List the figures of the last quarters up to one."""
    which = [scope.project, scope.source, last_quarter, count]
    return tuple(HistoricFigure(*row) for row in connection.execute(HISTORY, which).fetchall())


def read_parts(
    connection: duckdb.DuckDBPyConnection, scope: Scope, quarters: Sequence[str], year: int
) -> tuple[PartFigure, ...]:
    """List the figures of each project or repository; of a single one there is nothing to tell."""
    periods = [*quarters, str(year)]
    parts = [PartFigure(*r) for r in connection.execute(PARTS, [scope.project, periods]).fetchall()]
    is_single = scope.project != ALL and len({one.part for one in parts}) == 1
    return () if is_single else tuple(parts)


def read_target_results(
    connection: duckdb.DuckDBPyConnection, scope: Scope, periods: Sequence[str]
) -> tuple[TargetResult, ...]:
    """List what figures were to reach in some periods, and whether they did."""
    rows = connection.execute(TARGETS, [scope.project, list(periods)]).fetchall()
    return tuple(TargetResult(*row) for row in rows)
