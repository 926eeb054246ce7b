"""Test facts on repositories, refs and reachability."""

from __future__ import annotations

from datetime import timedelta

from tests.support.rows.row_histories import LOOKED_AT, SOURCE, HistoryRows, builder, column, table

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


def look(store, head, days, *, reached, left=(), fell=(), known=()):
    """Look again some days later: what is new, and what left the default branch or all refs."""
    history = HistoryRows(looked_at=LOOKED_AT + timedelta(days=days))
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
    """A branch that moved, went and came back has three versions, and none while it was deleted."""
    at = [LOOKED_AT + timedelta(days=day) for day in range(4)]
    for looked_at, target in zip(at, ["a", "b", None, "a"], strict=True):
        history = HistoryRows(looked_at=looked_at)
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


def test_a_repository_that_was_only_polled_again_has_not_changed(tmp_path):
    """A run that found nothing new leaves every table as it was."""
    look(tmp_path, "b", 0, reached="ab", known=["a", "ba"])
    before = build(tmp_path)
    HistoryRows(looked_at=LOOKED_AT + timedelta(days=3)).write(tmp_path)
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
    empty = HistoryRows(source="host/empty")
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
            "default_branch_evidence": None,
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
            "default_branch_evidence": None,
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
