"""GitLab's objects to rows, whole rows against known answers."""

from __future__ import annotations

import json

import pytest

from miners.gitlab import delivery, events, notes, translate
from tests.support.fakes import gitlab_objects as objects
from tests.support.fakes.gitlab_objects import at, facts, owner

ISSUE, CHANGE_REQUEST = owner("issue"), owner("change_request")


def test_an_issue_is_this_row():
    assert facts(translate.issue(objects.ISSUE, is_kept=False)) == {
        "issue_number": 5,
        "item_id": "1005",
        "url": "https://h/team/app/-/issues/5",
        "title": "A title",
        "body": "A body",
        "author_login": "ann",
        "author_id": "1",
        "author_kind": "person",
        "assignees": '["bob"]',
        "labels": '["api", "bug"]',
        "milestone_id": "31",
        "milestone_title": "One",
        "state": "closed",
        "is_locked": False,
        "comment_count": 2,
        "created_at": at("2024-01-01"),
        "updated_at": at("2024-01-03"),
        "closed_at": at("2024-01-03"),
        "closed_by_login": "bob",
        "issue_type": "issue",
        "is_confidential": True,
    }


def test_a_merged_merge_request_is_this_row():
    found = translate.change_request(objects.MERGE_REQUEST, "team/app", is_kept=False)
    assert facts(found) == {
        "change_request_number": 9,
        "item_id": "2009",
        "url": "https://h/team/app/-/merge_requests/9",
        "title": "A title",
        "body": "A body",
        "author_login": "ann",
        "author_id": "1",
        "author_kind": "person",
        "assignees": '["bob"]',
        "labels": '["api", "bug"]',
        "milestone_id": "31",
        "milestone_title": "One",
        "state": "closed",
        "native_state": "merged",
        "is_locked": False,
        "comment_count": 2,
        "created_at": at("2024-01-01"),
        "updated_at": at("2024-01-05"),
        "closed_at": at("2024-01-05"),
        "closed_by_login": "bob",
        "is_draft": False,
        "base_ref": "main",
        "base_hash": "b" * 40,
        "head_ref": "topic",
        "head_hash": "a" * 40,
        "head_repository": "team/app",
        "requested_reviewers": '["bob"]',
        "ready_at": at("2024-01-01T00:00:01"),
        "merged_at": at("2024-01-05"),
        "merged_by_login": "bob",
        "merge_commit_hash": "c" * 40,
    }


@pytest.mark.parametrize(
    ("native", "state"),
    [("opened", "open"), ("closed", "closed"), ("merged", "closed"), ("locked", "open")],
)
def test_states_are_open_or_closed(native, state):
    raw = objects.MERGE_REQUEST | {"state": native}
    assert facts(translate.change_request(raw, "x", is_kept=False))["state"] == state


def test_an_issue_says_where_it_went_and_of_what_it_was_a_duplicate():
    raw = objects.ISSUE | {"moved_to_id": 99, "_links": {"closed_as_duplicate_of": "https://h/1"}}
    found = facts(translate.issue(raw, is_kept=False))
    assert (found["moved_to"], found["state_reason"]) == ("99", "duplicate")


@pytest.mark.parametrize(("source", "expected"), [(7, "team/app"), (8, "8"), (None, None)])
def test_a_merge_request_says_from_which_project_it_comes(source, expected):
    raw = objects.MERGE_REQUEST | {"source_project_id": source}
    found = facts(translate.change_request(raw, "team/app", is_kept=False))
    assert found.get("head_repository") == expected


@pytest.mark.parametrize(
    ("user", "login", "kind"),
    [
        (None, "ghost", "ghost"),
        ({}, "ghost", "ghost"),
        ({"username": "ghost"}, "ghost", "ghost"),
        ({"username": "ann"}, "ann", "person"),
        ({"username": "ann", "bot": True}, "ann", "bot"),
        ({"username": "project_12_bot"}, "project_12_bot", "bot"),
        ({"username": "group_3_bot_5d1f"}, "group_3_bot_5d1f", "bot"),
        ({"username": "service_account_group_3_" + "0f" * 16}, None, "bot"),
        ({"username": "support-bot"}, "support-bot", "bot"),
        ({"username": "robot-fan"}, "robot-fan", "person"),
    ],
)
def test_an_author_is_a_person_a_bot_or_a_ghost(user, login, kind):
    found = facts(translate.issue(objects.ISSUE | {"author": user}, is_kept=False))
    assert found["author_kind"] == kind
    assert login in {found["author_login"], None}


