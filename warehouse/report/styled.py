"""The figures, targets and history of a report in its style."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from warehouse.query.figures import Figure
from warehouse.report.format.restyle import apply_style, styled_part_value, styled_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from warehouse.query.figures import YearOfFigures
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.breakdowns import HistoricFigure, TargetResult
    from warehouse.report.queries.report_data import ReportData

ONE_DAY = timedelta(days=1)


def styled_year(
    year: YearOfFigures, results: Sequence[TargetResult], formatter: Formatter
) -> YearOfFigures:
    """
    Return the figures as they are shown, each with the status of its target as shown.

    Shape:   a target without a figure is one without a value.
    """
    year = apply_style(year, formatter)
    targets = {
        (target.kpi, target.period): target
        for target in results
        if target.project == year.scope.project
    }
    figures = tuple(
        replace(figure, target_status=target_status(figure.value, target))
        if (target := targets.get((figure.kpi, figure.period)))
        else figure
        for figure in year.figures
    )
    known = {(figure.kpi, figure.period) for figure in figures}
    missing = (
        Figure.of_target(target.kpi, target.period, target.target, target.status)
        for place, target in targets.items()
        if place not in known
    )
    return replace(year, figures=(*figures, *missing))


def styled_targets(data: ReportData, formatter: Formatter) -> list[TargetResult]:
    """Return the results of targets with their values and statuses as shown."""
    values = {
        (data.scope.project, figure.kpi, figure.period): figure.value
        for figure in apply_style(data.year, formatter).figures
    }
    kpis = {kpi.kpi: kpi for kpi in data.kpis}
    for part in data.parts:
        of_part = [p for p in data.parts if (p.kpi, p.part) == (part.kpi, part.part)]
        value = styled_part_value(kpis[part.kpi], part, of_part, formatter)
        values[part.part, part.kpi, part.period] = value
    results = []
    for target in data.targets:
        value = values.get((target.project, target.kpi, target.period), target.value)
        results.append(replace(target, value=value, status=target_status(value, target)))
    return results


def styled_history(data: ReportData, formatter: Formatter) -> list[HistoricFigure]:
    """Return the figures of the last quarters as they are shown."""
    kpis = {kpi.kpi: kpi for kpi in data.kpis}
    return [
        replace(figure, value=styled_value(kpis[figure.kpi], figure.value, formatter))
        for figure in data.history
    ]


def target_status(value: float | None, target: TargetResult) -> str:
    """Return the status of a figure by its target: met, near, accepted, missed, open or no_data."""
    if value is None:
        return "no_data"
    sign = -1 if target.is_lower_better else 1
    is_within = value <= target.target if target.is_lower_better else value < target.target
    if target.is_growing and is_within:
        return "open"
    if value * sign >= target.target * sign:
        return "met"
    if target.near is not None and value * sign >= target.near * sign:
        return "near"
    until, end = target.accepted_until, target.ends_before
    is_accepted = until is not None and end is not None and end <= until + ONE_DAY
    return "accepted" if is_accepted else "missed"
