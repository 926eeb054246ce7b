"""What somebody measured before and after a change, project by project."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from warehouse.report.blocks import Cell, Column, Row, Table
from warehouse.report.format.language import in_words
from warehouse.report.format.names import project_title
from warehouse.report.format.numbers import own_unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.report.blocks import Block, Tone
    from warehouse.report.format.style import Voice
    from warehouse.report.queries.activity import Measured
    from warehouse.report.queries.report_data import Findings


def improvements(found: Findings, voice: Voice) -> Iterator[Block]:
    """Tabulate what somebody measured before and after, with the change in percent and points."""
    unnamed = found.ledger.unnamed
    measures = sorted(found.work.measures, key=lambda one: one.project not in unnamed)
    if not measures:
        return
    columns = {
        "measure": Column(voice.say("Measure"), kind="text"),
        "before": Column(voice.say("Before")),
        "after": Column(voice.say("After")),
        "change": Column(voice.say("Change")),
        "percent": Column(voice.say("In percent")),
        "when": Column(voice.say("Measured on"), kind="label"),
        "note": Column(voice.say("Note"), kind="text"),
    }
    groups = [
        (name, [dict(_cells(one, voice)) for one in some])
        for name, some in groupby(measures, lambda one: one.project)
    ]
    every = [cells for _, some in groups for cells in some]
    shown = [name for name in columns if any(cells[name].text for cells in every)]
    yield Table(
        "improvements",
        voice.say("Measured before and after"),
        tuple(columns[name] for name in shown),
        tuple(row for name, some in groups for row in _group(name, some, shown, found, voice)),
    )


def _group(
    project: str,
    measures: Sequence[dict[str, Cell]],
    shown: Sequence[str],
    found: Findings,
    voice: Voice,
) -> Iterator[Row]:
    """List the measures of a project under its title, where it has one."""
    if project not in found.ledger.unnamed:
        yield Row((Cell(project_title(project, found, voice)),), is_group=True)
    for cells in measures:
        yield Row(tuple(cells[name] for name in shown))


def _cells(one: Measured, voice: Voice) -> Iterator[tuple[str, Cell]]:
    amounts, unit = voice.plain_amounts, own_unit(one.unit)
    before, after = (amounts.measure(value, one.unit) for value in (one.before, one.after))
    on = one.measured_on
    title = voice.language.pick(in_words(one.measure), one.measure_ko)
    yield "measure", Cell(title, address=one.link or "")
    yield "before", Cell(before, one.before, unit)
    yield "after", Cell(after, one.after, unit)
    yield from _change(one, voice)
    yield "when", Cell("" if on is None else voice.language.day(on), on, "day")
    yield "note", Cell(one.note or "")


def _change(one: Measured, voice: Voice) -> Iterator[tuple[str, Cell]]:
    amounts = voice.plain_amounts
    change = percent = ""
    tone: Tone = ""
    if one.before is not None and one.after is not None:
        difference = one.after - one.before
        unit = voice.say("pp") if one.unit == "%" else one.unit
        change = amounts.signed_measure(difference, unit)
        percent = amounts.percent_change(difference / abs(one.before)) if one.before else ""
        is_better = (difference > 0) == (one.better == "higher")
        tone = "" if not difference or one.better == "neither" else "good" if is_better else "bad"
    yield "change", Cell(change, tone=tone)
    yield "percent", Cell(percent, tone=tone)
