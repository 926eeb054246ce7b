"""Compare a real tracker, mined over HTTP, with its dump."""

from __future__ import annotations

import json
import math
from collections import Counter

import pytest

from tests.support.expected.tracker_truth import differences, instant, state_at, truth
from tests.support.fakes.replay import live, newest, versions
from tests.support.running.mined_project import mined_tracker

FACTS = ("issues", "change_requests", "item_events", "reviews", "comments")
PER_LISTING = 99  # a page overlaps the one before it by at least one entry


@pytest.fixture(scope="module")
def mined(tmp_path_factory):
    return mined_tracker(tmp_path_factory, "secp256k1")


@pytest.fixture(scope="module")
def lines(mined):
    return state_at(mined[0])


@pytest.fixture(scope="module")
def rows(mined):
    _, home, source, _ = mined
    return live(home, source)


def test_every_item_and_all_that_happened_to_it_is_as_the_dump_says(lines, rows):
    expected = truth(lines)
    assert differences(expected, rows) == []
    assert "rejects" not in rows
    assert len(rows["issues"]) == 517
    assert len(rows["change_requests"]) == 1310
    assert sum(row["merged_at"] is not None for row in rows["change_requests"].values()) == 944
    assert all(len(expected[record]) > 500 for record in FACTS)


def test_who_merged_is_who_the_own_field_names_or_more(lines, rows):
    others = []
    for line in lines:
        raw = line["data"][line["data"]["type"]]
        if raw.get("merged_at"):
            named = (raw.get("merged_by") or {}).get("login")
            found = rows["change_requests"][(line["number"],)]["merged_by_login"]
            others += [(line["number"], named)] if named != found else []
    # One names nobody, and its event does.
    assert others == [(650, None)]


def test_each_is_there_once_and_nothing_is_thought_to_be_deleted(mined):
    _, home, source, _ = mined
    for record in (*FACTS, "change_request_commits", "milestones", "labels"):
        keys = Counter(key for key, _ in versions(home, source, record))
        assert set(keys.values()) == {1}, record
    assert newest(home, source, "tombstones") == {}


def test_what_was_reopened_is_in_the_state_of_its_last_event(lines, rows):
    events = rows["item_events"]
    reopened = {key[:2] for key, event in events.items() if event["event_kind"] == "reopened"}
    assert len(reopened) == count_items(lines, "reopened") > 30
    for kind, number in reopened:
        turns = sorted(
            (event["happened_at"], int(key[2]), event["event_kind"])
            for key, event in events.items()
            if key[:2] == (kind, number) and event["event_kind"] in {"closed", "reopened"}
        )
        state = "open" if turns[-1][2] == "reopened" else "closed"
        assert rows[f"{kind}s"][(number,)]["state"] == state


def test_what_was_pushed_again_has_the_commits_that_it_has_now(lines, rows):
    pushed = {
        line["number"]: [e["sha"] for e in line["data"]["events"] if e["event"] == "committed"]
        for line in lines
        if any(e["event"] == "head_ref_force_pushed" for e in line["data"]["events"])
    }
    assert len(pushed) == count_items(lines, "head_ref_force_pushed") > 400
    commits = rows["change_request_commits"]
    for number, hashes in pushed.items():
        found = [(row["position"], key[1]) for key, row in commits.items() if key[0] == number]
        assert [commit for _, commit in sorted(found)] == hashes


def test_milestones_and_labels_are_those_of_the_items(lines, rows):
    raws = [line["data"][line["data"]["type"]] for line in lines]
    milestones = {str(raw["milestone"]["id"]) for raw in raws if raw.get("milestone")}
    labels = {label["name"] for raw in raws for label in raw["labels"]}
    assert {key[0] for key in rows["milestones"]} == milestones
    assert {key[0] for key in rows["labels"]} == labels
    for row in rows["issues"].values():
        assert set(json.loads(row["labels"])) <= labels


def test_a_first_mining_takes_the_requests_that_its_entries_explain(mined, lines, rows):
    first = mined[3][0]
    pulls = [line for line in lines if line["kind"] == "pull"]
    # GitHub's own list of events holds those of pull requests too, and is read twice.
    numbered = sum(
        bool(event.get("id")) and event["event"] not in {"commented", "reviewed"}
        for line in lines
        for event in line["data"]["events"]
    )
    timelines = sum(math.ceil(len(line["data"]["events"]) / 100) or 1 for line in pulls)
    listed = len(lines) + len(pulls) + len(rows["comments"]) + 2 * numbered
    # Where fewer than ten of a page of items are pull requests, these are asked for one by one.
    alone = 9 * math.ceil(len(lines) / PER_LISTING)
    bound = listed / PER_LISTING + timelines + alone + 30
    assert len(first) <= bound < 2_400
    assert Counter(status for _, status in first).keys() <= {200, 304, 404}


def test_the_next_mining_takes_a_handful(mined):
    for again in mined[3][1:]:
        statuses = Counter(status for _, status in again)
        assert len(again) <= 15
        assert statuses[304] >= len(again) / 2


def count_items(lines, event):
    found = (line for line in lines if any(e["event"] == event for e in line["data"]["events"]))
    return sum(1 for _ in found)


def test_the_oldest_and_the_newest_item_have_their_own_times(lines, rows):
    opened = {line["number"]: line["data"][line["data"]["type"]]["created_at"] for line in lines}
    for number in (min(opened), max(opened)):
        row = rows["issues"].get((number,)) or rows["change_requests"][(number,)]
        assert row["created_at"] == instant(opened[number])
