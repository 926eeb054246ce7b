"""
Engines: map the work of a run over its sources.

An engine returns one attempt per item, in the order of the items, and never raises for an item.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Identified(Protocol):
    """An item with a name that contains no secret."""

    @property
    def id(self) -> str: ...


_WAKE_SECONDS = 0.2

Item = TypeVar("Item", bound=Identified)
Result = TypeVar("Result")


@dataclass(frozen=True)
class Attempt(Generic[Result]):
    """The result of work on an item, or the error that ended it."""

    result: Result | None
    error: Exception | None
    seconds: float


class Engine(Protocol):
    """Maps a function over items, and calls a function without items."""

    def map(
        self, work: Callable[[Item], Result], items: Sequence[Item]
    ) -> list[Attempt[Result]]: ...

    def call(self, work: Callable[[], Result]) -> Result: ...


@dataclass(frozen=True)
class LocalEngine:
    """Threads of this process; git and DuckDB work outside Python's lock."""

    workers: int

    def map(self, work: Callable[[Item], Result], items: Sequence[Item]) -> list[Attempt[Result]]:
        """Return one attempt per item, some at a time."""
        pool = ThreadPoolExecutor(max(1, self.workers))
        try:
            futures = [pool.submit(attempt, work, item) for item in items]
            # A wait without a time-out would block Ctrl-C while other threads work.
            while wait(futures, _WAKE_SECONDS).not_done:
                pass
            return [future.result() for future in futures]
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def call(self, work: Callable[[], Result]) -> Result:
        """Call the work in this thread."""
        return work()


def attempt(work: Callable[[Item], Result], item: Item) -> Attempt[Result]:
    """Call the work on an item; return its result or its error."""
    started = time.perf_counter()
    try:
        result, error = work(item), None
    except Exception as caught:  # noqa: BLE001 - one source that fails never stops the others
        result, error = None, caught
    return Attempt(result, error, time.perf_counter() - started)
