"""Figures as a house forms them, where its style is not the default."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from warehouse.query.figures import Figure, Kpi, YearOfFigures
    from warehouse.report.format.style import Formatter

# Figures that are over something, so that over nothing there is none.
MEANS = ("mean", "median", "longest")
AVERAGED = ("ratio", *MEANS)


def apply_style(year: YearOfFigures, formatter: Formatter) -> YearOfFigures:
    """Form the figures of a year by a house's style; by default they stay as they are published."""
    figures = tuple(
        figure
        for kpi in year.kpis
        for figure in _of_kpi(kpi, [f for f in year.figures if f.kpi == kpi.kpi], formatter)
    )
    return replace(year, figures=figures)


def _of_kpi(kpi: Kpi, figures: Sequence[Figure], formatter: Formatter) -> list[Figure]:
    style = formatter.style
    if style.empty_mean_is_zero and kpi.kind in MEANS:
        figures = [replace(f, value=0.0) if f.value is None else f for f in figures]
    quarters = [f for f in figures if f.quarter]
    if not style.has_exact_differences:
        quarters = _with_shown_differences(kpi, quarters, formatter)
    years = [f for f in figures if not f.quarter]
    if style.year_of(kpi.kpi) == "mean_of_quarters" and kpi.kind in AVERAGED:
        years = [_mean_of_quarters(kpi, of_year, quarters, formatter) for of_year in years]
    return [*quarters, *years]


def _with_shown_differences(
    kpi: Kpi, figures: Sequence[Figure], formatter: Formatter
) -> list[Figure]:
    made = []
    before = figures[0].quarter_before_value if figures else None
    for figure in figures:
        change = _difference(kpi, figure.value, before, formatter)
        made.append(replace(figure, change_from_quarter_before=change))
        before = figure.value
    return made


def _difference(
    kpi: Kpi, value: float | None, before: float | None, formatter: Formatter
) -> float | None:
    if value is None or before is None:
        return None
    numbers = formatter.numbers(kpi)
    return round(numbers.shown(value, kpi.unit) - numbers.shown(before, kpi.unit), 6)


def _mean_of_quarters(
    kpi: Kpi, of_year: Figure, quarters: Sequence[Figure], formatter: Formatter
) -> Figure:
    """Take the mean of the quarters as they are shown; to another year it cannot be compared."""
    numbers = formatter.numbers(kpi)
    shown = [numbers.shown(f.value, kpi.unit) for f in quarters if f.value is not None]
    value = round(sum(shown) / len(shown), 6) if shown else None
    return replace(of_year, value=value, change_from_year_before=None)
