"""What people did beside writing code, as ledgers tell it: how often, where, and each of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.report.blocks import Cell, Column, Fold, Paragraph, ReportTable, TableRow
from warehouse.report.format.language import in_words, msgid
from warehouse.report.format.names import short_period
from warehouse.report.sections.ledger_activity_rows import activity_rows, place, rows_of_kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.ledger import LedgerActivity
    from warehouse.report.queries.report_data import ReportData

# In the order in which they are shown; a house may have others.
KINDS = {
    "business_trip": msgid("Business trips"),
    "demonstration": msgid("Demonstrations"),
    "presentation": msgid("Presentations"),
    "writing": msgid("Writing"),
    "paper_review": msgid("Paper reviews"),
    "seminar": msgid("Seminars"),
    "training": msgid("Training"),
    "community": msgid("Community"),
    "technical_meeting": msgid("Technical meetings"),
    "strategy_meeting": msgid("Strategy meetings"),
    "weekly_planning": msgid("Weekly planning"),
    "meeting": msgid("Meetings"),
    "test_iteration": msgid("Test iterations"),
}


def activities(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Count each kind by quarter, then by project and site, and list the rows."""
    rows = [one for one in data.ledger.activities if one.quarter in data.year.quarters]
    by_kind = {kind: [one for one in rows if one.kind == kind] for kind in _wanted(rows, formatter)}
    if not any(by_kind.values()):
        return
    yield _counts(list(by_kind), data, formatter)
    yield Paragraph((_explained(formatter),), "quiet")
    yield from _places(by_kind, data, formatter)
    for kind, mine in by_kind.items():
        if mine:
            yield rows_of_kind(kind_title(kind, formatter), mine, data, formatter)
    named = [(kind_title(kind, formatter), one) for kind, mine in by_kind.items() for one in mine]
    yield activity_rows(named, data, formatter)


def _wanted(rows: Sequence[LedgerActivity], formatter: Formatter) -> list[str]:
    """List the kinds that the house wants in its order; by default all that there are."""
    there = {one.kind for one in rows}
    usual = [*(kind for kind in KINDS if kind in there), *sorted(there - KINDS.keys())]
    return list(formatter.style.activity_kinds) or usual


def kind_title(kind: str, formatter: Formatter) -> str:
    """Name a kind as the house does; one that nobody knows in its own words."""
    usual = formatter.text(KINDS[kind]) if kind in KINDS else in_words(kind)
    own = formatter.style.of_kinds.get(kind)
    return usual if own is None else formatter.language.pick(own.title or usual, own.title_ko)


def _explained(formatter: Formatter) -> str:
    return formatter.text(
        "As ledgers tell it. Below each figure: the difference to the quarter before, and of the "
        "year to the year before; n is how many rows state their hours."
    )


@dataclass(frozen=True)
class _Period:
    """A quarter or the year, with the quarters in it and those of what it is compared to."""

    quarters: tuple[str, ...]
    before: tuple[str, ...]
    is_year: bool = False


def _periods(data: ReportData) -> list[_Period]:
    quarters, year = data.year.quarters, data.period.fiscal_year
    names = [f"{one}-Q{number}" for one in (year - 1, year) for number in range(1, 5)]
    singles = [_Period((name,), (names[names.index(name) - 1],)) for name in quarters]
    before = tuple(names[:4]) if len(quarters) == len(names[:4]) else ()
    return [*singles, _Period(quarters, before, is_year=True)]


def _counts(kinds: Sequence[str], data: ReportData, formatter: Formatter) -> ReportTable:
    period = formatter.language.period(data.period.name)
    return ReportTable(
        "activities",
        formatter.text("Activities of {period}", period=period),
        (Column(formatter.text("Activity"), kind="text"), *_columns(data, formatter)),
        tuple(row for kind in kinds for row in _rows_of(kind, data, formatter)),
    )


def _columns(data: ReportData, formatter: Formatter) -> Iterator[Column]:
    for name in data.year.quarters:
        is_so_far = formatter.style.has_states and data.ledger.known.get(name) is False
        yield Column(short_period(name), formatter.text("so far") if is_so_far else "")
    yield Column(formatter.language.year(data.period.fiscal_year))


def _rows_of(kind: str, data: ReportData, formatter: Formatter) -> Iterator[TableRow]:
    """Count a kind, and add up its hours where some are stated."""
    mine = [one for one in data.ledger.activities if one.kind == kind]
    title, periods = kind_title(kind, formatter), _periods(data)
    counts = (_cell(period, mine, len, data, formatter) for period in periods)
    yield TableRow((Cell(title, is_strong=True), *counts))
    if any(one.hours is not None for one in mine if one.quarter in data.year.quarters):
        hours = (_cell(period, mine, _hours, data, formatter) for period in periods)
        yield TableRow((Cell(formatter.text("{kind}, hours", kind=title)), *hours))


def _cell(
    period: _Period,
    mine: Sequence[LedgerActivity],
    amount: Callable[[Sequence[LedgerActivity]], float],
    data: ReportData,
    formatter: Formatter,
) -> Cell:
    """Write an amount; what no ledger tells of is not zero, and compares to nothing."""
    known, numbers, style = data.ledger.known, formatter.plain_numbers, formatter.style
    now = [one for one in mine if one.quarter in period.quarters]
    if not now and known.keys().isdisjoint(period.quarters):
        return Cell(numbers.no_data, tone="quiet", is_strong=period.is_year)
    value, change = amount(now), ""
    if known.keys() >= {*period.before, *period.quarters} and period.before:
        is_wanted = style.has_year_differences or not period.is_year
        before = amount([one for one in mine if one.quarter in period.before])
        change = numbers.signed_measure(value - before, "") if is_wanted else ""
    stated = sum(one.hours is not None for one in now)
    is_partly = amount is _hours and stated < len(now) and style.has_counts
    return Cell(
        numbers.measure(value, ""),
        value,
        change=change,
        note=f"n={formatter.language.number(stated)}" if is_partly else "",
        tone="" if value else "quiet",
        is_strong=period.is_year,
    )


def _hours(rows: Sequence[LedgerActivity]) -> float:
    return round(sum(one.hours or 0.0 for one in rows), 6)


def _places(
    by_kind: Mapping[str, Sequence[LedgerActivity]], data: ReportData, formatter: Formatter
) -> Iterator[Block]:
    """Count by project and site, where a kind has several of them."""
    rows = [
        row for kind, mine in by_kind.items() for row in _places_of(kind, mine, data, formatter)
    ]
    if not rows:
        return
    heads = formatter.text("Activity"), formatter.text("Project"), formatter.text("Site")
    title = formatter.text("By project and site")
    columns = *(Column(head, kind="text") for head in heads), *_columns(data, formatter)
    yield Fold(title, (ReportTable("activity_places", title, columns, tuple(rows)),))


def _places_of(
    kind: str, mine: Sequence[LedgerActivity], data: ReportData, formatter: Formatter
) -> Iterator[TableRow]:
    places = sorted({place(one, data, formatter) for one in mine})
    for where in places if len(places) > 1 else ():
        here = [one for one in mine if place(one, data, formatter) == where]
        counts = [sum(one.quarter == quarter for one in here) for quarter in data.year.quarters]
        cells = (
            Cell(formatter.language.number(count), count, "count") for count in (*counts, len(here))
        )
        yield TableRow((Cell(kind_title(kind, formatter)), *(Cell(text) for text in where), *cells))
