"""Test GitLab's system notes, and the real objects of a project."""

from __future__ import annotations

import json
import lzma

import pytest

from miners.gitlab import notes, reviews, translate
from tests.support.fakes import gitlab_objects as objects
from tests.support.fakes.gitlab_objects import assert_fits, at, facts, owner

ISSUE, CHANGE_REQUEST = owner("issue"), owner("change_request")


OLD, NEW = "0" * 40, "1" * 40
PUSH = (
    f"added 2 commits\n\n<ul><li>00000000 - a title</li></ul>\n\n"
    f"[Compare with previous version](/team/app/-/merge_requests/9/diffs?diff_id=1&start_sha={OLD})"
)
SAID = [
    ("assigned to @ann", [("assigned", {"subject_login": "ann"})]),
    (
        "assigned to @ann, @b.c-d, and @e_f and unassigned @g",
        [("assigned", {"subject_login": login}) for login in ("ann", "b.c-d", "e_f")]
        + [("unassigned", {"subject_login": "g"})],
    ),
    ("unassigned @ann", [("unassigned", {"subject_login": "ann"})]),
    ("removed assignee", [("other", {})]),
    (
        "requested review from @ann and @bob and removed review request for @cy",
        [("review_requested", {"subject_login": login}) for login in ("ann", "bob")]
        + [("review_request_removed", {"subject_login": "cy"})],
    ),
    (
        "requested review from @ann and removed approval",
        [("review_requested", {"subject_login": "ann"})],
    ),
    (
        "changed title from **{-Draft: -}Fix it** to **Fix it{+ now+}**",
        [("renamed", {"old_value": "Draft: Fix it", "new_value": "Fix it now"})],
    ),
    (
        "changed title from **assigned to @ann** to **a\nb**",
        [("renamed", {"old_value": "assigned to @ann", "new_value": "a\nb"})],
    ),
    ("marked this merge request as **draft**", [("draft", {})]),
    (f"marked this merge request as **draft** from {NEW}", [("draft", {})]),
    ("marked as a **Work In Progress**", [("draft", {})]),
    ("marked this merge request as **ready**", [("ready", {})]),
    ("unmarked as a **Work In Progress**", [("ready", {})]),
    ("unmarked this merge request as a **Work In Progress**", [("ready", {})]),
    (PUSH, [("other", {"old_value": OLD})]),
    ("added 1 commit", [("other", {})]),
    ("moved to team/other#4", [("transferred_out", {"new_value": "team/other#4"})]),
    ("moved from team/other#4", [("transferred_in", {"old_value": "team/other#4"})]),
    ("promoted to epic &5", [("converted", {"new_value": "&5"})]),
    (f"mentioned in commit {NEW}", [("referenced", {"commit_hash": NEW})]),
    (f"mentioned in commit other@{NEW}", [("referenced", {"commit_hash": NEW})]),
    (f"mentioned in commit team/fork@{NEW}", [("referenced_elsewhere", {"commit_hash": NEW})]),
    ("mentioned in merge request !8", [("referenced", {"new_value": "!8"})]),
    ("mentioned in issue team/other#3", [("referenced", {"new_value": "team/other#3"})]),
    (
        "marked this issue as a duplicate of #3",
        [("duplicate", {"new_value": "#3"})],
    ),
    (
        "changed target branch from `main` to `release`",
        [("base_changed", {"old_value": "main", "new_value": "release"})],
    ),
    (
        "deleted the `old` branch. This merge request now targets the `main` branch",
        [("base_changed", {"old_value": "old", "new_value": "main"})],
    ),
    ("changed source branch from `a` to `b`", [("other", {})]),
    ("deleted source branch `topic`", [("head_deleted", {"old_value": "topic"})]),
    ("restored source branch `topic`", [("head_restored", {"new_value": "topic"})]),
    ("locked this issue", [("locked", {})]),
    ("locked the discussion in this merge request", [("locked", {})]),
    ("unlocked the discussion in this issue", [("unlocked", {})]),
    ("approved this merge request", [("other", {})]),
    ("unapproved this merge request", [("review_dismissed", {})]),
    ("requested changes", [("other", {})]),
    ("closed", [("closed", {})]),
    (f"closed via commit {NEW}", [("closed", {"commit_hash": NEW})]),
    ("closed via commit 11111111", [("closed", {"new_value": "11111111"})]),
    ("closed via merge request !8", [("closed", {"new_value": "!8"})]),
    ("reopened", [("reopened", {})]),
    ("merged", [("merged", {})]),
    (
        'changed milestone to %"Next one"',
        [("milestoned", {"new_value": '%"Next one"', "milestone_title": "Next one"})],
    ),
    (
        "changed milestone to team/app%v1.2",
        [("milestoned", {"new_value": "team/app%v1.2", "milestone_title": "v1.2"})],
    ),
    ("changed milestone to %12", [("milestoned", {"new_value": "%12"})]),
    ("removed milestone", [("demilestoned", {})]),
    ("changed the description", [("other", {})]),
    ("resolved all threads", [("other", {})]),
    ("", [("other", {})]),
]
_TOLD = ("subject_login", "old_value", "new_value", "commit_hash", "milestone_title")


@pytest.mark.parametrize(("body", "expected"), SAID)
def test_what_a_system_note_means(body, expected):
    found = list(notes.note(objects.SYSTEM_NOTE | {"body": body}, CHANGE_REQUEST))
    told = [facts(event) for event in found]
    assert [(t["event_kind"], {n: t[n] for n in _TOLD if n in t}) for t in told] == expected
    ids = [t["event_id"] for t in told]
    several = [f"note:10:{n}" for n in range(1, len(told) + 1)]
    assert ids == (["note:10"] if len(told) == 1 else several)


