"""Titles of periods, with the mark of those that are so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.report.blocks import Column

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.report_data import ReportData


def period_columns(
    periods: Iterable[str], data: ReportData, formatter: Formatter
) -> Iterator[Column]:
    """Yield a column of each quarter or year, marked if it is so far."""
    for period in periods:
        yield Column(formatter.language.short_period(period), so_far(period, data, formatter))


def so_far(period: str, data: ReportData, formatter: Formatter) -> str:
    """Return the mark of a quarter or year that is so far, if the settings show states."""
    is_marked = formatter.style.has_states and is_so_far(period, data)
    return formatter.text("so far") if is_marked else ""


def is_so_far(period: str, data: ReportData) -> bool:
    """Return whether a quarter or the year is not over, or none of its figures is complete."""
    ends = {quarter.quarter: quarter.ends_at for quarter in data.quarters}
    is_over = data.observed_at >= ends[period] if period in ends else data.year.is_over
    figures = [figure for figure in data.year.figures if figure.period == period]
    return not is_over or (bool(figures) and not any(figure.is_complete for figure in figures))
