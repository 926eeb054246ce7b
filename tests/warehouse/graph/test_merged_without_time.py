"""Test merged change requests whose tracker does not state when."""

from __future__ import annotations

from dataclasses import replace

from tests.support.rows.merged_requests import at
from tests.support.rows.row_histories import HistoryRows, builder, instant, rows
from tests.support.rows.trackers import REPOSITORY, TrackerRows
from warehouse.context import Context, Project

build = builder("kpis.change_requests_merged", "facts.tracker_disagreements")
SETTINGS = Context(projects=(Project(name="r", title="r", sources=(REPOSITORY,)),))
FOUND = """
    select subject_id[-1:], strftime(happened_at, '%m-%d'), grade, reason
    from kpis.change_requests_merged where reason in ('counted', 'abandoned') order by all
"""
MERGED = {"state": "closed", "native_state": "merged", "created_at": at(2)}


def poll(day):
    return TrackerRows(looked_at=instant(at(day)))


def test_a_merge_without_its_time_has_the_best_known_instant(tmp_path):
    """By the event, the merge commit, its first deployment, or the last change before it."""
    history = HistoryRows(source=REPOSITORY)
    history.commit("a", at="2024-02-01T00:00")
    history.commit("m", "a", at=at(6))
    history.found(tmp_path)
    made = poll(20)
    made.change_request(1, **MERGED, merged_at=at(3), updated_at=at(9))
    made.change_request(2, ("merged", at(4)), **MERGED, updated_at=at(9))
    made.change_request(3, **MERGED, merge_commit_hash="m", updated_at=at(9))
    made.change_request(4, **MERGED, merge_commit_hash="nowhere", updated_at=at(9))
    made.change_request(5, **MERGED | {"native_state": "closed"}, closed_at=at(5))
    made.change_request(6, **MERGED | {"native_state": "locked", "state": "open"})
    made.change_request(7, **MERGED, merge_commit_hash="deployed", updated_at=at(9))
    made.change_request(8, **MERGED, squash_commit_hash="later", updated_at=at(9))
    for name, commit, day in (("d1", "deployed", 8), ("d2", "deployed", 7), ("d3", "later", 12)):
        made.add("deployments", deployment_id=name, commit_hash=commit, created_at=at(day))
    # A deployment before it was opened is of another change.
    made.change_request(9, **MERGED, merge_commit_hash="early", updated_at=at(9))
    made.add("deployments", deployment_id="d4", commit_hash="early", created_at=at(1))
    made.found(tmp_path)

    built = build(tmp_path, SETTINGS)

    assert rows(built, FOUND) == [
        ("1", "03-03", None, "counted"),
        ("2", "03-04", "event", "counted"),
        ("3", "03-06", "merge_commit", "counted"),
        ("4", "03-09", "last_change", "counted"),
        ("5", "03-05", None, "abandoned"),
        ("7", "03-07", "deployment", "counted"),
        ("8", "03-09", "last_change", "counted"),
        ("9", "03-09", "last_change", "counted"),
    ]
    kinds = "select disagreement_kind from facts.tracker_disagreements where item_number = 4"
    assert ("merged_event_without_field",) not in rows(built, kinds)


def test_what_happens_after_the_merge_does_not_move_it(tmp_path):
    first = poll(20)
    first.change_request(1, **MERGED, updated_at=at(9))
    first.found(tmp_path)
    again = replace(poll(25), event_count=first.event_count)
    again.change_request(1, **MERGED, updated_at=at(22), comment_count=3)
    again.write(tmp_path)

    assert rows(build(tmp_path, SETTINGS), FOUND) == [("1", "03-09", "last_change", "counted")]
