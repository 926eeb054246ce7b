"""Section on ledger activities: counts, places and rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.report.blocks import Cell, Column, Fold, Paragraph, ReportTable, TableRow
from warehouse.report.format.language import in_words, msgid
from warehouse.report.sections.ledger_activity_rows import activity_rows, place_of, rows_of_kind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.ledger import LedgerActivity
    from warehouse.report.queries.report_data import ReportData

# In the order of the report; ledgers may have other kinds.
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

# The KPIs that count a kind: what has no data there has none here.
KPIS_OF_KINDS = {"test_iteration": "test_iterations"}


def activities(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Yield the count of each kind by quarter, by project and site, and its rows."""
    rows = [row for row in data.ledger.activities if row.quarter in data.year.quarters]
    by_kind = {kind: [row for row in rows if row.kind == kind] for kind in _wanted(rows, formatter)}
    if not any(by_kind.values()):
        return
    yield _counts(list(by_kind), data, formatter)
    yield Paragraph((_explained(formatter),), "quiet")
    yield from _places(by_kind, data, formatter)
    for kind, of_kind in by_kind.items():
        if of_kind:
            yield rows_of_kind(kind_title(kind, formatter), of_kind, data, formatter)
    titled = [
        (kind_title(kind, formatter), row) for kind, of_kind in by_kind.items() for row in of_kind
    ]
    yield activity_rows(titled, data, formatter)


def _wanted(rows: Sequence[LedgerActivity], formatter: Formatter) -> list[str]:
    """List the kinds of the report settings in their order; by default all with rows."""
    present = {row.kind for row in rows}
    default = [*(kind for kind in KINDS if kind in present), *sorted(present - KINDS.keys())]
    return list(formatter.style.activity_kinds) or default


def kind_title(kind: str, formatter: Formatter) -> str:
    """Return the title of a kind, custom or translated; an unknown kind as plain words."""
    default = formatter.text(KINDS[kind]) if kind in KINDS else in_words(kind)
    settings = formatter.style.of_kinds.get(kind)
    return (
        default
        if settings is None
        else formatter.language.pick(settings.title or default, settings.title_ko)
    )


def _explained(formatter: Formatter) -> str:
    return formatter.text(
        "From ledgers. Below each figure: the change from the previous quarter, and of the year "
        "from the previous year. n is the number of rows with hours."
    )


@dataclass(frozen=True)
class _Period:
    """A quarter or the year: its quarters, and those of the previous period."""

    quarters: tuple[str, ...]
    before: tuple[str, ...]
    is_year: bool = False


@dataclass(frozen=True)
class _Amounts:
    """The rows of a kind, and the quarters for which activities were kept."""

    rows: tuple[LedgerActivity, ...]
    recorded: frozenset[str]

    def of(self, quarters: Collection[str]) -> list[LedgerActivity]:
        return [row for row in self.rows if row.quarter in quarters]


def _periods(data: ReportData) -> list[_Period]:
    quarters, year = data.year.quarters, data.period.fiscal_year
    names = [
        f"{fiscal_year}-Q{number}" for fiscal_year in (year - 1, year) for number in range(1, 5)
    ]
    singles = [_Period((name,), (names[names.index(name) - 1],)) for name in quarters]
    before = tuple(names[:4]) if len(quarters) == len(names[:4]) else ()
    return [*singles, _Period(quarters, before, is_year=True)]


def _counts(kinds: Sequence[str], data: ReportData, formatter: Formatter) -> ReportTable:
    period = formatter.language.period(data.period.name)
    return ReportTable(
        name="activities",
        caption=formatter.text("Activities of {period}", period=period),
        columns=(Column(formatter.text("Activity"), kind="text"), *_columns(data, formatter)),
        rows=tuple(row for kind in kinds for row in _rows_of(kind, data, formatter)),
    )


def _columns(data: ReportData, formatter: Formatter) -> Iterator[Column]:
    covered, so_far = data.ledger.covered, formatter.text("so far")
    for name in data.year.quarters:
        is_so_far = formatter.style.has_states and covered.get(name) is False
        yield Column(formatter.language.short_period(name), so_far if is_so_far else "")
    is_so_far = formatter.style.has_states and not _is_whole(data.year.quarters, data)
    yield Column(formatter.language.year(data.period.fiscal_year), so_far if is_so_far else "")


def _is_whole(quarters: Sequence[str], data: ReportData) -> bool:
    """Return whether no quarter that a ledger covers can still grow."""
    return all(data.ledger.covered.get(quarter, True) for quarter in quarters)


