"""What the facts say of commits, merges, refs and repositories."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from histories import ANN, BOB, LOOKED_AT, ROBOT, SOURCE, History, builder, instant, table

from warehouse.context import Calendar, Context, IdentityRule, Project

build = builder(
    "facts.commits",
    "facts.commit_files",
    "facts.commit_trailers",
    "facts.merges",
    "facts.project_repositories",
    "facts.projects",
    "facts.quarters",
    "facts.refs",
    "facts.repositories",
    "facts.tags",
)


def column(connection, name, query="facts.commits", key="commit_hash"):
    rows = table(connection, f"select {key} as key, {name} as value from {query} order by 1")
    return {row["key"]: row["value"] for row in rows}


def test_a_whole_commit(tmp_path):
    history = History()
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

    assert found == [
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
            "is_squash_like": True,
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
            "first_observed_at": LOOKED_AT,
            "time_reason": "ok",
            "quarter": "2024-Q2",
            "quarter_starts_on": date(2024, 4, 1),
        }
    ]


def test_a_time_that_cannot_be_counted_has_a_reason_and_no_quarter(tmp_path):
    history = History()
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
    history = History()
    history.commit("a", at="2024-03-31T23:59")
    history.commit("b", at="2024-04-01T00:00")
    history.commit("c", at="2024-04-01T04:00")
    history.found(tmp_path)

    connection = build(tmp_path, Context(calendar))

    assert list(column(connection, "quarter").values()) == quarters


def test_lines_are_summed_over_files_and_merges_have_none(tmp_path):
    history = History()
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
    history = History()
    history.commit("a", subject="Root (#1)")
    history.commit("b", "a", subject="Squashed (!12)")
    history.commit("c", "b", subject="Mentions (#3) something")
    history.commit("p", "c", subject="On a branch (#4)")
    history.commit("m", "c", "p", subject="Merge (#5)")
    history.found(tmp_path)

    found = column(build(tmp_path), "is_squash_like")

    assert [name for name, is_squash_like in found.items() if is_squash_like] == ["b"]


def look(store, head, days, *, reached, left=(), fell=(), known=()):
    """Look again some days later: what is new, and what left the default branch or all refs."""
    history = History(looked_at=LOOKED_AT + timedelta(days=days))
    for name, *parents in known:
        history.commit(name, *parents)
    history.add("repositories", "r", "/r", "sha1", "refs/heads/main", head, False, None)
    history.branch("main", head)
    history.reach("default_branch", *reached)
    history.reach("any_ref", *(name for name, *_ in known))
    history.reach("default_branch", *left, is_reachable=False)
    history.reach("any_ref", *fell, is_reachable=False)
    history.write(store)
    return history.looked_at


STATES = (
    "(is_on_default_branch, on_default_branch_since_at, left_default_branch_at, "
    "is_reachable, unreachable_since_at)"
)


def test_a_force_push_marks_commits_and_keeps_them(tmp_path):
    """Commits that left, came back or were never there say so, and since when."""
    one = look(tmp_path, "b", 0, reached="ab", known=["a", "ba", "xa"])
    two = look(tmp_path, "c", 1, reached="c", left="bx", fell="bx", known=["ca"])
    connection = build(tmp_path)

    assert column(connection, STATES) == {
        "a": (True, one, None, True, None),
        "b": (False, None, two, False, two),
        "c": (True, two, None, True, None),
        "x": (False, None, None, False, two),
    }

    three = look(tmp_path, "b", 2, reached="b", left="c")
    connection = build(tmp_path)

    assert column(connection, STATES) == {
        "a": (True, one, None, True, None),
        "b": (True, three, None, False, two),
        "c": (False, None, three, True, None),
        "x": (False, None, None, False, two),
    }
    assert column(connection, "mainline_number") == {"a": 1, "b": 2, "c": None, "x": None}


def test_the_warehouse_can_be_built_as_it_was_known(tmp_path):
    one = look(tmp_path, "b", 0, reached="ab", known=["a", "ba"])
    look(tmp_path, "c", 1, reached="c", left="b", fell="b", known=["ca"])

    now = build(tmp_path)
    then = build(tmp_path, known_at=one)

    assert list(column(then, "commit_hash")) == ["a", "b"]
    assert column(then, "is_on_default_branch") == {"a": True, "b": True}
    assert column(now, "is_on_default_branch") == {"a": True, "b": False, "c": True}
    assert column(then, "target_hash", "facts.refs", "ref_name") == {"refs/heads/main": "b"}
    assert column(then, "default_branch_hash", "facts.repositories", "source") == {SOURCE: "b"}


def test_refs_are_intervals(tmp_path):
    """A branch that moved, went and came back has three versions, and none while it was gone."""
    at = [LOOKED_AT + timedelta(days=day) for day in range(4)]
    for looked_at, target in zip(at, ["a", "b", None, "a"], strict=True):
        history = History(looked_at=looked_at)
        history.branch("main", target)
        history.write(tmp_path)

    found = table(
        build(tmp_path),
        "select version_number, target_hash, is_current, valid_from_at, valid_to_at "
        "from facts.refs order by 1",
    )

    assert [tuple(row.values()) for row in found] == [
        (1, "a", False, at[0], at[1]),
        (2, "b", False, at[1], at[2]),
        (4, "a", True, at[3], None),
    ]


def test_a_repository_that_was_only_looked_at_again_has_not_changed(tmp_path):
    """A run that found nothing new leaves every table as it was."""
    look(tmp_path, "b", 0, reached="ab", known=["a", "ba"])
    before = build(tmp_path)
    History(looked_at=LOOKED_AT + timedelta(days=3)).write(tmp_path)
    after = build(tmp_path)

    tables = before.execute(
        "select schema_name || '.' || table_name from duckdb_tables() "
        "where schema_name in ('facts', 'marts') order by 1"
    ).fetchall()
    assert len(tables) > 10
    for (name,) in tables:
        query = f"select * from {name} order by all"
        assert after.execute(query).fetchall() == before.execute(query).fetchall(), name


def test_whole_repositories(tmp_path):
    look(tmp_path, "b", 0, reached="ab", known=["a", "ba", "xa"])
    changed_at = look(tmp_path, "c", 1, reached="c", left="b", fell="bx", known=["ca"])
    empty = History(source="host/empty")
    empty.found(tmp_path)

    found = table(build(tmp_path), "select * from facts.repositories order by source")

    nothing = dict.fromkeys(
        [
            "observed_commit_count",
            "default_branch_commit_count",
            "unreachable_commit_count",
            "branch_count",
            "tag_count",
        ],
        0,
    )
    assert found == [
        {
            "source": "host/empty",
            "repository_name": "host/empty",
            "location": "https://host/empty",
            "object_format": "sha1",
            "default_branch": "refs/heads/main",
            "default_branch_hash": None,
            "is_empty": True,
            **nothing,
            "first_observed_at": LOOKED_AT,
            "last_changed_at": LOOKED_AT,
        },
        {
            "source": SOURCE,
            "repository_name": "r",
            "location": "/r",
            "object_format": "sha1",
            "default_branch": "refs/heads/main",
            "default_branch_hash": "c",
            "is_empty": False,
            "observed_commit_count": 4,
            "default_branch_commit_count": 2,
            "unreachable_commit_count": 2,
            "branch_count": 1,
            "tag_count": 0,
            "first_observed_at": LOOKED_AT,
            "last_changed_at": changed_at,
        },
    ]


MERGE_FACTS = """
    select
        merge_hash, is_on_first_parent_chain, brought_commit_count, first_authored_at,
        branch_opened_at, branch_open_hours, merge_lead_time_hours, lead_time_reason
    from facts.merges order by merge_hash
