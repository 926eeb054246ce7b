"""From findings to a document: its title, its facts, and the sections that a house wants."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from warehouse.query.scope import ALL
from warehouse.report.blocks import Document, ReportSection
from warehouse.report.format.language import LANGUAGES, Language
from warehouse.report.format.names import project_title
from warehouse.report.format.style import SECTION_TITLES, Formatter
from warehouse.report.sections.activity import activity, incidents, issues, lead_times
from warehouse.report.sections.before_after import improvements
from warehouse.report.sections.custom_settings import custom_settings
from warehouse.report.sections.dashboard import dashboard
from warehouse.report.sections.data_quality import data_quality
from warehouse.report.sections.definitions import definitions
from warehouse.report.sections.details import details
from warehouse.report.sections.evidence import evidence
from warehouse.report.sections.ledger_activities import activities
from warehouse.report.sections.new_in_git import new_in_git
from warehouse.report.sections.projects import projects
from warehouse.report.sections.summary import summary
from warehouse.report.sections.targets import targets
from warehouse.report.sections.trends import trends
from warehouse.report.sections.year_over_year import restatements, years

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from warehouse.query.scope import Scope
    from warehouse.report.blocks import Block
    from warehouse.report.format.style import SectionStyle, Style
    from warehouse.report.queries.report_data import ReportData

ONE_DAY = timedelta(days=1)
NAMED = 8
MAKERS: Mapping[str, Callable[[ReportData, Formatter], Iterator[Block]]] = {
    "summary": summary,
    "dashboard": dashboard,
    "trends": trends,
    "lead_times": lead_times,
    "issues": issues,
    "activity": activity,
    "incidents": incidents,
    "activities": activities,
    "projects": projects,
    "details": details,
    "targets": targets,
    "improvements": improvements,
    "new_in_git": new_in_git,
    "years": years,
    "restatements": restatements,
    "quality": data_quality,
    "beside": custom_settings,
    "definitions": definitions,
    "evidence": evidence,
}


def documents(data: ReportData, style: Style, languages: tuple[str, ...]) -> list[Document]:
    """Make a document of the findings in each language."""
    voices = [Formatter(Language(code), style) for code in LANGUAGES if code in languages]
    return [_document(data, formatter) for formatter in voices]


def scope_title(scope: Scope, formatter: Formatter) -> str:
    """Name the scope of figures."""
    if scope.source != ALL:
        return formatter.text("{source} in {project}", source=scope.source, project=scope.project)
    if scope.project == ALL:
        return formatter.text("all projects")
    return formatter.text("project {project}", project=scope.project)


def _whose(data: ReportData, formatter: Formatter) -> str:
    """Name a project by its title."""
    scope = data.scope
    return scope_title(
        replace(scope, project=project_title(scope.project, data, formatter)), formatter
    )


def _document(data: ReportData, formatter: Formatter) -> Document:
    return Document(
        formatter.language.code,
        _title(data, formatter),
        _whose(data, formatter),
        tuple(_facts(data, formatter)),
        tuple(_sections(data, formatter)),
    )


def _title(data: ReportData, formatter: Formatter) -> str:
    style, period = formatter.style, formatter.language.period(data.period.name)
    title = formatter.language.pick(style.title or "", style.title_ko) or formatter.text(
        "KPI report {period}"
    )
    return title.format(period=period, year=data.period.fiscal_year)


def _facts(data: ReportData, formatter: Formatter) -> Iterator[tuple[str, str]]:
    language, last = formatter.language, data.quarters[-1]
    yield (
        formatter.text("Period"),
        formatter.text(
            "{first} to {last}, days of {zone}",
            first=language.day(data.quarters[0].starts_on),
            last=language.day(last.ends_before - ONE_DAY),
            zone=str(data.zone),
        ),
    )
    yield (
        formatter.text("As seen"),
        f"{language.instant(data.observed_at, data.zone)} {data.zone}",
    )
    if data.scope.project == ALL:
        yield formatter.text("Projects"), ", ".join(_listed(data, formatter))
    yield formatter.text("State"), _state(data, formatter)


def _listed(data: ReportData, formatter: Formatter) -> Iterator[str]:
    """Name the first projects, and say how many more there are."""
    named = (one for one in data.scope.known if one not in data.ledger.unnamed)
    names = [project_title(one, data, formatter) for one in named]
    yield from names[:NAMED]
    if len(names) > NAMED:
        yield formatter.text("and {count} more", count=len(names) - NAMED)


def _state(data: ReportData, formatter: Formatter) -> str:
    """Say how final the figures are."""
    quarters = data.year.quarters
    by_quarter = [[f for f in data.year.figures if f.period == name] for name in quarters]
    sealed = sum(bool(some) and all(one.is_sealed for one in some) for some in by_quarter)
    if sealed == len(quarters):
        return formatter.text("sealed")
    whole = all(one.is_complete for some in by_quarter for one in some)
    said = formatter.text("complete") if whole else formatter.text("so far")
    if not sealed:
        return said
    return formatter.text(
        "{state}; {sealed} of {all} quarters sealed", state=said, sealed=sealed, all=len(quarters)
    )


def _sections(data: ReportData, formatter: Formatter) -> Iterator[ReportSection]:
    for wanted in formatter.style.sections:
        blocks = tuple(MAKERS[wanted.name](data, formatter))
        if blocks:
            yield ReportSection(
                wanted.name, _section_title(wanted, formatter), blocks, wanted.level
            )


def _section_title(wanted: SectionStyle, formatter: Formatter) -> str:
    own = formatter.language.pick(wanted.title or "", wanted.title_ko)
    return own or formatter.text(SECTION_TITLES[wanted.name])
