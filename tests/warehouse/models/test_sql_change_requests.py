"""Test facts on change requests."""

from __future__ import annotations

from datetime import date

from tests.support.rows.merged_requests import at, merged
from tests.support.rows.row_histories import HistoryRows, builder, instant, rows, table
from tests.support.rows.trackers import REPOSITORY, TRACKER

build = builder(
    "facts.change_requests",
    "facts.tracker_disagreements",
)

OPENED, MERGED = "2024-03-01T00:00", "2024-03-05T00:00"
METHODS = """
    select
        change_request_number, merge_commit_hash, merge_commit_evidence, merge_method,
        merge_method_evidence
    from intermediate.change_request_merges order by 1
"""


MERGED_BY = [
    (1, "m1", "merged_event", "merge", "second_parent_is_head"),
    (2, "m2", "subject", "merge", "second_parent_is_head"),
    (3, "s3", "subject", "squash", "one_for_many_commits"),
    (4, "r4.2", "merge_field", "rebase", "same_author_times"),
    (5, "c5.1", "merge_field", "rebase", "own_commit"),
    (6, "s6", "squash_field", "squash", "squash_field"),
    (7, "m7", "merge_field", "merge", "two_parents"),
    (8, None, "unknown", "unknown", "no_merge_commit"),
    (9, "s6", "merge_field", "squash", "other_hash"),
    (10, "near10", "subject", "squash", "other_hash"),
    (11, None, "unknown", "unknown", "no_merge_commit"),
    (12, "s12", "subject", "squash", "one_for_many_commits"),
]


def test_merge_commits_and_methods(tracker, tmp_path):
    """
    The event names the merge; a stale field does not; a subject may; else none is known.

    Of two subjects the nearest in time; none that names it before its end; no other branch.
    """
    history = HistoryRows(source=REPOSITORY)
    history.commit("a", at="2024-02-01T00:00")
    history.commit("side11", "a", at=at(5))
    history.commit("c1.1", "a", at=at(1))
    history.commit("m1", "a", "c1.1", at=at(5))
    history.commit("c2.1", "m1", at=at(1))
    history.commit("m2", "m1", "c2.1", at=at(5), subject="Merge o/r#2: do it")
    history.commit("s3", "m2", at=at(5), subject="Do it (#3)")
    history.commit("r4.1", "s3", at=at(5), written=at(1))
    history.commit("r4.2", "r4.1", at=at(5), written=at(2))
    history.commit("c5.1", "r4.2", at=at(1))
    history.commit("s6", "c5.1", at=at(5))
    history.commit("m7", "s6", "a", at=at(5), subject="Merge other/place#8: theirs")
    history.commit("far10", "m7", at=at(30), subject="Do it (#10)")
    history.commit("near10", "far10", at=at(6), subject="Do it (#10)")
    history.commit("s12", "near10", at=at(5), written=at(2), subject="Do it (#12)")
    history.commit("u8", "s12", at=at(5), subject="Undo (#8) for now")
    history.found(tmp_path)
    two = (at(1), at(2))
    merged(tracker, 1, ("merged", at(5, 1), {"commit_hash": "m1"}), merge_commit_hash="stale")
    merged(tracker, 2, merge_commit_hash="stale", head_hash="c2.1")
    merged(tracker, 3, commits=two)
    merged(tracker, 4, commits=two, merge_commit_hash="r4.2")
    merged(tracker, 5, merge_commit_hash="c5.1")
    merged(tracker, 6, merge_commit_hash="stale", squash_commit_hash="s6")
    merged(tracker, 7, commits=(), merge_commit_hash="m7")
    merged(tracker, 8)
    merged(tracker, 9, commits=(at(3),), merge_commit_hash="s6")
    merged(tracker, 10)
    merged(tracker, 11, merge_commit_hash="side11")
    merged(tracker, 12, commits=two)
    tracker.found(tmp_path)
    connection = build(tmp_path)

    assert rows(connection, METHODS) == MERGED_BY
    query = "select item_number, disagreement_kind from facts.tracker_disagreements order by all"
    stale = "merge_commit_not_on_default_branch"
    assert [row for row in rows(connection, query) if row[1] == stale] == [
        (number, stale) for number in (1, 2, 3, 6, 8, 10, 11, 12)
    ]


WHOLE = [
    {
        "source": REPOSITORY,
        "tracker_source": TRACKER,
        "change_request_number": 4,
        "item_id": "change_request-4",
        "url": "https://github.com/o/r/pull/4",
        "title": "Do it",
        "author_login": "ann",
        "author_account_kind": "person",
        "assignees": "[]",
        "labels": '["bug"]',
        "milestone_id": None,
        "milestone_title": None,
        "base_ref": "main",
        "head_ref": "topic",
        "head_hash": "c4.1",
        "head_repository": "ann/r",
        "is_draft": False,
        "is_locked": False,
        "comment_count": 0,
        "change_request_state": "merged",
        "merged_by_login": "ann",
        "merged_at_evidence": "field",
        "merged_evidence": "merged_event",
        "merge_commit_hash": None,
        "merge_commit_evidence": "unknown",
        "merge_method": "unknown",
        "merge_method_evidence": "no_merge_commit",
        "own_commit_count": 1,
        **dict.fromkeys(("size_evidence", "file_count", "lines_added", "lines_deleted")),
        "force_push_count": 0,
        "is_opened_as_draft": True,
        "review_count": 1,
        "lead_time_evidence": "head_commits",
        "lead_time_seconds": 96 * 3600,
        "shortest_lead_time_seconds": 96 * 3600,
        "coding_seconds": 25 * 3600,
        "pickup_seconds": 23 * 3600,
        "review_seconds": 0,
        "merge_seconds": 48 * 3600,
        "unmeasured_seconds": 0,
        "fate": None,
        "first_own_commit_at": instant(at(1)),
        "work_started_at_earliest": instant(at(1)),
        "work_started_at_latest": instant(at(1)),
        "opened_at": instant(at(2)),
        "ready_at": instant(at(2, 1)),
        "first_review_at": instant(at(3)),
        "first_approval_at": instant(at(3)),
        "updated_at": instant(at(5)),
        "merged_at": instant(at(5)),
        "abandoned_at": None,
        "gone_noticed_at": None,
        "quarter": "2024-Q1",
        "quarter_starts_on": date(2024, 1, 1),
    }
]


def test_a_whole_change_request(tracker, tmp_path):
    merged(
        tracker,
        4,
        ("ready", at(2, 1)),
        title="Do it",
        labels=["bug"],
        head_ref="topic",
        head_hash="c4.1",
        head_repository="ann/r",
        url="https://github.com/o/r/pull/4",
        merged_by_login="cleo",
    )
    tracker.review(4, "bob", at(3), "approved")
    tracker.found(tmp_path)

    assert table(build(tmp_path), "select * from facts.change_requests") == WHOLE


def test_one_that_was_closed_without_a_merge_is_abandoned(tracker, tmp_path):
    tracker.change_request(1, ("closed", at(3)), state="closed", closed_at=at(3))
    tracker.change_request(2)
    tracker.found(tmp_path)

    query = """
        select change_request_state, abandoned_at
        from facts.change_requests order by change_request_number
    """
    assert rows(build(tmp_path), query) == [("abandoned", instant(at(3))), ("open", None)]
