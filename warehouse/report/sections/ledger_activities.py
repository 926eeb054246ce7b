"""What people did beside writing code, as ledgers tell it: how often, where, and each of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.report.blocks import Cell, Column, Fold, Paragraph, Row, Table
from warehouse.report.format.language import in_words, note
from warehouse.report.format.names import short
from warehouse.report.sections.ledger_activity_rows import activity_rows, place, rows_of_kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Voice
    from warehouse.report.queries.ledger import Activity
    from warehouse.report.queries.report_data import Findings

# In the order in which they are shown; a house may have others.
KINDS = {
    "business_trip": note("Business trips"),
    "demonstration": note("Demonstrations"),
    "presentation": note("Presentations"),
    "writing": note("Writing"),
    "paper_review": note("Paper reviews"),
    "seminar": note("Seminars"),
    "training": note("Training"),
    "community": note("Community"),
    "technical_meeting": note("Technical meetings"),
    "strategy_meeting": note("Strategy meetings"),
    "weekly_planning": note("Weekly planning"),
    "meeting": note("Meetings"),
    "test_iteration": note("Test iterations"),
}


def activities(found: Findings, voice: Voice) -> Iterator[Block]:
    """Count each kind by quarter, then by project and site, and list the rows."""
    rows = [one for one in found.ledger.activities if one.quarter in found.year.quarters]
    by_kind = {kind: [one for one in rows if one.kind == kind] for kind in _wanted(rows, voice)}
    if not any(by_kind.values()):
        return
    yield _counts(list(by_kind), found, voice)
    yield Paragraph((_explained(voice),), "quiet")
    yield from _places(by_kind, found, voice)
    for kind, mine in by_kind.items():
        if mine:
            yield rows_of_kind(kind_title(kind, voice), mine, found, voice)
    named = [(kind_title(kind, voice), one) for kind, mine in by_kind.items() for one in mine]
    yield activity_rows(named, found, voice)


def _wanted(rows: Sequence[Activity], voice: Voice) -> list[str]:
    """List the kinds that the house wants in its order; by default all that there are."""
    there = {one.kind for one in rows}
    usual = [*(kind for kind in KINDS if kind in there), *sorted(there - KINDS.keys())]
    return list(voice.style.activity_kinds) or usual


def kind_title(kind: str, voice: Voice) -> str:
    """Name a kind as the house does; one that nobody knows in its own words."""
    usual = voice.say(KINDS[kind]) if kind in KINDS else in_words(kind)
    own = voice.style.of_kinds.get(kind)
    return usual if own is None else voice.language.pick(own.title or usual, own.title_ko)


def _explained(voice: Voice) -> str:
    return voice.say(
        "As ledgers tell it. Below each figure: the difference to the quarter before, and of the "
        "year to the year before; n is how many rows state their hours."
    )


@dataclass(frozen=True)
class _Period:
    """A quarter or the year, with the quarters in it and those of what it is compared to."""

    quarters: tuple[str, ...]
    before: tuple[str, ...]
    is_year: bool = False


def _periods(found: Findings) -> list[_Period]:
    quarters, year = found.year.quarters, found.period.fiscal_year
    names = [f"{one}-Q{number}" for one in (year - 1, year) for number in range(1, 5)]
    singles = [_Period((name,), (names[names.index(name) - 1],)) for name in quarters]
    before = tuple(names[:4]) if len(quarters) == len(names[:4]) else ()
    return [*singles, _Period(quarters, before, is_year=True)]


def _counts(kinds: Sequence[str], found: Findings, voice: Voice) -> Table:
    period = voice.language.period(found.period.name)
    return Table(
        "activities",
        voice.say("Activities of {period}", period=period),
        (Column(voice.say("Activity"), kind="text"), *_columns(found, voice)),
        tuple(row for kind in kinds for row in _rows_of(kind, found, voice)),
    )


def _columns(found: Findings, voice: Voice) -> Iterator[Column]:
    for name in found.year.quarters:
        is_so_far = voice.style.has_states and found.ledger.known.get(name) is False
        yield Column(short(name), voice.say("so far") if is_so_far else "")
    yield Column(voice.language.year(found.period.fiscal_year))


def _rows_of(kind: str, found: Findings, voice: Voice) -> Iterator[Row]:
    """Count a kind, and add up its hours where some are stated."""
    mine = [one for one in found.ledger.activities if one.kind == kind]
    title, periods = kind_title(kind, voice), _periods(found)
    counts = (_cell(period, mine, len, found, voice) for period in periods)
    yield Row((Cell(title, is_strong=True), *counts))
    if any(one.hours is not None for one in mine if one.quarter in found.year.quarters):
        hours = (_cell(period, mine, _hours, found, voice) for period in periods)
        yield Row((Cell(voice.say("{kind}, hours", kind=title)), *hours))


def _cell(
    period: _Period,
    mine: Sequence[Activity],
    amount: Callable[[Sequence[Activity]], float],
    found: Findings,
    voice: Voice,
) -> Cell:
    """Write an amount; what no ledger tells of is not zero, and compares to nothing."""
    known, amounts, style = found.ledger.known, voice.plain_amounts, voice.style
    now = [one for one in mine if one.quarter in period.quarters]
    if not now and known.keys().isdisjoint(period.quarters):
        return Cell(amounts.no_data, tone="quiet", is_strong=period.is_year)
    value, change = amount(now), ""
    if known.keys() >= {*period.before, *period.quarters} and period.before:
        is_wanted = style.has_year_differences or not period.is_year
        before = amount([one for one in mine if one.quarter in period.before])
        change = amounts.signed_measure(value - before, "") if is_wanted else ""
    stated = sum(one.hours is not None for one in now)
    is_partly = amount is _hours and stated < len(now) and style.has_counts
    return Cell(
        amounts.measure(value, ""),
        value,
        change=change,
        note=f"n={voice.language.number(stated)}" if is_partly else "",
        tone="" if value else "quiet",
        is_strong=period.is_year,
    )


def _hours(rows: Sequence[Activity]) -> float:
    return round(sum(one.hours or 0.0 for one in rows), 6)


def _places(
    by_kind: Mapping[str, Sequence[Activity]], found: Findings, voice: Voice
) -> Iterator[Block]:
    """Count by project and site, where a kind has several of them."""
    rows = [row for kind, mine in by_kind.items() for row in _places_of(kind, mine, found, voice)]
    if not rows:
        return
    heads = voice.say("Activity"), voice.say("Project"), voice.say("Site")
    title = voice.say("By project and site")
    columns = *(Column(head, kind="text") for head in heads), *_columns(found, voice)
    yield Fold(title, (Table("activity_places", title, columns, tuple(rows)),))


def _places_of(kind: str, mine: Sequence[Activity], found: Findings, voice: Voice) -> Iterator[Row]:
    places = sorted({place(one, found, voice) for one in mine})
    for where in places if len(places) > 1 else ():
        here = [one for one in mine if place(one, found, voice) == where]
        counts = [sum(one.quarter == quarter for one in here) for quarter in found.year.quarters]
        cells = (
            Cell(voice.language.number(count), count, "count") for count in (*counts, len(here))
        )
        yield Row((Cell(kind_title(kind, voice)), *(Cell(text) for text in where), *cells))
