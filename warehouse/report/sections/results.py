"""Targets and results, measures before and after, this year and the last, and restatements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.choices import ALL
from warehouse.report.blocks import Cell, Code, Column, Paragraph, Row, Table, plain
from warehouse.report.house import housed
from warehouse.report.language import note
from warehouse.report.sections.dashboard import wanted_kpis
from warehouse.report.sections.projects import short
from warehouse.report.year_table import STATUSES, TONES, change_tone, count_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from warehouse.figures import Figure, Kpi
    from warehouse.report.ask import Findings
    from warehouse.report.ask_evidence import Restated
    from warehouse.report.ask_parts import Targeted
    from warehouse.report.ask_work import Measured
    from warehouse.report.blocks import Block, Tone
    from warehouse.report.style import Voice

CAUSES = {
    "late": note("seen late"),
    "force_pushed": note("history rewritten"),
    "deleted": note("deleted"),
    "moved": note("moved away"),
    "reopened": note("reopened"),
    "calendar": note("another calendar"),
    "rules": note("other rules"),
    "re_identified": note("people told apart otherwise"),
    "definition": note("another definition"),
    "corrected": note("told otherwise by the source"),
}


def targets(found: Findings, voice: Voice) -> Iterator[Block]:
    """Tabulate what was to be reached, what was, and until when a miss is accepted."""
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
    until = newest.accepted_until
    return Row(
        (
            Cell(voice.title(kpi)),
            Cell(voice.say("all projects") if newest.project == ALL else whose),
            Cell(amounts.figure(newest.target, kpi.unit), newest.target, kpi.unit),
            *(_result(kpi, aims.get(period), newest.target, voice) for period in periods),
            Cell("" if until is None else voice.language.day(until), until, "day"),
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


def improvements(found: Findings, voice: Voice) -> Iterator[Block]:
    """Tabulate what somebody measured before and after, with the change in percent and points."""
    if not found.work.measures:
        return
    texts = voice.say("Project"), voice.say("Measure")
    heads = voice.say("Before"), voice.say("After"), voice.say("Change"), voice.say("In percent")
    yield Table(
        "improvements",
        voice.say("Measured before and after"),
        (*(Column(text, kind="text") for text in texts), *(Column(head) for head in heads)),
        tuple(_measure(one, voice) for one in found.work.measures),
    )


def _measure(one: Measured, voice: Voice) -> Row:
    amounts = voice.plain_amounts
    before, after = (amounts.measure(value, one.unit) for value in (one.before, one.after))
    change = percent = ""
    tone: Tone = ""
    if one.before is not None and one.after is not None:
        difference = one.after - one.before
        unit = voice.say("pp") if one.unit == "%" else one.unit
        change = amounts.signed_measure(difference, unit)
        percent = amounts.percent_change(difference / one.before) if one.before else ""
        is_better = (difference > 0) == (one.better == "higher")
        tone = "" if not difference or one.better == "neither" else "good" if is_better else "bad"
    return Row(
        (
            Cell(one.project),
            Cell(one.measure),
            Cell(before, one.before),
            Cell(after, one.after),
            Cell(change, tone=tone),
            Cell(percent, tone=tone),
        )
    )


def years(found: Findings, voice: Voice) -> Iterator[Block]:
    """Set the year beside the one before or, while it is not over, its newest quarter."""
    year = housed(found.year, voice)
    has_year = any(not one.quarter and one.is_complete for one in year.figures)
    period = str(found.period.fiscal_year) if has_year else found.focus
    figures = {one.kpi: one for one in found.year.figures if one.period == period}
    rows = [
        _year_row(kpi, figures[kpi.kpi], voice)
        for kpi in wanted_kpis(found.kpis, voice)
        if kpi.kpi in figures and figures[kpi.kpi].year_before_value is not None
    ]
    if not rows:
        return
    heads = (
        voice.language.period(_year_before(period)),
        voice.language.period(period),
        "n",
        voice.say("Change"),
        voice.say("In percent"),
    )
    columns = Column(voice.say("KPI"), kind="text"), *(Column(head) for head in heads)
    yield Table("years", voice.say("Beside the year before"), columns, tuple(rows))


def _year_before(period: str) -> str:
    year, dash, quarter = period.partition("-")
    return f"{int(year) - 1}{dash}{quarter}"


def _year_row(kpi: Kpi, figure: Figure, voice: Voice) -> Row:
    amounts, before = voice.amounts(kpi), figure.year_before_value
    change = figure.change_from_year_before
    tone = change_tone(kpi, change)
    share = change / before if change is not None and before else None
    return Row(
        (
            Cell(voice.title(kpi)),
            Cell(amounts.figure(before, kpi.unit), before, kpi.unit),
            Cell(amounts.figure(figure.value, kpi.unit), figure.value, kpi.unit),
            Cell(_n(kpi, figure, voice), tone="quiet"),
            Cell(amounts.difference(change, kpi.unit, figure.value), change, kpi.unit, tone=tone),
            Cell("" if share is None else amounts.percent_change(share), share, "ratio", tone=tone),
        )
    )


def _n(kpi: Kpi, figure: Figure, voice: Voice) -> str:
    if figure.value is None:
        return ""
    return count_of(kpi, figure, voice).removeprefix("n=")


def restatements(found: Findings, voice: Voice) -> Iterator[Block]:
    """Tabulate what became of sealed figures: was, is, and why."""
    kpis = {kpi.kpi: kpi for kpi in wanted_kpis(found.kpis, voice)}
    told = [one for one in found.evidence.restatements if one.kpi in kpis]
    if not told:
        if any(one.is_sealed for one in found.year.figures):
            yield plain(voice.say("No sealed figure has changed since it was sealed."))
        else:
            yield Paragraph(
                (
                    voice.say("No quarter of this period is sealed, so its figures may change."),
                    " ",
                    Code(f"quarry seal {found.focus}"),
                )
            )
        return
    texts = voice.say("Quarter"), voice.say("KPI"), voice.say("Cause")
    heads = (
        *(voice.say("Was"), voice.say("Is"), voice.say("Change")),
        *(voice.say("Rows that came"), voice.say("went"), voice.say("changed")),
    )
    yield Table(
        "restatements",
        voice.say("What became of sealed figures since they were sealed"),
        (*(Column(text, kind="text") for text in texts), *(Column(head) for head in heads)),
        tuple(_restated(kpis[one.kpi], one, found, voice) for one in told),
    )


def _restated(kpi: Kpi, one: Restated, found: Findings, voice: Voice) -> Row:
    amounts, told = voice.amounts(kpi), one.told
    sealed = "" if one.sealed_at is None else voice.language.instant(one.sealed_at, found.zone)
    return Row(
        (
            Cell(voice.language.quarter(told.quarter), note=sealed),
            Cell(voice.title(kpi)),
            Cell(voice.say(CAUSES.get(told.cause, told.cause))),
            Cell(amounts.figure(told.was_value, kpi.unit), told.was_value, kpi.unit),
            Cell(amounts.figure(told.is_value, kpi.unit), told.is_value, kpi.unit),
            Cell(
                amounts.difference(told.difference, kpi.unit, told.is_value),
                told.difference,
                kpi.unit,
                tone=change_tone(kpi, told.difference),
            ),
            *(
                Cell(voice.language.number(count), count, "count")
                for count in (told.came_count, told.went_count, told.changed_count)
            ),
        )
    )
