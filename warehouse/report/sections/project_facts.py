"""Who each project is for, and which of them there was work on, quarter by quarter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.query.scope import ALL
from warehouse.report.blocks import Cell, Column, Heading, Paragraph, Row, Table
from warehouse.report.format.names import project_title, short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Voice
    from warehouse.report.queries.projects import Described
    from warehouse.report.queries.report_data import Findings


def described(found: Findings, voice: Voice) -> Iterator[Block]:
    """Tabulate what is said of projects; columns in which nothing would stand are left out."""
    columns = {
        "project": Column(voice.say("Project"), kind="text"),
        "client": Column(voice.say("Client"), kind="text"),
        "team": Column(voice.say("Team size")),
        "from": Column(voice.say("Active from"), kind="label"),
        "until": Column(voice.say("Active until"), kind="label"),
    }
    rows = [dict(_cells(one, found, voice)) for one in found.projects.described]
    shown = [name for name in columns if any(cells[name].text for cells in rows)]
    if rows:
        yield Table(
            "described",
            voice.say("Projects as they are described"),
            tuple(columns[name] for name in shown),
            tuple(Row(tuple(cells[name] for name in shown)) for cells in rows),
        )


def _cells(one: Described, found: Findings, voice: Voice) -> Iterator[tuple[str, Cell]]:
    size = one.team_size
    yield "project", Cell(project_title(one.project, found, voice), address=one.link or "")
    yield "client", Cell(one.client or "")
    yield "team", Cell("" if size is None else voice.language.number(size), size, "count")
    for name, on in (("from", one.active_from), ("until", one.active_until)):
        yield name, Cell("" if on is None else voice.language.day(on), on, "day")


def active(found: Findings, voice: Voice) -> Iterator[Block]:
    """Count the projects of each quarter and of the year, and name them."""
    named = [
        (quarter, project_title(project, found, voice))
        for quarter, project in found.projects.active
        if project not in found.ledger.unnamed
    ]
    if found.scope.project != ALL or len(set(named)) <= 1:
        return
    yield Heading(voice.say("Projects in each quarter"))
    yield Table(
        "active",
        voice.say("Projects active in each quarter"),
        (
            Column(voice.say("Period"), kind="text"),
            Column(voice.say("Projects")),
            Column(voice.say("Which"), kind="text"),
        ),
        tuple(_active_rows(named, found, voice)),
    )
    said = voice.say(
        "A project is in a quarter by its period; where none is told, by commits, closed issues, "
        "merged change requests, deployments, or rows of a ledger."
    )
    yield Paragraph((said,), "quiet")


def _active_rows(named: list[tuple[str, str]], found: Findings, voice: Voice) -> Iterator[Row]:
    amounts, before = voice.plain_amounts, None
    for quarter in found.year.quarters:
        titles = sorted({title for one, title in named if one == quarter})
        change = "" if before is None else amounts.signed_measure(len(titles) - before, "")
        count = Cell(amounts.count(len(titles)), len(titles), "count", change=change)
        yield Row((Cell(short(quarter)), count, Cell(", ".join(titles))))
        before = len(titles)
    every = {title for _, title in named}
    count = Cell(amounts.count(len(every)), len(every), "count", is_strong=True)
    year = voice.language.year(found.period.fiscal_year)
    yield Row((Cell(year, is_strong=True), count, Cell("")))
