"""Defer rate-limited sources until the others are done."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from miners.errors import RateLimited

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flows.run.engines import Attempt, Engine, Item, Result

_WAKE_SECONDS = 1.0


def map_with_deferral(
    engine: Engine,
    work: Callable[[Item], Result],
    items: Sequence[Item],
    patience: timedelta,
    on_wait: Callable[[Item, datetime], None],
) -> list[Attempt[Result]]:
    """
    Map work over items, and retry rate-limited items after all others.

    Shape:   one attempt per item, in their order; its seconds are those of all its attempts.
    Units:   patience is the longest total wait; a limit that ends later remains the error.
    """
    ended: dict[str, Attempt[Result]] = {}
    due, rest = list(items), timedelta(seconds=1)
    while due:
        for item, attempt in zip(due, engine.map(work, due), strict=True):
            before = ended[item.id].seconds if item.id in ended else 0.0
            ended[item.id] = replace(attempt, seconds=before + attempt.seconds)
        limited = [(item, at) for item in items if (at := _resets_at(ended[item.id]))]
        now = datetime.now(UTC)
        # At least twice as long as the wait before, in case a server names an instant in the past.
        until = max(min((at for _, at in limited), default=now), now + rest)
        due = [item for item, at in limited if at <= until <= now + patience]
        for item in due:
            on_wait(item, until)
        if due:
            _wait_until(until)
        patience, rest = patience - (until - now), rest * 2
    return [ended[item.id] for item in items]


def _resets_at(attempt: Attempt[Result]) -> datetime | None:
    return attempt.error.resets_at if isinstance(attempt.error, RateLimited) else None


def _wait_until(instant: datetime) -> None:
    """Wait until an instant of the system clock, also if the machine sleeps; Ctrl-C ends it."""
    while (left := (instant - datetime.now(UTC)).total_seconds()) > 0:
        time.sleep(min(left, _WAKE_SECONDS))
