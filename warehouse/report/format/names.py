"""How a report names projects and quarters wherever they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.report_data import ReportData


def project_title(project: str, data: ReportData, formatter: Formatter) -> str:
    """Name a project for people."""
    return formatter.language.pick(*data.titles.get(project, (project, None)))


def short_period(period: str) -> str:
    """Write a quarter without its year, and a year as it is."""
    return period.partition("-")[2] or period
