"""Test every KPI at a year's first instant, and just before."""

from __future__ import annotations

import pytest

from tests.support.expected.known_kpis import KNOWN_KPIS
from tests.support.rows.exact_instants import CONTEXT, LEDGER, found
from tests.support.rows.row_histories import builder
from tests.support.rows.trackers import REPOSITORY

build = builder("figures.kpi_evidence", "marts.kpi_yearly")

ROWS = """
    select source, subject_id, quarter, reason, coalesce(value, numerator)
    from figures.kpi_evidence where kpi = $1 order by all
"""
DAY, CLOSED_LATE, CLOSED_EARLY = 86_400, 4_460_400, 4_460_399
PEOPLE = ("ann 1, last 1", "first 1")
SHARES = ("ann 0, last 0", "first 0")


def unanswered(*numbers):
    return ", ".join(f"#{number} no_response_yet" for number in numbers)


def opened(*numbers):
    return ", ".join(f"#{number} still_open" for number in numbers)


def requests(merged, approved):
    """List the rows of change requests; merged and approved are what those two of each count."""
    early, late = approved
    return (
        f"#1{merged}, #21 abandoned, {opened(22)}, #3{early}, {opened(31, 4, 5)}, #6 draft",
        f"#2{merged}, #22 abandoned, {opened(31, 32)}, #4{late}, {opened(5, 6)}",
    )


