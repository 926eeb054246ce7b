"""Test KPIs on issues, change requests and milestones."""

from __future__ import annotations

import pytest

from tests.support.rows.row_histories import builder, evidence, figures
from tests.support.rows.trackers import REPOSITORY, TrackerRows
from warehouse.calendar import Calendar
from warehouse.context import Context, Project
from warehouse.rules import rule

build = builder(
    "figures.kpi_evidence",
    "marts.kpi_quarterly",
    kpis=(
        "change_requests_merged",
        "deployment_schedule_adherence",
        "first_response_time",
        "issue_closure_ratio",
        "issue_resolution_ratio",
        "issues_closed",
        "project_completion_rate",
        "test_iterations",
        "throughput",
    ),
)

PLAN = "github.com/o/plan"
RULES = (
    rule("deployments", "release"),
    rule("left_out_authors", "bot"),
    rule("left_out_labels", "question*"),
    rule("test_labels", "test"),
    rule("test_titles", "^round [0-9]"),
)
PROJECTS = (
    Project(name="r", title="r", sources=(REPOSITORY,), rules=RULES),
    Project(name="plan", title="plan", sources=(PLAN,), rules=RULES),
)
YEAR_BEFORE = "2023-12-01T00:00"
Q1, Q2, Q3 = "2024-Q1", "2024-Q2", "2024-Q3"


def on(day):
    return f"2024-{day}T00:00"


def closed(tracker, number, day, *events, recorded=None, **facts):
    """Add an issue that was closed on a day; recorded has more facts of the closing."""
    closing = ("closed", on(day), recorded or {})
    return tracker.issue(
        number, *events, closing, **{"state": "closed", "closed_at": on(day), **facts}
    )


def merged(tracker, number, day, **facts):
    facts |= {"merged_at": on(day), "closed_at": on(day), "state": "closed"}
    tracker.change_request(number, ("merged", on(day)), **facts)


def work():
    """Issues from January 10 on, and some of the year before, of each kind that KPIs know."""
    made = TrackerRows()
    closed(made, 1, "02-01", recorded={"state_reason": "completed"})
    closed(made, 2, "02-02", recorded={"state_reason": "duplicate"})
    closed(made, 3, "02-03", recorded={"state_reason": "not_planned"})
    made.issue(4)
    made.issue(5, created_at=YEAR_BEFORE)
    closed(made, 6, "02-04", labels=["Question: how"])
    made.issue(7, ("transferred_out", on("02-05")))
    made.deleted("issues", "7", "transferred")
    made.issue(8)
    made.deleted("issues", "8")
    closed(made, 9, "02-06", ("reopened", on("03-01")), state="open", closed_at=None)
    closed(made, 10, "03-01", recorded={"closing_item_id": "change_request-60"})
    closed(made, 11, "03-02", title="Round 1")
    closed(made, 12, "03-03", recorded={"state_reason": "not_planned"}, labels=["Test"])
    made.issue(13, title="Around 2", labels=["test"])
    made.issue(14, created_at=YEAR_BEFORE)
    made.issue(15, created_at=YEAR_BEFORE)
    talk(made)
    merged(made, 60, "03-01")
    merged(made, 61, "03-05")
    made.change_request(62, ("closed", on("03-06")), state="closed", closed_at=on("03-06"))
    made.change_request(63)
    made.change_request(64, is_draft=True)
    merged(made, 65, "03-07", author_login="ci[bot]", author_kind="bot")
    merged(made, 66, "03-08", labels=["question"])
    return made


def talk(made):
    """Answer some issues: by the author or a bot, which is no answer, and by others."""
    bot = {"item_kind": "issue", "author_kind": "bot"}
    made.comment(1, "ann", on("01-10"))
    made.comment(1, "ci[bot]", on("01-11"), **bot)
    made.comment(1, "bob", "2024-01-11T12:00")
    made.comment(1, "bob", "2024-01-12T12:00")
    made.comment(3, "bob", "2024-01-10T06:00")
    made.comment(4, "bob", on("04-20"))
    made.comment(14, "ci[bot]", on("02-01"), **bot)
    made.comment(15, "ann", on("02-01"))


def plan():
    """What was planned for the year, and milestones whose days end in Seoul."""
    made = TrackerRows(source=f"{PLAN}#tracker")
    a = {"milestone_title": "A"}
    closed(made, 1, "02-01", **a)
    closed(made, 2, "05-01", **a)
    made.issue(3, ("milestoned", on("01-11"), a), ("demilestoned", on("03-01"), a))
    made.issue(4, ("milestoned", on("04-15"), a), **a)
    old = {"state": "closed", "closed_at": YEAR_BEFORE, "created_at": "2023-11-01T00:00"}
    made.issue(5, ("closed", YEAR_BEFORE), **old, **a)
    closed(made, 6, "02-02", recorded={"state_reason": "not_planned"}, **a)
    released = {"is_draft": False, "is_prerelease": False, "released_at": on("02-28")}
    made.add("releases", release_id="1", tag_name="1.0", **released)
    milestones = (
        ("too late", "2024-02-10", "2024-02-10T15:00"),
        ("on time", "2024-02-20", "2024-02-20T14:59:59"),
        ("1.0", "2024-03-01", "2024-03-20T00:00"),
        ("never", "2024-03-05", None),
        ("gone", "2024-03-06", None),
        ("today", "2024-08-01", None),
        ("one day", "2024-08-02", None),
    )
    for title, due_on, closed_at in milestones:
        facts = {"milestone_id": title, "title": title, "due_on": due_on, "closed_at": closed_at}
        made.add("milestones", **facts, state="closed" if closed_at else "open")
    made.deleted("milestones", "gone")
    return made


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    store = tmp_path_factory.mktemp("issues")
    work().found(store)
    plan().found(store, path="o/plan", repository=PLAN)
    with build(store, Context(calendar=Calendar("Asia/Seoul"), projects=PROJECTS)) as connection:
        yield connection


