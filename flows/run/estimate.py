"""Estimate a run's API requests, duration and disk space."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from math import ceil
from typing import TYPE_CHECKING

from flows.lazy_trackers import estimate
from flows.run.engines import LocalEngine
from flows.run.git_notes import excluded_members
from flows.run.mine import failure, notes_of
from flows.settings.environment import clock, cores
from flows.settings.workspace import plan_of, resolve_sources
from miners import store
from miners.errors import MiningError
from miners.git.address import GitSource
from miners.ledger.address import LedgerSource
from miners.tracker.address import TrackerSource
from miners.tracker.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from flows.settings.workspace import Workspace
    from miners.tracker.estimate import Estimate

GIT, TRACKER, LEDGER = "Git", "tracker", "ledger"
HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class SourceCost:
    """
    The cost of one source, or its problem; only trackers have requests.

    Units:   requests_left and per_hour are None if the host states no limit.
    """

    source: str
    name: str
    kind: str
    is_first: bool = False
    host: str | None = None
    requests: int = 0
    requests_left: int | None = None
    per_hour: int | None = None
    resets_at: datetime | None = None
    window: timedelta = HOUR
    bytes: int = 0
    problem: str | None = None
    remedy: str | None = None


@dataclass(frozen=True, kw_only=True)
class HostCost:
    """The cost of all trackers of one host, which share its limit."""

    host: str
    requests: int
    requests_left: int | None
    per_hour: int | None
    wait: timedelta


@dataclass(frozen=True)
class RunEstimate:
    """The cost of a run, and notes on what it would skip."""

    sources: tuple[SourceCost, ...]
    hosts: tuple[HostCost, ...]
    notes: tuple[str, ...]

    @property
    def requests(self) -> int:
        return sum(source.requests for source in self.sources)

    @property
    def bytes(self) -> int:
        return sum(source.bytes for source in self.sources)

    @property
    def wait(self) -> timedelta:
        """Return how long the limits delay a run, which mines hosts in parallel."""
        return max((host.wait for host in self.hosts), default=timedelta())


def estimate_run(workspace: Workspace, locations: Iterable[str] = ()) -> RunEstimate:
    """Estimate the cost of every source; nothing is mined or written."""
    resolved = resolve_sources(workspace, locations)
    trackers = [source for source in resolved if isinstance(source, TrackerSource)]
    plan = plan_of(workspace, "plan", clock())
    workers = workspace.settings.mining.sources_at_once or cores()
    attempts = LocalEngine(workers).map(partial(estimate, plan=plan), trackers)
    path = workspace.store
    costs = [_without_requests(s, GIT, path) for s in resolved if isinstance(s, GitSource)]
    costs += [_without_requests(s, LEDGER, path) for s in resolved if isinstance(s, LedgerSource)]
    for source, attempt in zip(trackers, attempts, strict=True):
        if attempt.result is None:
            costs.append(_failed(source.id, source.name, TRACKER, attempt.error))
        else:
            costs.append(_of_tracker(source, attempt.result))
    errors = (error for error in resolved if isinstance(error, MiningError))
    costs += [_failed(error.source, error.source, "", error) for error in errors]
    notes = (*notes_of(resolved), *excluded_members(resolved))
    return RunEstimate(tuple(costs), host_costs(costs, datetime.now(UTC)), notes)


def wait_for_limits(cost: SourceCost, requests: int, now: datetime) -> timedelta:
    """
    Return how long a host's limit, as one source reported it, delays so many requests.

    Shape:   zero if they fit into what is left or there is no limit; else the time until the limit
             is reset, and as many windows more as they fill.
    """
    left = cost.requests_left
    if left is None or requests <= left:
        return timedelta()
    until_reset = max(cost.resets_at - now, timedelta()) if cost.resets_at else HOUR
    if not cost.per_hour:
        return until_reset
    per_window = max(1.0, cost.per_hour * (cost.window / HOUR))
    return until_reset + cost.window * (ceil((requests - left) / per_window) - 1)


def _without_requests(source: GitSource | LedgerSource, kind: str, path: Path) -> SourceCost:
    is_first = store.latest(path, source.id) is None
    return SourceCost(source=source.id, name=source.name, kind=kind, is_first=is_first)


def _of_tracker(source: TrackerSource, tracker: Estimate) -> SourceCost:
    return SourceCost(
        source=source.id,
        name=source.name,
        kind=TRACKER,
        is_first=tracker.is_first,
        host=source.host.name,
        requests=tracker.requests,
        requests_left=tracker.requests_left,
        per_hour=tracker.per_hour,
        resets_at=tracker.resets_at,
        window=KINDS[source.host.kind].headers.window,
        bytes=tracker.bytes,
    )


def _failed(source: str, name: str, kind: str, error: Exception | None) -> SourceCost:
    outcome = failure(source, error, name)
    return SourceCost(
        source=source, name=name, kind=kind, problem=outcome.problem, remedy=outcome.remedy
    )


def host_costs(costs: Sequence[SourceCost], now: datetime) -> tuple[HostCost, ...]:
    """Sum up the costs of trackers by host."""
    names = sorted({cost.host for cost in costs if cost.host is not None})
    return tuple(_host_cost(n, [c for c in costs if c.host == n], now) for n in names)


def _host_cost(host: str, trackers: Sequence[SourceCost], now: datetime) -> HostCost:
    requests = sum(tracker.requests for tracker in trackers)
    # The last response has what is left for all.
    last = min(trackers, key=lambda t: (t.requests_left is None, t.requests_left or 0))
    return HostCost(
        host=host,
        requests=requests,
        requests_left=last.requests_left,
        per_hour=last.per_hour,
        wait=wait_for_limits(last, requests, now),
    )
