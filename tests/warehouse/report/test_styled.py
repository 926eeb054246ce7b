"""Test statuses of targets and earlier quarters in report settings."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.rows.in_order import in_order
from tests.support.rows.row_histories import instant
from warehouse.query.evidence import EvidenceRow
from warehouse.query.figures import Kpi
from warehouse.report.queries.breakdowns import HistoricFigure, TargetResult
from warehouse.report.queries.evidence import FigureRow
from warehouse.report.queries.reported_quarter import history_as_reported
from warehouse.report.styled import target_status

RECOVERY = Kpi(
    kpi="mean_time_to_recovery",
    title="MTTR",
    title_ko=None,
    unit="hours",
    unit_size=3600,
    kind="mean",
    span="quarter",
    better="lower",
    version=1,
    answers="",
    judgement="",
    known_bias="",
    position=1,
    definition_hash="",
)


def target(*, near=None, is_lower_better=True, accepted_until=None, is_growing=False):
    return TargetResult(
        kpi=RECOVERY.kpi,
        project="*",
        title="",
        title_ko=None,
        period="2024-Q1",
        value=None,
        target=24.0,
        status="missed",
        near=near,
        is_lower_better=is_lower_better,
        accepted_until=accepted_until,
        is_growing=is_growing,
        ends_before=date(2024, 4, 1),
    )


@pytest.mark.parametrize(
    ("value", "facts", "status"),
    [
        (None, {}, "no_data"),
        (24.0, {}, "met"),
        (24.1, {}, "missed"),
        (24.1, {"is_lower_better": False}, "met"),
        (30.0, {"near": 30.0}, "near"),
        (30.1, {"near": 30.0}, "missed"),
        (23.9, {"near": 20.0, "is_lower_better": False}, "near"),
        (40.0, {"accepted_until": date(2024, 3, 31)}, "accepted"),
        (40.0, {"accepted_until": date(2024, 3, 30)}, "missed"),
        # An amount that grows can still exceed a limit, or reach a goal.
        (24.0, {"is_growing": True}, "open"),
        (24.1, {"is_growing": True}, "missed"),
        (24.1, {"is_growing": True, "near": 30.0}, "near"),
        (23.9, {"is_growing": True, "is_lower_better": False}, "open"),
        (24.0, {"is_growing": True, "is_lower_better": False}, "met"),
    ],
)
def test_a_target_is_judged_by_the_figure_as_shown(value, facts, status):
    assert target_status(value, target(**facts)) == status


def test_earlier_quarters_are_counted_as_reported_too():
    history = [
        HistoricFigure(kpi=RECOVERY.kpi, quarter=quarter, value=value, n=n, is_complete=True)
        for quarter, value, n in (("2023-Q3", None, 0), ("2023-Q4", 2.0, 1))
    ]
    facts = ("i", "i", None, instant("2023-10-02T00:00"), None, "counted", None, None, 7200)
    row = in_order(EvidenceRow, "ledger", "2023-Q3", *facts, is_sealed=False)

    found = history_as_reported(history, [RECOVERY], [FigureRow(RECOVERY.kpi, "p", row)])

    assert [(figure.quarter, figure.value, figure.n) for figure in found] == [
        ("2023-Q3", 2.0, 1),
        ("2023-Q4", None, 0),
    ]
