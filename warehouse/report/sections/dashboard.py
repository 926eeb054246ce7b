"""Dashboard section: every KPI by quarter and year, with its target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.report.blocks import Paragraph
from warehouse.report.figure_status import anchor_of
from warehouse.report.missing_data import shown_kpis
from warehouse.report.styled import styled_history, styled_year
from warehouse.report.year_table import TableExtras, year_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.query.figures import Kpi
    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.report_data import ReportData


def dashboard(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Yield the table of every KPI with a value or target, and the names of those without data."""
    year = styled_year(data.year, data.targets, formatter)
    with_value = {figure.kpi for figure in year.figures if figure.value is not None}
    kpis = wanted_kpis(data.kpis, formatter)
    yield year_table(
        year,
        shown_kpis(kpis, year),
        formatter,
        formatter.text("Figures of {period}", period=formatter.language.period(data.period.name)),
        _extras(data, formatter),
    )
    if formatter.style.has_difference_units:
        explanation = formatter.text(
            "Below each figure: the change from the previous quarter, and of the year from the "
            "previous year. pp are percentage points, n is the number of rows of a figure."
        )
        yield Paragraph((explanation,), "quiet")
    without_value = ", ".join(formatter.title(kpi) for kpi in kpis if kpi.kpi not in with_value)
    if without_value:
        explanation = formatter.text("No data yet: {names}.", names=without_value)
        yield Paragraph((explanation,), "quiet")


def wanted_kpis(kpis: Sequence[Kpi], formatter: Formatter) -> list[Kpi]:
    """List the KPIs of the report settings in their order; by default all."""
    by_name = {kpi.kpi: kpi for kpi in kpis}
    names = formatter.style.kpis or tuple(by_name)
    return [by_name[name] for name in names if name in by_name]


def _extras(data: ReportData, formatter: Formatter) -> TableExtras:
    values_by_kpi: dict[str, list[float | None]] = {}
    for figure in styled_history(data, formatter):
        values_by_kpi.setdefault(figure.kpi, []).append(figure.value)
    anchors = {anchor_of(row.kpi, row.quarter) for row in data.evidence.reasons}
    anchors |= {row.kpi for row in data.evidence.reasons}
    return TableExtras(
        has_groups=not formatter.style.kpis,
        sparks={kpi: tuple(values) for kpi, values in values_by_kpi.items()},
        anchors=frozenset(anchors) if formatter.style.has_section("evidence") else frozenset(),
    )
