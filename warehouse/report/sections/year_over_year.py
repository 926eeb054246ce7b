"""The year beside the one before, and what became of sealed figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.report.blocks import Cell, Code, Column, Paragraph, Row, Table, plain
from warehouse.report.format.language import note
from warehouse.report.format.restyle import housed
from warehouse.report.sections.dashboard import wanted_kpis
from warehouse.report.year_table import change_tone, count_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warehouse.query.figures import Figure, Kpi
    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Voice
    from warehouse.report.queries.evidence import Restated
    from warehouse.report.queries.report_data import Findings

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
