"""Test deletion checks: deleted items, their fate, and their return."""

from __future__ import annotations

import pytest

from miners.tracker import deletions
from tests.support.fakes.fake_github import GithubReply, fake_github, message, moved
from tests.support.running.outcomes import shows


@pytest.fixture
def github():
    with fake_github() as fake:
        orchard = fake.repository()
        for number in range(1, 6):
            orchard.issue(number)
        yield fake


@shows("item not there")
@pytest.mark.parametrize(
    ("reply", "fate"),
    [(message(410, "Deleted"), "deleted"), (message(404), "hidden"), (message(451), "hidden")],
)
def test_an_issue_that_is_deleted_gets_a_tombstone_with_its_fate(
    github, orchard, home, reply, fate
):
    home.track(github)
    kept = orchard.issues[3]
    orchard.delete(3)
    orchard.gone[3] = reply
    home.track(github, run=1)
    assert home.deleted() == {"issues/3": (fate, None)}
    assert home.live("issues").keys() == {"1", "2", "4", "5"}

    home.track(github, run=2)
    assert home.rows("tombstones").height == 1

    orchard.issues[3] = kept
    orchard.gone.clear()
    home.track(github, run=3)
    assert home.deleted() == {}
    assert home.live("issues").keys() == {"1", "2", "3", "4", "5"}
    assert home.rows("tombstones")["is_gone"].to_list() == [True, False]


@shows("item not there")
def test_a_transferred_issue_says_where_it_went(github, orchard, home):
    pears = github.repository("bob/pears", 2)
    home.track(github)
    orchard.delete(5)
    there = pears.issue(8)
    orchard.gone[5] = moved(f"{github.url}/repositories/2/issues/8")
    home.track(github, run=1)
    assert home.deleted() == {"issues/5": ("transferred", there["html_url"])}


def test_the_newest_and_the_oldest_issue_are_missed_too(github, orchard, home):
    home.track(github)
    orchard.delete(1)
    orchard.delete(5)
    home.track(github, run=1)
    assert home.deleted().keys() == {"issues/1", "issues/5"}


def test_all_of_them_deleted_is_seen(github, orchard, home):
    home.track(github)
    for number in range(1, 6):
        orchard.delete(number)
    home.track(github, run=1)
    assert len(home.deleted()) == 5


def test_a_change_request_can_be_deleted_as_well(github, orchard, home):
    orchard.pull(9)
    home.track(github)
    orchard.delete(9)
    home.track(github, run=1)
    assert home.deleted() == {"change_requests/9": ("hidden", None)}


def test_what_is_only_missing_from_the_list_is_not_deleted(github, orchard, home):
    home.track(github)
    del orchard.issues[3]
    orchard.gone[3] = GithubReply(200, orchard.issue(3))
    del orchard.issues[3]
    home.track(github, run=1)
    assert home.deleted() == {}


def test_a_night_polls_a_few_pages_only_and_the_next_resumes(github, orchard, home, monkeypatch):
    monkeypatch.setattr(deletions, "PAGES_PER_MINING", 1)
    for number in range(6, 451):
        orchard.issue(number)
    home.track(github)
    for number in (3, 444):
        orchard.delete(number)
        orchard.gone[number] = message(410)
    nights = 0
    while len(home.deleted()) < 2:
        nights += 1
        github.log.clear()
        home.track(github, run=nights)
        assert sum(r.query.get("sort") == "created" for r in github.log) == 1
        assert nights < 12
    assert home.deleted() == {"issues/3": ("deleted", None), "issues/444": ("deleted", None)}


def test_an_issue_of_the_instant_at_which_a_page_ended_is_missed_too(github, orchard, home):
    """The next page begins with the instant of the last issue of the one before."""
    for number in range(6, 151):
        orchard.issue(number)
    orchard.issues[101]["created_at"] = orchard.issues[100]["created_at"]
    home.track(github)
    orchard.delete(101)
    home.track(github, run=1)
    assert home.deleted().keys() == {"issues/101"}


def test_a_night_polls_fifty_issues_and_no_page_more(github, orchard, home):
    for number in range(6, 251):
        orchard.issue(number)
    for night in range(2):  # the second one looks through the rest of the list
        home.track(github, run=night)
    for number in (*range(2, 62), *range(170, 230)):
        orchard.delete(number)
    home.track(github, run=2)
    assert len(home.deleted()) == 60
    home.track(github, run=3)
    assert len(home.deleted()) == 120


def test_an_unchanged_tracker_costs_a_handful_of_requests(github, home):
    home.track(github)
    github.tick(60)
    home.track(github, run=1)
    for night in (2, 3, 4):
        github.log.clear()
        spent = github.requests_left
        (receipt,) = home.track(github, run=night)
        assert receipt.files == ()
        assert len(github.log) <= 14
        assert spent - github.requests_left <= 4


def test_a_deleted_comment_is_counted_and_marked_as_deleted(github, orchard, home):
    first, second = orchard.comment(2), orchard.comment(2)
    home.track(github)
    assert len(home.live("comments")) == 2
    orchard.comments.remove(first)
    orchard.issues[2]["updated_at"] = github.tick()
    home.track(github, run=1)
    assert home.live("comments").keys() == {f"comment/{second['id']}"}
    assert home.deleted() == {f"comments/comment/{first['id']}": ("removed", None)}


def test_an_event_that_vanishes_from_a_timeline_is_deleted(github, orchard, home):
    orchard.pull(9)
    event = orchard.event(9, "labeled", label={"name": "bug"})
    home.track(github)
    orchard.timelines[9].clear()
    orchard.event(9, "closed")
    home.track(github, run=1)
    assert home.deleted() == {f"item_events/change_request/9/{event['id']}": ("removed", None)}
