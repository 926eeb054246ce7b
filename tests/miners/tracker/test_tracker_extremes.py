"""Test extreme values, wrong clocks and items no longer readable."""

from __future__ import annotations

import json

from miners.tracker import deletions
from miners.tracker.fields import microseconds
from miners.tracker.pages import rewound
from tests.support.fakes.fake_repository import user
from tests.support.running.outcomes import shows


@shows("one record odd")
def test_what_is_kept_of_extremes(github, orchard, home):
    orchard.issue(1, title="가" * 1_000_000, body="nul\0 \ud83d alone", user=None, id=2**53 + 1)
    orchard.issue(2, closed_at="9999-12-31T23:59:59Z", state="closed")
    orchard.issue(3, created_at="0001-01-01T00:00:00Z", user=user("gone") | {"type": "Bot"})
    home.track(github)
    one, two, three = (home.live("issues")[number] for number in "123")
    assert one["title"] == "가" * 1_000_000
    assert one["body"] == "nul␀ ? alone"
    assert (one["author_login"], one["author_kind"]) == ("ghost", "ghost")
    assert one["item_id"] == str(2**53 + 1)
    assert json.loads(one["payload"])["body"] == "nul\0 \ud83d alone"
    assert two["closed_at"].year == 9999
    assert three["created_at"].year == 1
    assert three["author_kind"] == "bot"


def test_a_clock_that_was_wrong_hides_nothing_that_follows(github, orchard, home, monkeypatch):
    """By the lists of changes alone: the check for deletions would find an issue as well."""
    monkeypatch.setattr(deletions, "PAGES_PER_MINING", 0)
    orchard.issue(1, updated_at="2099-01-01T00:00:00Z")
    orchard.issue(2)
    stray = orchard.comment(2, updated_at="2099-01-01T00:00:00Z")
    home.track(github)
    orchard.issue(3)
    orchard.comment(3)
    github.tick(60)
    github.log.clear()
    home.track(github, run=1)
    since = {request.query["since"][:4] for request in github.log if "since" in request.query}
    assert since == {"2024"}
    assert home.live("issues").keys() == {"1", "2", "3"}
    assert len(home.live("comments")) == 2
    assert f"comment/{stray['id']}" in home.live("comments")


def test_a_row_that_cannot_be_read_any_more_is_not_taken_for_deleted(github, orchard, home):
    orchard.pull(1)
    event = orchard.event(1, "labeled", label={"name": "bug"})
    home.track(github)
    event["label"] = 5
    orchard.event(1, "closed")
    home.track(github, run=1)
    assert home.deleted() == {}
    assert len(home.live("item_events")) == 2


def test_an_issue_that_cannot_be_read_any_more_is_not_taken_for_deleted(github, orchard, home):
    for number in (1, 2):
        orchard.issue(number)
    home.track(github)
    orchard.issues[1]["updated_at"] = 5
    home.track(github, run=1, is_full=True)
    assert home.deleted() == {}
    assert home.live("issues").keys() == {"1", "2"}


def test_an_instant_is_read_whatever_its_zone():
    assert microseconds("2024-01-01T00:00:00+09:00") == microseconds("2023-12-31T15:00:00Z")
    assert microseconds("2024-01-01T00:00:00") == microseconds("2024-01-01T00:00:00Z")


def test_a_cursor_is_moved_back_in_utc_whatever_its_zone():
    assert rewound("2024-01-01T00:00:00.123+09:00") == "2023-12-31T14:58:00Z"
    assert rewound("2024-01-01T00:00:00Z") == "2023-12-31T23:58:00Z"
