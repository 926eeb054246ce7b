"""Each project of all, or each repository of one: figures, and the fractions behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.query.scope import ALL
from warehouse.report.blocks import Cell, Column, Fold, Heading, ReportTable, TableRow
from warehouse.report.format.names import short_period
from warehouse.report.format.numbers import RATIO
from warehouse.report.format.restyle import MEANS
from warehouse.report.sections.dashboard import wanted_kpis
from warehouse.report.sections.project_facts import active, described

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.query.figures import Kpi
    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.breakdowns import PartFigure
    from warehouse.report.queries.report_data import ReportData


def projects(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Describe the projects, then tabulate each part's shares, and its means with their n."""
    blocks = [*described(data, formatter), *active(data, formatter)]
    yield from blocks
    if len({one.part for one in data.parts}) <= 1:
        return
    kpis = wanted_kpis(data.kpis, formatter)
    shares = _table(formatter.text("Shares"), [k for k in kpis if k.kind == RATIO], data, formatter)
    means = _table(
        formatter.text("Means and medians"), [k for k in kpis if k.kind in MEANS], data, formatter
    )
    if shares.rows:
        yield from (Heading(_whose(data, formatter)),) if blocks else ()
        yield shares
    if means.rows:
        yield Fold(means.caption, (means,))


def _whose(data: ReportData, formatter: Formatter) -> str:
    if data.scope.project == ALL:
        return formatter.text("Figures of each project")
    return formatter.text("Figures of each repository")


def _table(
    caption: str, kpis: Sequence[Kpi], data: ReportData, formatter: Formatter
) -> ReportTable:
    periods = data.year.periods
    columns = (
        Column(formatter.text("KPI"), kind="text"),
        *(Column(short_period(p)) for p in periods),
    )
    rows = (row for kpi in kpis for row in _rows(kpi, data.parts, periods, formatter))
    return ReportTable("parts", caption, columns, tuple(rows))


def _rows(
    kpi: Kpi, parts: Sequence[PartFigure], periods: Sequence[str], formatter: Formatter
) -> Iterator[TableRow]:
    """List the parts of which a KPI knows something, under its name."""
    mine = [one for one in parts if one.kpi == kpi.kpi]
    by_place = {(one.part, one.period): one for one in mine}
    known = dict.fromkeys(one.part for one in mine if one.value is not None)
    names = {one.part: formatter.language.pick(one.title, one.title_ko) for one in mine}
    if known:
        yield TableRow((Cell(formatter.title(kpi)),), is_group=True)
    for part in known:
        cells = (_cell(kpi, by_place.get((part, period)), formatter) for period in periods)
        yield TableRow((Cell(names[part]), *cells))


def _cell(kpi: Kpi, part: PartFigure | None, formatter: Formatter) -> Cell:
    numbers = formatter.numbers(kpi)
    if part is None or part.value is None:
        return Cell(numbers.no_data, tone="quiet")
    return Cell(
        numbers.figure(part.value, kpi.unit), part.value, kpi.unit, note=_over(kpi, part, formatter)
    )


def _over(kpi: Kpi, part: PartFigure, formatter: Formatter) -> str:
    if kpi.kind == RATIO:
        return f"{part.numerator}/{part.denominator}"
    return f"n={formatter.language.number(part.n)}"
