"""The dashboard: every KPI in the quarters and the year, with its course and its target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.report.blocks import Paragraph
from warehouse.report.format.restyle import apply_style
from warehouse.report.year_table import TableExtras, anchor_of, year_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.query.figures import Kpi
    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.report_data import ReportData


def dashboard(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Show every KPI of which anything is known, how it went, and where its rows are."""
    year = apply_style(data.year, formatter)
    known = {one.kpi for one in year.figures if one.value is not None}
    wanted = wanted_kpis(data.kpis, formatter)
    yield year_table(
        year,
        [kpi for kpi in wanted if kpi.kpi in known],
        formatter,
        formatter.text("Figures of {period}", period=formatter.language.period(data.period.name)),
        _extras(data, formatter),
    )
    if formatter.style.has_difference_units:
        said = formatter.text(
            "Below each figure: the difference to the quarter before, and of the year to the "
            "year before; pp are percentage points, n is how many rows a figure is over."
        )
        yield Paragraph((said,), "quiet")
    left_out = ", ".join(formatter.title(kpi) for kpi in wanted if kpi.kpi not in known)
    if left_out:
        said = formatter.text("Nothing is known of these yet: {names}.", names=left_out)
        yield Paragraph((said,), "quiet")


def wanted_kpis(kpis: Sequence[Kpi], formatter: Formatter) -> list[Kpi]:
    """List the KPIs that the house wants to see, in its order; by default all."""
    by_name = {kpi.kpi: kpi for kpi in kpis}
    names = formatter.style.kpis or tuple(by_name)
    return [by_name[name] for name in names if name in by_name]


def _extras(data: ReportData, formatter: Formatter) -> TableExtras:
    courses: dict[str, list[float | None]] = {}
    for past in data.history:
        courses.setdefault(past.kpi, []).append(past.value)
    anchors = {anchor_of(one.kpi, one.quarter) for one in data.evidence.reasons}
    anchors |= {one.kpi for one in data.evidence.reasons}
    return TableExtras(
        has_groups=not formatter.style.kpis,
        sparks={kpi: tuple(values) for kpi, values in courses.items()},
        anchors=frozenset(anchors) if formatter.style.has_section("evidence") else frozenset(),
    )