IDLE = "not_worked_on"
WAITING = f"{unanswered(11, 12, 15, 16)}, #41 0, {unanswered(43, 51, 52, 61, 62)}"
OTHERS = "#41 0, #43 0, #51 0, #52 0, #61 0, #62 0"
OPEN_IN_OLD = f"{opened(31, 4, 5)}, #6 draft"
# By KPI: the rows of the year's last quarter, and of the first one after it. A row is its subject,
# and what it counts for, or why it does not; those of the ledger are named by it.
EXPECTED = {
    "active_contributors": PEOPLE,
    "ai_agent_share": SHARES,
    "bot_share": SHARES,
    "change_fail_rate": (
        "v-last 0, v0 1, ledger d-last 1",
        "v-first 0, ledger d-first 1, ledger d-polled 0",
    ),
    "change_lead_time": ("last 0, old before_first_deployment", "first 0"),
    # One that got ready at the first instant was a draft in the old year.
    "change_request_response_time": (
        (
            f"#1 0, #21 {CLOSED_EARLY}, {unanswered(22)}, #3 {DAY}, "
            f"{unanswered(31)}, #4 {DAY}, {unanswered(5)}, #6 draft"
        ),
        f"#2 0, #22 {CLOSED_LATE}, {unanswered(32)}",
    ),
    "change_requests_merged": requests("", ("", "")),
    "coding_time": requests(" 0", (" 0", " 0")),
    "commits": ("last, old", "first"),
    "contributor_absence_factor": PEOPLE,
    "days_to_close": (f"#11/2 {CLOSED_EARLY}, #15/2 172800, #16/2 172800", f"#12/2 {CLOSED_LATE}"),
    "deployment_frequency": (
        "v-last, v0, ledger d-last",
        "v-first, ledger d-first, ledger d-polled",
    ),
    "deployment_rework_rate": (
        "v-last 0, v0 0, ledger d-last 0",
        "v-first 0, ledger d-first 0, ledger d-polled 0",
    ),
    # The day of the last poll had just ended, and the next one begun.
    "deployment_schedule_adherence": (
        "71 1, 72 0, 81 1, 82 0, ledger d-first 0, ledger d-last 1",
        "91 1, 92 0, 93 not_due_yet, ledger d-polled 1",
    ),
    "failed_deployment_recovery_time": (
        f"#11 {CLOSED_EARLY + 691_200}, ledger i-last 0",
        f"#12 {CLOSED_LATE + 691_200}, ledger i-first 0",
    ),
    "first_response_time": (WAITING, "#42 0, #43 1"),
    "issue_closure_ratio": (
        f"#11 0, #11/2 1, #12 0, #15 0, #15/2 1, #16 0, #16/2 1, {OTHERS}",
        "#12/2 1, #42 0",
    ),
    # What was closed at the first instant of the quarter was open in it, and worked on.
    "issue_resolution_ratio": (
        f"#11 1, #12 0, #15 0, #16 1, {OTHERS}",
        f"#12 1, #15 {IDLE}, #16 0, #41 {IDLE}, #42 0, #43 0, #51 {IDLE}, #52 0, #61 {IDLE}, #62 0",
    ),
    "issues_closed": ("#11/2, #15/2, #16/2", "#12/2"),
    "issues_remaining": (
        "#12, #15, #41, #43, #51, #52, #61, #62",
        "#15, #16, #41, #42, #43, #51, #52, #61, #62",
    ),
    "lead_time": requests(" 0", (f" {CLOSED_EARLY}", f" {CLOSED_LATE}")),
    "lines_changed": ("last 3, old 1", "first 3"),
    "mean_time_to_recovery": (
        f"#11 {CLOSED_EARLY}, ledger i-last 0",
        f"#12 {CLOSED_LATE}, ledger i-first 0",
    ),
    "merge_time": requests(" 0", (" 0", " 0")),
    "pickup_time": requests(" 0", (" 86400", " 86400")),
    # Planned is what has the milestone at the quarter's end, and was open in its year.
    "project_completion_rate": (
        "#11 1, #12 0, #51 0, #62 0, ledger t-first 0, ledger t-last 1",
        "#12 1, #51 0, #52 0, ledger t-first 1, ledger t-polled 1",
    ),
    "project_lead_time": (
        "#11/2 0, #15/2 reopened, #16/2 unknown_start, ledger t-last 0",
        "#12/2 0, ledger t-first 0, ledger t-polled 86400",
    ),
    "review_time": requests(" 0", (f" {CLOSED_EARLY - DAY}", f" {CLOSED_LATE - DAY}")),
    "test_iterations": ("#11/2, ledger a-last", "#12/2, ledger a-first"),
    "throughput": (
        f"#1, #11/2, #15/2 reopened, #16/2, #21 abandoned, {opened(22)}, #3, {OPEN_IN_OLD}",
        f"#12/2, #2, #22 abandoned, {opened(31, 32)}, #4, {opened(5, 6)}",
    ),
    "uptime_streak": (
        # The ledger alone knows of nothing before the incident.
        "2023-11-02T00:00:00Z 691200, ledger #11 0",
        "2023-12-31T15:00:00Z 2678400, ledger 2023-12-31T15:00:00Z 2678400",
    ),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    with build(found(tmp_path_factory.mktemp("exact")), CONTEXT) as connection:
        yield connection


def test_every_known_kpi_is_asked():
    assert EXPECTED.keys() == KNOWN_KPIS


@pytest.mark.parametrize("kpi", sorted(EXPECTED))
def test_what_happens_at_the_first_instant_is_in_the_new_year(built, kpi):
    rows = {"2023-Q4": [], "2024-Q1": []}
    for source, subject, quarter, reason, value in built.execute(ROWS, [kpi]).fetchall():
        counts = "" if value is None else f" {value}"
        said = f"{shortened(subject)}{counts if reason == 'counted' else f' {reason}'}"
        rows[quarter].append(f"ledger {said}" if source == LEDGER else said)

    assert tuple(", ".join(of_quarter) for of_quarter in rows.values()) == EXPECTED[kpi]
    years = zip((2023, 2024), rows.values(), strict=True)
    counted = {year: sum(map(is_counted, of_year)) for year, of_year in years}
    assert counted == dict(
        built.execute(
            "select fiscal_year, n from marts.kpi_yearly "
            "where kpi = $1 and project = 'app' and source = '*'",
            [kpi],
        ).fetchall()
    )


def shortened(subject):
    """Remove what all subjects have in common."""
    path = subject.removeprefix(REPOSITORY).removesuffix("@example.org")
    return path.removeprefix("/tags/").removeprefix("/milestones/")


def is_counted(row):
    return not row.endswith(
        ("_yet", "_open", "_on", "_deployment", "_start", "abandoned", "reopened", "draft")
    )
