"""Status, tone, sample size and anchor of a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.report.blocks import Cell
from warehouse.report.format.language import msgid
from warehouse.report.format.restyle import MEANS

if TYPE_CHECKING:
    from warehouse.query.figures import Figure, Kpi
    from warehouse.report.blocks import Tone
    from warehouse.report.format.numbers import NumberFormat
    from warehouse.report.format.style import Formatter

# The denominator below which a ratio is shown with its sample size.
SMALL_SAMPLE = 10
STATUSES = {
    "met": msgid("met"),
    "near": msgid("near"),
    "accepted": msgid("accepted"),
    "missed": msgid("missed"),
    "no_data": msgid("no data"),
}
TONES: dict[str, Tone] = {"met": "good", "near": "warning", "accepted": "warning", "missed": "bad"}


def figure_cell(value: float | None, unit: str, numbers: NumberFormat) -> Cell:
    """Return a figure as a cell, whose number in a spreadsheet is shown like its text."""
    text = numbers.figure(value, unit)
    if value is None:
        return Cell(text=text)
    in_sheet, number_format = numbers.in_sheet(value, unit)
    return Cell(text=text, value=in_sheet, unit=unit, number_format=number_format)


def anchor_of(kpi: str, period: str) -> str:
    """Return the anchor of the evidence of a figure; of a year that of its KPI."""
    return f"{kpi}-{period}".lower() if "-Q" in period else kpi


def sample_size(kpi: Kpi, figure: Figure, formatter: Formatter) -> str:
    """Return the sample size of a mean, or of a ratio of few rows, as text."""
    is_small = (
        kpi.kind == "ratio" and figure.denominator is not None and figure.denominator < SMALL_SAMPLE
    )
    n = figure.n if kpi.kind in MEANS else figure.denominator if is_small else None
    return "" if n is None else f"n={formatter.language.number(n)}"


def change_tone(kpi: Kpi, change: float | None) -> Tone:
    """Return the tone of a change: good, bad or none."""
    if not change or kpi.better == "neither":
        return ""
    return "good" if (change > 0) == (kpi.better == "higher") else "bad"
