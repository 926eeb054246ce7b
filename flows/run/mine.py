"""Mine every source of a run; record failures instead of raising."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from flows.lazy_trackers import mine_tracker
from flows.run.git_notes import exclusion_notes, git_notes
from flows.run.moved import resolve_moved
from flows.run.rate_limits import map_with_deferral
from flows.run.run_records import EMPTY, FAILED, NEW, UNCHANGED, Outcome
from flows.settings.environment import cores
from flows.settings.sources import Source, TrackerSkipped
from flows.settings.workspace import plan_of
from miners import store
from miners.errors import MiningError, SourceDenied, StoreDamaged
from miners.git.address import GitSource
from miners.git.mine import mine_git
from miners.ledger.address import LedgerSource
from miners.ledger.mine import FINDINGS, REJECTED, ROWS, mine_ledger
from miners.tracker.address import TrackerSource
from warehouse.connection import machine_failure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from flows.run.engines import Engine
    from flows.run.job import Job
    from flows.run.progress import RunProgress
    from flows.run.run_records import Run
    from flows.settings.sources import ResolvedSource
    from miners.plan import MiningPlan
    from miners.store import Receipt

# A tracker without any of these has nothing in it.
_ITEMS = ("issues", "change_requests")
# Of each ledger in the notes of a run.
_MOST_FINDINGS = 10


@dataclass(frozen=True)
class MiningResult:
    """The outcomes of all sources, and notes on what was skipped for lack of a setting."""

    outcomes: tuple[Outcome, ...] = ()
    notes: tuple[str, ...] = ()


def mine(job: Job, run: Run, engine: Engine, progress: RunProgress) -> MiningResult:
    """
    Mine every source of a job, rate-limited ones after all others.

    Errors:  SourceDenied if there is no source at all.
    """
    listing = plan_of(job.workspace, run.run_id, run.started_at)
    resolved, moves = resolve_moved(job, listing)
    if not resolved:
        raise _nothing_to_mine(job)
    sources = [source for source in resolved if isinstance(source, Source)]
    refused = [failure(e.source, e) for e in resolved if isinstance(e, MiningError)]
    notes = (*moves, *notes_of(resolved), *exclusion_notes(resolved))
    progress.planned(len(sources) + len(refused), notes)
    for outcome in refused:
        progress.finished(outcome)
    plan = _plan(job, run, len(sources))

    def mine_one(source: Source) -> Outcome:
        outcome = mine_source(source, plan, progress)
        progress.finished(outcome)
        return outcome

    def waiting(source: Source, until: datetime) -> None:
        progress.source(source.name, f"waiting until {until:%H:%M} UTC for its rate limit", 0, 0)

    patience = timedelta(minutes=job.workspace.settings.mining.rate_limit_wait_minutes)
    outcomes = []
    attempts = map_with_deferral(engine, mine_one, sources, patience, waiting)
    for source, attempt in zip(sources, attempts, strict=True):
        outcome = attempt.result or _failure_with_rows(source, attempt.error, plan)
        if not attempt.result:
            progress.finished(outcome)
        outcomes.append(replace(outcome, seconds=round(attempt.seconds, 3)))
    found = (*git_notes(sources, plan), *ledger_notes(sources, plan.store))
    pairs = zip(sources, outcomes, strict=True)
    trackers = [outcome for source, outcome in pairs if isinstance(source, TrackerSource)]
    absent = absence_notes(trackers, plan.store)
    return MiningResult((*outcomes, *refused), (*notes, *found, *absent))


def _nothing_to_mine(job: Job) -> SourceDenied:
    """Return the error of a run without any source, which must not pass for a night's work."""
    settings = job.workspace.settings
    if job.locations or settings.sources or any(p.sources for p in settings.projects):
        problem, remedy = "no repository is listed", "See with `quarry plan` what groups exclude"
    else:
        problem = "no source is named"
        remedy = "Add [[sources]] to quarry.toml, or name one: `quarry run ADDRESS`"
    return SourceDenied(str(job.workspace.file or job.workspace.base), problem, remedy)


def mine_source(source: Source, plan: MiningPlan, progress: RunProgress) -> Outcome:
    """
    Mine one source into the store.

    Errors:  MiningError.
    """
    on_progress = partial(progress.source, source.name)
    if isinstance(source, GitSource):
        receipt = mine_git(source, plan, on_progress)
        is_empty = not store.cursor(plan.store, receipt)["refs"]
        return _outcome(source, [receipt], is_empty)
    if isinstance(source, LedgerSource):
        receipt = mine_ledger(source, plan, on_progress)
        return _outcome(source, [receipt], not store.cursor(plan.store, receipt)[ROWS])
    name = mine_tracker(source, plan, on_progress)[-1].source
    receipts = [batch.receipt for batch in store.batches(plan.store, name)]
    is_empty = not any(receipt.rows(record) for receipt in receipts for record in _ITEMS)
    return _outcome(source, _of_run(receipts, plan), is_empty)


