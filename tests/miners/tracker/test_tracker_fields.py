"""Test that rows with odd fields are kept or rejected."""

from __future__ import annotations

import copy
import json

import pytest

from tests.support.fakes.fake_repository import user
from tests.support.running.outcomes import shows

ABSENT = object()
ODD = [
    *(None, ABSENT, "", "text", 777_000_777, -1, 2**53 + 1, 2**63, 2**70, 1.5, True, [], {}),
    *([1], [None], {"a": 1}, "0000-00-00", "2024-02-30T00:00:00Z", "9999-12-31T23:59:59Z"),
    *("0001-01-01T00:00:00Z", "2024-01-01", "a \ud800 half", "nul\0", "한국어 \U0001f600"),
]


def odd_ones(make):
    """Make a thing again and again, each time with one field, or one within it, odd."""
    for path in list(paths(make())):
        for value in ODD:
            made = make()
            *parents, last = path
            of = made
            for name in parents:
                of = of[name]
            of[last] = copy.deepcopy(value)
            if value is ABSENT:
                del of[last]
            yield made


def paths(thing, before=()):
    for name, value in thing.items() if isinstance(thing, dict) else enumerate(thing):
        yield (*before, name)
        if isinstance(value, dict | list):
            yield from paths(value, (*before, name))


def check(github, home, records, total, neighbours=None):
    """Nothing is lost: what was made is kept or rejected; a second mining finds nothing new."""
    home.track(github)
    kept = sum(len(home.live(record)) for record in records)
    rejects = [row for row in home.rows("rejects").to_dicts() if row["record"] in records]
    assert kept + len(rejects) == total
    assert all(row["reason"] and json.loads(row["payload"]) for row in rejects)
    for record, keys in (neighbours or {}).items():
        assert set(keys) <= home.live(record).keys()
    files = home.rows(records[0]).height, home.rows("rejects").height
    home.track(github, run=1)
    assert (home.rows(records[0]).height, home.rows("rejects").height) == files
    assert home.deleted() == {}
    return kept, len(rejects)


@shows("one record odd")
def test_issues(github, orchard, home):
    milestone = orchard.milestone()
    facts = {"labels": [{"name": "bug"}], "assignees": [user("eve")], "milestone": milestone}
    numbers = iter(range(10, 100_000))
    plain = {"state_reason": "completed", "type": {"name": "Bug"}, "pull_request": None}

    def make():
        number = next(numbers)
        return orchard.issue(number, **copy.deepcopy(facts | plain), closed_by=user("ada"))

    made = list(odd_ones(make))
    first = orchard.issue(1)
    del orchard.issues[10]
    orchard.issue(2, updated_at=first["created_at"])
    kept, rejected = check(
        github, home, ["issues", "change_requests"], len(made) + 2, {"issues": ["1", "2"]}
    )
    assert min(kept, rejected) > 100


def test_change_requests(github, orchard, home):
    numbers = iter(range(10, 100_000))

    def make():
        number = next(numbers)
        orchard.pull(number, requested_reviewers=[user("eve")], merged_at="2024-06-02T00:00:00Z")
        return orchard.pulls[number]

    made = list(odd_ones(make))
    del orchard.issues[10], orchard.pulls[10]
    orchard.pull(1)
    check(github, home, ["change_requests"], len(made) + 1, {"change_requests": ["1"]})


