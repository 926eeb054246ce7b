"""Test GitLab's objects with any field broken: a row or a reject."""

from __future__ import annotations

import json
from contextlib import suppress
from types import SimpleNamespace

import pytest

from miners.errors import MalformedRecord
from miners.gitlab import delivery, events, notes, reviews, translate
from miners.tracker.address import Host, TrackerSource
from tests.support.fakes import gitlab_objects as objects
from tests.support.fakes.gitlab_objects import assert_fits, owner

ISSUE, CHANGE_REQUEST = owner("issue"), owner("change_request")
HOST = Host(name="h", kind="gitlab", api="https://h/api/v4")
SOURCE = TrackerSource(
    id="h/team/app#tracker", name="app", host=HOST, path="team/app", repository="h/team/app"
)


def reviewed(raw):
    return reviews.reviews({"approved_by": [raw]}, [], CHANGE_REQUEST)[0]


# What makes a row of each object, and the keys without which there is none.
MAKERS = {
    "issue": (
        objects.ISSUE,
        lambda raw: translate.issue(raw, is_kept=True),
        {"id", "iid", "title", "state", "created_at", "updated_at", "milestone.id"},
    ),
    "change request": (
        objects.MERGE_REQUEST,
        lambda raw: translate.change_request(raw, "team/app", is_kept=True),
        {"id", "iid", "title", "state", "created_at", "updated_at", "milestone.id"},
    ),
    "state event": (
        objects.STATE_EVENT,
        lambda raw: events.state_event(raw, ISSUE),
        {"id", "state", "created_at"},
    ),
    "label event": (
        objects.LABEL_EVENT,
        lambda raw: events.label_event(raw, ISSUE),
        {"id", "action", "created_at"},
    ),
    "milestone event": (
        objects.MILESTONE_EVENT,
        lambda raw: events.milestone_event(raw, ISSUE),
        {"id", "action", "created_at"},
    ),
    "comment": (
        objects.NOTE,
        lambda raw: next(notes.note(raw, ISSUE)),
        {"id", "created_at", "updated_at"},
    ),
    "system note": (
        objects.SYSTEM_NOTE,
        lambda raw: next(notes.note(raw, ISSUE)),
        {"id", "created_at"},
    ),
    "approval": (objects.APPROVAL, reviewed, set()),
    "commit": (objects.COMMIT, lambda raw: reviews.commit(raw, 1, CHANGE_REQUEST), {"id"}),
    "milestone": (
        objects.MILESTONE,
        lambda raw: delivery.milestone(raw, is_kept=True),
        {"id", "title", "state"},
    ),
    "label": (objects.LABEL, delivery.label, {"name"}),
    "release": (
        objects.RELEASE,
        lambda raw: delivery.release(raw, is_kept=True),
        {"tag_name", "created_at"},
    ),
    "deployment": (
        objects.DEPLOYMENT,
        lambda raw: delivery.deployment(raw, is_kept=True),
        {"id", "status", "created_at"},
    ),
    "pipeline": (
        objects.PIPELINE,
        lambda raw: delivery.pipeline(raw, is_kept=True),
        {"id", "status", "created_at"},
    ),
}
WRONG = ["", "x", "0000-00-00", 5, -1, True, 1.5, [], [5], [None], [{}], {}, {"a": 1}, "\ud800\0"]


def places(raw, before=()):
    """The way to every value of an object, those within its parts too."""
    for name, value in raw.items():
        yield (*before, name)
        if isinstance(value, dict):
            yield from places(value, (*before, name))


def changed(raw, place, value=None, *, is_removed=False):
    """A copy of an object with one value of it changed or removed."""
    name, *rest = place
    if rest:
        return raw | {name: changed(raw[name], rest, value, is_removed=is_removed)}
    return {k: v for k, v in raw.items() if k != name} | ({} if is_removed else {name: value})


@pytest.mark.parametrize("name", MAKERS)
def test_what_is_null_or_missing_leaves_the_row_unless_it_needs_it(name):
    raw, make, needed = MAKERS[name]
    record = make(raw).record
    assert record != "rejects"
    lost = set()
    for place in places(raw):
        for broken in (changed(raw, place), changed(raw, place, is_removed=True)):
            found = make(broken)
            assert_fits(found)
            if found.record == "rejects":
                lost.add(".".join(place))
                assert found.values[0] == record
                assert json.loads(found.values[3])
    assert lost == needed


@pytest.mark.parametrize("name", MAKERS)
def test_what_is_of_a_wrong_type_is_a_row_or_a_reject_and_never_a_crash(name):
    raw, make, _ = MAKERS[name]
    for place in places(raw):
        for value in WRONG:
            assert_fits(make(changed(raw, place, value)))


@pytest.mark.parametrize("name", ["issue", "change request"])
def test_an_entry_of_a_list_is_an_item_or_malformed(name):
    raw, _, _ = MAKERS[name]
    for place in places(raw):
        for value in [None, *WRONG]:
            with suppress(MalformedRecord):
                item = translate.item("issue", changed(raw, place, value))
                assert [type(item.number), type(item.updated_at)] == [int, int]


def test_a_project_is_described_or_malformed():
    needed = set()
    for place in places(objects.PROJECT):
        for value in [None, *WRONG]:
            try:
                values = translate.tracker_row(SOURCE, changed(objects.PROJECT, place, value))
            except MalformedRecord:
                needed |= {".".join(place)} if value is None else set()
            else:
                assert_fits(SimpleNamespace(record="trackers", values=values))
    assert needed == {"id", "path_with_namespace"}
