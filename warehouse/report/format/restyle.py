"""Apply custom report settings to figures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from warehouse.query.figures import Figure, Kpi, YearOfFigures
    from warehouse.report.format.style import Formatter

# Kinds of figures without a value where there are no rows.
MEANS = ("mean", "median", "longest")
AVERAGED = ("ratio", *MEANS)


def apply_style(year: YearOfFigures, formatter: Formatter) -> YearOfFigures:
    """Return the figures of a year with the report settings applied; by default unchanged."""
    figures = tuple(
        figure
        for kpi in year.kpis
        for figure in _of_kpi(kpi, [f for f in year.figures if f.kpi == kpi.kpi], formatter)
    )
    return replace(year, figures=figures)


def _of_kpi(kpi: Kpi, figures: Sequence[Figure], formatter: Formatter) -> list[Figure]:
    style = formatter.style
    if style.empty_mean_is_zero and kpi.kind in MEANS:
        figures = [
            replace(figure, value=0.0) if figure.value is None else figure for figure in figures
        ]
    quarters = [figure for figure in figures if figure.quarter]
    if not style.has_exact_differences:
        quarters = _with_shown_differences(kpi, quarters, formatter)
    years = [figure for figure in figures if not figure.quarter]
    if style.year_of(kpi.kpi) == "mean_of_quarters" and kpi.kind in AVERAGED:
        years = [_mean_of_quarters(kpi, figure, quarters, formatter) for figure in years]
    return [*quarters, *years]


def _with_shown_differences(
    kpi: Kpi, figures: Sequence[Figure], formatter: Formatter
) -> list[Figure]:
    changed = []
    before = figures[0].quarter_before_value if figures else None
    for figure in figures:
        change = _difference(kpi, figure.value, before, formatter)
        changed.append(replace(figure, change_from_quarter_before=change))
        before = figure.value
    return changed


def _difference(
    kpi: Kpi, value: float | None, before: float | None, formatter: Formatter
) -> float | None:
    if value is None or before is None:
        return None
    numbers = formatter.numbers(kpi)
    return round(numbers.shown(value, kpi.unit) - numbers.shown(before, kpi.unit), 6)


def _mean_of_quarters(
    kpi: Kpi, figure: Figure, quarters: Sequence[Figure], formatter: Formatter
) -> Figure:
    """Return the year as the mean of its shown quarters, without a change to another year."""
    numbers = formatter.numbers(kpi)
    shown = [numbers.shown(f.value, kpi.unit) for f in quarters if f.value is not None]
    value = round(sum(shown) / len(shown), 6) if shown else None
    return replace(figure, value=value, change_from_year_before=None)
