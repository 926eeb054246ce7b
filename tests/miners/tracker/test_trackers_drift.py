"""Test trackers that change between requests: nothing missed, doubled or stale."""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from itertools import pairwise

import pytest

from miners.tracker import deletions
from tests.support.expected.gitlab_truth import gitlab_truth
from tests.support.expected.tracker_truth import differences, truth
from tests.support.fakes.replay import Replay, live, mine, versions
from tests.support.git.invented_trackers import Invented, write_dataset
from tests.support.running.tracker_homes import GITHUB, GITLAB

# Of each host; QUARRY_DRIFT_SCHEDULES tries more.
SCHEDULES = {
    kind: int(os.environ.get("QUARRY_DRIFT_SCHEDULES", count))
    for kind, count in ((GITHUB, "24"), (GITLAB, "8"))
}
TRUTHS = {GITHUB: truth, GITLAB: gitlab_truth}
GROUPS = {GITHUB: 4, GITLAB: 1}
# What may happen to a tracker between two requests; what is done to which kinds of items.
ON_ANY = (
    *("touch", "retitle", "close", "reopen", "label", "comment", "delete_comment", "lose_comment"),
    "delete",
)
ON_PULLS = ("review", "force_push", "merge")


class Drift:
    """Changes that come over a served tracker, some before each answer, until there are enough."""

    def __init__(self, seed, replay, invented):
        self._random = random.Random(seed)
        self._replay, self._invented = replay, invented
        self.left = self._random.randint(5, 40)
        self._pace = self._random.choice([0.1, 0.3, 0.8])
        # Seconds from one change to the next: many fall into one instant.
        calm = (1, 30, 400)
        some = [calm] if is_deep(seed) else [(0,), (0, 0, 1), (0, *calm)]
        self._steps = self._random.choice(some)
        self.done, self._deleted = Counter(), []

    def __call__(self, _path):
        while self.left and self._random.random() < self._pace:
            self.left -= 1
            self._invented.now += self._random.choice(self._steps)
            self._change()

    def _change(self):
        invented, numbers = self._invented, sorted(self._invented.items)
        what = self._random.choice(["create", *ON_ANY, *ON_PULLS])
        pulls = [number for number in numbers if invented.kind(number) == "pull"]
        among = pulls if what in ON_PULLS else numbers
        self.done[what] += 1
        if what == "create" or not among:
            self._serve(invented.create(self._random.choice(["issue", "pull"])))
            return
        number = self._random.choice(among)
        getattr(invented, what)(number)
        if what == "delete":
            # The server remembers what it made of a version by the version's place in memory.
            self._deleted.append(self._replay.tracker.items.pop(number))
            self._replay.state.gone[(invented.name, number)] = {"status": 410}
        else:
            self._serve(number)

    def _serve(self, number):
        line = json.dumps(self._invented.line(number)).encode()
        self._replay.tracker._add(line, "updates")
        self._replay.set_clock(self._invented.now)


def begun(seed):
    """Invent a tracker with a past; in some of them much happened in one instant."""
    chance = random.Random(seed)
    invented = Invented()
    for _ in range(chance.randint(8, 30)):
        invented.now += chance.choice([1, 300] if is_deep(seed) else [0, 0, 1, 300])
        number = invented.create(chance.choice(["issue", "issue", "pull"]))
        for what in chance.sample(["comment", "label", "close"], chance.randint(0, 3)):
            getattr(invented, what)(number)
    if chance.random() < 0.5 and not is_deep(seed):
        for number in invented.items:
            invented.label(number, "later")
    return invented


def is_deep(seed):
    """Return whether the server of a schedule refuses deep pages."""
    return seed % 5 == 1


def odd(replay, seed):
    """Serve in one of the ways that a server may have: short pages, empty ones, no deep ones."""
    chance = random.Random(seed)
    replay.page_size = chance.choice([2, 3, 5, 7])
    replay.hole = chance.choice([None, None, 1, 2, 3])
    replay.has_last = chance.random() < 0.5
    if is_deep(seed):
        replay.state.cfg["max_offset"] = max(4 * replay.page_size, 16)


def check_versions(home, source):
    """See that no row was written again as it was, and that no key has two rows in one batch."""
    for record in ("issues", "change_requests", "item_events", "comments", "reviews"):
        met = {}
        for key, row in versions(home, source, record):
            met.setdefault(key, []).append(row)
        doubled = [key for key, rows in met.items() if any(a == b for a, b in pairwise(rows))]
        assert not doubled, (record, doubled)


def run_schedule(seed, folder, kind=GITHUB):
    """
    Mine while a tracker drifts, and once more after.

    The differences from the truth at the end, and the items that the first of both had not met.
    """
    invented = begun(seed)
    dumped = write_dataset(folder / "dump", invented.name, invented.lines())
    home = folder / "home"
    with Replay(dumped, date="clock") as replay:
        odd(replay, seed)
        replay.set_clock(invented.now)
        source = replay.source(kind)
        if seed % 3 == 0:
            # Half of the drifts meet a tracker that was mined before.
            mine(source, home, 1)
        drift = replay.before_answer = Drift(seed, replay, invented)
        mine(source, home, 2)
        listed = live(home, source)
        left, drift.left = drift.left, 0
        mine(source, home, 3)
        settled = live(home, source)
    expected = TRUTHS[kind](invented.lines())
    check_versions(home, source)
    # What comes after the last list was read is no miss.
    missed = set() if left else {"issues", "change_requests"}
    found = differences(expected, listed)
    missing = [wrong for wrong in found if wrong[0] in missed and wrong[2] == "missing"]
    return differences(expected, settled), missing, drift.done


@pytest.mark.parametrize(
    ("kind", "group"), [(kind, group) for kind, count in GROUPS.items() for group in range(count)]
)
def test_whatever_moves_while_it_is_read_all_is_known_after(kind, group, tmp_path, monkeypatch):
    """Every list of items is looked through in each mining here, as weeks of nights would."""
    monkeypatch.setattr(deletions, "PAGES_PER_MINING", 1000)
    monkeypatch.setattr(deletions, "_POLLS_PER_MINING", 1000)
    happened = Counter()
    for seed in range(group, SCHEDULES[kind], GROUPS[kind]):
        wrong, missing, done = run_schedule(seed, tmp_path / str(seed), kind)
        assert (wrong, missing) == ([], []), f"schedule {seed}"
        happened += done
    assert happened.keys() >= {"create", "delete", "touch", "lose_comment"}
