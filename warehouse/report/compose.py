"""Compose a report: title, facts and the sections of the report settings."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from warehouse.query.scope import ALL
from warehouse.report.blocks import Document, ReportSection
from warehouse.report.format.language import LANGUAGES, Language
from warehouse.report.format.names import project_title, source_title
from warehouse.report.format.style import SECTION_TITLES, Formatter
from warehouse.report.sections.activity import activity, issues
from warehouse.report.sections.before_after import improvements
from warehouse.report.sections.custom_settings import custom_settings
from warehouse.report.sections.dashboard import dashboard
from warehouse.report.sections.data_quality import data_quality
from warehouse.report.sections.definitions import definitions
from warehouse.report.sections.details import details
from warehouse.report.sections.durations import lead_times
from warehouse.report.sections.evidence import evidence
from warehouse.report.sections.incidents import incidents
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
MOST_NAMED = 8
SECTION_BLOCKS: Mapping[str, Callable[[ReportData, Formatter], Iterator[Block]]] = {
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
    """Return a document of the report data in each language."""
    formatters = [Formatter(Language(code), style) for code in LANGUAGES if code in languages]
    return [_document(data, formatter) for formatter in formatters]


def scope_title(scope: Scope, formatter: Formatter) -> str:
    """Return the title of a scope."""
    if scope.source != ALL:
        return formatter.text(
            "{source} in {project}",
            source=source_title(scope.source, formatter.language),
            project=scope.project,
        )
    if scope.project == ALL:
        return formatter.text("all projects")
    return formatter.text("project {project}", project=scope.project)


def _subtitle(data: ReportData, formatter: Formatter) -> str:
    """Return the title of the scope of a report, with the title of its project."""
    scope = data.scope
    return scope_title(
        replace(scope, project=project_title(scope.project, data, formatter)), formatter
    )


def _document(data: ReportData, formatter: Formatter) -> Document:
    return Document(
        language=formatter.language.code,
        title=_title(data, formatter),
        subtitle=_subtitle(data, formatter),
        facts=tuple(_facts(data, formatter)),
        sections=tuple(_sections(data, formatter)),
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
            "{first} to {last}, time zone {zone}",
            first=language.day(data.quarters[0].starts_on),
            last=language.day(last.ends_before - ONE_DAY),
            zone=str(data.zone),
        ),
    )
    yield (
        formatter.text("Data as of"),
        f"{language.instant(data.observed_at, data.zone)} {data.zone}",
    )
    if data.scope.project == ALL:
        yield formatter.text("Projects"), ", ".join(_project_titles(data, formatter))
    yield formatter.text("State"), _state(data, formatter)


def _project_titles(data: ReportData, formatter: Formatter) -> Iterator[str]:
    """Yield the titles of the first projects, and the number of the others."""
    named = (project for project in data.scope.known if project not in data.ledger.unnamed)
    names = list(dict.fromkeys(project_title(project, data, formatter) for project in named))
    yield from names[:MOST_NAMED]
    if len(names) > MOST_NAMED:
        yield formatter.text("and {count} more", count=len(names) - MOST_NAMED)


def _state(data: ReportData, formatter: Formatter) -> str:
    """Return the state of the figures: so far, complete or sealed."""
    quarters = data.year.quarters
    by_quarter = [
        [figure for figure in data.year.figures if figure.period == name] for name in quarters
    ]
    sealed = sum(
        bool(figures) and all(figure.is_sealed for figure in figures) for figures in by_quarter
    )
    if sealed == len(quarters):
        return formatter.text("sealed")
    is_over = data.year.is_over or data.period.quarter is not None
    is_complete = is_over and all(f.is_complete for figures in by_quarter for f in figures)
    state = formatter.text("complete") if is_complete else formatter.text("so far")
    if not sealed:
        return state
    return formatter.text(
        "{state}; {sealed} of {all} quarters sealed", state=state, sealed=sealed, all=len(quarters)
    )


def _sections(data: ReportData, formatter: Formatter) -> Iterator[ReportSection]:
    for section in formatter.style.sections:
        blocks = tuple(SECTION_BLOCKS[section.name](data, formatter))
        if blocks:
            yield ReportSection(
                section.name, _section_title(section, formatter), blocks, section.level
            )


def _section_title(section: SectionStyle, formatter: Formatter) -> str:
    custom = formatter.language.pick(section.title or "", section.title_ko)
    return custom or formatter.text(SECTION_TITLES[section.name])
