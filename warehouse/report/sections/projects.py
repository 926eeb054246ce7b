"""Section on projects, or on the repositories of one project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.query.scope import ALL
from warehouse.report.blocks import Cell, Column, Fold, Heading, ReportTable, TableRow
from warehouse.report.figure_status import fraction
from warehouse.report.format.names import part_title
from warehouse.report.format.numbers import RATIO
from warehouse.report.format.restyle import MEANS
from warehouse.report.period_columns import period_columns
from warehouse.report.sections.dashboard import wanted_kpis
from warehouse.report.sections.project_facts import active_projects, project_descriptions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.query.figures import Kpi
    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.breakdowns import PartFigure
    from warehouse.report.queries.report_data import ReportData


def projects(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Yield project descriptions, and the shares and means of each part."""
    blocks = [*project_descriptions(data, formatter), *active_projects(data, formatter)]
    yield from blocks
    if len({figure.part for figure in data.parts}) <= 1:
        return
    kpis = wanted_kpis(data.kpis, formatter)
    shares = _table(formatter.text("Shares"), [k for k in kpis if k.kind == RATIO], data, formatter)
    means = _table(
        formatter.text("Means and medians"), [k for k in kpis if k.kind in MEANS], data, formatter
    )
    if shares.rows:
        yield from (Heading(_figures_title(data, formatter)),) if blocks else ()
        yield shares
    if means.rows:
        yield Fold(title=means.caption, blocks=(means,))


def _figures_title(data: ReportData, formatter: Formatter) -> str:
    if data.scope.project == ALL:
        return formatter.text("Figures of each project")
    return formatter.text("Figures of each repository")


def _table(
    caption: str, kpis: Sequence[Kpi], data: ReportData, formatter: Formatter
) -> ReportTable:
    periods = data.year.periods
    columns = (
        Column(formatter.text("KPI"), kind="text"),
        *period_columns(periods, data, formatter),
    )
    rows = (row for kpi in kpis for row in _rows(kpi, data.parts, periods, formatter))
    return ReportTable(name="parts", caption=caption, columns=columns, rows=tuple(rows))


def _rows(
    kpi: Kpi, parts: Sequence[PartFigure], periods: Sequence[str], formatter: Formatter
) -> Iterator[TableRow]:
    """Yield the parts with a value of a KPI, under its title."""
    of_kpi = [figure for figure in parts if figure.kpi == kpi.kpi]
    by_place = {(figure.part, figure.period): figure for figure in of_kpi}
    with_value = dict.fromkeys(figure.part for figure in of_kpi if figure.value is not None)
    names = {figure.part: part_title(figure, formatter) for figure in of_kpi}
    if with_value:
        yield TableRow((Cell(text=formatter.title(kpi)),), is_group=True)
    for part in with_value:
        cells = (_cell(kpi, by_place.get((part, period)), formatter) for period in periods)
        yield TableRow((Cell(text=names[part]), *cells))


def _cell(kpi: Kpi, part: PartFigure | None, formatter: Formatter) -> Cell:
    numbers = formatter.numbers(kpi)
    if part is None or part.value is None:
        return Cell(text=numbers.no_data, tone="quiet")
    return Cell(
        text=numbers.figure(part.value, kpi.unit),
        value=part.value,
        unit=kpi.unit,
        note=_over(kpi, part, formatter),
    )


def _over(kpi: Kpi, part: PartFigure, formatter: Formatter) -> str:
    if kpi.kind == RATIO:
        return fraction(part.numerator, part.denominator)
    return formatter.text("n={n}", n=formatter.language.number(part.n))
