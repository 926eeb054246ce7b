"""Every source of a run into the store; a source that fails is an outcome like any other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from flows.lazy_trackers import mine_tracker
from flows.run.rate_limits import map_patiently
from flows.run.run_records import EMPTY, FAILED, NEW, UNCHANGED, Outcome
from flows.settings.environment import cores
from flows.settings.sources import Source, TrackerSkipped
from flows.settings.workspace import plan_of, resolve_sources
from miners import store
from miners.errors import MiningError
from miners.git.address import GitSource
from miners.git.mine import mine_git
from miners.ledger.address import LedgerSource
from miners.ledger.mine import REJECTED, ROWS, mine_ledger

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from pathlib import Path

    from flows.run.engines import Engine
    from flows.run.job import Job
    from flows.run.progress import Watch
    from flows.run.run_records import Run
    from flows.settings.sources import Made
    from miners.plan import MiningPlan
    from miners.store import Receipt

# A tracker without any of these has nothing in it.
_ITEMS = ("issues", "change_requests")


@dataclass(frozen=True)
class Mined:
    """What mining all sources came to, and what was left out for want of a setting."""

    outcomes: tuple[Outcome, ...] = ()
    notes: tuple[str, ...] = ()


def mine(job: Job, run: Run, engine: Engine, watch: Watch) -> Mined:
    """Mine every source of a job; those whose server asks to wait, after all others."""
    made = resolve_sources(job.workspace, job.locations)
    sources = [one for one in made if isinstance(one, Source)]
    refused = [failed(one.source, one) for one in made if isinstance(one, MiningError)]
    notes = notes_of(made)
    watch.planned(len(sources) + len(refused), notes)
    for outcome in refused:
        watch.finished(outcome)
    plan = _plan(job, run, len(sources))

    def mine_one(source: Source) -> Outcome:
        outcome = mine_source(source, plan, watch)
        watch.finished(outcome)
        return outcome

    def waiting(source: Source, until: datetime) -> None:
        watch.source(source.name, f"waiting until {until:%H:%M} UTC for its rate limit", 0, 0)

    patience = timedelta(minutes=job.workspace.settings.mining.rate_limit_wait_minutes)
    mined = []
    attempts = map_patiently(engine, mine_one, sources, patience, waiting)
    for source, attempt in zip(sources, attempts, strict=True):
        outcome = attempt.result or _failed(source, attempt.error, plan)
        if not attempt.result:
            watch.finished(outcome)
        mined.append(replace(outcome, seconds=round(attempt.seconds, 3)))
    return Mined((*mined, *refused), (*notes, *wrong_rows(sources, plan.store)))


def mine_source(source: Source, plan: MiningPlan, watch: Watch) -> Outcome:
    """
    Mine one source into the store.

    Errors:  MiningError.
    """
    progress = partial(watch.source, source.name)
    if isinstance(source, GitSource):
        receipt = mine_git(source, plan, progress)
        is_empty = not store.cursor(plan.store, receipt)["refs"]
        return _outcome(source, [receipt], is_empty)
    if isinstance(source, LedgerSource):
        receipt = mine_ledger(source, plan, progress)
        return _outcome(source, [receipt], not store.cursor(plan.store, receipt)[ROWS])
    name = mine_tracker(source, plan, progress)[-1].source
    receipts = [batch.receipt for batch in store.batches(plan.store, name)]
    is_empty = not any(receipt.rows(record) for receipt in receipts for record in _ITEMS)
    return _outcome(source, _of_run(receipts, plan), is_empty)


def failed(source: str, error: Exception | None, name: str | None = None) -> Outcome:
    """Say what failed, and what to do."""
    if isinstance(error, MiningError):
        problem, remedy = error.problem, error.remedy
    else:
        problem = f"{type(error).__name__}: {error}"
        remedy = "Run quarry doctor; if it finds nothing, this is a fault in Quarry to report"
    return Outcome(source=source, name=name or source, state=FAILED, problem=problem, remedy=remedy)


def _failed(source: Source, error: Exception | None, plan: MiningPlan) -> Outcome:
    """Count what a mining kept before it failed."""
    kept = (batch.receipt for batch in store.batches(plan.store, source.id))
    return replace(failed(source.id, error, source.name), rows=_rows(_of_run(kept, plan)))


def notes_of(made: Iterable[Made]) -> tuple[str, ...]:
    """Say of each host, in one line, whose trackers were skipped and what to set."""
    skipped = [one for one in made if isinstance(one, TrackerSkipped)]
    counts = Counter((one.host, one.to_set) for one in skipped)
    return tuple(
        f"{host}: {count:,} tracker{'s' if count > 1 else ''} skipped, there is no token for it. "
        f"{to_set}."
        for (host, to_set), count in sorted(counts.items())
    )


def wrong_rows(sources: Iterable[Source], stored: Path) -> tuple[str, ...]:
    """Say of each ledger how many of its rows are set aside, as long as they are wrong."""
    ledgers = [source for source in sources if isinstance(source, LedgerSource)]
    latest = [(ledger, store.latest(stored, ledger.id)) for ledger in ledgers]
    counts = [(ledger, store.cursor(stored, of)[REJECTED]) for ledger, of in latest if of]
    return tuple(
        f"{ledger.name}: {count:,} row{'s' if count > 1 else ''} set aside. quarry ledger check "
        "names every wrong cell."
        for ledger, count in counts
        if count
    )


def _outcome(source: Source, receipts: Sequence[Receipt], is_empty: bool) -> Outcome:
    # Under the name of the receipts: a tracker that was renamed keeps the one of its first mining.
    rows = _rows(receipts)
    state = EMPTY if is_empty else NEW if rows else UNCHANGED
    return Outcome(source=receipts[-1].source, name=source.name, state=state, rows=rows)


def _rows(receipts: Iterable[Receipt]) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for file in (file for receipt in receipts for file in receipt.files):
        counted[file.record] += file.rows
    return dict(sorted(counted.items()))


def _of_run(receipts: Iterable[Receipt], plan: MiningPlan) -> list[Receipt]:
    """Choose those of this run, also of attempts before a wait: what they kept is in the store."""
    return [receipt for receipt in receipts if receipt.run_id == plan.run_id]


def _plan(job: Job, run: Run, source_count: int) -> MiningPlan:
    at_once = min(job.workspace.settings.mining.sources_at_once or cores(), max(1, source_count))
    plan = plan_of(job.workspace, run.run_id, run.started_at)
    return replace(plan, workers=max(1, cores() // at_once), is_full=job.is_full)
