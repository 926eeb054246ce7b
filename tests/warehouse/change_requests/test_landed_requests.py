"""Test change requests that landed although closed."""

from __future__ import annotations

import pytest

from tests.support.rows.merged_requests import at, merged
from tests.support.rows.row_histories import BOB, HistoryRows, builder, rows
from tests.support.rows.trackers import REPOSITORY, TrackerRows

KPIS = ("change_requests_merged", "lead_time")
build = builder("facts.change_requests", "figures.kpi_evidence", kpis=KPIS)
LANDED = """
    select
        change_request_number, change_request_state, merged_evidence, merge_commit_hash,
        strftime(merged_at, '%m-%dT%H')
    from facts.change_requests order by all
"""
COUNTED = """
    select split_part(subject_id, '#', 2)::bigint, reason, grade from figures.kpi_evidence
    where
        kpi = 'change_requests_merged' and project = 'github.com/o/r' and quarter = '2024-Q1'
    order by all
"""


def closed(tracker, number, *events, title="It", **facts):
    """Add a change request that was opened on day 2 and closed on day 5."""
    times = {"created_at": at(2), "closed_at": at(5), "closed_by_login": "bot"}
    tracker.change_request(number, *events, state="closed", title=title, **{**times, **facts})


def history():
    """The default branch of a repository whose first commit is of February."""
    made = HistoryRows(source=REPOSITORY)
    made.commit("base", at="2024-02-01T00:00", files=[("a", 1, 0)])
    return made


@pytest.fixture
def look(tmp_path):
    def look(made, tracker, query=LANDED, **facts):
        made.found(tmp_path)
        tracker.found(tmp_path, **facts)
        return rows(build(tmp_path), query)

    return look


CHANGED = {"files": [("a", 1, 1)], "by": BOB}


def test_what_landed_is_merged_with_a_grade(look):
    made, tracker = history(), TrackerRows()
    made.commit("c1", "base", at=at(5), **CHANGED)
    made.commit("c2", "c1", at=at(4), subject="Do it (#2)", **CHANGED)
    made.commit("c3", "c2", at=at(5), body="PR-URL: https://github.com/o/r/pull/3", **CHANGED)
    made.commit("c4", "c3", at=at(5), written=at(3), files=[("a", 1, 1)])
    made.commit("own5", "base", at=at(3), files=[("b", 1, 0)], tree="of 5")
    made.commit("c5", "c4", at=at(5), tree="of 5", **CHANGED)
    made.commit("c6", "c5", at="2024-03-05T00:40", subject="Say it better", **CHANGED)
    closed(tracker, 1, ("closed", at(5), {"commit_hash": "c1"}))
    closed(tracker, 2, title="[Merged by Bors] - Do it")
    closed(tracker, 3)
    closed(tracker, 4)
    tracker.commit(4, "own4", at(3))
    closed(tracker, 5, head_hash="own5")
    closed(tracker, 6, title="Say it better")
    assert look(made, tracker) == [
        (1, "merged", "closing_commit", "c1", "03-05T00"),
        (2, "merged", "named_number", "c2", "03-05T00"),
        (3, "merged", "named_number", "c3", "03-05T00"),
        (4, "merged", "same_author_time", "c4", "03-05T00"),
        (5, "merged", "same_tree", "c5", "03-05T00"),
        (6, "merged", "same_title", "c6", "03-05T00"),
    ]


def test_the_evidence_has_the_grade_and_the_contradiction_is_listed(look, tmp_path):
    made, tracker = history(), TrackerRows()
    made.commit("c2", "base", at=at(4), subject="Do it (#2)", **CHANGED)
    closed(tracker, 2)
    merged(tracker, 3)
    assert look(made, tracker, COUNTED) == [
        (2, "counted", "named_number"),
        (3, "counted", None),
    ]


def test_what_did_not_land_is_abandoned(look):
    """Too early, too late, of another repository, without a change, off the branch, of another."""
    made, tracker = history(), TrackerRows()
    made.commit("early", "base", at="2024-02-20T00:00", subject="Old (#1)", **CHANGED)
    made.commit("late", "early", at=at(9), subject="New (#2)", **CHANGED)
    elsewhere = "Closes https://github.com/other/r/pull/3"
    made.commit("foreign", "late", at=at(5), body=elsewhere, **CHANGED)
    made.commit("empty", "foreign", at=at(5), body="Closes #4")
    made.commit("title", "empty", at=at(5, 3), subject="Do it", **CHANGED)
    made.commit("theirs", "title", at=at(5), subject="Fix typo", **CHANGED)
    made.commit("side", "base", at=at(4), subject="Side (#5)", **CHANGED)
    made.head = "theirs"
    for number in (1, 2, 3, 4, 5):
        closed(tracker, number)
    closed(tracker, 6, title="Do it")
    closed(tracker, 7, title="Fix typo")
    merged(tracker, 8, merge_commit_hash="theirs")
    found = look(made, tracker)
    assert [(number, state) for number, state, *_ in found] == [
        *((number, "abandoned") for number in range(1, 8)),
        (8, "merged"),
    ]


