"""The words and figures in which a run is shown, whether in a terminal or on a page of Prefect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miners.ledger.address import TABLE_NAMES
from warehouse.report.format.numbers import NumberFormat

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flows.run.run_records import Outcome
    from warehouse.query.query import Headline

# What is counted of each source, by the records that it is counted in.
COUNTED = {
    "new commits": ("commits",),
    "files": ("commit_files",),
    "refs changed": ("refs",),
    "issues": ("issues",),
    "change requests": ("change_requests",),
    "ledger rows": tuple(f"ledger_{table}" for table in TABLE_NAMES),
    "set aside": ("rejects",),
}
AMOUNTS = NumberFormat()
# Those that are shown only where some source of their kind gave something.
_OF_ONE_KIND = ({"issues", "change requests"}, {"ledger rows"})
# Those that are worth a sum over all sources.
SUMMED = ("new commits", "issues", "change requests", "ledger rows")


def counts(outcome: Outcome) -> dict[str, int]:
    """Count what one source gave; of what has versions, each one that is new."""
    return {
        name: sum(outcome.rows.get(record, 0) for record in records)
        for name, records in COUNTED.items()
    }


def shown_counts(outcomes: Iterable[Outcome]) -> list[str]:
    """Name the counts to show: those of trackers and ledgers only where one gave something."""
    found = {name for outcome in outcomes for name, count in counts(outcome).items() if count}
    hidden = {name for names in _OF_ONE_KIND if not found & names for name in names}
    return [name for name in COUNTED if name not in hidden]


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
    return AMOUNTS.figure(hours, "hours")


def known_count(count: int | None) -> str:
    """Write a count; what is not known is not zero."""
    return AMOUNTS.count(count)