def _rows_of(kind: str, data: ReportData, formatter: Formatter) -> Iterator[TableRow]:
    """Yield the count of a kind, and the sum of its hours where some are stated."""
    rows = [row for row in data.ledger.activities if row.kind == kind]
    title, periods = kind_title(kind, formatter), _periods(data)
    amounts = _Amounts(tuple(rows), _recorded(kind, data))
    counts = (_cell(period, amounts, len, data, formatter) for period in periods)
    yield TableRow((Cell(text=title, is_strong=True), *counts))
    if any(row.hours is not None for row in rows if row.quarter in data.year.quarters):
        hours = (_cell(period, amounts, _hours, data, formatter) for period in periods)
        yield TableRow((Cell(text=formatter.text("{kind}, hours", kind=title)), *hours))


def _recorded(kind: str, data: ReportData) -> frozenset[str]:
    """List the quarters for which activities were kept, and in which the KPI of a kind has data."""
    recorded = frozenset(quarter for _, quarter in data.ledger.recorded)
    if (kpi := KPIS_OF_KINDS.get(kind)) is None:
        return recorded
    with_data = {f.quarter for f in data.history if f.kpi == kpi and f.value is not None}
    return recorded - ({figure.quarter for figure in data.history} - with_data)


def _cell(
    period: _Period,
    amounts: _Amounts,
    amount: Callable[[Sequence[LedgerActivity]], float],
    data: ReportData,
    formatter: Formatter,
) -> Cell:
    """Return the cell of an amount; a period for which none were kept has no data."""
    numbers, style = formatter.plain_numbers, formatter.style
    rows_of_period = amounts.of(period.quarters)
    if amounts.recorded.isdisjoint(period.quarters):
        return Cell(text=numbers.no_data, tone="quiet", is_strong=period.is_year)
    value, change = amount(rows_of_period), ""
    is_compared = period.before and amounts.recorded >= {*period.before, *period.quarters}
    if is_compared and _is_whole(period.quarters, data):
        is_wanted = style.has_year_differences or not period.is_year
        amount_before = amount(amounts.of(period.before))
        difference = numbers.signed_measure(value - amount_before, "")
        change = _counted(difference, amount, formatter) if is_wanted else ""
    stated = sum(row.hours is not None for row in rows_of_period)
    is_partly = amount is _hours and stated < len(rows_of_period) and style.has_counts
    return Cell(
        text=_counted(numbers.measure(value, ""), amount, formatter),
        value=value,
        change=change,
        note=formatter.text("n={n}", n=formatter.language.number(stated)) if is_partly else "",
        tone="" if value else "quiet",
        is_strong=period.is_year,
    )


def _counted(
    number: str, amount: Callable[[Sequence[LedgerActivity]], float], formatter: Formatter
) -> str:
    """Return a number of activities with its counter; the title of hours has their unit."""
    if amount is _hours or number == formatter.style.no_change:
        return number
    return formatter.language.counted(number, "items")


def _hours(rows: Sequence[LedgerActivity]) -> float:
    return round(sum(row.hours or 0.0 for row in rows), 6)


def _places(
    by_kind: Mapping[str, Sequence[LedgerActivity]], data: ReportData, formatter: Formatter
) -> Iterator[Block]:
    """Yield the counts by project and site of kinds with several of them."""
    rows = [
        row
        for kind, of_kind in by_kind.items()
        for row in _places_of(kind, of_kind, data, formatter)
    ]
    if not rows:
        return
    heads = formatter.text("Activity"), formatter.text("Project"), formatter.text("Site")
    title = formatter.text("By project and site")
    columns = *(Column(head, kind="text") for head in heads), *_columns(data, formatter)
    yield Fold(
        title=title,
        blocks=(
            ReportTable(name="activity_places", caption=title, columns=columns, rows=tuple(rows)),
        ),
    )


def _places_of(
    kind: str, of_kind: Sequence[LedgerActivity], data: ReportData, formatter: Formatter
) -> Iterator[TableRow]:
    places = sorted({place_of(row, data, formatter) for row in of_kind})
    for place_of_rows in places if len(places) > 1 else ():
        rows_at_place = [row for row in of_kind if place_of(row, data, formatter) == place_of_rows]
        projects = {row.project for row in rows_at_place}
        recorded = {quarter for project, quarter in data.ledger.recorded if project in projects}
        counts = (
            sum(row.quarter == quarter for row in rows_at_place) if quarter in recorded else None
            for quarter in data.year.quarters
        )
        cells = (_count_cell(count, formatter) for count in (*counts, len(rows_at_place)))
        yield TableRow(
            (
                Cell(text=kind_title(kind, formatter)),
                *(Cell(text=text) for text in place_of_rows),
                *cells,
            )
        )


def _count_cell(count: int | None, formatter: Formatter) -> Cell:
    if count is None:
        return Cell(text=formatter.plain_numbers.no_data, tone="quiet")
    return Cell(text=formatter.language.count(count, "items"), value=count, unit="count")
