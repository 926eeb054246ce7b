"""Names of projects and periods in a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.report_data import ReportData


def project_title(project: str, data: ReportData, formatter: Formatter) -> str:
    """Return the title of a project."""
    return formatter.language.pick(*data.titles.get(project, (project, None)))


def short_period(period: str) -> str:
    """Return a quarter without its year, or a year unchanged."""
    return period.partition("-")[2] or period
