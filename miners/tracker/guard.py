"""
Guard of every request: deadlines, redirects, tokens and rate limits.

A token is sent to its own host only. A request and its source have a total deadline. A response is
mapped to an error once, here.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import requests

from miners.errors import SourceDenied, SourceUnavailable
from miners.tracker.address import origin
from miners.tracker.responses import (
    Limits,
    ResponseHeaders,
    Transient,
    limits_of,
    raise_for_response,
    server_time,
)
from miners.web import (
    READ_SECONDS,
    DeadlineAdapter,
    TooLarge,
    deadline,
    innermost,
    read_body,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from miners.tracker.address import Host

_REDIRECTS = 5
# A page has a hundred items, each with at most 64 KiB of text at some hosts, 1 MiB at others.
MOST_BYTES = 128 << 20
_CHECK_API = "Check that api of its [[hosts]] entry is its REST API; the next run tries again"
_NEXT_RUN = "The next run resumes; raise mining.source_timeout_minutes for longer runs"


@dataclass(kw_only=True)
class Guard:
    """The limits of one mining of one tracker, and what its responses state of time and limits."""

    source: str
    host: Host
    headers: ResponseHeaders
    began_at: datetime
    timeout_seconds: float
    request_seconds: float = 60.0
    proxies: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    # The newest time that the server stated; the "now" of a mining.
    server_time: datetime | None = None
    _started: float = field(default_factory=time.monotonic)

    def check_url(self, url: str) -> None:
        """
        Check a URL before a request is sent to it.

        Errors:  SourceDenied for another host; SourceUnavailable once the time is up.
        """
        if origin(url) != origin(self.host.api):
            target = "{}://{}:{}".format(*origin(url))
            problem = f"it redirects to another host, {target}, which must not receive the token"
            raise SourceDenied(
                self.source,
                problem,
                "Set api of its [[hosts]] entry to the address that the host uses itself",
            )
        self.check_time()

    def check_time(self) -> None:
        """
        Check that time is left.

        Errors:  SourceUnavailable once the time is up.
        """
        if self.remaining_seconds() <= 0:
            minutes = self.timeout_seconds / 60
            problem = f"not done within {minutes:.3g} minutes"
            raise SourceUnavailable(self.source, problem, _NEXT_RUN)

    def remaining_seconds(self) -> float:
        return self.timeout_seconds - self.elapsed_seconds()

    def elapsed_seconds(self) -> float:
        return time.monotonic() - self._started

    def raise_for_response(self, response: requests.Response) -> None:
        """Record the limits of a response, and raise its error unless it succeeded."""
        self.limits = limits_of(response.headers, self.headers) or self.limits
        self.server_time = server_time(response.headers.get("Date")) or self.server_time
        raise_for_response(
            self.source, response, self.headers, self.began_at, self.elapsed_seconds()
        )

    def session(self) -> requests.Session:
        """Return a session with these limits that reads nothing from the environment."""
        session = requests.Session()
        self.mount(session)
        return session

    def mount(self, session: requests.Session) -> None:
        """Apply these limits to a session; no login or proxy comes from files and variables."""
        session.trust_env = False
        session.proxies = dict(self.proxies)
        session.verify = str(self.host.ca_file) if self.host.ca_file else True
        for scheme in ("https://", "http://"):
            session.mount(scheme, self._adapter)

    @cached_property
    def _adapter(self) -> DeadlineAdapter:
        """Return one adapter for all sessions, which share its open connections."""
        return _GuardedAdapter(self)


class _GuardedAdapter(DeadlineAdapter):
    """Sends one request within the limits of a guard and reads the whole response."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        super().__init__()

    def send(self, request: requests.PreparedRequest, *_: Any, **options: Any) -> requests.Response:
        for _attempt in range(_REDIRECTS):
            response = self._exchange(request, options)
            if not response.is_redirect:
                return response
            request = _redirected(request, response.headers["Location"])
        raise Transient(f"{_REDIRECTS} redirects in a row")

    def _exchange(
        self, request: requests.PreparedRequest, options: dict[str, Any]
    ) -> requests.Response:
        guard = self._guard
        guard.check_url(str(request.url))
        seconds = min(guard.request_seconds, guard.remaining_seconds())
        options |= {"stream": True, "timeout": min(READ_SECONDS, seconds)}
        try:
            with deadline(seconds):
                response = super().send(request, **options)
                # As the library does, but within the deadline and the size.
                response._content = read_body(response, MOST_BYTES)  # noqa: SLF001
        except TooLarge as error:
            problem = f"a response to {urlsplit(str(request.url)).path} is {error}"
            raise SourceUnavailable(guard.source, problem, _CHECK_API) from None
        except (requests.RequestException, OSError) as error:
            raise _translate(guard.source, error) from error
        guard.raise_for_response(response)
        return response


def _redirected(request: requests.PreparedRequest, location: str) -> requests.PreparedRequest:
    """Return the request for a new address, with the old query if the address has none."""
    url, query = urljoin(str(request.url), location), urlsplit(str(request.url)).query
    following = request.copy()
    following.url = url if urlsplit(url).query or not query else f"{url}?{query}"
    return following


def _translate(source: str, error: Exception) -> Exception:
    if isinstance(error, requests.exceptions.SSLError):
        problem = f"its certificate is not trusted ({innermost(error)})"
        return SourceDenied(source, problem, "Name its CA file as ca_file of its [[hosts]] entry")
    if isinstance(error, requests.exceptions.ProxyError):
        problem = f"the proxy refuses the connection ({innermost(error)})"
        return SourceUnavailable(source, problem, "Check https_proxy and no_proxy")
    if isinstance(error, TimeoutError):
        return Transient(str(error))
    return Transient(f"no response ({innermost(error)})")
