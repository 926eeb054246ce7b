"""What the warehouse has of each KPI, formed as a house forms its figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from warehouse.query.figures import YearOfFigures, figures_of, quarters_of
from warehouse.query.scope import ALL, Scope
from warehouse.report.format.restyle import apply_style
from warehouse.report.format.style import Formatter
from warehouse.report.queries.reported_quarter import read_reported_rows, year_as_reported

if TYPE_CHECKING:
    import duckdb

    from warehouse.query.figures import Figure, Kpi
    from warehouse.report.format.style import Style

Formed = dict[tuple[str, str], "Figure"]


@dataclass
class Published:
    """
    The figures of projects, read year by year as they are asked for.

    Shape:   what is not over yet, or of which nothing is known, is no measure for anything.
    """

    connection: duckdb.DuckDBPyConnection
    kpis: tuple[Kpi, ...]
    style: Style
    _formed: dict[tuple[str, int], Formed] = field(default_factory=dict)

    def find(self, kpi: str, project: str, year: int, part: str | None) -> Figure | None:
        """Find a figure that can be compared with: of a quarter such as Q3, or of the year."""
        if (project, year) not in self._formed:
            self._formed[project, year] = self._form(project, year)
        period = f"{year}-{part}" if part else str(year)
        return self._formed[project, year].get((kpi, period))

    def _form(self, project: str, year: int) -> Formed:
        scope = Scope(project, ALL, (), is_chosen=True)
        quarters = tuple(quarters_of(self.connection, year))
        figures = YearOfFigures(
            scope=scope,
            fiscal_year=year,
            quarters=quarters,
            kpis=self.kpis,
            figures=tuple(figures_of(self.connection, scope, year)),
        )
        if self.style.has_reported_quarters:
            figures = year_as_reported(
                figures, read_reported_rows(self.connection, scope, quarters)
            )
        return {
            (one.kpi, one.period): one
            for one in apply_style(figures, Formatter(style=self.style)).figures
            if one.is_complete and one.value is not None
        }
