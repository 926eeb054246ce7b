"""Requests to the API of one tracker, with retries and conditional lists."""

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
# A shorter wait is taken in place; a longer one defers the source until the others are done.
_SHORT_WAIT_SECONDS = 5.0
# The headers that identify a page and lead to the next one.
_CACHED_HEADERS = ("etag", "link", "x-next-page")
CachedHeaders = dict[str, str]


@dataclass(frozen=True)
class ApiResponse:
    """A JSON body and the headers of a response, their names in lower case."""

    body: Any
    headers: Mapping[str, str]
    is_unchanged: bool = False


class Client(Protocol):
    """A library's client, reduced to one method."""

    def get(
        self, path: str, parameters: Mapping[str, Any], headers: Mapping[str, str]
    ) -> ApiResponse: ...


@dataclass
class RestApi:
    """One tracker's API behind a client and a guard."""

    client: Client
    guard: Guard
    # Headers of the last responses, for conditional requests; by path and parameters.
    cached_lists: Mapping[str, CachedHeaders] = field(default_factory=dict)
    read_lists: dict[str, CachedHeaders] = field(default_factory=dict)

    def get(
        self,
        path: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        is_list: bool = False,
        is_right: Callable[[Any], bool] = lambda _: True,
    ) -> ApiResponse:
        """
        Request a path below the API; a body that fails the check is retried.

        Errors:  NotFound, Refused, and the MiningErrors, after a few tries where they are
                 temporary.
        """
        sent = dict(parameters or {})
        key = f"{path}?{sorted(sent.items())}"
        before = self.read_lists.get(key) or self.cached_lists.get(key) if is_list else None
        headers = {"If-None-Match": before["etag"]} if before else {}
        try:
            response = self._try(lambda: self._ask(path, sent, headers, is_right))
        except NotModified:
            self.read_lists[key] = before or {}
            return ApiResponse([], before or {}, is_unchanged=True)
        if is_list and response.headers.get("etag") and _represents_list(response, sent):
            cached = (name for name in _CACHED_HEADERS if name in response.headers)
            self.read_lists[key] = {name: response.headers[name] for name in cached}
        return response

    def _ask(
        self,
        path: str,
        parameters: Mapping[str, Any],
        headers: Mapping[str, str],
        is_right: Callable[[Any], bool],
    ) -> ApiResponse:
        response = self.client.get(path, parameters, headers)
        if not is_right(response.body):
            raise Transient("a response of another shape than requested")
        return response

    def _try(self, call: Callable[[], ApiResponse]) -> ApiResponse:
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
                if pause is None or pause > self.guard.remaining_seconds():
                    raise _unavailable(self.guard.source, error, tries) from error
                time.sleep(pause)

    def _seconds_until(self, error: RateLimited) -> float:
        """Measure by the server's clock, which set the time; the local one may be minutes off."""
        guard = self.guard
        now = guard.server_time or guard.began_at + timedelta(seconds=guard.elapsed_seconds())
        return max(0.1, (error.resets_at - now).total_seconds())


def _represents_list(response: ApiResponse, parameters: Mapping[str, Any]) -> bool:
    """
    Return whether an unchanged page means an unchanged list.

    An empty page before others does not, nor a full last page, which another may follow.
    """
    has_next = 'rel="next"' in response.headers.get("link", "")
    entries = response.body if isinstance(response.body, list) else []
    return bool(entries or not has_next) and (
        has_next or len(entries) != parameters.get("per_page")
    )


def _unavailable(source: str, error: Exception, tries: int) -> SourceUnavailable:
    problem = (
        str(error) if isinstance(error, Transient) else f"a response that is not JSON ({error})"
    )
    return SourceUnavailable(
        source, f"{problem}, {tries} times in a row", "The next run tries again"
    )