def considered(connection, kpi, quarter, project="r"):
    """Read what a KPI considered in a quarter: (reason, value if it counts) by number."""
    rows = evidence(connection, kpi, project)
    found = {
        subject.rpartition("#")[2].rpartition("milestones/")[2]: tuple(rest)
        for subject, of, *rest in rows
        if of == quarter
    }
    return {int(name) if name.isdecimal() else name: rest for name, rest in found.items()}


COUNTED = ("counted", None)


def test_resolved_of_what_was_worked_on(built):
    assert considered(built, "issue_resolution_ratio", Q1) == {
        1: ("counted", 1),
        2: ("duplicate", None),
        3: ("not_planned", None),
        4: ("counted", 0),
        5: ("not_worked_on", None),
        6: ("left_out_label", None),
        7: ("moved", None),
        8: ("counted", 0),
        9: ("counted", 0),
        10: ("counted", 1),
        11: ("counted", 1),
        12: ("not_planned", None),
        13: ("counted", 0),
        14: ("not_worked_on", None),
        15: ("counted", 0),
    }
    assert considered(built, "issue_resolution_ratio", Q3)[8] == ("deleted", None)
    assert figures(built, "issue_resolution_ratio", "r") == [(3 / 8, 8, 7, 1)]


def test_closings_by_openings(built):
    """Every closing, solved or not; where nothing was opened there is no ratio, not zero."""
    rows = evidence(built, "issue_closure_ratio", "r", "denominator")
    opened = [s for s, of, why, value, denominator in rows if of == Q1 and denominator]
    closings = {s.rpartition("#")[2]: why for s, of, why, _, d in rows if of == Q1 and not d}

    assert len(opened) == 12
    assert closings == {
        f"{number}/2": "left_out_label" if number == 6 else "counted"
        for number in (1, 2, 3, 6, 9, 10, 11, 12)
    }
    assert figures(built, "issue_closure_ratio", "r") == [(round(7 / 11, 6), 18, 2, 1)]
    assert figures(built, "issue_closure_ratio", "r", [Q2])[0][0] is None


def test_throughput_counts_a_piece_of_work_once(built):
    assert considered(built, "throughput", Q1) == {
        "1/2": COUNTED,
        "2/2": ("duplicate", None),
        "3/2": ("not_planned", None),
        "6/2": ("left_out_label", None),
        "9/2": ("reopened", None),
        "10/2": ("with_its_change_request", None),
        "11/2": COUNTED,
        "12/2": ("not_planned", None),
        60: COUNTED,
        61: COUNTED,
        62: ("abandoned", None),
        63: ("still_open", None),
        64: ("draft", None),
        65: ("bot", None),
        66: ("left_out_label", None),
    }
    assert figures(built, "throughput", "r") == [(4, 4, 11, 1)]
    assert figures(built, "issues_closed", "r") == [(7, 7, 1, 1)]
    assert figures(built, "change_requests_merged", "r") == [(2, 2, 5, 1)]


def test_the_first_answer_is_that_of_another_person(built):
    """A late answer counts in its own quarter: in that of the opening nobody had answered."""
    assert considered(built, "first_response_time", Q1) == {
        1: ("counted", 36 * 3600),
        3: ("counted", 6 * 3600),
        6: ("left_out_label", None),
        **dict.fromkeys((2, 4, *range(7, 14)), ("no_response_yet", None)),
    }
    assert considered(built, "first_response_time", Q2) == {4: ("counted", 101 * 24 * 3600)}
    assert figures(built, "first_response_time", "r", [Q1, Q2]) == [
        *((21, 2, 10, 2 / 11), (2424, 1, 0, 1)),
    ]


def test_rounds_of_tests_are_closed_issues_that_are_called_so(built):
    assert considered(built, "test_iterations", Q1) == {
        "11/2": COUNTED,
        "12/2": ("not_planned", None),
    }
    assert figures(built, "test_iterations", "r", [Q1, Q2]) == [(1, 1, 1, 1), (0, 0, 0, None)]


@pytest.mark.parametrize(
    ("quarter", "planned", "figure"),
    [
        ("2023-Q4", {5: ("counted", 1)}, (1, 1, 0, 1)),
        (Q1, {1: ("counted", 1), 2: ("counted", 0)}, (0.5, 2, 1, 1)),
        (Q2, {1: ("counted", 1), 2: ("counted", 1), 4: ("counted", 0)}, (0.666667, 3, 1, 1)),
        (Q3, {1: ("counted", 1), 2: ("counted", 1), 4: ("counted", 0)}, (0.666667, 3, 1, 1)),
    ],
)
def test_what_was_planned_adds_up_over_the_year(built, quarter, planned, figure):
    """By the milestone at the quarter's end; what was done the year before is not of this one."""
    not_planned = {6: ("not_planned", None)} if quarter != "2023-Q4" else {}

    assert considered(built, "project_completion_rate", quarter, "plan") == planned | not_planned
    assert figures(built, "project_completion_rate", "plan", [quarter]) == [figure]


def test_what_was_due_came_on_time_by_its_closing_or_by_its_deployment(built):
    kpi = "deployment_schedule_adherence"

    assert considered(built, kpi, Q1, "plan") == {
        "too late": ("counted", 0),
        "on time": ("counted", 1),
        "1.0": ("counted", 1),
        "never": ("counted", 0),
        "gone": ("deleted", None),
    }
    assert considered(built, kpi, Q3, "plan") == {"today": ("not_due_yet", None)}
    assert figures(built, kpi, "plan") == [(0.5, 4, 1, 1)]