"""


def test_every_merge_has_a_lead_time_or_a_reason(tmp_path):
    history = History()
    history.commit("a", at="2024-01-01T00:00")
    history.commit("p", "a", at="2024-01-02T00:00", written="2024-01-01T12:00")
    history.commit("q", "p", at="2024-01-03T00:00", written="2024-01-02T18:00")
    history.commit("m1", "a", "q", at="2024-01-04T12:30")
    history.commit("m2", "m1", "p", at="2024-01-05T00:00")
    history.commit("r", "m1", at="2024-02-09T00:00")
    history.commit("m3", "m2", "r", at="2024-02-01T00:00")
    history.commit("s", "m3", at=None)
    history.commit("m4", "m3", "s", at="2024-02-02T00:00")
    history.commit("t", "m4", at="2024-02-02T00:00")
    history.commit("u", "m4", at="2024-02-02T03:00")
    history.commit("inner", "t", "u", at="2024-02-02T06:00")
    history.commit("m5", "m4", "inner", at=None)
    history.commit("never", "m4", "u", at="2024-02-03T00:00")
    history.head = "m5"
    history.found(tmp_path)

    found = [tuple(row.values()) for row in table(build(tmp_path), MERGE_FACTS)]

    t, u = instant("2024-02-02T00:00"), instant("2024-02-02T03:00")
    assert found == [
        ("inner", False, 1, u, u, 3.0, 3.0, "measured"),
        (
            *("m1", True, 2, instant("2024-01-01T12:00"), instant("2024-01-02T00:00")),
            *(60.5, 72.5, "measured"),
        ),
        ("m2", True, 0, None, None, None, None, "brought_nothing"),
        (
            *("m3", True, 1, instant("2024-02-09T00:00"), instant("2024-02-09T00:00")),
            *(None, None, "negative"),
        ),
        ("m4", True, 1, None, None, None, None, "unusable_time"),
        ("m5", True, 3, t, t, None, None, "unusable_time"),
        ("never", False, 1, u, u, 21.0, None, "not_on_default_branch"),
    ]


def test_a_merge_whose_first_parent_was_not_mined_brought_in_nobody_knows_what(tmp_path):
    history = History()
    history.commit("b")
    history.commit("m", "gone", "b")
    history.found(tmp_path)

    (found,) = table(build(tmp_path), MERGE_FACTS)

    assert (found["brought_commit_count"], found["lead_time_reason"]) == (None, "parent_not_mined")


def test_projects_own_repositories_and_quarters_span_what_can_be_counted(tmp_path):
    for source, at in (("host/one", "2023-11-01T00:00"), ("host/two", "2024-05-01T00:00")):
        history = History(source=source)
        history.commit("a", at=at, by=ANN)
        history.found(tmp_path)
    both = Project("both", "Both of them", ("host/one", "host/two", "host/not mined"))
    connection = build(tmp_path, Context(projects=(both, Project("two", "Two", ("host/two",)))))

    told = ("project_title_ko", "active_from", "active_until", "team_size", "client", "link")
    unsaid = {**dict.fromkeys(told), "is_in_ledger": False}
    assert table(connection, "select * from facts.projects order by 1") == [
        {**unsaid, "project": "both", "project_title": "Both of them", "source_count": 3},
        {**unsaid, "project": "two", "project_title": "Two", "source_count": 1},
    ]
    bridge = "select project, source from facts.project_repositories order by all"
    assert [tuple(row.values()) for row in table(connection, bridge)] == [
        ("both", "host/one"),
        ("both", "host/two"),
        ("two", "host/two"),
    ]
    quarters = column(connection, "quarter_starts_at", "facts.quarters", "quarter")
    assert quarters == {
        "2023-Q4": datetime(2023, 10, 1, tzinfo=UTC),
        "2024-Q1": datetime(2024, 1, 1, tzinfo=UTC),
        "2024-Q2": datetime(2024, 4, 1, tzinfo=UTC),
        "2024-Q3": datetime(2024, 7, 1, tzinfo=UTC),
    }
