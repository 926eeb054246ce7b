"""
What every request to a tracker passes through, whichever client makes it.

A token goes to its own host only; a request has a total deadline, and so has its source; an answer
is judged once, here, and becomes one of the few outcomes that the rest of the miners know.
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
    judge,
    limits_of,
    server_time,
)
from miners.web import READ_SECONDS, DeadlineAdapter, deadline, innermost

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from miners.tracker.address import Host

_REDIRECTS = 5
_NEXT_RUN = "The next run goes on from there; raise mining.source_timeout_minutes for longer runs"


@dataclass(kw_only=True)
class Guard:
    """The limits of one mining of one tracker, and what its answers said of time and limits."""

    source: str
    host: Host
    headers: ResponseHeaders
    began_at: datetime
    timeout_seconds: float
    request_seconds: float = 60.0
    proxies: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    # The newest time of day that the server gave; all that is "now" to a mining.
    server_time: datetime | None = None
    _begun: float = field(default_factory=time.monotonic)

    def admit(self, url: str) -> None:
        """
        Let a request go out, or not.

        Errors:  SourceDenied for another host; SourceUnavailable once the time is up.
        """
        if origin(url) != origin(self.host.api):
            asked = "{}://{}:{}".format(*origin(url))
            problem = f"its answer leads to another host, {asked}, which must not see the token"
            raise SourceDenied(
                self.source, problem, "Name the host as it calls itself, as [[hosts]] api"
            )
        self.check_time()

    def check_time(self) -> None:
        """
        Go on while there is time.

        Errors:  SourceUnavailable once the time is up.
        """
        if self.seconds_left() <= 0:
            minutes = self.timeout_seconds / 60
            problem = f"not done within {minutes:.3g} minutes"
            raise SourceUnavailable(self.source, problem, _NEXT_RUN)

    def seconds_left(self) -> float:
        return self.timeout_seconds - self.seconds_gone()

    def seconds_gone(self) -> float:
        return time.monotonic() - self._begun

    def judge(self, response: requests.Response) -> None:
        """Note what an answer says of limits, and raise what it means unless it is a good one."""
        self.limits = limits_of(response.headers, self.headers) or self.limits
        self.server_time = server_time(response.headers.get("Date")) or self.server_time
        judge(self.source, response, self.headers, self.began_at, self.seconds_gone())

    def session(self) -> requests.Session:
        """Make a session that has these limits and takes nothing from our environment."""
        session = requests.Session()
        self.mount(session)
        return session

    def mount(self, session: requests.Session) -> None:
        """Put these limits upon a session; no login or proxy comes from files and variables."""
        session.trust_env = False
        session.proxies = dict(self.proxies)
        session.verify = str(self.host.ca_file) if self.host.ca_file else True
        for scheme in ("https://", "http://"):
            session.mount(scheme, self._adapter)

    @cached_property
    def _adapter(self) -> DeadlineAdapter:
        """Keep one for all sessions: they share its open connections."""
        return _GuardedAdapter(self)


class _GuardedAdapter(DeadlineAdapter):
    """Sends one request within the limits of a guard and reads the whole answer."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        super().__init__()

    def send(self, request: requests.PreparedRequest, *_: Any, **options: Any) -> requests.Response:
        for _attempt in range(_REDIRECTS):
            response = self._exchange(request, options)
            if not response.is_redirect:
                return response
            request = _redirected(request, response.headers["Location"])
        raise Transient(f"{_REDIRECTS} redirects, one after the other")

    def _exchange(
        self, request: requests.PreparedRequest, options: dict[str, Any]
    ) -> requests.Response:
        guard = self._guard
        guard.admit(str(request.url))
        seconds = min(guard.request_seconds, guard.seconds_left())
        options |= {"stream": True, "timeout": min(READ_SECONDS, seconds)}
        try:
            with deadline(seconds):
                response = super().send(request, **options)
                response.content  # noqa: B018 - reads the body while the deadline holds
        except (requests.RequestException, OSError) as error:
            raise _translate(guard.source, error) from error
        guard.judge(response)
        return response


def _redirected(request: requests.PreparedRequest, location: str) -> requests.PreparedRequest:
    """Follow to the new address with the same question, where the address has none of its own."""
    url, asked = urljoin(str(request.url), location), urlsplit(str(request.url)).query
    following = request.copy()
    following.url = url if urlsplit(url).query or not asked else f"{url}?{asked}"
    return following


def _translate(source: str, error: Exception) -> Exception:
    if isinstance(error, requests.exceptions.SSLError):
        problem = f"its certificate is not trusted ({innermost(error)})"
        return SourceDenied(source, problem, "Name its CA file as ca_file of its [[hosts]] entry")
    if isinstance(error, requests.exceptions.ProxyError):
        problem = f"the proxy does not let us through ({innermost(error)})"
        return SourceUnavailable(source, problem, "Check https_proxy and no_proxy")
    if isinstance(error, TimeoutError):
        return Transient(str(error))
    return Transient(f"no answer ({innermost(error)})")
