"""From findings to a document: its title, its facts, and the sections that a house wants."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from warehouse.query.scope import ALL
from warehouse.report.blocks import Document, Section
from warehouse.report.format.language import LANGUAGES, Language
from warehouse.report.format.names import project_title
from warehouse.report.format.style import SECTION_TITLES, Voice
from warehouse.report.sections.activity import activity, incidents, issues, lead_times
from warehouse.report.sections.before_after import improvements
from warehouse.report.sections.custom_settings import beside
from warehouse.report.sections.dashboard import dashboard
from warehouse.report.sections.data_quality import quality
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
    from warehouse.report.queries.report_data import Findings

ONE_DAY = timedelta(days=1)
NAMED = 8
MAKERS: Mapping[str, Callable[[Findings, Voice], Iterator[Block]]] = {
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
    "quality": quality,
    "beside": beside,
    "definitions": definitions,
    "evidence": evidence,
}


def documents(found: Findings, style: Style, languages: tuple[str, ...]) -> list[Document]:
    """Make a document of the findings in each language."""
    voices = [Voice(Language(code), style) for code in LANGUAGES if code in languages]
    return [_document(found, voice) for voice in voices]


def whose(scope: Scope, voice: Voice) -> str:
    """Name the scope of figures."""
    if scope.source != ALL:
        return voice.say("{source} in {project}", source=scope.source, project=scope.project)
    if scope.project == ALL:
        return voice.say("all projects")
    return voice.say("project {project}", project=scope.project)


def _whose(found: Findings, voice: Voice) -> str:
    """Name a project by its title."""
    scope = found.scope
    return whose(replace(scope, project=project_title(scope.project, found, voice)), voice)


def _document(found: Findings, voice: Voice) -> Document:
    return Document(
        voice.language.code,
        _title(found, voice),
        _whose(found, voice),
        tuple(_facts(found, voice)),
        tuple(_sections(found, voice)),
    )


def _title(found: Findings, voice: Voice) -> str:
    style, period = voice.style, voice.language.period(found.period.name)
    title = voice.language.pick(style.title or "", style.title_ko) or voice.say(
        "KPI report {period}"
    )
    return title.format(period=period, year=found.period.fiscal_year)


def _facts(found: Findings, voice: Voice) -> Iterator[tuple[str, str]]:
    language, last = voice.language, found.quarters[-1]
    yield (
        voice.say("Period"),
        voice.say(
            "{first} to {last}, days of {zone}",
            first=language.day(found.quarters[0].starts_on),
            last=language.day(last.ends_before - ONE_DAY),
            zone=str(found.zone),
        ),
    )
    yield voice.say("As seen"), f"{language.instant(found.observed_at, found.zone)} {found.zone}"
    if found.scope.project == ALL:
        yield voice.say("Projects"), ", ".join(_listed(found, voice))
    yield voice.say("State"), _state(found, voice)


def _listed(found: Findings, voice: Voice) -> Iterator[str]:
    """Name the first projects, and say how many more there are."""
    named = (one for one in found.scope.known if one not in found.ledger.unnamed)
    names = [project_title(one, found, voice) for one in named]
    yield from names[:NAMED]
    if len(names) > NAMED:
        yield voice.say("and {count} more", count=len(names) - NAMED)


def _state(found: Findings, voice: Voice) -> str:
    """Say how final the figures are."""
    quarters = found.year.quarters
    by_quarter = [[f for f in found.year.figures if f.period == name] for name in quarters]
    sealed = sum(bool(some) and all(one.is_sealed for one in some) for some in by_quarter)
    if sealed == len(quarters):
        return voice.say("sealed")
    whole = all(one.is_complete for some in by_quarter for one in some)
    said = voice.say("complete") if whole else voice.say("so far")
    if not sealed:
        return said
    return voice.say(
        "{state}; {sealed} of {all} quarters sealed", state=said, sealed=sealed, all=len(quarters)
    )


def _sections(found: Findings, voice: Voice) -> Iterator[Section]:
    for wanted in voice.style.sections:
        blocks = tuple(MAKERS[wanted.name](found, voice))
        if blocks:
            yield Section(wanted.name, _section_title(wanted, voice), blocks, wanted.level)


def _section_title(wanted: SectionStyle, voice: Voice) -> str:
    own = voice.language.pick(wanted.title or "", wanted.title_ko)
    return own or voice.say(SECTION_TITLES[wanted.name])
