"""
Prefect's @task, with retries, limits and time-outs around plain functions.

No other module applies it. A task's only parameter is the name of a source: all else, secrets in
particular, stays in this process. No result is cached: receipts in the store record what is done.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from prefect import task
from prefect.assets import materialize
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.tasks import exponential_backoff

from flows.run.engines import Attempt, attempt
from miners.errors import MiningError, RateLimited, SourceUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from prefect import Task
    from prefect.client.schemas.objects import State, TaskRun
    from prefect.futures import PrefectFuture

    from flows.run.engines import Item, Result

# `prefect concurrency-limit create quarry-mining 4` bounds mining over all runs of a server.
MINING_TAG = "quarry-mining"
_RETRIES = 2
# git has a deadline of its own with a better message: Prefect's is later.
_GRACE_SECONDS = 60


@dataclass(frozen=True)
class PrefectEngine:
    """Task runs of the current flow run, in threads of its process."""

    workers: int
    timeout_seconds: float
    retry_wait_seconds: float = 10.0
    # What the work of `call` makes.
    assets: tuple[str, ...] = ()

    def map(self, work: Callable[[Item], Result], items: Sequence[Item]) -> list[Attempt[Result]]:
        """Return one attempt per item, each in a task, retried if it may succeed later."""
        attempts: dict[str, Attempt[Result]] = {}
        by_id = {item.id: item for item in items}

        def mine(source: str) -> None:
            attempts[source] = attempt(work, by_id[source])
            if error := attempts[source].error:
                raise error

        mining = self._mining(mine)
        logging.getLogger("prefect.task_runs").addFilter(_is_news)
        runner: ThreadPoolTaskRunner[None] = ThreadPoolTaskRunner(max(1, self.workers))
        with runner:
            futures = [runner.submit(mining, {"source": item.id}) for item in items]
            for future in futures:
                future.wait()
        pairs = zip(items, futures, strict=True)
        return [attempts.get(item.id) or _never_ended(future) for item, future in pairs]

    def call(self, work: Callable[[], Result]) -> Result:
        """Call the work in one task; its errors are those of the flow."""

        def publish() -> Result:
            return work()

        options: Any = {
            "task_run_name": "publish",
            "persist_result": False,
            "cache_policy": NO_CACHE,
        }
        apply = (
            materialize(*self.assets, by="quarry", **options) if self.assets else task(**options)
        )
        published: Result = apply(publish)()
        return published

    def _mining(self, mine: Callable[[str], None]) -> Task[[str], None]:
        apply = task(
            name="mine",
            task_run_name="mine {source}",
            tags=[MINING_TAG],
            retries=_RETRIES,
            retry_delay_seconds=exponential_backoff(self.retry_wait_seconds),
            retry_jitter_factor=0.5,
            retry_condition_fn=may_pass,
            timeout_seconds=self.timeout_seconds + _GRACE_SECONDS,
            persist_result=False,
            cache_policy=NO_CACHE,
        )
        return apply(mine)


def may_pass(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """
    Return whether a retry may succeed soon: if the source was not available.

    The pipeline retries a rate-limited source later.
    """
    error = state.result(raise_on_failure=False)
    return isinstance(error, SourceUnavailable) and not isinstance(error, RateLimited)


def _is_news(record: logging.LogRecord) -> bool:
    """
    Suppress Prefect's warning at each task about time-outs, which git has of its own.

    An outage of a source is one line of the log: its traceback says nothing more.
    """
    if record.exc_info and isinstance(record.exc_info[1], MiningError):
        record.exc_info = None
    return "Timeouts in worker threads" not in str(record.msg)


def _never_ended(future: PrefectFuture[Any]) -> Attempt[Any]:
    """Return the attempt of a task that Prefect ended by time-out or cancellation."""
    return Attempt(None, TimeoutError(future.state.message or future.state.name), 0.0)
