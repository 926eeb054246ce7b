"""Views over the raw tables: known rows, newest versions, deletions."""

from __future__ import annotations

from tests.support.rows.row_histories import build, instant, rows
from tests.support.rows.trackers import FEB, JAN, TrackerRows
from warehouse.tables.raw import create_raw
from warehouse.tables.raw_views import raw_views

ISSUES = ["staging.issues"]


def observe(store, day, *, title=None, **deletion):
    tracker = TrackerRows(looked_at=instant(day))
    if title:
        tracker.issue(1, title=title, updated_at=FEB)
    if deletion:
        tracker.deleted("issues", "1", **deletion)
    tracker.found(store)


def issue_known_at(store, day):
    connection = build(store, known_at=day and instant(day), only=ISSUES)
    query = "select title, is_deleted, fate, gone_noticed_at from raw.issues_current"
    return rows(connection, query)


def test_every_view_can_be_queried_over_no_rows(connection):
    create_raw(connection)
    for view in raw_views():
        connection.execute(f"create view raw.{view.name} as {view.sql}")

    for view in raw_views():
        assert connection.execute(f"from raw.{view.name}").fetchall() == [], view.name


def test_a_deletion_is_valid_until_a_tombstone_says_that_the_issue_is_back(tmp_path):
    observe(tmp_path, "2024-05-01", title="one")
    observe(tmp_path, "2024-05-02", fate="removed")
    observe(tmp_path, "2024-05-03", fate="hidden")
    observe(tmp_path, "2024-05-04", fate=None, is_gone=False)

    deleted_at = instant("2024-05-02")
    assert {day: issue_known_at(tmp_path, day) for day in ("2024-05-01", "2024-05-02")} == {
        "2024-05-01": [("one", False, None, None)],
        "2024-05-02": [("one", True, "deleted", deleted_at)],
    }
    assert issue_known_at(tmp_path, "2024-05-03") == [("one", True, "hidden", deleted_at)]
    assert issue_known_at(tmp_path, None) == [("one", False, None, None)]


def test_a_deletion_is_not_valid_for_a_later_version(tmp_path):
    observe(tmp_path, "2024-05-01", title="one")
    observe(tmp_path, "2024-05-02", fate="deleted")
    observe(tmp_path, "2024-05-03", title="two")

    assert issue_known_at(tmp_path, "2024-05-02") == [
        ("one", True, "deleted", instant("2024-05-02"))
    ]
    assert issue_known_at(tmp_path, None) == [("two", False, None, None)]


def test_known_rows_are_those_observed_until_then(tmp_path):
    observe(tmp_path, "2024-05-01", title="one")
    observe(tmp_path, "2024-05-02", title="two")

    query = "select title from raw.issues_known order by batch"
    needs_all = ["staging.item_versions"]
    known = build(tmp_path, known_at=instant("2024-05-01"), only=needs_all)
    assert rows(known, query) == [("one",)]
    assert rows(build(tmp_path, only=needs_all), query) == [("one",), ("two",)]


def test_only_views_that_a_model_reads_are_created(tmp_path):
    observe(tmp_path, JAN[:10], title="one")

    views = "select view_name from duckdb_views() where schema_name = 'raw'"
    created = {name for (name,) in rows(build(tmp_path, only=ISSUES), views)}
    assert {"deletions", "issues_current"} <= created
    assert not {"ledger_tasks_known", "comments_current"} & created


def test_what_was_read_and_then_deleted_within_one_batch_is_deleted(tmp_path):
    observe(tmp_path, "2024-05-01", title="one", fate="removed")

    assert issue_known_at(tmp_path, None) == [("one", True, "deleted", instant("2024-05-01"))]
