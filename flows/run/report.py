"""Write reports: their files, formats and names."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.settings.report_style import style_of
from flows.settings.settings import SettingsError
from miners.store import make_folder, write_atomically
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
# The most rows of a figure in the workbook; `quarry explain` has all.
ROWS_OF_A_FIGURE = 200


@dataclass(frozen=True, kw_only=True)
class ReportOptions:
    """The content, languages, formats and folder of a report."""

    request: ReportRequest
    languages: tuple[str, ...] = ("en",)
    formats: tuple[str, ...] = tuple(WRITERS)
    folder: Path | None = None
    style_file: Path | None = None


@dataclass(frozen=True)
class WrittenReport:
    """A report with the files it was written to."""

    paths: tuple[Path, ...]
    documents: tuple[Document, ...]


def write_report(workspace: Workspace, options: ReportOptions) -> WrittenReport:
    """
    Write a report, each file completely or not at all.

    Errors:  SettingsError; WarehouseMissing; QueryFailed for an unknown name or period.
    """
    style = style_of(workspace.base, options.style_file)
    data = read_report_data(
        workspace.warehouse,
        options.request,
        history_quarters=style.history_quarters,
        row_count=max(ROWS_OF_A_FIGURE, style.evidence_rows),
        has_reported_quarters=style.has_reported_quarters,
    )
    report = documents(data, style, options.languages)
    folder = options.folder or workspace.reports / str(data.period.fiscal_year)
    make_folder(folder)
    paths = []
    for name in options.formats:
        path = folder / f"{name_of(data, options.languages)}.{name}"
        write_atomically(path, WRITERS[name](report))
        paths.append(path)
    return WrittenReport(tuple(paths), tuple(report))


def write_newest_report(workspace: Workspace) -> WrittenReport:
    """
    Write the report of the newest quarter of all projects together, as the nightly does.

    Errors:  those of write_report.
    """
    request = ReportRequest(quarter=newest_quarter(workspace.warehouse))
    return write_report(workspace, ReportOptions(request=request))


def formats_of(text: str) -> tuple[str, ...]:
    """
    List the formats of a text with commas between them.

    Errors:  SettingsError for an unknown one.
    """
    names = tuple(dict.fromkeys(filter(None, (name.strip() for name in text.split(",")))))
    wrong = [name for name in names if name not in WRITERS]
    if wrong or not names:
        raise SettingsError(
            f"--format: unknown value {', '.join(wrong) or text!r}. "
            f"Use some of {','.join(WRITERS)}, separated by commas."
        )
    return names


def name_of(data: ReportData, languages: Sequence[str]) -> str:
    """Return a file name: the period, the project if one was chosen, and the languages."""
    scope = data.scope
    project = _slug(scope.project) if scope.is_chosen and scope.project != ALL else ""
    return "-".join(filter(None, (data.period.name, project, *languages)))


def _slug(name: str) -> str:
    """Return a name as a part of a file name; a changed name gets a hash to stay unique."""
    safe = re.sub(r"[^\w.]+", "-", name).strip("-.")[:60]
    if safe == name:
        return safe
    return f"{safe}-{hashlib.sha256(name.encode()).hexdigest()[:6]}".lstrip("-")
