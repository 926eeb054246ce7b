"""The words and figures in which a run is shown, whether in a terminal or on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flows.runs import Outcome
    from warehouse.query import Headline

# What is counted of each source, by the records that it is counted in.
COUNTED = {
    "new commits": "commits",
    "files": "commit_files",
    "refs changed": "refs",
    "issues": "issues",
    "change requests": "change_requests",
    "set aside": "rejects",
}
NO_DATA = "no data"
_OF_TRACKERS = {"issues", "change requests"}
# Those that are worth a sum over all sources.
SUMMED = ("new commits", "issues", "change requests")


def counts(outcome: Outcome) -> dict[str, int]:
    """Count what one source gave; of an issue or change request, each version that is new."""
    return {name: outcome.rows.get(record, 0) for name, record in COUNTED.items()}


def shown_counts(outcomes: Iterable[Outcome]) -> list[str]:
    """Name the counts to show: those of trackers only where a tracker gave something."""
    found = {name for outcome in outcomes for name, count in counts(outcome).items() if count}
    return [name for name in COUNTED if name not in _OF_TRACKERS or found & _OF_TRACKERS]


def sums(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """Sum up the counts of a run."""
    found = [counts(outcome) for outcome in outcomes]
    return {name: sum(counted[name] for counted in found) for name in COUNTED}


def step(stage: str, done: int, total: int) -> str:
    """Say how far a stage is; what stands in brackets after its name stays last."""
    name, mark, rest = stage.partition(" (")
    counted = f" {done:,} of {total:,}" if total else f" {done:,}" if done else ""
    return f"{name}{counted}{mark}{rest}"


def lead_time(figures: Headline) -> str:
    """Write the median lead time of a quarter; over nothing there is none."""
    hours = figures.median_merge_lead_time_hours
    return NO_DATA if hours is None else duration(hours)


def known_count(count: int | None) -> str:
    """Write a count; what is not known is not zero."""
    return NO_DATA if count is None else f"{count:,}"


def duration(hours: float) -> str:
    """Write a duration as people say it: hours up to two days, then days."""
    return f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.1f} d"  # noqa: PLR2004
