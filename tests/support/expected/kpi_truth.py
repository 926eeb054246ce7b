"""
Expected figures of every mart, from a dump and Git's output.

No line of this and of its four modules shares code with Quarry: what a KPI means was read from the
prose of its definition.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import floor

from tests.support.expected.kpi_truth_deliveries import Deliveries
from tests.support.expected.kpi_truth_git import GitHistory, read_history
from tests.support.expected.kpi_truth_requests import (
    closers,
    is_stacked,
    read_requests,
    repeated,
)
from tests.support.expected.kpi_truth_row import quarters_between
from tests.support.expected.kpi_truth_rows import Rows
from tests.support.expected.kpi_truth_tracker import Rules, read_tracker
from tests.support.git.counted_files import Files

HOUR, DAY = 3600, 86_400


@dataclass
class ProjectTruth:
    """All that is known of a repository and its tracker, and the instant of its last poll."""

    history: GitHistory
    issues: dict
    pulls: dict
    accounts: dict
    git_polled_at: int
    tracker_polled_at: int
    rules: Rules | None = None
    window_hours: int = 0

    @cached_property
    def requests(self):
        return read_requests(self.pulls, self.history, self.accounts)

    @cached_property
    def repeated(self):
        return repeated(self.requests, self.history)

    @cached_property
    def closers(self):
        return closers(self.requests)

    @cached_property
    def deliveries(self):
        return Deliveries(self.history, self.issues, self.requests, self.rules, self.window_hours)

    @property
    def files(self):
        return Files(self.history.attributes, self.rules.of("generated"))

    @property
    def polled_at(self):
        return min(self.git_polled_at, self.tracker_polled_at)

    @cached_property
    def git_quarters(self):
        own = self.history.landed - self.history.imported
        first = min(self.history.commits[name].committed for name in own)
        return quarters_between(first, self.git_polled_at)

    @cached_property
    def tracker_quarters(self):
        first = min(item.opened for item in [*self.issues.values(), *self.pulls.values()])
        return quarters_between(first, self.tracker_polled_at)

    @cached_property
    def all_quarters(self):
        return sorted({*self.git_quarters, *self.tracker_quarters}, key=lambda q: q.starts)

    def merged_reason(self, item):
        """Say why a change request counts once it is merged, or does not."""
        if item.number in self.repeated:
            return "delivered_by_others"
        if self.rules.labelled("left_out_labels", item) is not None:
            return "left_out_label"
        kind = self.accounts[item.author]
        if kind in self.rules.of("left_out_authors"):
            return kind
        return "stacked" if is_stacked(item.number, self.requests) else "counted"

    def has_lost_its_start(self, commit):
        """Return whether it is a squash of which neither Git nor the tracker has the work."""
        named = re.search(r"[#!]([0-9]+)\)$", commit.subject)
        is_known = named and int(named[1]) in {*self.issues, *self.pulls}
        return self.is_squash_like(commit) and not is_known

    def is_squash_like(self, commit):
        is_alone = commit.name in self.history.chain and len(commit.parents) == 1
        is_new = commit.authored == commit.committed
        is_head = commit.name in self.history.heads.values()
        has_number = re.search(r"\([#!][0-9]+\)$", commit.subject) is not None
        return is_alone and is_new and not is_head and has_number

    @cached_property
    def rows(self):
        return Rows(self).all()


def read_world(folder, kinds, looks):
    """Read a dataset: its dump and its Git history; looks are (of Git, of the tracker)."""
    history = read_history(folder / "git", kinds)
    assert not _mailmap(history), "the truth reads no mailmap"
    return ProjectTruth(history, *read_tracker(folder, kinds), *looks)


def _mailmap(history):
    return any(".mailmap" in commit.files for commit in history.commits.values())


def quantile(values, share):
    """Interpolate between the two values next to a share of the way; None without any."""
    if not values:
        return None
    ordered, place = sorted(values), Fraction(share) * (len(values) - 1)
    low = floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def rounded(value):
    return None if value is None else floor(float(value) * 1e6 + 0.5) / 1e6
