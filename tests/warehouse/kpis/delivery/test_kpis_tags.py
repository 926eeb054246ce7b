"""Test deployments by tags: when a lightweight tag was made."""

from __future__ import annotations

from tests.support.rows.row_histories import HistoryRows, builder, instant, micros, rows
from warehouse.context import Context, Project
from warehouse.rules import rule

SOURCE = "host/one"
RULES = (rule("deployments", "tag"), rule("deployment_tags", "v*"))
SETTINGS = Context(projects=(Project(name="r", title="r", sources=(SOURCE,), rules=RULES),))
build = builder("kpis.deployment_frequency", "intermediate.project_deployments")
FOUND = """
    select subject_id, strftime(happened_at, '%m-%dT%H'), grade
    from kpis.deployment_frequency order by happened_at, subject_id
"""
FIRST, SECOND, THIRD = "2024-06-02T01:00", "2024-06-03T01:00", "2024-06-04T01:00"


def poll(at):
    return HistoryRows(SOURCE, looked_at=instant(at))


def tag(made, name, commit, tagged_at=None):
    target = commit
    if tagged_at:
        target = f"tag {name}"
        who = ("Ann", "ann@example.org", micros(tagged_at), 0)
        made.add("tags", target, name, commit, "commit", *who, "", False, None, None)
    made.add("refs", f"refs/tags/{name}", "tag", target, commit, None)


def committed(made, *commits):
    parents = ()
    for name, at in commits:
        parents = (made.commit(name, *parents, at=at),)
    return made


def test_a_lightweight_tag_has_the_instant_of_the_first_poll_that_saw_it(tmp_path):
    """Its commit is months older, and the poll of the day before saw no tag."""
    first = committed(poll(FIRST), ("a", "2024-01-05T00:00"), ("b", "2024-01-06T00:00"))
    tag(first, "v1", "a")
    tag(first, "v2", "b", "2024-05-01T00:00")
    first.found(tmp_path)
    poll(SECOND).write(tmp_path, "nothing new")
    third = poll(THIRD)
    tag(third, "v3", "a")
    tag(third, "v4", "b", "2024-06-01T00:00")
    third.write(tmp_path, "third")

    built = build(tmp_path, SETTINGS)

    assert [(name.rpartition("/")[2], *rest) for name, *rest in rows(built, FOUND)] == [
        ("v1", "01-05T00", "commit_time"),
        ("v2", "05-01T00", None),
        ("v4", "06-01T00", None),
        ("v3", "06-04T01", "first_observation"),
    ]
    began = "select strftime(began_at, '%m-%dT%H') from intermediate.project_deployments "
    assert rows(built, began + "where name = 'v3'") == [("06-03T01",)]


def test_tags_of_one_night_are_in_the_order_of_their_commits(tmp_path):
    poll(FIRST).found(tmp_path)
    second = committed(poll(SECOND), ("a", "2024-06-02T10:00"), ("b", "2024-06-02T12:00"))
    tag(second, "v1.10", "b")
    tag(second, "v1.9", "a")
    second.found(tmp_path)

    built = build(tmp_path, SETTINGS)

    order = "select name from intermediate.project_deployments order by deployment_number"
    assert rows(built, order) == [("v1.9",), ("v1.10",)]


def test_a_tag_that_was_deleted_and_made_again_keeps_its_instant(tmp_path):
    first = committed(poll(FIRST), ("a", "2024-01-05T00:00"))
    tag(first, "v1", "a")
    first.found(tmp_path)
    second = poll(SECOND)
    second.add("refs", "refs/tags/v1", "tag", None, None, None)
    second.write(tmp_path, "second")
    third = poll(THIRD)
    tag(third, "v1", "a")
    third.write(tmp_path, "third")

    built = build(tmp_path, SETTINGS)

    assert rows(built, FOUND) == [(f"{SOURCE}/tags/v1", "01-05T00", "commit_time")]
