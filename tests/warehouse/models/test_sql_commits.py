"""Test facts on commits."""

from __future__ import annotations

from datetime import date

import pytest

from flows.settings.workspace import tracker_kinds
from tests.support.rows.row_histories import (
    BOB,
    LOOKED_AT,
    ROBOT,
    SOURCE,
    HistoryRows,
    builder,
    column,
    instant,
    table,
)
from tests.support.rows.trackers import REPOSITORY, TrackerRows
from warehouse.calendar import Calendar
from warehouse.context import Context, IdentityRule

build = builder("facts.commits", "facts.commit_files", "facts.commit_trailers", "facts.merges")


WHOLE = [
    {
        "source": SOURCE,
        "commit_hash": "b",
        "tree_hash": "tree",
        "parent_hashes": "a",
        "parent_count": 1,
        "is_merge": False,
        "is_root": False,
        "subject": "Do it (#7)",
        "is_signed": False,
        "anomalies": None,
        "author_name": "merge[bot]",
        "author_email": "robot@example.org",
        "author_person_id": "robot@example.org",
        "author_kind": "bot",
        "committer_name": "Bob",
        "committer_email": "bob@example.org",
        "committer_person_id": "bob@example.org",
        "mainline_number": 2,
        "landed_by_hash": "b",
        "is_squash_like": False,
        "is_pull_merge": False,
        "is_imported": False,
        "is_on_default_branch": True,
        "on_default_branch_since_at": LOOKED_AT,
        "left_default_branch_at": None,
        "is_reachable": True,
        "unreachable_since_at": None,
        "file_count": 3,
        "lines_added": 7,
        "lines_deleted": 1,
        "authored_at": instant("2024-04-30T11:00"),
        "author_offset_minutes": 0,
        "committed_at": instant("2024-05-01T12:00"),
        "committer_offset_minutes": 0,
        "landed_at": instant("2024-05-01T12:00"),
        "first_observed_at": LOOKED_AT,
        "time_reason": "ok",
        "quarter": "2024-Q2",
        "quarter_starts_on": date(2024, 4, 1),
    }
]


def test_a_whole_commit(tmp_path):
    history = HistoryRows()
    history.commit("a", at="2024-01-01T00:00")
    history.commit(
        "b",
        "a",
        at="2024-05-01T12:00",
        written="2024-04-30T11:00",
        by=ROBOT,
        through=BOB,
        subject="Do it (#7)",
        files=[("x", 3, 1), ("y", None, None), ("z", 4, 0)],
    )
    history.found(tmp_path)
    rules = (IdentityRule("bot", r"\[bot\]"),)

    found = table(
        build(tmp_path, Context(identity_rules=rules)),
        "select * from facts.commits where commit_hash = 'b'",
    )

    assert found == WHOLE


def test_a_time_that_cannot_be_counted_has_a_reason_and_no_quarter(tmp_path):
    history = HistoryRows()
    history.commit("missing", at=None)
    history.commit("epoch", at="1970-01-01T00:00")
    history.commit("before", at="1969-12-31T23:59")
    history.commit("first second", at="1970-01-01T00:01")
    history.commit("a day ahead", at="2024-08-02T00:00")
    history.commit("more than a day ahead", at="2024-08-02T00:01")
    history.found(tmp_path)

    connection = build(tmp_path)

    assert column(connection, "(time_reason, quarter)") == {
        "missing": ("missing", None),
        "epoch": ("before_git", None),
        "before": ("before_git", None),
        "first second": ("ok", "1970-Q1"),
        "a day ahead": ("ok", "2024-Q3"),
        "more than a day ahead": ("future", None),
    }


@pytest.mark.parametrize(
    ("calendar", "quarters"),
    [
        (Calendar(), ["2024-Q1", "2024-Q2", "2024-Q2"]),
        (Calendar("Asia/Seoul"), ["2024-Q2", "2024-Q2", "2024-Q2"]),
        (Calendar("America/New_York"), ["2024-Q1", "2024-Q1", "2024-Q2"]),
        (Calendar("UTC", 4), ["2024-Q4", "2025-Q1", "2025-Q1"]),
    ],
)
def test_a_quarter_begins_where_the_calendar_says(tmp_path, calendar, quarters):
    history = HistoryRows()
    history.commit("a", at="2024-03-31T23:59")
    history.commit("b", at="2024-04-01T00:00")
    history.commit("c", at="2024-04-01T04:00")
    history.found(tmp_path)

    connection = build(tmp_path, Context(calendar=calendar))

    assert list(column(connection, "quarter").values()) == quarters


def test_lines_are_summed_over_files_and_merges_have_none(tmp_path):
    history = HistoryRows()
    history.commit("a", files=[("x", 2, 0), ("y", 3, 5)])
    history.commit("b", "a")
    history.commit("c", "a", files=[("p", None, None)])
    history.commit("m", "b", "c")
    history.found(tmp_path)

    connection = build(tmp_path)

    assert column(connection, "(file_count, lines_added, lines_deleted)") == {
        "a": (2, 5, 5),
        "b": (0, 0, 0),
        "c": (1, 0, 0),
        "m": (None, None, None),
    }


def test_only_a_lone_commit_of_the_chain_looks_squashed(tmp_path):
    """A rebased or picked commit is older than its committing; a fast-forward is a head."""
    history = HistoryRows()
    history.commit("a", subject="Root (#1)")
    history.commit("b", "a", subject="Squashed (!12)")
    history.commit("c", "b", subject="Mentions (#3) something")
    history.commit("p", "c", subject="On a branch (#4)")
    history.commit("m", "c", "p", subject="Merge (#5)")
    history.commit("r", "m", subject="Rebased (#6)", written="2024-01-31T12:00")
    history.commit("h", "r", subject="Forwarded (#7)")
    history.add("refs", "refs/pull/7/head", "change_request", "h", "h", None)
    history.found(tmp_path)

    found = column(build(tmp_path), "is_squash_like")

    assert [name for name, is_squash_like in found.items() if is_squash_like] == ["b"]


@pytest.mark.parametrize(("kind", "squashed"), [("github", ["b", "c"]), ("gitlab", ["c"])])
def test_a_number_after_a_hash_is_an_issue_where_requests_have_another_sign(
    kind, squashed, tmp_path
):
    history = HistoryRows(source=REPOSITORY)
    history.commit("a", subject="Root (#1)")
    history.commit("b", "a", subject="Fix an issue (#12)")
    history.commit("c", "b", subject="Squashed (!12)")
    history.found(tmp_path)
    TrackerRows().found(tmp_path, tracker_kind=kind)

    found = column(build(tmp_path, Context(tracker_kinds=tracker_kinds())), "is_squash_like")
    assert [name for name, is_squash_like in found.items() if is_squash_like] == squashed
