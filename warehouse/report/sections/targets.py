"""What was to be reached and what was, by KPIs and by the house's own measure; and what is next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.query.scope import ALL
from warehouse.report.blocks import Cell, Column, Heading, Row, Table
from warehouse.report.format.language import in_words
from warehouse.report.format.names import project_title, short
from warehouse.report.format.numbers import own_unit
from warehouse.report.sections.dashboard import wanted_kpis
from warehouse.report.sections.definitions import BETTER
from warehouse.report.year_table import STATUSES, TONES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from warehouse.query.figures import Kpi
    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Voice
    from warehouse.report.queries.breakdowns import Targeted
    from warehouse.report.queries.goals import Aim, OwnAim
    from warehouse.report.queries.report_data import Findings


def targets(found: Findings, voice: Voice) -> Iterator[Block]:
    """Tabulate the targets of KPIs, those of the house's own, and those of the next year."""
    yield from _of_kpis(found, voice)
    yield from _own(found, voice)
    yield from _next(found, voice)


def _of_kpis(found: Findings, voice: Voice) -> Iterator[Block]:
    """Say what was to be reached, what was, and until when a miss is accepted."""
    kpis = {kpi.kpi: kpi for kpi in wanted_kpis(found.kpis, voice)}
    rows: dict[tuple[str, str], dict[str, Targeted]] = {}
    for one in found.targets:
        if one.kpi in kpis:
            rows.setdefault((one.kpi, one.project), {})[one.period] = one
    if not rows:
        return
    periods = found.year.periods
    yield Table(
        "targets",
        voice.say("What was to be reached, and what was"),
        (
            Column(voice.say("KPI"), kind="text"),
            Column(voice.say("Of"), kind="text"),
            Column(voice.say("Target")),
            *(Column(short(period)) for period in periods),
            Column(voice.say("Accepted until")),
        ),
        tuple(_aims(kpis[kpi], aims, periods, voice) for (kpi, _), aims in rows.items()),
    )


def _aims(kpi: Kpi, aims: Mapping[str, Targeted], periods: Sequence[str], voice: Voice) -> Row:
    amounts = voice.amounts(kpi)
    newest = list(aims.values())[-1]
    whose = voice.language.pick(newest.title, newest.title_ko)
    return Row(
        (
            Cell(voice.title(kpi)),
            Cell(voice.say("all projects") if newest.project == ALL else whose),
            Cell(amounts.figure(newest.target, kpi.unit), newest.target, kpi.unit),
            *(_result(kpi, aims.get(period), newest.target, voice) for period in periods),
            _until(newest, voice),
        )
    )


def _result(kpi: Kpi, one: Targeted | None, usual: float, voice: Voice) -> Cell:
    """Write a result; what was to be reached, only where it is not as everywhere in the row."""
    if one is None:
        return Cell("")
    amounts = voice.amounts(kpi)
    if one.value is None:
        return Cell(amounts.no_data, tone="quiet")
    said = voice.say(STATUSES[one.status])
    aimed = "" if one.target == usual else f" {amounts.figure(one.target, kpi.unit)}"
    return Cell(
        amounts.figure(one.value, kpi.unit),
        one.value,
        kpi.unit,
        status=f"{said}{aimed}",
        tone=TONES.get(one.status, ""),
    )


def _until(one: Targeted | Aim, voice: Voice) -> Cell:
    until = one.accepted_until
    return Cell("" if until is None else voice.language.day(until), until, "day")


def _own(found: Findings, voice: Voice) -> Iterator[Block]:
    """Say of the house's own aims what a ledger measured; what nobody measured is not missed."""
    own = found.aims.own
    if not own:
        return
    yield Heading(voice.say("Targets of the house's own"))
    columns = *_columns(voice), Column(voice.say("Measured"))
    rows = [(*_named(one, found, voice), _measured(one, found, voice)) for one in own]
    yield _table(
        "own_targets", voice.say("Own targets as ledgers measured"), columns, rows, own, voice
    )


