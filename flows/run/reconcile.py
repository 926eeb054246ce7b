"""Reconcile a document: read it, compare its figures, write the findings."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from zoneinfo import ZoneInfo

from flows.run.reconcile_messages import why
from flows.settings.report_style import style_of
from flows.settings.settings import SettingsError
from warehouse.query.formats import TEXT_FORMATS
from warehouse.reconcile.compare_with_warehouse import compare_with_warehouse
from warehouse.reconcile.findings import reconcile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flows.settings.workspace import Workspace
    from warehouse.reconcile.findings import FigureResult, Reconciliation
    from warehouse.report.format.language import Language

STANDARD_INPUT = "-"
COLUMNS = (
    *("document", "line", "figure", "says", "should_be", "state", "rule", "rounding"),
    *("why", "command"),
)


@dataclass
class _Rows:
    """Rows in the form that the writers of formats take."""

    rows: Iterator[tuple[Any, ...]]

    @property
    def description(self) -> Sequence[Sequence[Any]]:
        return [(name,) for name in COLUMNS]

    def fetchmany(self, size: int, /) -> list[Any]:
        return list(islice(self.rows, size))


def read_text(document: str) -> str:
    """
    Read a document, or standard input.

    Errors:  SettingsError for a missing file or one that is not text.
    """
    try:
        if document == STANDARD_INPUT:
            return sys.stdin.buffer.read().decode("utf-8-sig")
        return Path(document).read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"{document}: not text in UTF-8, at byte {error.start}. Save it as UTF-8 Markdown."
        ) from error
    except OSError as error:
        raise SettingsError(f"{document}: {error.strerror}. Name a Markdown file.") from error


def name_of(document: str) -> str:
    """Return the name of a document for output."""
    return "stdin" if document == STANDARD_INPUT else document


def reconcile_text(
    text: str, workspace: Workspace, project: str | None, style_file: Path | None
) -> Reconciliation:
    """
    Compare the figures of a text with each other and, if it exists, with the warehouse.

    Errors:  WarehouseError; SettingsError for a style file that is not valid.
    """
    style = style_of(workspace.base, style_file)
    calendar = workspace.settings.calendar
    report = reconcile(text, calendar.first_month, ZoneInfo(calendar.time_zone))
    if not workspace.warehouse.is_file():
        return report
    return compare_with_warehouse(report, workspace.warehouse, project, style)


def shown_results(report: Reconciliation, *, has_all: bool) -> Sequence[FigureResult]:
    """Return all results, or the findings only."""
    return report.results if has_all else report.findings


def write_findings(
    report: Reconciliation,
    document: str,
    language: Language,
    output_format: str,
    out: BinaryIO,
    *,
    has_all: bool,
) -> None:
    """Write results in a format, one row or object each."""
    results = shown_results(report, has_all=has_all)
    rows = _Rows(iter([_row(result, document, language) for result in results]))
    TEXT_FORMATS[output_format](rows, out)


def _row(result: FigureResult, document: str, language: Language) -> tuple[Any, ...]:
    return (
        name_of(document),
        result.figure.line,
        result.title,
        result.says,
        result.should_be or None,
        result.state.value.replace(" ", "_"),
        result.rule.replace(" ", "_") or None,
        result.rounding or None,
        why(result, language) or None,
        result.command or None,
    )
