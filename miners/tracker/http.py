"""Asking a tracker for one thing: the request, tried again where that helps, and its answer."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from miners.errors import RateLimited, SourceUnavailable
from miners.tracker.responses import NotModified, Transient

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from miners.tracker.guard import Guard

_PAUSES_SECONDS = (0.5, 2.0, 5.0)
# A shorter wait is taken in place; a longer one parks the source and lets the others go on.
_SHORT_WAIT_SECONDS = 5.0
# Of an answer, what tells it apart and where its list goes on.
_REMEMBERED = ("etag", "link", "x-next-page")
Remembered = dict[str, str]


@dataclass(frozen=True)
class Answer:
    """A JSON body and the headers that came with it, their names in lower case."""

    body: Any
    headers: Mapping[str, str]
    is_unchanged: bool = False


class Client(Protocol):
    """A library's client, brought down to one call."""

    def get(
        self, path: str, parameters: Mapping[str, Any], headers: Mapping[str, str]
    ) -> Answer: ...


@dataclass
class RestApi:
    """One tracker's API behind a client and a guard."""

    client: Client
    guard: Guard
    # What lists answered last time, to ask only whether they changed; by path and parameters.
    known_lists: Mapping[str, Remembered] = field(default_factory=dict)
    read_lists: dict[str, Remembered] = field(default_factory=dict)

    def get(
        self,
        path: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        is_list: bool = False,
        is_right: Callable[[Any], bool] = lambda _: True,
    ) -> Answer:
        """
        Ask for a path below the API; a body that is not right is one more failure that may pass.

        Errors:  NotThere, Refused, and the MiningErrors; what may pass was tried a few times.
        """
        given = dict(parameters or {})
        key = f"{path}?{sorted(given.items())}"
        before = self.read_lists.get(key) or self.known_lists.get(key) if is_list else None
        headers = {"If-None-Match": before["etag"]} if before else {}
        try:
            answer = self._try(lambda: self._ask(path, given, headers, is_right))
        except NotModified:
            self.read_lists[key] = before or {}
            return Answer([], before or {}, is_unchanged=True)
        if is_list and answer.headers.get("etag") and _speaks_for_the_rest(answer, given):
            kept = (name for name in _REMEMBERED if name in answer.headers)
            self.read_lists[key] = {name: answer.headers[name] for name in kept}
        return answer

    def _ask(
        self,
        path: str,
        parameters: Mapping[str, Any],
        headers: Mapping[str, str],
        is_right: Callable[[Any], bool],
    ) -> Answer:
        answer = self.client.get(path, parameters, headers)
        if not is_right(answer.body):
            raise Transient("an answer of another shape than asked for")
        return answer

    def _try(self, call: Callable[[], Answer]) -> Answer:
        pauses = iter(_PAUSES_SECONDS)
        tries = 0
        while True:
            tries += 1
            try:
                return call()
            except RateLimited as error:
                pause, wait = next(pauses, None), self._seconds_until(error)
                if pause is None or wait > _SHORT_WAIT_SECONDS:
                    raise
                time.sleep(wait)
            except (Transient, ValueError, TypeError) as error:
                pause = next(pauses, None)
                self.guard.check_time()
                if pause is None or pause > self.guard.seconds_left():
                    raise _unavailable(self.guard.source, error, tries) from error
                time.sleep(pause)

    def _seconds_until(self, error: RateLimited) -> float:
        """Measure by the clock that set the time: ours may be minutes off."""
        guard = self.guard
        now = guard.server_time or guard.began_at + timedelta(seconds=guard.seconds_gone())
        return max(0.1, (error.resets_at - now).total_seconds())


def _speaks_for_the_rest(answer: Answer, parameters: Mapping[str, Any]) -> bool:
    """
    Tell whether a page that stays the same says that its list does.

    An empty page before others says nothing of them, nor a full last page of one to come.
    """
    has_next = 'rel="next"' in answer.headers.get("link", "")
    entries = answer.body if isinstance(answer.body, list) else []
    return bool(entries or not has_next) and (
        has_next or len(entries) != parameters.get("per_page")
    )


def _unavailable(source: str, error: Exception, tries: int) -> SourceUnavailable:
    problem = str(error) if isinstance(error, Transient) else f"an answer that is no JSON ({error})"
    return SourceUnavailable(
        source, f"{problem}, {tries} times in a row", "The next run tries again"
    )
