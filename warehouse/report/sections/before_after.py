"""What somebody measured before and after a change, project by project."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from warehouse.report.blocks import Cell, Column, ReportTable, TableRow
from warehouse.report.format.language import in_words
from warehouse.report.format.names import project_title
from warehouse.report.format.numbers import own_unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.report.blocks import Block, Tone
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.activity import Measurement
    from warehouse.report.queries.report_data import ReportData


def improvements(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Tabulate what somebody measured before and after, with the change in percent and points."""
    unnamed = data.ledger.unnamed
    measures = sorted(data.activity.measures, key=lambda one: one.project not in unnamed)
    if not measures:
        return
    columns = {
        "measure": Column(formatter.text("Measure"), kind="text"),
        "before": Column(formatter.text("Before")),
        "after": Column(formatter.text("After")),
        "change": Column(formatter.text("Change")),
        "percent": Column(formatter.text("In percent")),
        "when": Column(formatter.text("Measured on"), kind="label"),
        "note": Column(formatter.text("Note"), kind="text"),
    }
    groups = [
        (name, [dict(_cells(one, formatter)) for one in some])
        for name, some in groupby(measures, lambda one: one.project)
    ]
    every = [cells for _, some in groups for cells in some]
    shown = [name for name in columns if any(cells[name].text for cells in every)]
    yield ReportTable(
        "improvements",
        formatter.text("Measured before and after"),
        tuple(columns[name] for name in shown),
        tuple(row for name, some in groups for row in _group(name, some, shown, data, formatter)),
    )


def _group(
    project: str,
    measures: Sequence[dict[str, Cell]],
    shown: Sequence[str],
    data: ReportData,
    formatter: Formatter,
) -> Iterator[TableRow]:
    """List the measures of a project under its title, where it has one."""
    if project not in data.ledger.unnamed:
        yield TableRow((Cell(project_title(project, data, formatter)),), is_group=True)
    for cells in measures:
        yield TableRow(tuple(cells[name] for name in shown))


def _cells(one: Measurement, formatter: Formatter) -> Iterator[tuple[str, Cell]]:
    numbers, unit = formatter.plain_numbers, own_unit(one.unit)
    before, after = (numbers.measure(value, one.unit) for value in (one.before, one.after))
    on = one.measured_on
    title = formatter.language.pick(in_words(one.measure), one.measure_ko)
    yield "measure", Cell(title, address=one.link or "")
    yield "before", Cell(before, one.before, unit)
    yield "after", Cell(after, one.after, unit)
    yield from _change(one, formatter)
    yield "when", Cell("" if on is None else formatter.language.day(on), on, "day")
    yield "note", Cell(one.note or "")


def _change(one: Measurement, formatter: Formatter) -> Iterator[tuple[str, Cell]]:
    numbers = formatter.plain_numbers
    change = percent = ""
    tone: Tone = ""
    if one.before is not None and one.after is not None:
        difference = one.after - one.before
        unit = formatter.text("pp") if one.unit == "%" else one.unit
        change = numbers.signed_measure(difference, unit)
        percent = numbers.percent_change(difference / abs(one.before)) if one.before else ""
        is_better = (difference > 0) == (one.better == "higher")
        tone = "" if not difference or one.better == "neither" else "good" if is_better else "bad"
    yield "change", Cell(change, tone=tone)
    yield "percent", Cell(percent, tone=tone)
