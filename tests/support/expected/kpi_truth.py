"""
Expected figures of every mart, from a dump and Git's output.

No line of this and of its four modules shares code with Quarry: what a KPI means was read from the
prose of its definition.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import accumulate
from math import floor

from tests.support.expected.kpi_truth_deliveries import Deliveries
from tests.support.expected.kpi_truth_git import GitHistory, read_history
from tests.support.expected.kpi_truth_requests import closers, read_requests
from tests.support.expected.kpi_truth_row import quarters_between
from tests.support.expected.kpi_truth_rows import Rows
from tests.support.expected.kpi_truth_tracker import Rules, read_tracker

HOUR, DAY = 3600, 86_400
_UNITS = {"hours": HOUR, "days": DAY}


@dataclass
class ProjectTruth:
    """All that is known of a repository and its tracker, and until when each was looked at."""

    history: GitHistory
    issues: dict
    pulls: dict
    accounts: dict
    git_looked_at: int
    tracker_looked_at: int
    rules: Rules | None = None
    window_hours: int = 0

    @cached_property
    def requests(self):
        return read_requests(self.pulls, self.history, self.accounts)

    @cached_property
    def closers(self):
        return closers(self.requests)

    @cached_property
    def deliveries(self):
        return Deliveries(self.history, self.issues, self.requests, self.rules, self.window_hours)

    @property
    def looked_at(self):
        return min(self.git_looked_at, self.tracker_looked_at)

    @cached_property
    def git_quarters(self):
        first = min(self.history.commits[name].committed for name in self.history.landed)
        return quarters_between(first, self.git_looked_at)

    @cached_property
    def tracker_quarters(self):
        first = min(item.opened for item in [*self.issues.values(), *self.pulls.values()])
        return quarters_between(first, self.tracker_looked_at)

    @cached_property
    def all_quarters(self):
        return sorted({*self.git_quarters, *self.tracker_quarters}, key=lambda q: q.starts)

    def merged_reason(self, item):
        """Say why a change request counts once it is merged, or does not."""
        if self.rules.labelled("left_out_labels", item) is not None:
            return "left_out_label"
        kind = self.accounts[item.author]
        return kind if kind in self.rules.of("left_out_authors") else "counted"

    def is_squash_like(self, commit):
        is_alone = commit.name in self.history.chain and len(commit.parents) == 1
        return is_alone and re.search(r"\([#!][0-9]+\)$", commit.subject) is not None

    @cached_property
    def rows(self):
        return Rows(self).all()


def read_world(folder, kinds, looks):
    """Read a dataset: its dump and its Git history; looks are (of Git, of the tracker)."""
    history = read_history(folder / "git", kinds)
    assert not _mailmap(history), "the truth reads no mailmap"
    return ProjectTruth(history, *read_tracker(folder, kinds), *looks)


def _mailmap(history):
    return any(".mailmap" in commit.paths for commit in history.commits.values())


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


class Figures:
    """The figures of kpi_quarterly and kpi_yearly, by what the definitions say of each KPI."""

    def __init__(self, world, definitions):
        self._world, self._definitions = world, definitions
        self._rows = defaultdict(list)
        for row in world.rows:
            self._rows[row.kpi, row.quarter].append(row)
            self._rows[row.kpi, int(row.quarter[:4])].append(row)

    def quarterly(self):
        """Give the figures by (KPI, quarter)."""
        found = {}
        for kpi in self._definitions:
            for quarter in self._spine(kpi):
                figure = self._figure(kpi, quarter.label)
                figure["is_complete"] = self._is_complete(kpi, quarter)
                found[kpi, quarter.label] = figure
        for (kpi, quarter), figure in found.items():
            year, number = int(quarter[:4]), int(quarter[-1])
            before = f"{year}-Q{number - 1}" if number > 1 else f"{year - 1}-Q4"
            _compare(figure, "quarter_before", found.get((kpi, before)))
            _compare(figure, "year_before", found.get((kpi, f"{year - 1}-Q{number}")))
            figure |= {"is_sealed": False, "is_restated": False, "value_now": figure["value"]}
        return found

    def yearly(self):
        """Give the figures by (KPI, year)."""
        found = {}
        for kpi, definition in self._definitions.items():
            years = defaultdict(list)
            for quarter in self._spine(kpi):
                years[quarter.year].append(quarter)
            for year, quarters in years.items():
                of = quarters[-1].label if definition["span"] == "quarter_end" else year
                is_whole = len(quarters) == 4 and all(self._is_complete(kpi, q) for q in quarters)
                told = {"quarter_count": len(quarters), "is_complete": is_whole, "is_sealed": False}
                found[kpi, year] = self._figure(kpi, of) | told
        for (kpi, year), figure in found.items():
            _compare(figure, "year_before", found.get((kpi, year - 1)))
        return found

    def _figure(self, kpi, period):
        definition, rows = self._definitions[kpi], self._rows[kpi, period]
        counted = [row for row in rows if row.is_counted]
        known = len(counted) + sum(row.is_gap for row in rows)
        has_ratio = definition["kind"] == "ratio"
        size = _UNITS.get(definition["unit"], 1)
        has_spread = definition["kind"] in {"mean", "median", "longest"}
        values = [Fraction(row.value, size) for row in counted] if has_spread else []
        shares = {"median_value": "1/2", "p75_value": "3/4", "p90_value": "9/10"}
        upper = sum(row.numerator for row in counted) if has_ratio and counted else None
        lower = sum(row.denominator for row in counted) if has_ratio and counted else None
        return {
            "value": rounded(_value(definition["kind"], counted, values, upper, lower)),
            "n": len(counted),
            "left_out_count": len(rows) - len(counted),
            "coverage_ratio": Fraction(len(counted), known) if known else None,
            "numerator": upper,
            "denominator": lower,
            "min_value": rounded(min(values, default=None)),
            "max_value": rounded(max(values, default=None)),
            **{name: rounded(quantile(values, share)) for name, share in shares.items()},
            "target": None,
            "target_status": None,
        }

    def _spine(self, kpi):
        world, needs = self._world, self._definitions[kpi]["needs"]
        if needs == "commits":
            return world.git_quarters
        if needs == "tracker":
            return world.tracker_quarters
        quarters = world.all_quarters
        if needs == "deployments":
            return [q for q in quarters if q.ends > world.deliveries.at(1)]
        if needs == "evidence":
            seen = [row.quarter for row in world.rows if row.kpi == kpi]
            return [q for q in quarters if seen and q.label >= min(seen)]
        return quarters

    def _is_complete(self, kpi, quarter):
        world, needs = self._world, self._definitions[kpi]["needs"]
        looks = {"commits": world.git_looked_at, "tracker": world.tracker_looked_at}
        return looks.get(needs, world.looked_at) >= quarter.ends


def _value(kind, counted, values, upper, lower):
    makers = {
        "count": lambda: len(counted),
        "sum": lambda: sum(row.value for row in counted),
        "ratio": lambda: Fraction(upper, lower) if lower else None,
        "distinct": lambda: len(_amounts(counted)),
        "half": lambda: _half(_amounts(counted)),
        "mean": lambda: sum(values) / len(values) if values else None,
        "median": lambda: quantile(values, "1/2"),
        "longest": lambda: max(values, default=None),
    }
    return makers[kind]()


def _amounts(counted):
    amounts = defaultdict(int)
    for row in counted:
        amounts[row.subject] += row.value
    return sorted(amounts.values(), reverse=True)


def _half(amounts):
    """Count the fewest that together make half of the whole."""
    sums = accumulate(amounts)
    return next((n for n, made in enumerate(sums, 1) if made * 2 >= sum(amounts)), None)


def _compare(figure, name, other):
    before = other and other["value"]
    now = figure["value"]
    change = None if None in {now, before} else rounded(now - before)
    percent = rounded(100 * change / abs(before)) if change is not None and before else None
    figure |= {
        f"{name}_value": before,
        f"change_from_{name}": change,
        f"change_from_{name}_percent": percent,
    }