def test_a_closing_says_what_closed_it():
    assert facts(events.state_event(objects.STATE_EVENT, ISSUE)) == {
        "item_kind": "issue",
        "item_number": 5,
        "event_id": "state:12",
        "event_kind": "closed",
        "native_kind": "closed",
        "actor_login": "bob",
        "actor_id": "2",
        "actor_kind": "person",
        "happened_at": at("2024-01-03"),
        "commit_hash": "a" * 40,
        "closing_item_id": "2009",
    }


def test_labels_and_milestones_come_and_go():
    added = facts(events.label_event(objects.LABEL_EVENT, ISSUE))
    taken = facts(events.milestone_event(objects.MILESTONE_EVENT, ISSUE))
    assert [added[n] for n in ("event_id", "event_kind", "label")] == ["label:5", "labeled", "bug"]
    names = ("event_id", "event_kind", "milestone_title")
    assert [taken[name] for name in names] == ["milestone:7", "demilestoned", "One"]


def test_an_action_that_is_not_known_is_rejected():
    assert events.label_event(objects.LABEL_EVENT | {"action": "swap"}, ISSUE).record == "rejects"


def of_fields(kind, raw, *others):
    item = translate.item(kind, raw)
    return [facts(f) for f in events.events_of_fields(item, list(others), owner(kind))]


def test_a_merging_without_an_event_is_made_from_the_fields():
    assert of_fields("change_request", objects.MERGE_REQUEST) == [
        {
            "item_kind": "change_request",
            "item_number": 9,
            "event_id": "field:merged",
            "event_kind": "merged",
            "native_kind": "merged_at",
            "actor_login": "bob",
            "actor_id": "2",
            "actor_kind": "person",
            "happened_at": at("2024-01-05"),
            "commit_hash": "c" * 40,
        }
    ]
    merged = events.state_event(objects.STATE_EVENT | {"state": "merged"}, CHANGE_REQUEST)
    assert of_fields("change_request", objects.MERGE_REQUEST, merged) == []


def test_a_move_without_a_note_is_made_from_the_fields():
    moved = objects.ISSUE | {"moved_to_id": 99}
    (made,) = of_fields("issue", moved)
    names = ("event_id", "event_kind", "new_value", "happened_at")
    assert [made[n] for n in names] == ["field:moved", "transferred_out", "99", at("2024-01-03")]
    (note,) = notes.note(objects.SYSTEM_NOTE | {"body": "moved to a/b#1"}, ISSUE)
    assert of_fields("issue", moved, note) == []


def test_payloads_are_kept_only_where_wanted():
    kept, left = (translate.issue(objects.ISSUE, is_kept=is_kept) for is_kept in (True, False))
    assert json.loads(kept.values[-1]) == objects.ISSUE
    assert left.values[-1] is None


@pytest.mark.parametrize(
    ("raw", "status", "ended_at"),
    [
        ({}, "success", "2024-01-01T00:05:00"),
        ({"deployable": None}, "success", "2024-01-01T00:10:00"),
        ({"status": "running"}, "running", None),
        ({"status": "blocked"}, "created", None),
        ({"status": "skipped"}, "canceled", "2024-01-01T00:05:00"),
    ],
)
def test_a_deployment_came_to_its_status_when_its_job_ended(raw, status, ended_at):
    found = facts(delivery.deployment(objects.DEPLOYMENT | raw, is_kept=False))
    assert found["status"] == status
    assert found.get("status_at") == (ended_at and at(ended_at))
    assert found.get("succeeded_at") == (found.get("status_at") if status == "success" else None)


@pytest.mark.parametrize(
    ("native", "status", "conclusion"),
    [
        ("manual", "waiting", None),
        ("running", "running", None),
        ("failed", "completed", "failed"),
        ("canceled", "completed", "canceled"),
        ("skipped", "completed", "skipped"),
    ],
)
def test_a_pipeline_waits_runs_or_has_ended(native, status, conclusion):
    found = facts(delivery.pipeline(objects.PIPELINE | {"status": native}, is_kept=False))
    assert (found["status"], found.get("conclusion")) == (status, conclusion)


def test_a_status_that_is_not_known_is_rejected():
    raw = objects.PIPELINE | {"status": "levitating"}
    assert delivery.pipeline(raw, is_kept=True).record == "rejects"