def failure(source: str, error: Exception | None, name: str | None = None) -> Outcome:
    """Return the outcome of a source that failed, with its problem and remedy."""
    if isinstance(error, MiningError):
        # An error of the store names its file, which is not the source.
        place = f"{error.source}: " if isinstance(error, StoreDamaged) else ""
        problem, remedy = f"{place}{error.problem}", error.remedy
    elif isinstance(error, OSError) and (cause := machine_failure(error)):
        problem, remedy = cause.problem, cause.remedy
    else:
        problem = f"{type(error).__name__}: {error}"
        remedy = "Run `quarry doctor`; if it finds nothing, this is a fault in Quarry to report"
    return Outcome(source=source, name=name or source, state=FAILED, problem=problem, remedy=remedy)


def _failure_with_rows(source: Source, error: Exception | None, plan: MiningPlan) -> Outcome:
    """Return the outcome of a source that failed, with the rows it stored before."""
    failed = failure(source.id, error, source.name)
    if isinstance(error, StoreDamaged):
        return failed
    if isinstance(source, GitSource) and source.protocol == "file" and source.location != source.id:
        failed = replace(failed, problem=f"{source.location}: {failed.problem}")
    kept = (batch.receipt for batch in store.batches(plan.store, source.id))
    return replace(failed, rows=_rows(_of_run(kept, plan)))


def notes_of(sources: Iterable[ResolvedSource]) -> tuple[str, ...]:
    """List the hosts whose trackers were skipped, with what to set."""
    skipped = [source for source in sources if isinstance(source, TrackerSkipped)]
    counts = Counter((tracker.host, tracker.to_set) for tracker in skipped)
    return tuple(
        f"{host}: {count:,} tracker{'s' if count > 1 else ''} skipped for lack of a token. "
        f"{to_set}."
        for (host, to_set), count in sorted(counts.items())
    )


def ledger_notes(sources: Iterable[Source], stored: Path) -> tuple[str, ...]:
    """List what was found in each ledger, and its rejected rows, as long as they are wrong."""
    ledgers = [source for source in sources if isinstance(source, LedgerSource)]
    return tuple(
        f"{ledger.name}: {note}"
        for ledger in ledgers
        if (cursor := store.sound_cursor(stored, ledger.id))
        for note in _ledger_notes(cursor)
    )


def _ledger_notes(cursor: Mapping[str, Any]) -> Iterator[str]:
    found, rejected = cursor.get(FINDINGS, []), cursor[REJECTED]
    yield from (
        finding if finding.endswith("?") else f"{finding}." for finding in found[:_MOST_FINDINGS]
    )
    if len(found) > _MOST_FINDINGS:
        yield f"{len(found) - _MOST_FINDINGS:,} more. `quarry ledger check` lists all."
    if rejected:
        rows = f"{rejected:,} row{'s' if rejected > 1 else ''}"
        yield f"{rows} rejected. `quarry ledger check` lists every wrong cell."


def absence_notes(trackers: Iterable[Outcome], stored: Path) -> tuple[str, ...]:
    """List the trackers of which a part is not there while the repository is, by that part."""
    without: dict[str, list[str]] = defaultdict(list)
    for outcome in trackers:
        if not outcome.is_failed and (parts := absent_parts(outcome.source, stored)):
            without[parts].append(outcome.name)
    return tuple(
        f"{', '.join(sorted(names))}: not there: {parts}. The rest was mined, and what was mined "
        "of them before is kept. If they exist, give the token the right to read them."
        for parts, names in sorted(without.items())
    )


def absent_parts(source: str, stored: Path) -> str:
    """List the parts of a tracker that were not there in its last mining, with the responses."""
    absent: dict[str, str] = store.sound_cursor(stored, source).get("absent", {})
    return ", ".join(f"{name.replace('_', ' ')} ({why})" for name, why in sorted(absent.items()))


def _outcome(source: Source, receipts: Sequence[Receipt], is_empty: bool) -> Outcome:
    # By the name in the receipts: a renamed tracker keeps that of its first mining.
    rows = _rows(receipts)
    state = EMPTY if is_empty else NEW if rows else UNCHANGED
    return Outcome(source=receipts[-1].source, name=source.name, state=state, rows=rows)


def _rows(receipts: Iterable[Receipt]) -> dict[str, int]:
    rows: Counter[str] = Counter()
    for file in (file for receipt in receipts for file in receipt.files):
        rows[file.record] += file.rows
    return dict(sorted(rows.items()))


def _of_run(receipts: Iterable[Receipt], plan: MiningPlan) -> list[Receipt]:
    """List the receipts of this run, including those of attempts before a wait."""
    return [receipt for receipt in receipts if receipt.run_id == plan.run_id]


def _plan(job: Job, run: Run, source_count: int) -> MiningPlan:
    at_once = min(job.workspace.settings.mining.sources_at_once or cores(), max(1, source_count))
    plan = plan_of(job.workspace, run.run_id, run.started_at)
    return replace(plan, workers=max(1, cores() // at_once), is_full=job.is_full)
