"""The activities themselves: a row each, with when and where it was and where to read more."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Literal

from warehouse.report.blocks import (
    Bullet,
    Bullets,
    Cell,
    Column,
    Fold,
    Paragraph,
    ReportTable,
    TableRow,
)
from warehouse.report.format.names import project_title, short_period

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.ledger import LedgerActivity
    from warehouse.report.queries.report_data import ReportData

# As many stand on a page; the workbook has all.
ROWS_OF_A_KIND = 100


def rows_of_kind(
    title: str, rows: Sequence[LedgerActivity], data: ReportData, formatter: Formatter
) -> Fold:
    """List the rows of a kind; where nothing folds, only those that have a title."""
    shown = rows[:ROWS_OF_A_KIND]
    table = _table(title, [(title, one) for one in shown], data, formatter)
    more = formatter.text(
        "And {more} more; the workbook has all.",
        more=formatter.language.number(len(rows) - len(shown)),
    )
    return Fold(
        title,
        (
            _days(shown, formatter) if len(table.columns) == 1 else table,
            *((Paragraph((more,)),) if len(rows) > len(shown) else ()),
        ),
        note=formatter.language.number(len(rows)),
        is_for_pages=not any(one.title or one.title_ko or one.link for one in rows),
    )


def _days(rows: Sequence[LedgerActivity], formatter: Formatter) -> Bullets:
    """List days alone, where nothing else is told, by their quarters."""
    return Bullets(
        tuple(
            Bullet((f"{short_period(quarter)}: ", "; ".join(_when(one, formatter) for one in some)))
            for quarter, some in groupby(rows, lambda one: one.quarter)
        )
    )


def activity_rows(
    rows: Sequence[tuple[str, LedgerActivity]], data: ReportData, formatter: Formatter
) -> ReportTable:
    """List all rows for a workbook, each with its kind."""
    return _table(formatter.text("All activities"), rows, data, formatter, only_for="workbook")


def place(one: LedgerActivity, data: ReportData, formatter: Formatter) -> tuple[str, str]:
    """Name the project and the site of an activity."""
    is_named = one.project not in data.ledger.unnamed
    project = project_title(one.project, data, formatter) if is_named else ""
    return project, one.site or ""


def _table(
    caption: str,
    rows: Sequence[tuple[str, LedgerActivity]],
    data: ReportData,
    formatter: Formatter,
    *,
    only_for: Literal["readers", "workbook"] = "readers",
) -> ReportTable:
    """Lay out rows; columns in which nothing would stand are left out."""
    columns = {
        "kind": Column(formatter.text("Activity"), kind="text"),
        "when": Column(formatter.text("When"), kind="label"),
        "project": Column(formatter.text("Project"), kind="text"),
        "site": Column(formatter.text("Site"), kind="text"),
        "title": Column(formatter.text("Title"), kind="text"),
        "hours": Column(formatter.text("Hours")),
        "note": Column(formatter.text("Note"), kind="text"),
    }
    cells = [dict(_cells(kind, one, data, formatter)) for kind, one in rows]
    shown = [
        name
        for name in columns
        if (name != "kind" or only_for == "workbook") and any(row[name].text for row in cells)
    ]
    return ReportTable(
        "activity_rows",
        caption,
        tuple(columns[name] for name in shown),
        tuple(TableRow(tuple(row[name] for name in shown)) for row in cells),
        only_for=only_for,
    )


def _cells(
    kind: str, one: LedgerActivity, data: ReportData, formatter: Formatter
) -> Iterator[tuple[str, Cell]]:
    project, site = place(one, data, formatter)
    hours = "" if one.hours is None else formatter.plain_numbers.measure(one.hours, "")
    title = formatter.language.pick(one.title or one.title_ko or one.link or "", one.title_ko)
    yield "kind", Cell(kind)
    yield "when", Cell(_when(one, formatter), one.happened_on, "day")
    yield "project", Cell(project)
    yield "site", Cell(site)
    yield "title", Cell(title, address=one.link or "")
    yield "hours", Cell(hours, one.hours)
    yield "note", Cell(one.note or "")


def _when(one: LedgerActivity, formatter: Formatter) -> str:
    """Write its day or days, or else the quarter that is all that was told."""
    day = formatter.language.day
    if one.happened_on is None:
        return formatter.language.quarter(one.quarter)
    if one.happened_until is None or one.happened_until == one.happened_on:
        return day(one.happened_on)
    return f"{day(one.happened_on)} – {day(one.happened_until)}"
