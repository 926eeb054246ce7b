"""Names of projects and sources in a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.report.format.language import msgid

if TYPE_CHECKING:
    from collections.abc import Iterable

    from warehouse.report.format.language import Language
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.breakdowns import PartFigure
    from warehouse.report.queries.report_data import ReportData

# Sources that are not repositories, by the end of their name.
SOURCE_TITLES = {"tracker": msgid("{source} (tracker)"), "ledger": msgid("{source} (ledger)")}


def project_title(project: str, data: ReportData, formatter: Formatter) -> str:
    """Return the title of a project."""
    return formatter.language.pick(*data.titles.get(project, (project, None)))


def source_title(source: str, language: Language) -> str:
    """Return the name of a source for readers, without folders of this machine."""
    place, _, kind = source.rpartition("#")
    if kind not in SOURCE_TITLES:
        return _place_title(source)
    title = _place_title(place)
    text = language.text(SOURCE_TITLES[kind], source=title)
    return title if text == f"{title} ({title})" else text


def source_titles(sources: Iterable[str], language: Language) -> list[str]:
    """Return the sorted names of sources; each once, also where several have the same."""
    return sorted({source_title(source, language) for source in sources})


def part_title(part: PartFigure, formatter: Formatter) -> str:
    """Return the title of a project, or of a repository of one."""
    title = formatter.language.pick(part.title, part.title_ko)
    return _place_title(title) if title == part.part else title


def _place_title(place: str) -> str:
    return place.rstrip("/").rpartition("/")[2] if place.startswith("/") else place
