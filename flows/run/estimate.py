"""What a run would cost, asked before it: requests, time at the present limits, and disk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from math import ceil
from typing import TYPE_CHECKING

from flows.lazy_trackers import estimate
from flows.run.engines import LocalEngine
from flows.run.mine import failed, notes_of
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
class Expected:
    """
    What one source would cost; a failed one says why; only trackers have requests.

    Units:   requests_left and per_hour are None where the host states no limit.
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
    """What all trackers of one host would cost together: they share its limit."""

    host: str
    requests: int
    requests_left: int | None
    per_hour: int | None
    wait: timedelta


@dataclass(frozen=True)
class Outlook:
    """What a run would cost, and what it would leave out."""

    sources: tuple[Expected, ...]
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
        """Say how long the limits hold a run up: hosts are mined beside each other."""
        return max((host.wait for host in self.hosts), default=timedelta())


def outlook(workspace: Workspace, locations: Iterable[str] = ()) -> Outlook:
    """Ask every tracker what its mining would cost; nothing is mined and nothing is written."""
    made = resolve_sources(workspace, locations)
    trackers = [one for one in made if isinstance(one, TrackerSource)]
    plan = plan_of(workspace, "plan", clock())
    workers = workspace.settings.mining.sources_at_once or cores()
    attempts = LocalEngine(workers).map(partial(estimate, plan=plan), trackers)
    stored = workspace.store
    expected = [_free(one, GIT, stored) for one in made if isinstance(one, GitSource)]
    expected += [_free(one, LEDGER, stored) for one in made if isinstance(one, LedgerSource)]
    for source, attempt in zip(trackers, attempts, strict=True):
        if attempt.result is None:
            expected.append(_failed(source.id, source.name, TRACKER, attempt.error))
        else:
            expected.append(_tracker(source, attempt.result))
    refused = (one for one in made if isinstance(one, MiningError))
    expected += [_failed(one.source, one.source, "", one) for one in refused]
    return Outlook(tuple(expected), host_costs(expected, datetime.now(UTC)), notes_of(made))


def wait_for_limits(expected: Expected, requests: int, now: datetime) -> timedelta:
    """
    Say how long a host's limit, as one source met it, holds up so many requests.

    Shape:   zero where they fit into what is left, or where there is no limit; else until the count
             begins anew, and then as many windows more as they fill.
    """
    left = expected.requests_left
    if left is None or requests <= left:
        return timedelta()
    until_reset = max(expected.resets_at - now, timedelta()) if expected.resets_at else HOUR
    if not expected.per_hour:
        return until_reset
    per_window = max(1.0, expected.per_hour * (expected.window / HOUR))
    return until_reset + expected.window * (ceil((requests - left) / per_window) - 1)


def _free(source: GitSource | LedgerSource, kind: str, stored: Path) -> Expected:
    return Expected(
        source=source.id,
        name=source.name,
        kind=kind,
        is_first=store.latest(stored, source.id) is None,
    )


def _tracker(source: TrackerSource, found: Estimate) -> Expected:
    return Expected(
        source=source.id,
        name=source.name,
        kind=TRACKER,
        is_first=found.is_first,
        host=source.host.name,
        requests=found.requests,
        requests_left=found.requests_left,
        per_hour=found.per_hour,
        resets_at=found.resets_at,
        window=KINDS[source.host.kind].headers.window,
        bytes=found.bytes,
    )


def _failed(source: str, name: str, kind: str, error: Exception | None) -> Expected:
    said = failed(source, error, name)
    return Expected(source=source, name=name, kind=kind, problem=said.problem, remedy=said.remedy)


def host_costs(expected: Sequence[Expected], now: datetime) -> tuple[HostCost, ...]:
    """Sum up what trackers would cost by host."""
    names = sorted({one.host for one in expected if one.host is not None})
    return tuple(_host_cost(n, [e for e in expected if e.host == n], now) for n in names)


def _host_cost(host: str, trackers: Sequence[Expected], now: datetime) -> HostCost:
    requests = sum(tracker.requests for tracker in trackers)
    # The one asked last knows best what is left for all.
    last = min(trackers, key=lambda t: (t.requests_left is None, t.requests_left or 0))
    wait = wait_for_limits(last, requests, now)
    return HostCost(
        host=host,
        requests=requests,
        requests_left=last.requests_left,
        per_hour=last.per_hour,
        wait=wait,
    )
