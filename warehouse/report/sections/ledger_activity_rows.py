"""The activities themselves: a row each, with when and where it was and where to read more."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Literal

from warehouse.report.blocks import Bullet, Bullets, Cell, Column, Fold, Paragraph, Row, Table
from warehouse.report.format.names import project_title, short

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.report.format.style import Voice
    from warehouse.report.queries.ledger import Activity
    from warehouse.report.queries.report_data import Findings

# As many stand on a page; the workbook has all.
ROWS_OF_A_KIND = 100


def rows_of_kind(title: str, rows: Sequence[Activity], found: Findings, voice: Voice) -> Fold:
    """List the rows of a kind; where nothing folds, only those that have a title."""
    shown = rows[:ROWS_OF_A_KIND]
    table = _table(title, [(title, one) for one in shown], found, voice)
    more = voice.say(
        "And {more} more; the workbook has all.",
        more=voice.language.number(len(rows) - len(shown)),
    )
    return Fold(
        title,
        (
            _days(shown, voice) if len(table.columns) == 1 else table,
            *((Paragraph((more,)),) if len(rows) > len(shown) else ()),
        ),
        note=voice.language.number(len(rows)),
        is_for_pages=not any(one.title or one.title_ko or one.link for one in rows),
    )


def _days(rows: Sequence[Activity], voice: Voice) -> Bullets:
    """List days alone, where nothing else is told, by their quarters."""
    return Bullets(
        tuple(
            Bullet((f"{short(quarter)}: ", "; ".join(_when(one, voice) for one in some)))
            for quarter, some in groupby(rows, lambda one: one.quarter)
        )
    )


def activity_rows(rows: Sequence[tuple[str, Activity]], found: Findings, voice: Voice) -> Table:
    """List all rows for a workbook, each with its kind."""
    return _table(voice.say("All activities"), rows, found, voice, only_for="workbook")


def place(one: Activity, found: Findings, voice: Voice) -> tuple[str, str]:
    """Name the project and the site of an activity."""
    is_named = one.project not in found.ledger.unnamed
    project = project_title(one.project, found, voice) if is_named else ""
    return project, one.site or ""


def _table(
    caption: str,
    rows: Sequence[tuple[str, Activity]],
    found: Findings,
    voice: Voice,
    *,
    only_for: Literal["readers", "workbook"] = "readers",
) -> Table:
    """Lay out rows; columns in which nothing would stand are left out."""
    columns = {
        "kind": Column(voice.say("Activity"), kind="text"),
        "when": Column(voice.say("When"), kind="label"),
        "project": Column(voice.say("Project"), kind="text"),
        "site": Column(voice.say("Site"), kind="text"),
        "title": Column(voice.say("Title"), kind="text"),
        "hours": Column(voice.say("Hours")),
        "note": Column(voice.say("Note"), kind="text"),
    }
    cells = [dict(_cells(kind, one, found, voice)) for kind, one in rows]
    shown = [
        name
        for name in columns
        if (name != "kind" or only_for == "workbook") and any(row[name].text for row in cells)
    ]
    return Table(
        "activity_rows",
        caption,
        tuple(columns[name] for name in shown),
        tuple(Row(tuple(row[name] for name in shown)) for row in cells),
        only_for=only_for,
    )


def _cells(kind: str, one: Activity, found: Findings, voice: Voice) -> Iterator[tuple[str, Cell]]:
    project, site = place(one, found, voice)
    hours = "" if one.hours is None else voice.plain_amounts.measure(one.hours, "")
    title = voice.language.pick(one.title or one.title_ko or one.link or "", one.title_ko)
    yield "kind", Cell(kind)
    yield "when", Cell(_when(one, voice), one.happened_on, "day")
    yield "project", Cell(project)
    yield "site", Cell(site)
    yield "title", Cell(title, address=one.link or "")
    yield "hours", Cell(hours, one.hours)
    yield "note", Cell(one.note or "")


def _when(one: Activity, voice: Voice) -> str:
    """Write its day or days, or else the quarter that is all that was told."""
    day = voice.language.day
    if one.happened_on is None:
        return voice.language.quarter(one.quarter)
    if one.happened_until is None or one.happened_until == one.happened_on:
        return day(one.happened_on)
    return f"{day(one.happened_on)} – {day(one.happened_until)}"
