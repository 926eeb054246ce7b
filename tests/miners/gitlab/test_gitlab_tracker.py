"""Test requests for a GitLab project's items, and their rows."""

from __future__ import annotations

from collections import Counter

import pytest

from miners.errors import SourceDenied, SourceUnavailable
from miners.tracker import http
from miners.tracker.protocol import Deletion, Item, RecordRow
from miners.tracker.responses import SwitchedOff
from tests.support.fakes import gitlab_objects as objects
from tests.support.fakes.fake_gitlab import GitlabReply
from tests.support.fakes.gitlab_project import (
    FORBIDDEN,
    ROOT,
    NothingKnown,
    add,
    described,
    detail,
    items,
    opened,
    project,
    rows,
)


@pytest.fixture
def server():
    with project() as running:
        yield running


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(http, "_PAUSES_SECONDS", (0.0, 0.0, 0.0))


def test_a_project_is_described_and_asked_for_by_its_identifier_from_then_on(server):
    tracker = opened(server)
    description = tracker.describe()
    assert (description.tracker_id, description.open_count) == ("7", 1)
    assert tracker.root == ROOT
    assert [item.number for item in items(tracker, "issues")] == [5]
    assert server.paths() == ["/projects/team/app", f"{ROOT}/issues"]


def test_a_project_that_is_not_there_is_said_to_be_so(server):
    del server.objects["/projects/team/app"]
    with pytest.raises(SourceDenied, match="project does not exist") as caught:
        opened(server).describe()
    assert caught.value.remedy


@pytest.mark.parametrize("body", [[], "x", {"id": None}, {"id": 7, "archived": "no"}])
def test_a_project_described_in_another_shape_is_a_failure(server, body):
    server.objects["/projects/team/app"] = body
    with pytest.raises(SourceUnavailable):
        opened(server).describe()


def test_items_are_listed_from_an_instant_on(server):
    late = objects.ISSUE | {"id": 1, "iid": 6, "updated_at": "2024-01-09T00:00:00.000Z"}
    add(server, "issues", late)
    found = items(opened(server), "issues", "2024-01-05T00:00:00Z")
    assert [(item.kind, item.number, item.stamp) for item in found] == [
        ("issue", 6, late["updated_at"])
    ]
    query = server.log[-1].query
    assert query["state"] == query["scope"] == "all"


def test_an_entry_that_is_not_understood_is_rejected_and_the_others_are_not(server):
    server.lists[f"{ROOT}/issues"] += [{"id": 8, "iid": None, "updated_at": "2024-01-04"}]
    found = items(opened(server), "issues")
    assert [type(entry) for entry in found] == [Item, RecordRow]
    assert found[1].values[:3] == ("issues", "8", "iid is missing")


def test_lists_that_are_switched_off_are_not_asked_for(server):
    server.objects["/projects/team/app"] = objects.PROJECT | {"issues_enabled": False}
    with pytest.raises(SwitchedOff):
        items(opened(server), "issues")
    assert server.paths() == ["/projects/team/app"]


def test_a_list_that_is_on_and_refused_is_a_failure(server):
    server.replies[f"{ROOT}/issues"] = [FORBIDDEN]
    with pytest.raises(SourceDenied):
        items(opened(server), "issues")


def test_a_changed_issue_costs_four_requests_and_a_merge_request_six(server):
    tracker = opened(server)
    for name, cost in (("issues", 4), ("change_requests", 6)):
        found = items(tracker, name)
        before = len(server.log)
        list(tracker.details(found, NothingKnown()))
        assert len(server.log) - before == cost


def test_all_of_an_issue_is_read(server):
    path = f"{ROOT}/issues/5"
    server.lists[f"{path}/notes"] = [objects.NOTE | {"id": n} for n in range(250)]
    server.lists[f"{path}/resource_state_events"] = [objects.STATE_EVENT]
    server.lists[f"{path}/resource_label_events"] = [objects.LABEL_EVENT]
    server.lists[f"{path}/resource_milestone_events"] = [objects.MILESTONE_EVENT]
    found = detail(opened(server), "issues")
    records = Counter(row.record for row in found.rows)
    assert records == {"issues": 1, "comments": 250, "item_events": 3}
    assert found.whole == ("comments", "item_events")
    assert {(row.kind, row.number) for row in found.rows} == {("issue", 5)}


