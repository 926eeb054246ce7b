"""The figures of a year as published, as reported and as shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.query.figures import year_in
from warehouse.query.query import open_for_queries
from warehouse.query.scope import ALL
from warehouse.report.format.style import Style
from warehouse.report.queries.breakdowns import read_target_results
from warehouse.report.queries.reported_quarter import read_reported_rows, year_as_reported
from warehouse.report.sections.custom_settings import changed_figures
from warehouse.report.styled import styled_year

if TYPE_CHECKING:
    from pathlib import Path

    from warehouse.query.evidence import Explanation
    from warehouse.query.figures import YearOfFigures
    from warehouse.report.format.style import Formatter


@dataclass(frozen=True)
class StyledFigures:
    """
    The figures of a year: by date, as published, by reported quarters, and as they are shown.

    Shape:   without custom report settings all are alike.
    """

    by_date: YearOfFigures
    as_reported: YearOfFigures
    shown: YearOfFigures


def read_styled_figures(
    warehouse: Path,
    year: str | None,
    project: str | None,
    source: str | None,
    formatter: Formatter,
) -> StyledFigures:
    """
    Read the figures of a fiscal year in the settings of a report; by default of the newest year.

    Errors:  WarehouseMissing; QueryFailed for an unknown year, project or repository.
    """
    with open_for_queries(warehouse) as connection:
        by_date = year_in(connection, year, project, source)
        periods = dict.fromkeys((*by_date.periods, str(by_date.fiscal_year)))
        targets = read_target_results(connection, by_date.scope, tuple(periods))
        as_reported = by_date
        if formatter.style.has_reported_quarters:
            earlier = [f"{by_date.fiscal_year - 1}-Q{number}" for number in range(1, 5)]
            wanted = (*earlier, *by_date.quarters)
            rows = read_reported_rows(connection, by_date.scope, wanted)
            as_reported = year_as_reported(by_date, rows, earlier)
        return StyledFigures(by_date, as_reported, styled_year(as_reported, targets, formatter))


def shown_in_reports(warehouse: Path, explanation: Explanation, formatter: Formatter) -> str:
    """
    Return how reports show an explained figure and why, or nothing if as published.

    Errors:  those of read_styled_figures.
    """
    if formatter.style == Style():
        return ""
    scope, year = explanation.scope, str(explanation.period.fiscal_year)
    source = None if scope.source == ALL else scope.source
    figures = read_styled_figures(warehouse, year, scope.project, source, formatter)
    changed = changed_figures([explanation.kpi], figures.by_date, figures.as_reported, formatter)
    name = formatter.language.period(explanation.period.name)
    row = next((row for row in changed.rows if row.cells[1].text == name), None)
    if row is None:
        return ""
    _, _, shown, _, why = (cell.text for cell in row.cells)
    return f"In reports: {shown}. {why}"
