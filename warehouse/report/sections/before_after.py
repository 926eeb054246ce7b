"""Section on measurements before and after a change, by project."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from warehouse.report.blocks import Cell, Column, ReportTable, TableRow
from warehouse.report.format.language import in_words
from warehouse.report.format.names import project_title
from warehouse.report.format.numbers import custom_unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.report.blocks import Block, Tone
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.activity import Measurement
    from warehouse.report.queries.report_data import ReportData


def improvements(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Yield a table of measurements before and after, with the change in units and percent."""
    unnamed = data.ledger.unnamed
    measurements = sorted(
        data.activity.measurements, key=lambda measurement: measurement.project not in unnamed
    )
    if not measurements:
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
        (name, [dict(_cells(measurement, formatter)) for measurement in of_project])
        for name, of_project in groupby(measurements, lambda measurement: measurement.project)
    ]
    all_cells = [cells for _, of_project in groups for cells in of_project]
    shown = [name for name in columns if any(cells[name].text for cells in all_cells)]
    yield ReportTable(
        name="improvements",
        caption=formatter.text("Measured before and after"),
        columns=tuple(columns[name] for name in shown),
        rows=tuple(
            row
            for name, of_project in groups
            for row in _group(name, of_project, shown, data, formatter)
        ),
    )


def _group(
    project: str,
    measurements: Sequence[dict[str, Cell]],
    shown: Sequence[str],
    data: ReportData,
    formatter: Formatter,
) -> Iterator[TableRow]:
    """Yield the measurements of a project under its title, if it has one."""
    if project not in data.ledger.unnamed:
        yield TableRow((Cell(text=project_title(project, data, formatter)),), is_group=True)
    for cells in measurements:
        yield TableRow(tuple(cells[name] for name in shown))


def _cells(measurement: Measurement, formatter: Formatter) -> Iterator[tuple[str, Cell]]:
    numbers, unit = formatter.plain_numbers, custom_unit(measurement.unit)
    before, after = (
        numbers.measure(value, measurement.unit)
        for value in (measurement.before, measurement.after)
    )
    on = measurement.measured_on
    title = formatter.language.pick(in_words(measurement.measure), measurement.measure_ko)
    yield "measure", Cell(text=title, address=measurement.link or "")
    yield "before", Cell(text=before, value=measurement.before, unit=unit)
    yield "after", Cell(text=after, value=measurement.after, unit=unit)
    yield from _change(measurement, formatter)
    yield "when", Cell(text="" if on is None else formatter.language.day(on), value=on, unit="day")
    yield "note", Cell(text=measurement.note or "")


def _change(measurement: Measurement, formatter: Formatter) -> Iterator[tuple[str, Cell]]:
    numbers = formatter.plain_numbers
    change = percent = ""
    tone: Tone = ""
    if measurement.before is not None and measurement.after is not None:
        difference = measurement.after - measurement.before
        unit = formatter.text("pp") if measurement.unit == "%" else measurement.unit
        change = numbers.signed_measure(difference, unit)
        percent = (
            numbers.percent_change(difference / abs(measurement.before))
            if measurement.before
            else ""
        )
        is_better = (difference > 0) == (measurement.better == "higher")
        tone = (
            ""
            if not difference or measurement.better == "neither"
            else "good"
            if is_better
            else "bad"
        )
    yield "change", Cell(text=change, tone=tone)
    yield "percent", Cell(text=percent, tone=tone)
