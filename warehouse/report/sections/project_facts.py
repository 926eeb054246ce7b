"""Tables of project descriptions and active projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.query.scope import ALL
from warehouse.report.blocks import Cell, Column, Heading, Paragraph, ReportTable, TableRow
from warehouse.report.format.names import project_title
from warehouse.report.period_columns import is_so_far, so_far

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.projects import ProjectDescription
    from warehouse.report.queries.report_data import ReportData


def project_descriptions(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Yield the descriptions of projects as a table without empty columns."""
    columns = {
        "project": Column(formatter.text("Project"), kind="text"),
        "client": Column(formatter.text("Client"), kind="text"),
        "team": Column(formatter.text("Team size")),
        "from": Column(formatter.text("Active from"), kind="label"),
        "until": Column(formatter.text("Active until"), kind="label"),
    }
    rows = [
        dict(_cells(description, data, formatter)) for description in data.projects.descriptions
    ]
    shown = [name for name in columns if any(cells[name].text for cells in rows)]
    if rows:
        yield ReportTable(
            name="described",
            caption=formatter.text("Project descriptions"),
            columns=tuple(columns[name] for name in shown),
            rows=tuple(TableRow(tuple(cells[name] for name in shown)) for cells in rows),
        )


def _cells(
    description: ProjectDescription, data: ReportData, formatter: Formatter
) -> Iterator[tuple[str, Cell]]:
    size = description.team_size
    yield (
        "project",
        Cell(
            text=project_title(description.project, data, formatter), address=description.link or ""
        ),
    )
    yield "client", Cell(text=description.client or "")
    yield (
        "team",
        Cell(
            text="" if size is None else formatter.language.count(size, "people"),
            value=size,
            unit="count",
        ),
    )
    for name, day in (("from", description.active_from), ("until", description.active_until)):
        yield (
            name,
            Cell(text="" if day is None else formatter.language.day(day), value=day, unit="day"),
        )


def active_projects(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Yield the active projects of each quarter and of the year."""
    named = [
        (quarter, project_title(project, data, formatter))
        for quarter, project in data.projects.active
        if project not in data.ledger.unnamed
    ]
    if data.scope.project != ALL or len(set(named)) <= 1:
        return
    yield Heading(formatter.text("Projects in each quarter"))
    yield ReportTable(
        name="active",
        caption=formatter.text("Projects active in each quarter"),
        columns=(
            Column(formatter.text("Period"), kind="text"),
            Column(formatter.text("Projects")),
            Column(formatter.text("Names"), kind="text"),
        ),
        rows=tuple(_active_rows(named, data, formatter)),
    )
    explanation = formatter.text(
        "A project is active in its period. Without a period it is active in the quarters in which "
        "something of it counts, or a ledger has an activity, a task, a deployment or an incident "
        "of it."
    )
    yield Paragraph((explanation,), "quiet")


def _active_rows(
    named: list[tuple[str, str]], data: ReportData, formatter: Formatter
) -> Iterator[TableRow]:
    """Yield a row of each quarter and of the year; one that is so far has no change."""
    before = None
    for quarter in data.year.quarters:
        titles = sorted({title for period, title in named if period == quarter})
        change = ""
        if before is not None and not is_so_far(quarter, data):
            change = formatter.plain_numbers.signed_measure(len(titles) - before, "")
        yield TableRow(
            (
                _period_cell(quarter, data, formatter),
                _count_cell(len(titles), formatter, change=change),
                Cell(text=", ".join(titles)),
            )
        )
        before = len(titles)
    year = _period_cell(str(data.period.fiscal_year), data, formatter, is_strong=True)
    count = _count_cell(len({title for _, title in named}), formatter, is_strong=True)
    yield TableRow((year, count, Cell(text="")))


def _period_cell(
    period: str, data: ReportData, formatter: Formatter, *, is_strong: bool = False
) -> Cell:
    name, mark = formatter.language.short_period(period), so_far(period, data, formatter)
    return Cell(text=f"{name} ({mark})" if mark else name, is_strong=is_strong)


def _count_cell(
    count: int, formatter: Formatter, *, change: str = "", is_strong: bool = False
) -> Cell:
    text = formatter.language.count(count, "projects")
    return Cell(text=text, value=count, unit="count", change=change, is_strong=is_strong)
