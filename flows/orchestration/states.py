"""States of flow runs, by the run that ended and the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect.states import Completed, Failed

from flows.run.run_records import COMPLETED, COMPLETED_WITH_FAILURES
from flows.run.summary import SUMMED, shown_counts, sums
from miners.text import shown_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from prefect.client.schemas.objects import State

    from flows.run.run_records import Run
    from warehouse.calendar import Quarter


def state_of(ended: Run) -> State[Any]:
    """
    Return the Prefect state of a run that ended.

    A run with failed sources is Failed although it published the others, so that somebody notices:
    automations of Prefect know states by these names.
    """
    failed = [outcome for outcome in ended.outcomes if outcome.is_failed]
    problems = " ".join(f"{shown_source(o.source)}: {o.problem}. {o.remedy}." for o in failed)
    if ended.state == COMPLETED:
        totals, shown = sums(ended.outcomes), shown_counts(ended.outcomes)
        rows = ", ".join(f"{name}: {totals[name]:,}" for name in SUMMED if name in shown)
        return Completed(message=f"Sources: {len(ended.outcomes)}, {rows}")
    if ended.state == COMPLETED_WITH_FAILURES:
        head = f"{len(failed)} of {len(ended.outcomes)} sources failed; the others are published."
        return Failed(message=f"{head} {problems}")
    return Failed(message=ended.problem or problems)


def covered_by(runs: Iterable[Run], scheduled_at: datetime) -> Run | None:
    """Return a run that started after another was due, and published."""
    published = (run for run in runs if run.state in {COMPLETED, COMPLETED_WITH_FAILURES})
    return next((run for run in published if run.started_at > scheduled_at), None)


def overlapping(calendar: Iterable[Quarter], first: date | None, last: date | None) -> set[str]:
    """Return the quarters that share a day with a range; None leaves an end open."""
    return {
        quarter.quarter
        for quarter in calendar
        if (first is None or quarter.ends_before > first)
        and (last is None or quarter.starts_on <= last)
    }


def last_ended(calendar: Sequence[Quarter], now: datetime) -> Quarter:
    """Return the quarter that ended last."""
    return max((q for q in calendar if q.ends_at <= now), key=lambda quarter: quarter.ends_at)
