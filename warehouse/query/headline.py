"""Headline figures of the last quarters, as published."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from warehouse.query.query import fetch_as, open_for_queries

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# The KPIs of the headline, in its order; each is shown where it has a value, and the lead time of
# work also where all of it is unknown.
HEADLINE_KPIS = (
    *("commits", "active_contributors", "lines_changed"),
    *("change_requests_merged", "lead_time", "issues_closed", "issues_remaining"),
    *("deployment_frequency", "mean_time_to_recovery", "project_completion_rate"),
)
# A KPI of the quarter's end has rows in quarters in which nothing happened.
HEADLINE = """
    with figures as (
        select
            figures.project, figures.quarter, figures.quarter_starts_on, figures.is_complete,
            figures.kpi, figures.value, figures.n, kpis.title, kpis.unit, kpis.span,
            list_position($2, figures.kpi) as number
        from marts.kpi_quarterly as figures
        inner join marts.dim_kpis as kpis using (kpi)
        where figures.project != '*' and figures.source = '*' and list_contains($2, figures.kpi)
    ),
    last_quarters as (
        select distinct quarter, quarter_starts_on
        from figures
        where n > 0 and span = 'quarter'
        order by quarter_starts_on desc
        limit $1
    )
    select project, quarter, is_complete, kpi, title, unit, value
    from figures
    semi join last_quarters using (quarter)
    qualify kpi = 'lead_time' or count(value) over (partition by kpi) > 0
    order by project, quarter_starts_on, number
"""


@dataclass(frozen=True, kw_only=True)
class HeadlineFigure:
    """
    The published figure of a KPI of a project in a quarter; None is no data.

    Units:   the KPI's.
    """

    project: str
    quarter: str
    is_complete: bool
    kpi: str
    title: str
    unit: str
    value: float | None


@dataclass(frozen=True, kw_only=True)
class Headline:
    """The headline figures of a project in a quarter, in the order of HEADLINE_KPIS."""

    project: str
    quarter: str
    is_complete: bool
    figures: tuple[HeadlineFigure, ...]

    def figure(self, kpi: str) -> HeadlineFigure | None:
        """Return the figure of a KPI, or None where the project has none."""
        return next((figure for figure in self.figures if figure.kpi == kpi), None)


def headline(warehouse: Path, quarters_count: int = 4) -> list[Headline]:
    """
    List the headline figures of the last quarters in which any project has something to count.

    Shape:   by project, oldest quarter first; the figures are those of marts.kpi_quarterly.
    """
    with open_for_queries(warehouse) as connection:
        parameters = [quarters_count, list(HEADLINE_KPIS)]
        rows = fetch_as(HeadlineFigure, connection, HEADLINE, parameters)
    return [
        Headline(
            project=project,
            quarter=quarter,
            is_complete=all(figure.is_complete for figure in figures),
            figures=figures,
        )
        for (project, quarter), of_quarter in groupby(rows, lambda row: (row.project, row.quarter))
        for figures in [tuple(of_quarter)]
    ]


def headline_titles(rows: Sequence[Headline]) -> dict[str, str]:
    """Return the titles of the KPIs that any of the rows has, by name, as the heads of columns."""
    titles = {figure.kpi: figure.title for row in rows for figure in row.figures}
    return {
        kpi: titles[kpi][:1].lower() + titles[kpi][1:] for kpi in HEADLINE_KPIS if kpi in titles
    }
