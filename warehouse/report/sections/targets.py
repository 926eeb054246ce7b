"""What was to be reached and what was, by KPIs and by the house's own measure; and what is next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.query.scope import ALL
from warehouse.report.blocks import Cell, Column, Heading, ReportTable, TableRow
from warehouse.report.format.language import in_words
from warehouse.report.format.names import project_title, short_period
from warehouse.report.format.numbers import own_unit
from warehouse.report.sections.dashboard import wanted_kpis
from warehouse.report.sections.definitions import BETTER
from warehouse.report.year_table import STATUSES, TONES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from warehouse.query.figures import Kpi
    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.breakdowns import TargetResult
    from warehouse.report.queries.goals import Goal, MeasuredGoal
    from warehouse.report.queries.report_data import ReportData


def targets(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Tabulate the targets of KPIs, those of the house's own, and those of the next year."""
    yield from _of_kpis(data, formatter)
    yield from _own(data, formatter)
    yield from _next(data, formatter)


def _of_kpis(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Say what was to be reached, what was, and until when a miss is accepted."""
    kpis = {kpi.kpi: kpi for kpi in wanted_kpis(data.kpis, formatter)}
    rows: dict[tuple[str, str], dict[str, TargetResult]] = {}
    for one in data.targets:
        if one.kpi in kpis:
            rows.setdefault((one.kpi, one.project), {})[one.period] = one
    if not rows:
        return
    periods = data.year.periods
    yield ReportTable(
        "targets",
        formatter.text("What was to be reached, and what was"),
        (
            Column(formatter.text("KPI"), kind="text"),
            Column(formatter.text("Of"), kind="text"),
            Column(formatter.text("Target")),
            *(Column(short_period(period)) for period in periods),
            Column(formatter.text("Accepted until")),
        ),
        tuple(_aims(kpis[kpi], goals, periods, formatter) for (kpi, _), goals in rows.items()),
    )


def _aims(
    kpi: Kpi, goals: Mapping[str, TargetResult], periods: Sequence[str], formatter: Formatter
) -> TableRow:
    numbers = formatter.numbers(kpi)
    newest = list(goals.values())[-1]
    whose = formatter.language.pick(newest.title, newest.title_ko)
    return TableRow(
        (
            Cell(formatter.title(kpi)),
            Cell(formatter.text("all projects") if newest.project == ALL else whose),
            Cell(numbers.figure(newest.target, kpi.unit), newest.target, kpi.unit),
            *(_result(kpi, goals.get(period), newest.target, formatter) for period in periods),
            _until(newest, formatter),
        )
    )


def _result(kpi: Kpi, one: TargetResult | None, usual: float, formatter: Formatter) -> Cell:
    """Write a result; what was to be reached, only where it is not as everywhere in the row."""
    if one is None:
        return Cell("")
    numbers = formatter.numbers(kpi)
    if one.value is None:
        return Cell(numbers.no_data, tone="quiet")
    said = formatter.text(STATUSES[one.status])
    aimed = "" if one.target == usual else f" {numbers.figure(one.target, kpi.unit)}"
    return Cell(
        numbers.figure(one.value, kpi.unit),
        one.value,
        kpi.unit,
        status=f"{said}{aimed}",
        tone=TONES.get(one.status, ""),
    )


def _until(one: TargetResult | Goal, formatter: Formatter) -> Cell:
    until = one.accepted_until
    return Cell("" if until is None else formatter.language.day(until), until, "day")


def _own(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Say of the house's own aims what a ledger measured; what nobody measured is not missed."""
    own = data.goals.own
    if not own:
        return
    yield Heading(formatter.text("Targets of the house's own"))
    columns = *_columns(formatter), Column(formatter.text("Measured"))
    rows = [(*_named(one, data, formatter), _measured(one, data, formatter)) for one in own]
    yield _table(
        "own_targets",
        formatter.text("Own targets as ledgers measured"),
        columns,
        rows,
        own,
        formatter,
    )


def _columns(formatter: Formatter) -> Iterator[Column]:
    """Head what every aim has: a name, whose it is, for when, how much, and which way."""
    for text in (formatter.text("Aim"), formatter.text("Of"), formatter.text("Period")):
        yield Column(text, kind="text")
    yield Column(formatter.text("Target"))
    yield Column(formatter.text("Direction"), kind="text")


def _table(
    name: str,
    caption: str,
    columns: tuple[Column, ...],
    rows: Sequence[tuple[Cell, ...]],
    goals: Sequence[Goal],
    formatter: Formatter,
) -> ReportTable:
    """Tabulate aims; until when a miss of them is accepted, where that was said of any."""
    if not any(one.accepted_until for one in goals):
        return ReportTable(name, caption, columns, tuple(TableRow(cells) for cells in rows))
    columns = *columns, Column(formatter.text("Accepted until"))
    with_days = zip(rows, goals, strict=True)
    return ReportTable(
        name,
        caption,
        columns,
        tuple(TableRow((*cells, _until(one, formatter))) for cells, one in with_days),
    )


def _named(one: Goal, data: ReportData, formatter: Formatter) -> tuple[Cell, ...]:
    """Name an aim of the house, whose it is, for when, and how much."""
    title = one.title or in_words(one.kpi)
    return (
        Cell(formatter.language.pick(title, one.title_ko)),
        Cell(_whose(one.project, data, formatter)),
        Cell(formatter.language.period(one.period)),
        Cell(formatter.plain_numbers.measure(one.target, one.unit), one.target, own_unit(one.unit)),
        Cell(_direction(one, formatter)),
    )


def _direction(one: Goal, formatter: Formatter) -> str:
    return formatter.text(BETTER[one.better]) if one.better else ""


def _whose(project: str | None, data: ReportData, formatter: Formatter) -> str:
    if project is None or project == ALL:
        return formatter.text("all projects")
    return project_title(project, data, formatter)


def _measured(one: MeasuredGoal, data: ReportData, formatter: Formatter) -> Cell:
    if one.value is None:
        return Cell(formatter.text("not measured"), tone="quiet")
    where = one.measured_in
    is_named = where is not None and where not in data.ledger.unnamed
    return Cell(
        formatter.plain_numbers.measure(one.value, one.unit),
        one.value,
        own_unit(one.unit),
        note=project_title(where, data, formatter) if where and is_named else "",
        status=formatter.text(STATUSES[one.status]) if one.status in TONES else "",
        tone=TONES.get(one.status, ""),
    )


def _next(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """List what is to be reached in the year to come."""
    kpis = {kpi.kpi: kpi for kpi in wanted_kpis(data.kpis, formatter)}
    of_kpis = [one for one in data.goals.next_of_kpis if one.kpi in kpis]
    rows = [
        *(_named_kpi(one, kpis[one.kpi], data, formatter) for one in of_kpis),
        *(_named(one, data, formatter) for one in data.goals.next_own),
    ]
    if not rows:
        return
    yield Heading(formatter.text("Targets for the next year"))
    year = formatter.language.year(data.period.fiscal_year + 1)
    caption = formatter.text("What is to be reached in {year}", year=year)
    goals = (*of_kpis, *data.goals.next_own)
    yield _table("next_targets", caption, tuple(_columns(formatter)), rows, goals, formatter)


def _named_kpi(one: Goal, kpi: Kpi, data: ReportData, formatter: Formatter) -> tuple[Cell, ...]:
    """Name the aim of a KPI as an aim of the house is."""
    return (
        Cell(formatter.title(kpi)),
        Cell(
            formatter.text("each project")
            if one.project is None
            else _whose(one.project, data, formatter)
        ),
        Cell(formatter.language.period(one.period)),
        Cell(formatter.numbers(kpi).figure(one.target, kpi.unit), one.target, kpi.unit),
        Cell(_direction(one, formatter)),
    )