def test_all_of_a_merge_request_is_read(server):
    path = f"{ROOT}/merge_requests/9"
    server.lists[f"{path}/commits"] = [objects.COMMIT | {"id": c * 40} for c in "cba"]
    server.objects[f"{path}/approvals"] = {"approved_by": [objects.APPROVAL]}
    found = detail(opened(server), "change_requests")
    commits = [(r["position"], r["commit_hash"][0]) for r in rows(found, "change_request_commits")]
    assert commits == [(1, "a"), (2, "b"), (3, "c")]
    assert [r["review_id"] for r in rows(found, "reviews")] == ["approval:bob"]
    assert [r["event_id"] for r in rows(found, "item_events")] == ["field:merged"]
    (row,) = rows(found, "change_requests")
    assert row["head_repository"] == "team/app"
    assert found.whole == ("comments", "item_events", "reviews", "change_request_commits")


@pytest.mark.parametrize("reply", [FORBIDDEN, GitlabReply(404, {"message": "404 Not Found"})])
@pytest.mark.parametrize(
    ("part", "whole"),
    [
        ("notes", ("change_request_commits",)),
        ("resource_state_events", ("comments", "reviews", "change_request_commits")),
        ("commits", ("comments", "item_events", "reviews")),
        ("approvals", ("comments", "item_events", "reviews", "change_request_commits")),
    ],
)
def test_a_part_that_is_not_to_be_had_is_not_taken_for_an_empty_one(server, reply, part, whole):
    """What was known of it before is left as it was."""
    server.replies[f"{ROOT}/merge_requests/9/{part}"] = [reply]
    assert detail(opened(server), "change_requests").whole == whole


def test_what_was_rejected_does_not_count_as_deleted(server):
    server.lists[f"{ROOT}/issues/5/notes"] = [objects.NOTE | {"created_at": None}]
    assert detail(opened(server), "issues").whole == ("item_events",)


@pytest.mark.parametrize("part", ["notes", "commits", "resource_label_events", "approvals"])
def test_a_part_that_fails_is_a_failure(server, part):
    server.replies[f"{ROOT}/merge_requests/9/{part}"] = [GitlabReply(500, {})] * 4
    with pytest.raises(SourceUnavailable):
        detail(opened(server), "change_requests")


def test_an_item_that_vanished_since_it_was_listed_is_deleted(server):
    tracker = opened(server)
    listed = items(tracker, "issues")
    del server.objects[f"{ROOT}/issues/5"], server.lists[f"{ROOT}/issues/5/notes"]
    assert list(tracker.details(listed, NothingKnown())) == [(listed[0], Deletion("hidden"))]
    assert tracker.poll("issue", 5) == Deletion("hidden")
    assert isinstance(tracker.poll("change_request", 9), Item)


def test_a_moved_issue_says_where_it_went_and_when(server):
    moved = objects.ISSUE | {"id": 1, "iid": 6, "moved_to_id": 99}
    note = objects.SYSTEM_NOTE | {"body": "moved to team/other#4"}
    server.lists[f"{ROOT}/issues"] = []
    add(server, "issues", moved, notes=[note])
    found = detail(opened(server), "issues")
    (row,) = rows(found, "issues")
    (event,) = rows(found, "item_events")
    assert row["moved_to"] == "99"
    names = ("event_id", "event_kind", "new_value")
    assert [event[name] for name in names] == ["note:10", "transferred_out", "team/other#4"]


def test_all_items_are_listed_in_the_order_in_which_they_were_made(server):
    """Instants lead on where numbers of pages would be refused."""
    server.max_offset = 200
    server.lists[f"{ROOT}/issues"] = [
        objects.ISSUE | {"iid": n, "created_at": f"2024-01-{n // 40 + 1:02}T00:00:00.000Z"}
        for n in range(1000)
    ]
    tracker, mark, numbers = described(server), None, []
    for _ in range(100):
        found, mark = tracker.list_page("issues", mark)
        numbers += [item.number for item in found]
        if mark is None:
            break
    assert sorted(set(numbers)) == list(range(1000))
    assert numbers == sorted(numbers, key=lambda n: n // 40)


@pytest.mark.parametrize("status", [400, 405, 422])
def test_a_refused_question_is_a_failure_of_the_source(server, status):
    tracker = described(server)
    server.replies[f"{ROOT}/issues/5"] = [GitlabReply(status, {"error": "no"})]
    with pytest.raises(SourceUnavailable, match="issues/5 is refused"):
        tracker.poll("issue", 5)
