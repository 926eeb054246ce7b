"""Section on languages and tools that are new to a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.report.blocks import Cell, Column, Paragraph, ReportTable, TableRow
from warehouse.report.format.language import msgid
from warehouse.report.format.names import project_title
from warehouse.report.period_columns import period_columns
from warehouse.report.rows_table import short_hash

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.report_data import ReportData
    from warehouse.report.queries.technologies import TechnologyArrival

KINDS = {"language": msgid("Languages"), "tool": msgid("Tools")}


def new_in_git(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Yield the counts of new technologies by quarter, and each with its first commit."""
    if not data.arrivals:
        return
    yield Paragraph(
        (
            formatter.text(
                "By file names, not by content: the first change in the history of a project to a "
                "file with the extension of a language or the file name of a tool. Everything is "
                "new to a project that begins in the period."
            ),
        ),
        "quiet",
    )
    yield _counts(data, formatter)
    yield _list(data, formatter)


def _counts(data: ReportData, formatter: Formatter) -> ReportTable:
    periods = (*data.year.quarters, str(data.period.fiscal_year))
    columns = (
        Column(formatter.text("New to a project"), kind="text"),
        *period_columns(periods, data, formatter),
    )
    rows = [
        _count(
            formatter.text(title),
            [arrival for arrival in data.arrivals if arrival.kind == kind],
            data,
            formatter,
        )
        for kind, title in KINDS.items()
    ]
    if len({arrival.project for arrival in data.arrivals}) > 1:
        firsts = [arrival for arrival in data.arrivals if arrival.is_first]
        rows.append(_count(formatter.text("New to all projects"), firsts, data, formatter))
    return ReportTable(
        name="new_counts",
        caption=formatter.text("Number of new technologies"),
        columns=columns,
        rows=tuple(rows),
    )


def _count(
    title: str, arrivals: Sequence[TechnologyArrival], data: ReportData, formatter: Formatter
) -> TableRow:
    quarters = [arrival.quarter for arrival in arrivals]
    counts = (*map(quarters.count, data.year.quarters), len(quarters))
    cells = (
        Cell(text=formatter.language.count(count, "items"), value=count, unit="count")
        for count in counts
    )
    return TableRow((Cell(text=title), *cells))


def _list(data: ReportData, formatter: Formatter) -> ReportTable:
    texts = (
        *(formatter.text("New"), formatter.text("Kind"), formatter.text("Project")),
        *(formatter.text("File"), formatter.text("Commit")),
    )
    return ReportTable(
        name="new_in_git",
        caption=formatter.text("New technologies and commits"),
        columns=(
            *(Column(text, kind="text") for text in texts),
            Column(formatter.text("When"), kind="label"),
        ),
        rows=tuple(_row(arrival, data, formatter) for arrival in data.arrivals),
    )


def _row(arrival: TechnologyArrival, data: ReportData, formatter: Formatter) -> TableRow:
    day = arrival.happened_at.astimezone(data.zone).date()
    return TableRow(
        (
            Cell(text=arrival.technology, is_strong=True),
            Cell(
                text=formatter.text("language")
                if arrival.kind == "language"
                else formatter.text("tool")
            ),
            Cell(text=project_title(arrival.project, data, formatter)),
            Cell(text=arrival.path, is_code=True),
            Cell(text=short_hash(arrival.commit_hash), address=arrival.commit_url or ""),
            Cell(text=formatter.language.day(day), value=day, unit="day"),
        )
    )
