"""Tables of ledger activities, one row each."""

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
from warehouse.report.format.names import project_title

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.ledger import LedgerActivity
    from warehouse.report.queries.report_data import ReportData

# The limit of a page; the workbook has all.
ROWS_OF_A_KIND = 100


def rows_of_kind(
    title: str, rows: Sequence[LedgerActivity], data: ReportData, formatter: Formatter
) -> Fold:
    """Return the rows of a kind; only for pages where no row has a title or a link."""
    shown = rows[:ROWS_OF_A_KIND]
    table = _table(title, [(title, row) for row in shown], data, formatter)
    more = formatter.text(
        "And {more} more; the workbook has all.",
        more=formatter.language.number(len(rows) - len(shown)),
    )
    return Fold(
        title=title,
        blocks=(
            _days(shown, formatter) if len(table.columns) == 1 else table,
            *((Paragraph((more,)),) if len(rows) > len(shown) else ()),
        ),
        note=formatter.language.number(len(rows)),
        is_for_pages=not any(row.title or row.title_ko or row.link for row in rows),
    )


def _days(rows: Sequence[LedgerActivity], formatter: Formatter) -> Bullets:
    """Return the days by quarter, of rows with nothing but a day."""
    return Bullets(
        tuple(
            Bullet(
                (
                    f"{formatter.language.short_period(quarter)}: ",
                    "; ".join(_when(row, formatter) for row in rows_of_quarter),
                )
            )
            for quarter, rows_of_quarter in groupby(rows, lambda row: row.quarter)
        )
    )


def activity_rows(
    rows: Sequence[tuple[str, LedgerActivity]], data: ReportData, formatter: Formatter
) -> ReportTable:
    """Return all rows with their kinds as a table of the workbook."""
    return _table(formatter.text("All activities"), rows, data, formatter, only_for="workbook")


def place_of(activity: LedgerActivity, data: ReportData, formatter: Formatter) -> tuple[str, str]:
    """Return the project and the site of an activity."""
    is_named = activity.project not in data.ledger.unnamed
    project = project_title(activity.project, data, formatter) if is_named else ""
    return project, activity.site or ""


def _table(
    caption: str,
    rows: Sequence[tuple[str, LedgerActivity]],
    data: ReportData,
    formatter: Formatter,
    *,
    only_for: Literal["readers", "workbook"] = "readers",
) -> ReportTable:
    """Return rows as a table without empty columns."""
    columns = {
        "kind": Column(formatter.text("Activity"), kind="text"),
        "when": Column(formatter.text("When"), kind="label"),
        "project": Column(formatter.text("Project"), kind="text"),
        "site": Column(formatter.text("Site"), kind="text"),
        "title": Column(formatter.text("Title"), kind="text"),
        "hours": Column(formatter.text("Hours")),
        "note": Column(formatter.text("Note"), kind="text"),
    }
    cells = [dict(_cells(kind, activity, data, formatter)) for kind, activity in rows]
    shown = [
        name
        for name in columns
        if (name != "kind" or only_for == "workbook") and any(row[name].text for row in cells)
    ]
    return ReportTable(
        name="activity_rows",
        caption=caption,
        columns=tuple(columns[name] for name in shown),
        rows=tuple(TableRow(tuple(row[name] for name in shown)) for row in cells),
        only_for=only_for,
    )


def _cells(
    kind: str, activity: LedgerActivity, data: ReportData, formatter: Formatter
) -> Iterator[tuple[str, Cell]]:
    project, site = place_of(activity, data, formatter)
    hours = "" if activity.hours is None else formatter.plain_numbers.measure(activity.hours, "")
    title = formatter.language.pick(
        activity.title or activity.title_ko or activity.link or "", activity.title_ko
    )
    yield "kind", Cell(text=kind)
    yield "when", Cell(text=_when(activity, formatter), value=activity.happened_on, unit="day")
    yield "project", Cell(text=project)
    yield "site", Cell(text=site)
    yield "title", Cell(text=title, address=activity.link or "")
    yield "hours", Cell(text=hours, value=activity.hours)
    yield "note", Cell(text=activity.note or "")


def _when(activity: LedgerActivity, formatter: Formatter) -> str:
    """Return the day or days of an activity, or its quarter where no day is recorded."""
    day = formatter.language.day
    if activity.happened_on is None:
        return formatter.language.quarter(activity.quarter)
    if activity.happened_until is None or activity.happened_until == activity.happened_on:
        return day(activity.happened_on)
    return f"{day(activity.happened_on)} – {day(activity.happened_until)}"
