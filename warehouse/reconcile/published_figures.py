"""Published figures of the warehouse, with custom report settings applied."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from warehouse.query.figures import read_year
from warehouse.query.scope import ALL, Scope
from warehouse.report.format.restyle import apply_style
from warehouse.report.format.style import Formatter
from warehouse.report.queries.reported_quarter import read_reported_rows, year_as_reported

if TYPE_CHECKING:
    import duckdb

    from warehouse.query.figures import Figure
    from warehouse.report.format.style import Style

FiguresByPeriod = dict[tuple[str, str], "Figure"]


@dataclass
class PublishedFigures:
    """
    The figures of projects, read once per project and year.

    Shape:   only complete figures with a value are compared.
    """

    connection: duckdb.DuckDBPyConnection
    style: Style
    _figures: dict[tuple[str, int], FiguresByPeriod] = field(default_factory=dict)

    def find(self, kpi: str, project: str, year: int, part: str | None) -> Figure | None:
        """Return a comparable figure of a quarter such as Q3, or of the year."""
        if (project, year) not in self._figures:
            self._figures[project, year] = self._read(project, year)
        period = f"{year}-{part}" if part else str(year)
        return self._figures[project, year].get((kpi, period))

    def _read(self, project: str, year: int) -> FiguresByPeriod:
        scope = Scope(project, ALL, (), is_chosen=True)
        figures = read_year(self.connection, scope, year)
        if self.style.has_reported_quarters:
            figures = year_as_reported(
                figures, read_reported_rows(self.connection, scope, figures.quarters)
            )
        return {
            (figure.kpi, figure.period): figure
            for figure in apply_style(figures, Formatter(style=self.style)).figures
            if figure.is_complete and figure.value is not None
        }