def _columns(voice: Voice) -> Iterator[Column]:
    """Head what every aim has: a name, whose it is, for when, how much, and which way."""
    for text in (voice.say("Aim"), voice.say("Of"), voice.say("Period")):
        yield Column(text, kind="text")
    yield Column(voice.say("Target"))
    yield Column(voice.say("Direction"), kind="text")


def _table(
    name: str,
    caption: str,
    columns: tuple[Column, ...],
    rows: Sequence[tuple[Cell, ...]],
    aims: Sequence[Aim],
    voice: Voice,
) -> Table:
    """Tabulate aims; until when a miss of them is accepted, where that was said of any."""
    if not any(one.accepted_until for one in aims):
        return Table(name, caption, columns, tuple(Row(cells) for cells in rows))
    columns = *columns, Column(voice.say("Accepted until"))
    with_days = zip(rows, aims, strict=True)
    return Table(
        name, caption, columns, tuple(Row((*cells, _until(one, voice))) for cells, one in with_days)
    )


def _named(one: Aim, found: Findings, voice: Voice) -> tuple[Cell, ...]:
    """Name an aim of the house, whose it is, for when, and how much."""
    title = one.title or in_words(one.kpi)
    return (
        Cell(voice.language.pick(title, one.title_ko)),
        Cell(_whose(one.project, found, voice)),
        Cell(voice.language.period(one.period)),
        Cell(voice.plain_amounts.measure(one.target, one.unit), one.target, own_unit(one.unit)),
        Cell(_direction(one, voice)),
    )


def _direction(one: Aim, voice: Voice) -> str:
    return voice.say(BETTER[one.better]) if one.better else ""


def _whose(project: str | None, found: Findings, voice: Voice) -> str:
    if project is None or project == ALL:
        return voice.say("all projects")
    return project_title(project, found, voice)


def _measured(one: OwnAim, found: Findings, voice: Voice) -> Cell:
    if one.value is None:
        return Cell(voice.say("not measured"), tone="quiet")
    where = one.measured_in
    is_named = where is not None and where not in found.ledger.unnamed
    return Cell(
        voice.plain_amounts.measure(one.value, one.unit),
        one.value,
        own_unit(one.unit),
        note=project_title(where, found, voice) if where and is_named else "",
        status=voice.say(STATUSES[one.status]) if one.status in TONES else "",
        tone=TONES.get(one.status, ""),
    )


def _next(found: Findings, voice: Voice) -> Iterator[Block]:
    """List what is to be reached in the year to come."""
    kpis = {kpi.kpi: kpi for kpi in wanted_kpis(found.kpis, voice)}
    of_kpis = [one for one in found.aims.next_of_kpis if one.kpi in kpis]
    rows = [
        *(_named_kpi(one, kpis[one.kpi], found, voice) for one in of_kpis),
        *(_named(one, found, voice) for one in found.aims.next_own),
    ]
    if not rows:
        return
    yield Heading(voice.say("Targets for the next year"))
    year = voice.language.year(found.period.fiscal_year + 1)
    caption = voice.say("What is to be reached in {year}", year=year)
    aims = (*of_kpis, *found.aims.next_own)
    yield _table("next_targets", caption, tuple(_columns(voice)), rows, aims, voice)


def _named_kpi(one: Aim, kpi: Kpi, found: Findings, voice: Voice) -> tuple[Cell, ...]:
    """Name the aim of a KPI as an aim of the house is."""
    return (
        Cell(voice.title(kpi)),
        Cell(
            voice.say("each project") if one.project is None else _whose(one.project, found, voice)
        ),
        Cell(voice.language.period(one.period)),
        Cell(voice.amounts(kpi).figure(one.target, kpi.unit), one.target, kpi.unit),
        Cell(_direction(one, voice)),
    )
