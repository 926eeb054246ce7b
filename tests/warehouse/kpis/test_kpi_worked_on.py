"""Test the accounts that make an issue worked on."""

from __future__ import annotations

import pytest

from tests.support.rows.row_histories import builder, evidence
from tests.support.rows.trackers import APR, JAN, REPOSITORY, TrackerRows
from warehouse.context import Context, IdentityRule, Project

build = builder("figures.kpi_evidence", kpis=("issue_resolution_ratio",))

CONTEXT = Context(
    projects=(Project(name="app", title="App", sources=(REPOSITORY,)),),
    identity_rules=(IdentityRule("ai_agent", "^claude"), IdentityRule("bot", "^robot")),
)
# By login: what the tracker says that it is, and whether it makes an issue worked on.
ACCOUNTS = {
    "bob": ("person", True),
    "ghost": ("ghost", True),
    "claude": ("person", False),
    "robot": ("person", False),
    "helper[bot]": ("person", False),
    "native": ("bot", False),
}


@pytest.fixture(scope="module")
def worked_on(tmp_path_factory):
    """Two issues for each account, with a comment and with an event of it in the quarter after."""
    store = tmp_path_factory.mktemp("worked")
    tracker = TrackerRows()
    for number, (login, (kind, _)) in enumerate(ACCOUNTS.items(), 1):
        tracker.issue(number, created_at=JAN)
        tracker.comment(number, login, APR, author_kind=kind)
        event = {"actor_login": login, "actor_kind": kind, "label": "x"}
        tracker.issue(100 + number, ("labeled", APR, event), created_at=JAN, labels=["x"])
    for number, kind in enumerate(("referenced", "referenced_elsewhere"), 201):
        mention = {"actor_login": "bob", "commit_hash": "a" * 40}
        tracker.issue(number, (kind, APR, mention), created_at=JAN)
    tracker.found(store)
    with build(store, CONTEXT) as connection:
        found = evidence(connection, "issue_resolution_ratio", "app")
    return {
        int(subject.rpartition("#")[2]): reason == "counted"
        for subject, quarter, reason, *_ in found
        if quarter == "2024-Q2"
    }


@pytest.mark.parametrize("first", [1, 101], ids=["comments", "events"])
def test_people_and_deleted_accounts_work_on_an_issue_and_no_others(worked_on, first):
    found = {login: worked_on[number] for number, login in enumerate(ACCOUNTS, first)}

    assert found == {login: is_person for login, (_, is_person) in ACCOUNTS.items()}


def test_a_comment_at_the_first_instant_of_a_quarter_is_work_in_it_alone(tmp_path):
    tracker = TrackerRows()
    tracker.issue(1, created_at="2023-11-10T00:00")
    tracker.comment(1, "bob", "2024-04-01T00:00")
    tracker.found(tmp_path)
    with build(tmp_path, CONTEXT) as connection:
        found = evidence(connection, "issue_resolution_ratio", "app")

    assert {quarter: reason for _, quarter, reason, *_ in found} == {
        "2023-Q4": "counted",
        "2024-Q1": "not_worked_on",
        "2024-Q2": "counted",
        "2024-Q3": "not_worked_on",
    }


def test_a_mention_by_a_commit_of_a_fork_is_no_work(worked_on):
    assert (worked_on[201], worked_on[202]) == (True, False)
