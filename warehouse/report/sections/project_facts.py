"""Who each project is for, and which of them there was work on, quarter by quarter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.query.scope import ALL
from warehouse.report.blocks import Cell, Column, Heading, Paragraph, ReportTable, TableRow
from warehouse.report.format.names import project_title, short_period

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.projects import ProjectFacts
    from warehouse.report.queries.report_data import ReportData


def described(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Tabulate what is said of projects; columns in which nothing would stand are left out."""
    columns = {
        "project": Column(formatter.text("Project"), kind="text"),
        "client": Column(formatter.text("Client"), kind="text"),
        "team": Column(formatter.text("Team size")),
        "from": Column(formatter.text("Active from"), kind="label"),
        "until": Column(formatter.text("Active until"), kind="label"),
    }
    rows = [dict(_cells(one, data, formatter)) for one in data.projects.described]
    shown = [name for name in columns if any(cells[name].text for cells in rows)]
    if rows:
        yield ReportTable(
            "described",
            formatter.text("Projects as they are described"),
            tuple(columns[name] for name in shown),
            tuple(TableRow(tuple(cells[name] for name in shown)) for cells in rows),
        )


def _cells(one: ProjectFacts, data: ReportData, formatter: Formatter) -> Iterator[tuple[str, Cell]]:
    size = one.team_size
    yield "project", Cell(project_title(one.project, data, formatter), address=one.link or "")
    yield "client", Cell(one.client or "")
    yield "team", Cell("" if size is None else formatter.language.number(size), size, "count")
    for name, on in (("from", one.active_from), ("until", one.active_until)):
        yield name, Cell("" if on is None else formatter.language.day(on), on, "day")


def active(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Count the projects of each quarter and of the year, and name them."""
    named = [
        (quarter, project_title(project, data, formatter))
        for quarter, project in data.projects.active
        if project not in data.ledger.unnamed
    ]
    if data.scope.project != ALL or len(set(named)) <= 1:
        return
    yield Heading(formatter.text("Projects in each quarter"))
    yield ReportTable(
        "active",
        formatter.text("Projects active in each quarter"),
        (
            Column(formatter.text("Period"), kind="text"),
            Column(formatter.text("Projects")),
            Column(formatter.text("Which"), kind="text"),
        ),
        tuple(_active_rows(named, data, formatter)),
    )
    said = formatter.text(
        "A project is in a quarter by its period; where none is told, by commits, closed issues, "
        "merged change requests, deployments, or rows of a ledger."
    )
    yield Paragraph((said,), "quiet")


def _active_rows(
    named: list[tuple[str, str]], data: ReportData, formatter: Formatter
) -> Iterator[TableRow]:
    numbers, before = formatter.plain_numbers, None
    for quarter in data.year.quarters:
        titles = sorted({title for one, title in named if one == quarter})
        change = "" if before is None else numbers.signed_measure(len(titles) - before, "")
        count = Cell(numbers.count(len(titles)), len(titles), "count", change=change)
        yield TableRow((Cell(short_period(quarter)), count, Cell(", ".join(titles))))
        before = len(titles)
    every = {title for _, title in named}
    count = Cell(numbers.count(len(every)), len(every), "count", is_strong=True)
    year = formatter.language.year(data.period.fiscal_year)
    yield TableRow((Cell(year, is_strong=True), count, Cell("")))
