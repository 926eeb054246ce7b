"""Fake clocks that move with sleepers, and the limit of hangs."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# Only what never ends takes this long; a loaded machine does not.
HANG_SECONDS = 300


@dataclass
class SleepersClock:
    """Replaces the modules time and datetime; it moves only while somebody sleeps."""

    at: datetime = datetime(2024, 6, 1, tzinfo=UTC)

    def now(self, _zone=None):
        return self.at

    def perf_counter(self):
        return self.at.timestamp()

    def sleep(self, seconds):
        self.at += timedelta(seconds=seconds)


class SkippingClock:
    """Replaces the modules time and datetime; whoever sleeps wakes at once, and later."""

    def __init__(self):
        self.skipped = timedelta()

    def now(self, zone):
        return datetime.now(zone) + self.skipped

    def sleep(self, seconds):
        self.skipped += timedelta(seconds=seconds)


@contextmanager
def without_hanging():
    """Fail if what is inside takes as long as only a hang does."""
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < HANG_SECONDS
