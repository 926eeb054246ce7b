"""Test that a rate-limited source is deferred and tried again."""

from __future__ import annotations

import itertools
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from flows.run import engines, rate_limits
from flows.run.engines import LocalEngine
from flows.run.rate_limits import map_with_deferral
from miners.errors import RateLimited, SourceUnavailable
from tests.support.running.clocks import HANG_SECONDS, SleepersClock

HALF_AN_HOUR = timedelta(minutes=30)


@dataclass(frozen=True)
class WorkItem:
    id: str


@dataclass
class Work:
    """Does what each name says at each of its attempts: a wait in seconds, or a result."""

    plan: dict
    clock: SleepersClock
    calls: list = field(default_factory=list)

    def __call__(self, item):
        self.calls.append((item.id, self.clock.at))
        done = self.plan[item.id].pop(0)
        if isinstance(done, Exception):
            raise done
        return done

    def names(self):
        return [name for name, _ in self.calls]


@pytest.fixture
def clock(monkeypatch):
    made = SleepersClock()
    monkeypatch.setattr(rate_limits, "datetime", made)
    monkeypatch.setattr(rate_limits, "time", made)
    monkeypatch.setattr(engines, "time", made)
    return made


@pytest.fixture
def limited(clock):
    """Make the error of a limit that ends in so many seconds."""

    def made(seconds):
        resets_at = clock.at + timedelta(seconds=seconds)
        return RateLimited("x", "its rate limit is used up", "Wait", resets_at)

    return made


def patiently(work, patience=HALF_AN_HOUR, workers=1):
    waits = []
    attempts = map_with_deferral(
        LocalEngine(workers),
        work,
        [WorkItem(name) for name in work.plan],
        patience,
        lambda item, until: waits.append((item.id, until)),
    )
    return attempts, waits


def test_a_limited_source_resumes_after_all_others_and_after_its_time(clock, limited):
    begun = clock.at
    work = Work({"a": [limited(1.5), "a at last"], "b": ["b"], "c": ["c"]}, clock)
    attempts, waits = patiently(work)
    assert work.names() == ["a", "b", "c", "a"]
    assert [attempt.result for attempt in attempts] == ["a at last", "b", "c"]
    assert waits == [("a", begun + timedelta(seconds=1.5))]
    assert clock.at == waits[0][1]


def test_the_worker_of_a_limited_source_is_free_at_once(clock, limited):
    work, begun = Work({"a": [limited(2), "a"], "b": ["b"]}, clock), clock.at
    patiently(work)
    assert work.calls == [("a", begun), ("b", begun), ("a", begun + timedelta(seconds=2))]


def test_a_limit_beyond_the_patience_of_a_run_stays_the_error(clock, limited):
    far, begun = limited(3600), clock.at
    work = Work({"a": [far], "b": [limited(1), "b"]}, clock)
    (never, waited), waits = patiently(work)
    assert (never.error, waited.result) == (far, "b")
    assert [name for name, _ in waits] == ["b"]
    assert clock.at - begun == timedelta(seconds=1)


def test_no_patience_at_all_waits_for_nothing(clock, limited):
    work = Work({"a": [limited(0)]}, clock)
    ((attempt,), waits) = patiently(work, timedelta())
    assert isinstance(attempt.error, RateLimited)
    assert waits == []


def test_a_server_that_always_names_a_time_that_is_over_is_asked_ever_more_rarely(clock, limited):
    work = Work({"a": [limited(-5) for _ in range(9)]}, clock)
    ((attempt,), waits) = patiently(work, timedelta(seconds=4))
    assert isinstance(attempt.error, RateLimited)
    times = [at for _, at in work.calls]
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert gaps == [timedelta(seconds=1), timedelta(seconds=2)]
    assert len(waits) == 2


def test_other_failures_are_not_tried_again(clock, limited):
    away = SourceUnavailable("a", "away", "wait")
    work = Work({"a": [away], "b": [limited(1), ValueError("b")]}, clock)
    (a, b), _ = patiently(work)
    assert (a.error, str(b.error)) == (away, "b")
    assert work.names() == ["a", "b", "b"]


def test_the_seconds_of_all_attempts_count_and_the_wait_does_not(clock, limited):
    class Slow(Work):
        def __call__(self, item):
            clock.sleep(0.25)
            return super().__call__(item)

    ((attempt,), _) = patiently(Slow({"a": [limited(1.5), "a"]}, clock))
    assert attempt.seconds == 0.5


WAITING = """
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from flows.run.engines import LocalEngine
from flows.run.rate_limits import map_with_deferral
from miners.errors import RateLimited
def work(item):
    raise RateLimited("x", "limited", "wait", datetime.now(UTC) + timedelta(seconds=3000))
wait = lambda item, until: print("waiting", flush=True)
map_with_deferral(LocalEngine(1), work, [SimpleNamespace(id="a")], timedelta(hours=1), wait)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is a signal")
def test_ctrl_c_ends_a_wait():
    process = subprocess.Popen(
        [sys.executable, "-c", WAITING], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout.readline() == b"waiting\n"
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=HANG_SECONDS)
    assert b"KeyboardInterrupt" in said
