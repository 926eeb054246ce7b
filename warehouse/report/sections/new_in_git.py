"""Which languages and tools came to each project, as far as names of files tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.report.blocks import Cell, Column, Paragraph, ReportTable, TableRow
from warehouse.report.format.language import msgid
from warehouse.report.format.names import project_title, short_period
from warehouse.report.rows_table import short_hash

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.report_data import ReportData
    from warehouse.report.queries.technologies import TechnologyArrival

KINDS = {"language": msgid("Languages"), "tool": msgid("Tools")}


def new_in_git(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Count what is new by quarter, and list it with the commit that brought it."""
    if not data.arrivals:
        return
    yield Paragraph(
        (
            formatter.text(
                "By the names of files alone, not by what is in them: the first change in the "
                "history of a project to a file with an extension of the language, or with a name "
                "that the tool looks for. To a project that begins in the period all is new."
            ),
        ),
        "quiet",
    )
    yield _counts(data, formatter)
    yield _list(data, formatter)


def _counts(data: ReportData, formatter: Formatter) -> ReportTable:
    quarters = data.year.quarters
    columns = (
        Column(formatter.text("New to a project"), kind="text"),
        *(Column(short_period(name)) for name in quarters),
        Column(formatter.language.year(data.period.fiscal_year)),
    )
    rows = [
        _count(
            formatter.text(title),
            [one for one in data.arrivals if one.kind == kind],
            data,
            formatter,
        )
        for kind, title in KINDS.items()
    ]
    if len({one.project for one in data.arrivals}) > 1:
        firsts = [one for one in data.arrivals if one.is_first]
        rows.append(_count(formatter.text("New to all projects"), firsts, data, formatter))
    return ReportTable("new_counts", formatter.text("How many are new"), columns, tuple(rows))


def _count(
    title: str, arrivals: Sequence[TechnologyArrival], data: ReportData, formatter: Formatter
) -> TableRow:
    quarters = [one.quarter for one in arrivals]
    counts = (*map(quarters.count, data.year.quarters), len(quarters))
    cells = (Cell(formatter.language.number(count), count, "count") for count in counts)
    return TableRow((Cell(title), *cells))


def _list(data: ReportData, formatter: Formatter) -> ReportTable:
    texts = (
        *(formatter.text("New"), formatter.text("Kind"), formatter.text("Project")),
        *(formatter.text("File"), formatter.text("Commit")),
    )
    return ReportTable(
        "new_in_git",
        formatter.text("What is new, and its commit"),
        (
            *(Column(text, kind="text") for text in texts),
            Column(formatter.text("When"), kind="label"),
        ),
        tuple(_row(one, data, formatter) for one in data.arrivals),
    )


def _row(one: TechnologyArrival, data: ReportData, formatter: Formatter) -> TableRow:
    on = one.happened_at.astimezone(data.zone).date()
    return TableRow(
        (
            Cell(one.technology, is_strong=True),
            Cell(formatter.text("language") if one.kind == "language" else formatter.text("tool")),
            Cell(project_title(one.project, data, formatter)),
            Cell(one.path, is_code=True),
            Cell(short_hash(one.commit_hash), address=one.commit_url or ""),
            Cell(formatter.language.day(on), on, "day"),
        )
    )
