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

# The denominator below which a ratio is shown with numerator and denominator.
SMALL_SAMPLE = 10
STATUSES = {
    "met": msgid("met"),
    "near": msgid("near"),
    "accepted": msgid("accepted"),
    "missed": msgid("missed"),
    "open": msgid("open"),
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
    """Return the rows of a mean, or numerator and denominator of a small ratio, as text."""
    if kpi.kind == "ratio":
        is_small = figure.denominator is not None and figure.denominator < SMALL_SAMPLE
        return fraction(figure.numerator, figure.denominator) if is_small else ""
    n = formatter.language.number(figure.n)
    return formatter.text("n={n}", n=n) if kpi.kind in MEANS else ""


def fraction(numerator: int | None, denominator: int | None) -> str:
    """Return a ratio as its numerator by its denominator."""
    return f"{numerator or 0}/{denominator or 0}"


def change_tone(kpi: Kpi, change: float | None) -> Tone:
    """Return the tone of a change: good, bad or none."""
    if not change or kpi.better == "neither":
        return ""
    return "good" if (change > 0) == (kpi.better == "higher") else "bad"