def test_what_people_write_is_a_comment_whatever_it_says():
    (found,) = notes.note(objects.NOTE | {"body": "closed", "type": "DiscussionNote"}, ISSUE)
    assert facts(found) == {
        "comment_kind": "comment",
        "comment_id": "9",
        "item_kind": "issue",
        "item_number": 5,
        "author_login": "bob",
        "author_id": "2",
        "author_kind": "person",
        "created_at": at("2024-01-02"),
        "updated_at": at("2024-01-02T00:00:01"),
    }
    (on_line,) = notes.note(objects.NOTE | {"type": "DiffNote"}, CHANGE_REQUEST)
    assert on_line.key == "review_comment/9"


def said(number, who, body):
    return objects.SYSTEM_NOTE | {
        "id": number,
        "author": {"username": who},
        "body": body,
        "created_at": f"2024-01-{number:02}",
    }


HISTORY = [
    said(1, "ann", "approved this merge request"),
    said(2, "ann", "unapproved this merge request"),
    said(3, "bob", "approved this merge request"),
    said(4, "cy", "requested changes"),
]


def verdicts(approvals, history):
    found = [facts(review) for review in reviews.reviews(approvals, history, CHANGE_REQUEST)]
    return {r["review_id"]: (r["verdict"], r.get("submitted_at")) for r in found}


def test_verdicts_are_what_stands_what_was_withdrawn_and_what_was_asked_for():
    """The time of an approval is its own where the server states it, else that of its note."""
    listed = {"approved_by": [{"user": {"username": "bob"}}, objects.APPROVAL | {"user": {}}]}
    assert verdicts(listed, HISTORY) == {
        "approval:bob": ("approved", at("2024-01-03")),
        "approval:ghost": ("approved", at("2024-01-04")),
        "approval:ann": ("dismissed", at("2024-01-01")),
        "note:4": ("changes_requested", at("2024-01-04")),
    }


def test_without_a_list_of_approvals_the_notes_count():
    assert verdicts(None, HISTORY) == {
        "approval:bob": ("approved", at("2024-01-03")),
        "approval:ann": ("dismissed", at("2024-01-01")),
        "note:4": ("changes_requested", at("2024-01-04")),
    }


def test_an_approval_that_a_push_reset_stays_a_review_once_it_is_given_again():
    """GitLab writes no note when it resets approvals; bob approved before and after."""
    again = [*HISTORY, said(5, "bob", "approved this merge request")]
    listed = {"approved_by": [{"user": {"username": "bob"}, "approved_at": "2024-01-05"}]}
    for approvals in (listed, None):
        assert verdicts(approvals, again) == {
            "approval:bob": ("approved", at("2024-01-05")),
            "approval:ann": ("dismissed", at("2024-01-01")),
            "note:3": ("dismissed", at("2024-01-03")),
            "note:4": ("changes_requested", at("2024-01-04")),
        }
    assert verdicts({"approved_by": []}, HISTORY)["approval:bob"] == ("dismissed", at("2024-01-03"))


def test_a_list_of_approvals_that_is_none_is_rejected():
    (found,) = reviews.reviews({"approved_by": "bob"}, HISTORY, CHANGE_REQUEST)
    assert found.values[:2] == ("reviews", "9")


@pytest.fixture(scope="module")
def real(shared_data):
    """The objects of one project of gitlab.com, as it served them in 2022."""
    path = shared_data / "snowflake_spend-gitlab" / "snapshot.jsonl.xz"
    if not path.is_file():
        pytest.skip(f"there is no {path}")
    with lzma.open(path, "rt") as lines:
        return [json.loads(line)["data"] for line in lines]


def test_real_items_are_rows(real):
    issues = [translate.issue(e["issue"], is_kept=True) for e in real if "issue" in e]
    asked = [e["merge_request"] for e in real if "merge_request" in e]
    made = [translate.change_request(raw, "x/y", is_kept=True) for raw in asked]
    assert {found.record for found in issues} == {"issues"}
    assert {found.record for found in made} == {"change_requests"}
    states = [facts(found)["state"] for found in issues + made]
    assert (len(issues), len(made), states.count("open")) == (16, 18, 9)
    assert sum("merged_at" in facts(found) for found in made) == 10
    for found in issues + made:
        assert_fits(found)


def test_real_notes_are_events_and_comments(real):
    written = [raw for e in real for raw in e.get("notes", [])]
    found = [row for raw in written for row in notes.note(raw, CHANGE_REQUEST)]
    kinds = [facts(row).get("event_kind", "comment") for row in found]
    assert {kind: kinds.count(kind) for kind in sorted(set(kinds))} == {
        "assigned": 4,
        "comment": 4,
        "head_restored": 1,
        "merged": 2,
        "other": 6,
        "ready": 1,
        "referenced": 2,
        "unassigned": 1,
    }
    pushes = [facts(row) for row in found if facts(row).get("native_kind") == "commits"]
    assert all(len(push["old_value"]) == 40 for push in pushes)


def test_real_commits_are_rows(real):
    commits = [raw for e in real for raw in e.get("commits", [])]
    found = [reviews.commit(raw, 1, CHANGE_REQUEST) for raw in commits]
    assert {row.record for row in found} == {"change_request_commits"}
