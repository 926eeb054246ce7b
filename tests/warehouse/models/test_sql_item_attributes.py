"""Test intervals of labels, milestones and assignees."""

from __future__ import annotations

from tests.support.rows.row_histories import builder, instant, rows
from tests.support.rows.side_by_side import SideBySide
from tests.support.rows.trackers import TrackerRows

build, side_by_side = builder("facts.item_attributes"), SideBySide("facts.item_attributes")

JAN, FEB, MAR = "2024-01-10T00:00", "2024-02-10T00:00", "2024-03-10T00:00"
APR, MAY = "2024-04-10T00:00", "2024-05-10T00:00"
INTERVALS = """
    select
        attribute, attribute_value, interval_number, valid_from_evidence, valid_to_evidence,
        strftime(valid_from_at, '%Y-%m-%dT%H:%M') as began,
        strftime(valid_to_at, '%Y-%m-%dT%H:%M') as ended
    from facts.item_attributes
    where source = coalesce(getvariable('source'), source)
    order by item_kind, item_number, attribute, attribute_value, interval_number
"""


def label(kind, at, name="bug"):
    return kind, at, {"label": name}


def milestone(kind, at, title):
    return kind, at, {"milestone_title": title}


@side_by_side
def test_a_label_came_went_and_came_again(tracker):
    events = [label("labeled", JAN), label("unlabeled", FEB), label("labeled", MAR)]
    tracker.issue(1, *events, labels=["bug"])

    assert (yield INTERVALS) == [
        ("label", "bug", 1, "event", "event", JAN, FEB),
        ("label", "bug", 2, "event", None, MAR, None),
    ]


@side_by_side
def test_a_label_that_was_set_twice_is_there_once(tracker):
    tracker.issue(1, label("labeled", JAN), label("labeled", FEB), labels=["bug"])

    assert (yield INTERVALS) == [("label", "bug", 1, "event", None, JAN, None)]


@side_by_side
def test_a_label_without_any_event_was_there_since_the_opening(tracker):
    tracker.issue(1, labels=["bug"], updated_at=MAR)

    assert (yield INTERVALS) == [("label", "bug", 1, "opening", None, JAN, None)]


@side_by_side
def test_what_was_taken_away_and_never_brought_was_there_since_the_opening(tracker):
    tracker.issue(1, label("unlabeled", FEB))

    assert (yield INTERVALS) == [("label", "bug", 1, "opening", "event", JAN, FEB)]


def test_a_label_that_was_renamed_ends_and_begins_when_that_was_first_seen(tmp_path):
    """The tracker has no event; later versions that say the same move nothing."""
    for day, name, updated_at in (
        ("2024-05-01", "bug", FEB),
        ("2024-05-02", "defect", MAR),
        ("2024-05-03", "defect", APR),
    ):
        tracker = TrackerRows(looked_at=instant(day))
        tracker.issue(1, labels=[name], title=day, updated_at=updated_at)
        if name == "bug":
            tracker.event(1, *label("labeled", JAN)[:2], label="bug")
        tracker.found(tmp_path)

    assert rows(build(tmp_path), INTERVALS) == [
        ("label", "bug", 1, "event", "state_field", JAN, MAR),
        ("label", "defect", 1, "state_field", None, MAR, None),
    ]
    assert rows(build(tmp_path, known_at=instant("2024-05-01")), INTERVALS) == [
        ("label", "bug", 1, "event", None, JAN, None)
    ]


@side_by_side
def test_fields_that_are_older_than_the_last_event_are_not_heard(tracker):
    tracker.issue(1, label("labeled", FEB), labels=[], updated_at=JAN)

    assert (yield INTERVALS) == [("label", "bug", 1, "event", None, FEB, None)]


@side_by_side
def test_a_milestone_ends_the_one_before_it(tracker):
    """GitLab records only the new one, GitHub both."""
    gitlab = [milestone("milestoned", JAN, "One"), milestone("milestoned", FEB, "Two")]
    tracker.issue(1, *gitlab, milestone("demilestoned", MAR, "Two"))
    moved = [milestone("demilestoned", FEB, "One"), milestone("milestoned", FEB, "Two")]
    tracker.issue(2, milestone("milestoned", JAN, "One"), *moved, milestone_title="Two")

    assert (yield INTERVALS) == [
        ("milestone", "One", 1, "event", "event", JAN, FEB),
        ("milestone", "Two", 1, "event", "event", FEB, MAR),
        ("milestone", "One", 1, "event", "event", JAN, FEB),
        ("milestone", "Two", 1, "event", None, FEB, None),
    ]


@side_by_side
def test_change_requests_have_assignees_too(tracker):
    assigned = ("assigned", FEB, {"subject_login": "bob"})
    tracker.change_request(1, assigned, assignees=["bob", "cleo"])

    assert (yield INTERVALS) == [
        ("assignee", "bob", 1, "event", None, FEB, None),
        ("assignee", "cleo", 1, "opening", None, JAN, None),
    ]
