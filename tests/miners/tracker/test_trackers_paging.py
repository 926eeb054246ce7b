"""Test paging against a list that moves between pages."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from miners.tracker.pages import Page, forward, walk
from tests.support.git.invented_trackers import BEGUN
from tests.support.running.examples import examples

SIZE = 3
QUICK = examples(400)
# What happens before a page is read: how many seconds pass, and to which entry what is done.
CHANGES = st.lists(
    st.tuples(st.sampled_from([0, 0, 1, 50]), st.sampled_from("tcd"), st.integers(0, 40)),
    max_size=4,
)
SCHEDULES = st.lists(CHANGES, max_size=40)
STARTS = st.lists(st.sampled_from([0, 0, 0, 1, 60]), max_size=25)


class Moving:
    """A list whose entries are touched, made and deleted, read a few at a time."""

    def __init__(self, starts, schedule, hole):
        self.now, self.stamps, self.made = BEGUN, {}, 0
        self._schedule, self._hole = iter(schedule), hole
        self._answers, self.requests = {}, 0
        for seconds in starts:
            self.now += seconds
            self._create()

    def _create(self):
        self.made += 1
        self.stamps[self.made] = self.now

    def _move(self):
        for seconds, what, which in next(self._schedule, []):
            self.now += seconds
            among = sorted(self.stamps)
            if what == "c" or not among:
                self._create()
            elif what == "t":
                self.stamps[among[which % len(among)]] = self.now
            else:
                del self.stamps[among[which % len(among)]]

    def since(self, since, number):
        """List by update, as a tracker does, with an entry for each version."""
        self._move()
        found = sorted((at, key) for key, at in self.stamps.items() if stamp(at) >= (since or ""))
        return self._page((since, number), [entry(key, at) for at, key in found], number)

    def newest_first(self, number):
        self._move()
        found = [entry(key, at) for key, at in sorted(self.stamps.items(), reverse=True)]
        return self._page(number, found, number)

    def _page(self, asked, found, number):
        self.requests += 1
        assert self.requests < 3_000, "it does not end"
        if number == self._hole:
            return Page([], has_next=True)
        place = number - bool(self._hole and number > self._hole)
        entries, has_next = found[(place - 1) * SIZE : place * SIZE], place * SIZE < len(found)
        if self._answers.get(asked) == entries and entries:
            return Page([], has_next, is_unchanged=True)
        self._answers[asked] = entries
        return Page(entries, has_next)


def entry(key, at):
    return {"id": key, "updated_at": stamp(at)}


def stamp(seconds):
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def by_id(raw):
    return raw["id"]


@QUICK
@given(STARTS, SCHEDULES, st.sampled_from([None, 1, 2, 3]))
def test_what_is_there_from_before_to_after_is_listed_and_no_version_twice(starts, schedule, hole):
    moving = Moving(starts, schedule, hole)
    before = dict(moving.stamps)
    listed = [raw for page in forward(moving.since, None, by_id) for raw in page]
    versions = [(raw["id"], raw["updated_at"]) for raw in listed]
    assert len(versions) == len(set(versions))
    assert (before.keys() & moving.stamps.keys()) <= {key for key, _ in versions}
    # What was not touched meanwhile was met as it is.
    unmoved = {key for key, at in before.items() if moving.stamps.get(key) == at}
    assert {(key, stamp(moving.stamps[key])) for key in unmoved} <= set(versions)


@QUICK
@given(STARTS, SCHEDULES, st.sampled_from([None, 1, 2, 3]))
def test_a_walk_meets_all_that_stays_and_nothing_twice(starts, schedule, hole):
    moving = Moving(starts, schedule, hole)
    before = set(moving.stamps)
    listed = [raw["id"] for page in walk(moving.newest_first, by_id) for raw in page]
    assert len(listed) == len(set(listed))
    assert (before & moving.stamps.keys()) <= set(listed)


@QUICK
@given(STARTS, SCHEDULES, st.integers(0, 25), st.sampled_from([None, 1, 2, 3]))
def test_a_walk_down_to_what_is_known_meets_all_that_is_new(starts, schedule, known, hole):
    moving = Moving(starts, schedule, hole)
    before = set(moving.stamps)
    pages = walk(moving.newest_first, by_id, lambda raw: raw["id"] <= known)
    listed = [raw["id"] for page in pages for raw in page]
    assert len(listed) == len(set(listed))
    new = {key for key in before & moving.stamps.keys() if key > known}
    assert new <= set(listed)


@QUICK
@given(STARTS, st.integers(1, 9))
def test_an_interrupted_walk_resumes_at_its_page_and_still_meets_all(starts, first):
    moving = Moving(starts, [], None)
    listed = {raw["id"] for page in walk(moving.newest_first, by_id, None, first) for raw in page}
    assert listed == set(moving.stamps)


def test_a_list_that_stands_still_is_read_once():
    moving = Moving([60] * 30, [], None)
    assert sum(map(len, forward(moving.since, None, by_id))) == 30
    # Every page but the first begins with the last entry of the one before.
    assert moving.requests == 15


def test_pages_of_one_instant_are_read_twice_and_no_more():
    moving = Moving([60, 0, 0, 0, 0, 0, 0, 60, 60, 60], [], None)
    assert sum(map(len, forward(moving.since, None, by_id))) == 10
    assert moving.requests == 8


def test_what_slips_to_an_earlier_page_is_met_though_the_first_page_is_as_before():
    moving = Moving([60] * 12, [[], [], [(0, "d", 7)]], None)
    pages = walk(moving.newest_first, by_id, lambda raw: raw["id"] <= 1)
    assert {raw["id"] for page in pages for raw in page} == set(range(1, 13))
