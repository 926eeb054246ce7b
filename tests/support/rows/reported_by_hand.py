"""Report data with the figures of a manual report."""

from __future__ import annotations

from dataclasses import replace

from tests.support.rows.in_order import in_order
from tests.support.rows.row_histories import instant
from tests.support.rows.small_reports import found_in
from warehouse.query.evidence import EvidenceRow
from warehouse.query.figures import Figure, YearOfFigures
from warehouse.query.scope import Period, Scope
from warehouse.report.queries.breakdowns import PartFigure
from warehouse.report.queries.evidence import FigureRow
from warehouse.report.queries.quarter import ReportQuarter

QUARTERS = tuple(f"2024-Q{number}" for number in range(1, 5))
NOTHING = dict.fromkeys(
    (
        *("value", "value_now", "coverage_ratio", "numerator", "denominator", "min_value"),
        *("median_value", "max_value", "quarter_before_value", "change_from_quarter_before"),
        *("year_before_value", "change_from_year_before", "target", "target_status"),
    )
)
# Of each quarter: done, planned; then delivered on time, due; days and tasks; hours.
DONE = ((25, 40), (46, 61), (64, 72), (91, 95))
ON_TIME = ((1, 3), (14, 14), (16, 16), (17, 19))
DAYS = ((126, 9, 1, 54), (447, 12, 3, 118), (276, 6, 20, 110), (90, 6, 1, 63))
HOURS = (18 + 55 / 60, (42.95 + 183.48 + 0.75) / 3, 0.5, None)
PARTS = {
    "2024-Q1": (("K-water", 23, 36), ("Aloha", 1, 1), ("MiniPC", 1, 2), ("MyBox", 0, 1)),
    "2024-Q3": (("K-water", 57, 60), ("DNA+", 4, 7)),
}


def figure(kpi, period, value, **facts):
    quarter = period if "-Q" in period else None
    defaults = {"n": 0, "left_out_count": 0, **NOTHING, **facts}
    value = None if value is None else round(value, 6)
    states = {"is_complete": True, "is_sealed": False, "is_restated": False, "is_growing": False}
    return in_order(Figure, kpi, period, quarter, **states, **{**defaults, "value": value})


def figures():
    for number, quarter in enumerate(QUARTERS):
        for kpi, shares in (
            ("project_completion_rate", DONE),
            ("deployment_schedule_adherence", ON_TIME),
        ):
            part, whole = shares[number]
            counts = {"n": whole, "numerator": part, "denominator": whole}
            yield figure(kpi, quarter, part / whole, **counts)
        yield figure("test_iterations", quarter, (6, 0, 0, 0)[number], n=(6, 0, 0, 0)[number])
        days, n, low, high = DAYS[number]
        spread = {"n": n, "min_value": float(low), "max_value": float(high)}
        yield figure("project_lead_time", quarter, days / n, **spread)
        hours = HOURS[number]
        yield figure("mean_time_to_recovery", quarter, hours, n=(1, 3, 1, 0)[number])
    yield figure("project_completion_rate", "2024", 91 / 95)
    yield figure("deployment_schedule_adherence", "2024", 48 / 52)
    yield figure("test_iterations", "2024", 6, n=6)
    yield figure("project_lead_time", "2024", 939 / 33)
    yield figure("mean_time_to_recovery", "2024", 49.2)


def parts():
    for quarter, some in PARTS.items():
        for name, done, planned in some:
            counts = (planned, done, planned, None, None)
            share = done / planned
            facts = ("project_completion_rate", name, name, None, quarter, share, *counts)
            yield in_order(PartFigure, *facts)


def manual_data(warehouse):
    """Return the report data of a warehouse with the figures of the manual report."""
    data = found_in(warehouse)
    scope = Scope("*", "*", ("K-water", "Aloha"), is_chosen=False)
    began, ended = instant("2024-03-21T19:22"), instant("2024-03-22T14:17")
    seconds = int((ended - began).total_seconds())
    facts = ("issue-1", "MyBox", None, ended, None, "counted", None, None, seconds)
    row = in_order(EvidenceRow, "ledger", "2024-Q1", *facts, is_sealed=False)
    bounds = data.quarters[0]
    return replace(
        data,
        period=Period(2024, None),
        year=in_order(YearOfFigures, scope, 2024, QUARTERS, data.kpis, tuple(figures()), True),
        quarters=tuple(in_order(ReportQuarter, name, *_rest(bounds)) for name in QUARTERS),
        parts=tuple(parts()),
        targets=(),
        evidence=replace(
            data.evidence, rows=(FigureRow("mean_time_to_recovery", "MyBox", row),), reasons=()
        ),
    )


def _rest(bounds):
    return bounds.starts_on, bounds.ends_before, bounds.starts_at, bounds.ends_at