@pytest.mark.parametrize(
    ("kind", "record", "facts"),
    [
        ("labeled", "item_events", {"label": {"name": "bug"}, "actor": user("eve")}),
        ("milestoned", "item_events", {"milestone": {"title": "v1"}}),
        ("assigned", "item_events", {"assignee": user("eve")}),
        ("review_requested", "item_events", {"requested_reviewer": user("eve")}),
        ("renamed", "item_events", {"rename": {"from": "a", "to": "b"}}),
        ("closed", "item_events", {"commit_id": "a" * 40, "state_reason": "completed"}),
        ("reviewed", "reviews", {"user": user("eve"), "state": "APPROVED",
                                 "submitted_at": "2024-06-02T00:00:00Z", "commit_id": "a" * 40}),
        ("committed", "change_request_commits",
         {"sha": "a" * 40,
          "author": {"name": "Eve", "email": "e@x", "date": "2024-06-01T00:00:00Z"},
          "committer": {"date": "2024-06-01T00:00:00Z"}}),
        ("cross-referenced", "item_events", {"source": {"issue": {"id": 5}}}),
    ],
)  # fmt: skip
def test_what_happens_to_a_change_request(github, orchard, home, kind, record, facts):
    orchard.pull(1)
    hashes = iter(range(100_000))

    def make():
        made = orchard.event(1, kind, **copy.deepcopy(facts))
        if kind == "committed":
            del made["id"], made["actor"], made["created_at"]
            made["sha"] = f"{next(hashes):040x}"
        return made

    made = list(odd_ones(make))
    del orchard.timelines[1][0]
    # An event of another kind is another record, or none, or one that has no name but its kind.
    is_other = [entry for entry in made if entry.get("event") != kind]
    orchard.timelines[1] = [e for e in orchard.timelines[1] if not any(e is o for o in is_other)]
    orchard.timelines[1] += is_other[:3]
    orchard.event(1, "closed")
    home.track(github)
    rejects = [row for row in home.rows("rejects").to_dicts() if row["record"] == record]
    kept = len(home.live(record)) + len({row["payload"] for row in rejects})
    assert kept >= len(made) - len(is_other)
    assert "closed" in {row["native_kind"] for row in home.live("item_events").values()}
    rows = home.rows(record).height
    home.track(github, run=1)
    assert home.rows(record).height == rows


def test_events_of_issues(github, orchard, home):
    orchard.issue(1)
    made = list(odd_ones(lambda: event_of_issue(orchard)))
    del orchard.events[-1]
    orchard.event(1, "reopened")
    home.track(github)
    ids = {row["event_id"] for row in home.live("item_events").values()}
    rejects = home.rows("rejects").filter(record="item_events").height
    assert str(orchard.events[0]["id"]) in ids
    assert len(ids) + rejects >= len(made) - 2 * len(ODD)
    orchard.event(1, "closed")
    home.track(github, run=1)
    assert str(orchard.events[0]["id"]) in {
        r["event_id"] for r in home.live("item_events").values()
    }


def event_of_issue(orchard):
    orchard.event(1, "closed")
    made = orchard.events[0]
    made["issue"] = {"number": 1}
    return made


@pytest.mark.parametrize("kind", ["comments", "review_comments"])
def test_comments(github, orchard, home, kind):
    orchard.pull(1)
    write = orchard.comment if kind == "comments" else orchard.review_comment
    made = list(odd_ones(lambda: write(1)))
    del getattr(orchard, kind)[0]
    write(1)
    orchard.issues[1]["comments"] = len(orchard.comments)
    check(github, home, ["comments"], len(made) + 1)


@pytest.mark.parametrize(
    ("record", "make", "names"),
    [
        ("milestones", "milestone", "milestones"),
        ("releases", "release", "releases"),
        ("deployments", "deployment", "deployments"),
        ("pipeline_runs", "run", "runs"),
    ],
)
def test_plans_and_deliveries(github, orchard, home, record, make, names):
    made = list(odd_ones(getattr(orchard, make)))
    entries = getattr(orchard, names)
    del entries[-1 if names != "milestones" else 0]
    getattr(orchard, make)()
    kept, _ = check(github, home, [record], len(made) + 1)
    assert kept > len(made) / 4


def test_statuses_of_deployments(github, orchard, home):
    def make():
        made = orchard.deployment("success")
        return orchard.statuses[made["id"]][0]

    made = list(odd_ones(make))
    check(github, home, ["deployments"], len(made) + 1)


def test_labels(github, orchard, home):
    ids = iter(range(100_000))

    def make():
        of = next(ids)
        orchard.labels.append({"id": of, "name": f"l{of}", "color": "f00", "description": "d"})
        return orchard.labels[-1]

    made = list(odd_ones(make))
    home.track(github)
    odd = {str(entry.get("name")) for entry in made}
    rejects = {row["record_key"] for row in home.rejects().values()}
    assert len(home.live("labels")) + len(rejects) >= len(odd)
    rows = home.rows("labels").height
    home.track(github, run=1)
    assert home.rows("labels").height == rows
