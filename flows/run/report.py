"""How a report is made and where its files go."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.settings.report_style import style_of
from flows.settings.settings import SettingsError
from miners.store import write_atomically
from warehouse.query.scope import ALL
from warehouse.report.compose import documents
from warehouse.report.queries.report_data import ReportRequest, newest_quarter, read_report_data
from warehouse.report.writers import FORMATS
from warehouse.report.writers.html import as_html
from warehouse.report.writers.markdown import as_markdown
from warehouse.report.writers.workbook import as_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from flows.settings.workspace import Workspace
    from warehouse.report.blocks import Document
    from warehouse.report.queries.report_data import ReportData

WRITERS: Mapping[str, Callable[[Sequence[Document]], str | bytes]] = dict(
    zip(FORMATS, (as_html, as_markdown, as_workbook), strict=True)
)
# As many rows of each figure go to the workbook at most; `quarry explain` has all.
ROWS_OF_A_FIGURE = 200


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A report that somebody wants: of what, in which languages and forms, and where."""

    request: ReportRequest
    languages: tuple[str, ...] = ("en",)
    formats: tuple[str, ...] = tuple(WRITERS)
    folder: Path | None = None
    style_file: Path | None = None


@dataclass(frozen=True)
class Made:
    """A report that was written: where, and what it says."""

    paths: tuple[Path, ...]
    documents: tuple[Document, ...]


def write_report(workspace: Workspace, wanted: Wanted) -> Made:
    """
    Write a report, each file whole or not at all.

    Errors:  SettingsError; WarehouseMissing; QueryFailed for what there is not.
    """
    style = style_of(workspace.base, wanted.style_file)
    found = read_report_data(
        workspace.warehouse,
        wanted.request,
        history_quarters=style.history_quarters,
        row_count=max(ROWS_OF_A_FIGURE, style.evidence_rows),
        has_reported_quarters=style.has_reported_quarters,
    )
    made = documents(found, style, wanted.languages)
    folder = wanted.folder or workspace.reports / str(found.period.fiscal_year)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for form in wanted.formats:
        path = folder / f"{name_of(found, wanted.languages)}.{form}"
        write_atomically(path, WRITERS[form](made))
        paths.append(path)
    return Made(tuple(paths), tuple(made))


def report_of_now(workspace: Workspace) -> Made:
    """
    Write the report of the newest quarter, all projects together, where the nightly leaves it.

    Errors:  those of write_report.
    """
    return write_report(
        workspace, Wanted(request=ReportRequest(quarter=newest_quarter(workspace.warehouse)))
    )


def formats_of(text: str) -> tuple[str, ...]:
    """
    Read a list of formats.

    Errors:  SettingsError for one that there is not.
    """
    names = tuple(dict.fromkeys(filter(None, (name.strip() for name in text.split(",")))))
    wrong = [name for name in names if name not in WRITERS]
    if wrong or not names:
        raise SettingsError(
            f"--format: there is no {', '.join(wrong) or text!r}. "
            f"Write some of {','.join(WRITERS)}, with commas between them."
        )
    return names


def name_of(found: ReportData, languages: Sequence[str]) -> str:
    """Name the files of a report: the period, the project where one was chosen, the languages."""
    scope = found.scope
    project = _slug(scope.project) if scope.is_chosen and scope.project != ALL else ""
    return "-".join(filter(None, (found.period.name, project, *languages)))


def _slug(name: str) -> str:
    """Write a name as a part of a file's name; where it cannot be, with what tells it apart."""
    safe = re.sub(r"[^\w.]+", "-", name).strip("-.")[:60]
    if safe == name:
        return safe
    return f"{safe}-{hashlib.sha256(name.encode()).hexdigest()[:6]}".lstrip("-")
