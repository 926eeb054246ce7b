"""Estimate a mining's requests and disk space with a few requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from miners import store
from miners.tracker.connect import open_tracker
from miners.tracker.kinds import KINDS
from miners.tracker.mine import identity_of, stored_name
from miners.tracker.responses import as_mining_errors

if TYPE_CHECKING:
    from datetime import datetime

    from miners.plan import MiningPlan
    from miners.tracker.address import TrackerSource

# Measured: an item with its events and comments in the store, with and without payloads.
_BYTES_PER_ITEM, _BYTES_PER_ITEM_TYPED = 4_700, 1_500


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """The expected cost of the next mining of a tracker."""

    requests: int
    requests_left: int | None
    resets_at: datetime | None
    per_hour: int | None
    bytes: int
    is_first: bool


def estimate(source: TrackerSource, plan: MiningPlan) -> Estimate:
    """
    Estimate the cost of the next mining of a tracker.

    Errors:  MiningError.
    """
    with as_mining_errors(source.id):
        return _estimate(source, plan)


def _estimate(source: TrackerSource, plan: MiningPlan) -> Estimate:
    tracker = open_tracker(source, plan)
    identity = identity_of(source, tracker.describe())
    before = store.latest(plan.store, stored_name(plan, source.id, identity))
    cursor = store.cursor(plan.store, before) if before and not plan.is_full else {}
    implementation = KINDS[source.host.kind].load()
    requests, items = implementation.expected(tracker.api, tracker.root, cursor.get("marks", {}))
    limits = tracker.api.guard.limits
    per_item = _BYTES_PER_ITEM if source.keeps_payloads else _BYTES_PER_ITEM_TYPED
    return Estimate(
        requests=requests,
        requests_left=limits.left,
        resets_at=limits.resets_at,
        per_hour=limits.per_hour,
        bytes=items * per_item,
        is_first=not cursor.get("is_whole"),
    )
