"""Which languages and tools came to each project, as far as names of files tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.report.blocks import Cell, Column, Paragraph, Row, Table
from warehouse.report.format.language import note
from warehouse.report.format.names import project_title, short
from warehouse.report.rows_table import short as short_place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Voice
    from warehouse.report.queries.report_data import Findings
    from warehouse.report.queries.technologies import Arrival

KINDS = {"language": note("Languages"), "tool": note("Tools")}


def new_in_git(found: Findings, voice: Voice) -> Iterator[Block]:
    """Count what is new by quarter, and list it with the commit that brought it."""
    if not found.arrivals:
        return
    yield Paragraph(
        (
            voice.say(
                "By the names of files alone, not by what is in them: the first change in the "
                "history of a project to a file with an extension of the language, or with a name "
                "that the tool looks for. To a project that begins in the period all is new."
            ),
        ),
        "quiet",
    )
    yield _counts(found, voice)
    yield _list(found, voice)


def _counts(found: Findings, voice: Voice) -> Table:
    quarters = found.year.quarters
    columns = (
        Column(voice.say("New to a project"), kind="text"),
        *(Column(short(name)) for name in quarters),
        Column(voice.language.year(found.period.fiscal_year)),
    )
    rows = [
        _count(voice.say(title), [one for one in found.arrivals if one.kind == kind], found, voice)
        for kind, title in KINDS.items()
    ]
    if len({one.project for one in found.arrivals}) > 1:
        firsts = [one for one in found.arrivals if one.is_first]
        rows.append(_count(voice.say("New to all projects"), firsts, found, voice))
    return Table("new_counts", voice.say("How many are new"), columns, tuple(rows))


def _count(title: str, arrivals: Sequence[Arrival], found: Findings, voice: Voice) -> Row:
    quarters = [one.quarter for one in arrivals]
    counts = (*map(quarters.count, found.year.quarters), len(quarters))
    cells = (Cell(voice.language.number(count), count, "count") for count in counts)
    return Row((Cell(title), *cells))


def _list(found: Findings, voice: Voice) -> Table:
    texts = (
        *(voice.say("New"), voice.say("Kind"), voice.say("Project")),
        *(voice.say("File"), voice.say("Commit")),
    )
    return Table(
        "new_in_git",
        voice.say("What is new, and its commit"),
        (
            *(Column(text, kind="text") for text in texts),
            Column(voice.say("When"), kind="label"),
        ),
        tuple(_row(one, found, voice) for one in found.arrivals),
    )


def _row(one: Arrival, found: Findings, voice: Voice) -> Row:
    on = one.happened_at.astimezone(found.zone).date()
    return Row(
        (
            Cell(one.technology, is_strong=True),
            Cell(voice.say("language") if one.kind == "language" else voice.say("tool")),
            Cell(project_title(one.project, found, voice)),
            Cell(one.path, is_code=True),
            Cell(short_place(one.commit_hash), address=one.commit_url or ""),
            Cell(voice.language.day(on), on, "day"),
        )
    )
