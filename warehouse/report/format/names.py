"""How a report names projects and quarters wherever they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warehouse.report.format.style import Voice
    from warehouse.report.queries.report_data import Findings


def project_title(project: str, found: Findings, voice: Voice) -> str:
    """Name a project for people."""
    return voice.language.pick(*found.titles.get(project, (project, None)))


def short(period: str) -> str:
    """Write a quarter without its year, and a year as it is."""
    return period.partition("-")[2] or period
