"""Apply custom report settings to figures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from warehouse.query.figures import Figure, Kpi, YearOfFigures
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.breakdowns import PartFigure

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
    figures = [replace(f, value=styled_value(kpi, f.value, formatter)) for f in figures]
    quarters = [figure for figure in figures if figure.quarter]
    if not style.has_exact_differences:
        quarters = _with_shown_differences(kpi, quarters, formatter)
    years = [figure for figure in figures if not figure.quarter]
    if is_mean_of_quarters(kpi, formatter):
        years = [_mean_of_quarters(kpi, figure, quarters, formatter) for figure in years]
    return [*quarters, *years]


def is_mean_of_quarters(kpi: Kpi, formatter: Formatter) -> bool:
    """Return whether the year of a KPI is shown as the mean of its quarters."""
    return formatter.style.year_of(kpi.kpi) == "mean_of_quarters" and kpi.kind in AVERAGED


def styled_value(kpi: Kpi, value: float | None, formatter: Formatter) -> float | None:
    """Return the value of a quarter, or zero for no rows where the settings say so."""
    is_zero = formatter.style.empty_mean_is_zero and kpi.kind in MEANS
    return 0.0 if value is None and is_zero else value


def styled_part_value(
    kpi: Kpi, part: PartFigure, of_part: Sequence[PartFigure], formatter: Formatter
) -> float | None:
    """Return the value of a part in a period as the settings show it, out of all its periods."""
    if "-" in part.period or not is_mean_of_quarters(kpi, formatter):
        return styled_value(kpi, part.value, formatter)
    quarters = [figure.value for figure in of_part if "-" in figure.period]
    return _mean_of([styled_value(kpi, value, formatter) for value in quarters], kpi, formatter)


def _with_shown_differences(
    kpi: Kpi, figures: Sequence[Figure], formatter: Formatter
) -> list[Figure]:
    changed = []
    before = figures[0].quarter_before_value if figures else None
    for figure in figures:
        is_growing = figure.is_growing
        change = None if is_growing else _difference(kpi, figure.value, before, formatter)
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
    """Return the year as the mean of its shown quarters, without another year to compare."""
    value = _mean_of([figure.value for figure in quarters], kpi, formatter)
    return replace(figure, value=value, year_before_value=None, change_from_year_before=None)


def _mean_of(values: Sequence[float | None], kpi: Kpi, formatter: Formatter) -> float | None:
    numbers = formatter.numbers(kpi)
    shown = [numbers.shown(value, kpi.unit) for value in values if value is not None]
    return round(sum(shown) / len(shown), 6) if shown else None