def test_what_another_request_brought_is_that_one_s(look):
    """By a commit that closed the first, with a commit of the second, or under the number."""
    made, tracker = history(), TrackerRows()
    made.commit("c2", "base", at=at(3), files=[("a", 1, 1)])
    body = "Closes #1\nCloses #3"
    made.commit("m", "base", "c2", at=at(5), body=body, subject="Merge pull request #8", by=BOB)
    closed(tracker, 1, ("closed", at(5), {"commit_hash": "m"}))
    closed(tracker, 2)
    tracker.commit(2, "own2", at(3))
    closed(tracker, 3)
    merged(tracker, 8, commits=(), merge_commit_hash="m")
    tracker.commit(8, "c2", at(3))

    found = look(made, tracker)
    assert [(number, state) for number, state, *_ in found] == [
        *((number, "abandoned") for number in (1, 2, 3)),
        (8, "merged"),
    ]


def test_a_request_that_a_later_one_delivers_as_well_landed(look):
    """A release request, opened after the closing, lists the commit too."""
    made, tracker = history(), TrackerRows()
    resolved = "Pull Request resolved: https://github.com/o/r/pull/1"
    made.commit("c1", "base", at=at(5), body=resolved, **CHANGED)
    made.commit("m", "base", "c1", at=at(9), by=BOB)
    made.commit("tip", "m", at=at(10), **CHANGED)
    closed(tracker, 1, base_ref="develop")
    later = {"created_at": at(8), "merged_at": at(9), "closed_at": at(9)}
    merged(tracker, 8, commits=(), merge_commit_hash="m", **later)
    tracker.commit(8, "c1", at(5))

    assert look(made, tracker)[0][:4] == (1, "merged", "named_number", "c1")


def test_a_head_that_was_put_back_to_the_branch_landed_nothing(look):
    """And so has one that has nothing left after the branch was merged into it."""
    made, tracker = history(), TrackerRows()
    made.commit("tip", "base", at=at(4), tree="of the tip", **CHANGED)
    made.commit("merged", "base", "tip", at=at(5), tree="of the tip")
    made.head = "tip"
    closed(tracker, 1, head_hash="tip")
    closed(tracker, 2, head_hash="merged")

    found = look(made, tracker)
    assert [row[:3] for row in found] == [(1, "abandoned", None), (2, "abandoned", None)]


def test_a_number_after_a_hash_is_an_issue_where_merge_requests_have_another_sign(look):
    made, tracker = history(), TrackerRows()
    made.commit("issue", "base", at=at(5), body="Closes #1", **CHANGED)
    named = "Part-of: <https://x/o/r/-/merge_requests/2>"
    made.commit("request", "issue", at=at(5), body=named, **CHANGED)
    made.commit("sign", "request", at=at(5), body="Closes !3", **CHANGED)
    made.commit("subject", "sign", at=at(5), subject="Do it (!4)", **CHANGED)
    subjects = {5: "(#5)", 6: "(#6)", 7: "(!7)"}
    for number, named in subjects.items():
        made.commit(f"c{number}", made.head, at=at(5), subject=f"Do it {named}", **CHANGED)
    for number in range(1, 6):
        closed(tracker, number)
    for number in (6, 7):
        merged(tracker, number, commits=())
    found = look(made, tracker, tracker_kind="gitlab")
    assert [row[:4] for row in found] == [
        (1, "abandoned", None, None),
        (2, "merged", "named_number", "request"),
        (3, "merged", "named_number", "sign"),
        (4, "merged", "named_number", "subject"),
        (5, "abandoned", None, None),
        (6, "merged", "merged_event", None),
        (7, "merged", "merged_event", "c7"),
    ]


def test_a_request_whose_commits_others_merged_is_no_change(look):
    """A release of what 1 and 2 brought to develop; 4 has a commit of its own, 5 the same base."""
    made, tracker = history(), TrackerRows()
    made.commit("m", "base", "base", at=at(6))
    develop = {"base_ref": "develop"}
    merged(tracker, 1, commits=(at(1),), **develop)
    merged(tracker, 2, commits=(at(1),), squash_commit_hash="s2", **develop)
    later = {"created_at": at(6), "merged_at": at(8), "closed_at": at(8)}
    for number, base, names in (
        *((3, "main", ("c1.1", "s2", "m")), (4, "main", ("c1.1", "own"))),
        *((5, "develop", ("c1.1",)), (6, "main", ("m",))),
    ):
        merged(tracker, number, commits=(), base_ref=base, **later)
        for position, name in enumerate(names, 1):
            tracker.commit(number, name, at(1), position)
    assert look(made, tracker, COUNTED) == [
        (1, "counted", None),
        (2, "counted", None),
        (3, "delivered_by_others", None),
        (4, "counted", None),
        (5, "counted", None),
        (6, "counted", None),
    ]


def test_work_that_was_imported_starts_no_lead_time(look):
    """A request that adds a library with its history: its own commit counts, theirs do not."""
    made, tracker = history(), TrackerRows()
    made.commit("lib", at="2014-01-01T00:00", files=[("lib", 9, 0)])
    made.commit("add", "base", "lib", at=at(1))
    made.commit("use", "add", at=at(1, 5), **CHANGED)
    made.commit("m", "base", "use", at=at(5))
    merged(tracker, 1, ("merged", at(5), {"commit_hash": "m"}), commits=())
    for position, (name, when) in enumerate(
        (("lib", "2014-01-01T00:00"), ("add", at(1)), ("use", at(1, 5))), 1
    ):
        tracker.commit(1, name, when, position)
    query = """
        select source, subject_id, reason, value from figures.kpi_evidence
        where kpi = 'lead_time' and project = 'github.com/o/r' and quarter = '2024-Q1'
    """
    assert look(made, tracker, query) == [(REPOSITORY, f"{REPOSITORY}#1", "counted", 4 * 86400)]
