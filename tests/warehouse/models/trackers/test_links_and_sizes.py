"""Test comments, links, states, sizes and languages of work."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.rows.row_histories import ANN, BOB, HistoryRows, builder, instant, rows
from tests.support.rows.trackers import APR, FEB, JAN, MAR, REPOSITORY, TRACKER, TrackerRows
from warehouse.context import Context, IdentityRule

TABLES = ("comments", "links", "change_requests", "change_request_states", "ai_helped_commits")
build = builder(*(f"facts.{name}" for name in TABLES), "facts.commit_files")
AGENTS = Context(identity_rules=(IdentityRule("ai_agent", r"^helper\b"),))
MERGE = 40 * "d"
TEXT = """Closes #1 and see o/other#2, &#2; text#2.
Fixes: #2, #3
#10 !3
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Request 10 is merged, 11 squashed, 12 abandoned and opened again, 13 reverts 10."""
    store = tmp_path_factory.mktemp("links")
    history().found(store)
    tracker().found(store)
    with build(store, AGENTS) as connection:
        yield connection


def history():
    made = HistoryRows(source=REPOSITORY)
    made.commit("a", at=JAN, files=[("src/Main.PY", 1, 0), (".gitignore", 1, 0), ("bin.x", 1, 0)])
    made.commit("c10.1", "a", at=JAN, by=BOB, files=[("x.py", 5, 1), ("y.tar.gz", 2, 0)])
    made.commit("c10.2", "c10.1", at=JAN, by=BOB, files=[("x.py", 3, 3)])
    made.commit(MERGE, "a", "c10.2", at=FEB, subject="Merge pull request #10 from o/x")
    helper = [("Co-authored-by", "Helper <helper@example.org>")]
    files = [("Makefile", 4, 0), ("web/app.test.tsx", None, None)]
    made.commit("s11", MERGE, at=MAR, files=files, trailers=helper, subject="Do it (#11)")
    body = f"This reverts commit {MERGE}."
    made.commit("r13", "s11", at=APR, by=ANN, subject='Revert "It"', body=body, files=[("x", 0, 1)])
    return made


def tracker():
    made = TrackerRows()
    closing = {"closing_item_id": "change_request-10"}
    made.issue(1, ("closed", FEB, closing), state="closed", closed_at=FEB)
    made.issue(2, ("referenced", MAR, {"commit_hash": "c10.1"}))
    made.issue(3, ("referenced", MAR, {"commit_hash": "elsewhere"}))
    made.issue(4, ("referenced", FEB, {"commit_hash": "c10.2"}))
    merged = {"state": "closed", "closed_at": FEB, "merged_at": FEB, "merge_commit_hash": MERGE}
    made.change_request(10, ("merged", FEB, {"commit_hash": MERGE}), body=TEXT, **merged)
    made.commit(10, "c10.1", JAN)
    made.commit(10, "c10.2", JAN, 2)
    squashed = {**merged, "closed_at": MAR, "merged_at": MAR, "squash_commit_hash": "s11"}
    made.change_request(11, ("merged", MAR), **{**squashed, "merge_commit_hash": "s11"})
    made.commit(11, "not mined", JAN)
    made.change_request(12, ("closed", FEB), ("reopened", MAR), title="As in #11")
    made.commit(12, "not mined either", JAN)
    made.change_request(13, created_at=APR)
    made.commit(13, "r13", APR)
    made.comment(1, "carol", FEB)
    line = {"comment_kind": "review_comment", "item_kind": "change_request", "review_id": "r1"}
    made.comment(10, "robot", None, author_kind="bot", **line)
    return made


def quarter(at):
    number = 1 if at < APR else 2
    return f"2024-Q{number}", date(2024, 3 * number - 2, 1)


def test_comments_state_who_wrote_them_and_when(built):
    assert rows(built, "from facts.comments order by comment_id") == [
        (
            *(REPOSITORY, TRACKER, "comment", "c0", "issue", 1, None),
            *("carol", "person", instant(FEB), *quarter(FEB)),
        ),
        (
            *(REPOSITORY, TRACKER, "review_comment", "c1", "change_request", 10, "r1"),
            *("robot", "bot", None, None, None),
        ),
    ]


def link(request, kind, number, does, evidence, at):
    return (
        *(REPOSITORY, TRACKER, request, kind, number, does, evidence),
        *(instant(at), *quarter(at)),
    )


def test_the_strongest_link_of_a_change_request_to_each_item(built):
    """Issue 2 is named by an event, and by a text that closes; 12 names a change request."""
    assert rows(built, "from facts.links order by all") == [
        link(10, "issue", 1, "closes", "event", FEB),
        link(10, "issue", 2, "closes", "text", JAN),
        link(10, "issue", 3, "mentions", "text", JAN),
        link(10, "issue", 4, "mentions", "event", FEB),
        link(12, "change_request", 11, "mentions", "text", JAN),
        link(13, "change_request", 10, "reverts", "commit", APR),
    ]


def state(request, number, state, since, until):
    return (
        *(REPOSITORY, TRACKER, request, number, state),
        *(instant(since), instant(until), *quarter(since)),
    )


def test_states_of_change_requests_follow_each_other_until_a_merge(built):
    assert rows(built, "from facts.change_request_states order by all") == [
        state(10, 1, "open", JAN, FEB),
        state(10, 2, "merged", FEB, None),
        state(11, 1, "open", JAN, MAR),
        state(11, 2, "merged", MAR, None),
        state(12, 1, "open", JAN, FEB),
        state(12, 2, "abandoned", FEB, MAR),
        state(12, 3, "open", MAR, None),
        state(13, 1, "open", APR, None),
    ]


def test_the_size_of_a_change_request_is_that_of_its_commits_or_of_the_squashed_one(built):
    query = """
        select change_request_number, size_evidence, own_commit_count, file_count, lines_added,
            lines_deleted
        from facts.change_requests order by all
    """
    assert rows(built, query) == [
        (10, "own_commits", 2, 2, 10, 4),
        (11, "squashed_commit", 1, 2, 4, 0),
        (12, None, 1, None, None, None),
        (13, "own_commits", 1, 1, 0, 1),
    ]


def test_files_have_the_language_of_their_extension_or_name(built):
    query = "select distinct path, extension, language from facts.commit_files order by all"
    assert rows(built, query) == [
        (".gitignore", None, None),
        ("Makefile", None, "Makefile"),
        ("bin.x", "x", None),
        ("src/Main.PY", "py", "Python"),
        ("web/app.test.tsx", "tsx", "TypeScript"),
        ("x", None, None),
        ("x.py", "py", "Python"),
        ("y.tar.gz", "gz", None),
    ]


def test_each_extension_has_one_language(built):
    query = "select extension from staging.languages group by all having count(*) > 1"
    assert rows(built, query) == []


def test_commits_that_disclose_an_agent(built):
    query = "select commit_hash, author_kind, quarter from facts.ai_helped_commits"
    assert rows(built, query) == [("s11", "person", "2024-Q1")]
