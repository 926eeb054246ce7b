"""Section on durations: the distribution of each duration by quarter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.report.blocks import Chart, Charts, Heading
from warehouse.report.charts.specs import Bars
from warehouse.report.format.language import msgid
from warehouse.report.sections.dashboard import wanted_kpis

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warehouse.query.figures import Kpi
    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.report_data import ReportData

# The bounds are those in queries.activity.DURATIONS.
BUCKETS = (
    *(msgid("under 1 h"), msgid("1 to 4 h"), msgid("4 h to 1 d"), msgid("1 to 3 d")),
    *(msgid("3 to 7 d"), msgid("7 to 30 d"), msgid("30 to 90 d"), msgid("over 90 d")),
)
SHOWN_DURATIONS = (
    *("lead_time", "change_lead_time", "project_lead_time", "days_to_close"),
    "first_response_time",
)
# Fewer rows make no distribution.
FEWEST_ROWS = 10


def lead_times(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Yield charts of the distribution of each duration by quarter."""
    by_name = {kpi.kpi: kpi for kpi in wanted_kpis(data.kpis, formatter)}
    for name in SHOWN_DURATIONS:
        charts = list(_distributions(data, by_name[name], formatter)) if name in by_name else []
        if charts:
            yield Heading(formatter.title(by_name[name]))
            yield Charts(tuple(charts))


def _distributions(data: ReportData, kpi: Kpi, formatter: Formatter) -> Iterator[Chart]:
    counts = [row for row in data.activity.durations if row.kpi == kpi.kpi]
    most = max((row.count for row in counts), default=0)
    if sum(row.count for row in counts) < FEWEST_ROWS:
        return
    for quarter in data.year.quarters:
        counts_of_quarter = {row.bucket: row.count for row in counts if row.quarter == quarter}
        figure = data.figure(kpi.kpi, quarter)
        if counts_of_quarter and figure:
            bars = tuple(
                (formatter.text(name), counts_of_quarter.get(i, 0))
                for i, name in enumerate(BUCKETS)
            )
            distribution = ", ".join(f"{name}: {count}" for name, count in bars if count)
            median = formatter.numbers(kpi).figure(figure.median_value, kpi.unit)
            median_text = formatter.text(
                "median {median}, n={n}", median=median, n=sum(counts_of_quarter.values())
            )
            yield Chart(
                formatter.language.quarter(quarter),
                f"{median_text}; {distribution}",
                Bars(bars, most),
                median_text,
            )
