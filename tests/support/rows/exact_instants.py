"""Project with every event at, or just before, a year's first instant."""

from __future__ import annotations

from tests.support.rows.kept_ledgers import changed
from tests.support.rows.ledgers import Ledger
from tests.support.rows.row_histories import HistoryRows, instant, micros
from tests.support.rows.trackers import REPOSITORY, TrackerRows
from warehouse.calendar import Calendar
from warehouse.context import Context, IdentityRule, Project
from warehouse.rules import rule

# Midnight in Seoul, where a fiscal year and its first quarter begin, and the instant before it.
FIRST, LAST = "2023-12-31T15:00:00", "2023-12-31T14:59:59.999999"
# The last poll was at another midnight, so that a day ends exactly then.
POLLED = "2024-01-31T15:00"
BEGAN, DEPLOYED = "2023-11-01T00:00", "2023-11-02T00:00"
# As long after the deployment as an incident may be attributed to it.
OPENED, REVIEWED, CLOSED = "2023-11-10T00:00", "2023-11-11T00:00", "2023-11-12T00:00"
LEDGER = "ledger#ledger"
RULES = (
    *(rule("deployments", kind) for kind in ("tag", "ledger")),
    *(rule("deployment_tags", "v*"), rule("incident_labels", "incident")),
    *(rule("test_labels", "test"), rule("started_labels", "doing")),
)
CONTEXT = Context(
    calendar=Calendar("Asia/Seoul"),
    projects=(
        Project(
            name="app",
            title="App",
            sources=(REPOSITORY, LEDGER),
            rules=RULES,
            incident_window_hours=8 * 24,
        ),
    ),
    identity_rules=(IdentityRule("bot", r"\[bot\]"),),
)
TABLES = {
    "tasks": """
        task,project,planned_on,started_on,completed_on
        t-last,app,2023-12-31,2023-12-31,2023-12-31
        t-first,app,2023-12-31,2024-01-01,2024-01-01
        t-polled,app,2024-01-01,2024-01-31,2024-02-01
    """,
    "deployments": """
        deployment,project,planned_on,deployed_on,status
        d-last,app,2023-12-31,2023-12-31,succeeded
        d-first,app,2023-12-31,2024-01-01,succeeded
        d-polled,app,2024-02-01,2024-02-01,succeeded
    """,
    "incidents": """
        incident,project,started_at,recovered_at,deployment
        i-last,app,2023-12-31 23:59:59,2023-12-31 23:59:59,d-last
        i-first,app,2024-01-01 00:00,2024-01-01 00:00,d-first
    """,
    "activities": """
        activity,project,kind,date
        a-last,app,test_iteration,2023-12-31
        a-first,app,test_iteration,2024-01-01
    """,
}


def found(home):
    """Write what the one poll of the repository, its tracker and its ledger found."""
    history().found(home / "store")
    tracker().found(home / "store")
    ledger = Ledger(home, first_look=instant(POLLED))
    changed(ledger, **TABLES)
    return home / "store"


def history():
    """A commit and a tag of it at each of the two instants."""
    made = HistoryRows(source=REPOSITORY, looked_at=instant(POLLED))
    made.commit("old", at=BEGAN, files=[("a", 1, 0)])
    _tag(made, "v0", "old", DEPLOYED)
    for name, at in (("last", LAST), ("first", FIRST)):
        who = (name, f"{name}@example.org")
        made.commit(name, made.head, at=at, by=who, files=[("a", 2, 1)])
        _tag(made, f"v-{name}", name, at)
    return made


def tracker():
    made = TrackerRows(looked_at=instant(POLLED))
    for number, (name, at) in enumerate((("last", LAST), ("first", FIRST)), 1):
        _merged(made, number, at, name)
        _approved(made, 2 + number, at)
        made.change_request(4 + number, ("ready", at), created_at=OPENED)
        made.issue(14 + number, ("closed", CLOSED), ("reopened", at), created_at=OPENED)
        _closed(made, 10 + number, at)
        made.change_request(20 + number, ("closed", at), state="closed", **_ended(OPENED, at))
        made.comment(20 + number, "bob", at, item_kind="change_request")
        made.change_request(30 + number, created_at=at)
        made.issue(40 + number, created_at=at, comment_count=1)
        made.comment(40 + number, "bob", at)
        made.issue(50 + number, ("milestoned", at, _M), milestone_title="M", created_at=OPENED)
        made.issue(60 + number, ("demilestoned", at, _M), created_at=OPENED, updated_at=at)
        _milestone(made, 70 + number, "2023-12-31", closed_at=at)
        _milestone(made, 80 + number, "2023-12-31", title=f"v-{name}")
    made.issue(43, created_at="2023-12-31T14:59:59")
    made.comment(43, "bob", FIRST)
    _milestone(made, 91, "2024-01-01", closed_at=FIRST)
    _milestone(made, 92, "2024-01-31")
    _milestone(made, 93, "2024-02-01")
    return made


_M = {"milestone_title": "M"}


def _tag(made, name, commit, at):
    who = ("Ann", "ann@example.org", micros(at), 0)
    made.add("tags", f"tag {name}", name, commit, "commit", *who, "", False, None, None)
    made.add("refs", f"refs/tags/{name}", "tag", f"tag {name}", commit, None)


def _ended(opened, at):
    return {"created_at": opened, "closed_at": at}


def _merged(made, number, at, name):
    """Add a change request that was written, opened, approved and merged at one instant."""
    merged = ("merged", at, {"commit_hash": name})
    made.change_request(number, merged, state="closed", merged_at=at, **_ended(at, at))
    made.commit(number, name, at)
    made.review(number, "bob", at, "approved")


def _approved(made, number, at):
    """Add a change request that was approved at the instant of its merge, after a review."""
    made.change_request(number, ("merged", at), state="closed", merged_at=at, **_ended(OPENED, at))
    made.commit(number, f"of {number}", OPENED)
    made.review(number, "bob", REVIEWED)
    made.review(number, "bob", at, "approved")


def _closed(made, number, at):
    """Add an incident, also a test, that was assigned and closed at one instant."""
    events = [("assigned", at, {"subject_login": "ann"}), ("closed", at)]
    facts = {"labels": ["incident", "test"], "assignees": ["ann"], "milestone_title": "M"}
    made.issue(number, *events, state="closed", **_ended(OPENED, at), **facts)


def _milestone(made, number, due_on, title=None, closed_at=None):
    state = "closed" if closed_at else "open"
    facts = {"title": title or f"M{number}", "due_on": due_on, "state": state}
    made.add("milestones", milestone_id=str(number), closed_at=closed_at, **facts)
