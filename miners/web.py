"""
HTTP requests with a total deadline, and proxies.

A time-out of reads alone is satisfied by a byte per second.
"""

from __future__ import annotations

import math
import socket
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]  # not in stubs

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import requests
    from urllib3 import PoolManager

READ_SECONDS = 30.0
_CHUNK_BYTES = 1 << 16
_PROXIES = ("http", "https", "all", "no")


class TooLarge(Exception):
    """A response is larger than its reader accepts."""


class DeadlineAdapter(HTTPAdapter):
    """Sends requests over connections that a deadline can cut."""

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *arguments: Any, **options: Any) -> PoolManager:
        manager: PoolManager = super().proxy_manager_for(*arguments, **options)
        manager.pool_classes_by_scheme = _POOLS
        return manager


class _TrackedConnection:
    """A connection that the deadline knows from its first byte, also to a proxy."""

    def connect(self) -> None:
        _in_use.connection = self
        super().connect()  # type: ignore[misc]

    def request(self, *arguments: Any, **options: Any) -> None:
        _in_use.connection = self
        super().request(*arguments, **options)  # type: ignore[misc]
        # A connection that closes after its response drops its socket before the response is read.
        _in_use.socket = self.sock  # type: ignore[attr-defined]


class _Connection(_TrackedConnection, HTTPConnection):
    pass


class _TlsConnection(_TrackedConnection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


_POOLS = {"http": _Pool, "https": _TlsPool}
_in_use = threading.local()


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Cut the connection when the time is up, which a time-out of reads does not."""
    _in_use.connection = _in_use.socket = None
    # The deadline thread must have the connection of this thread.
    limit = _Deadline(time.monotonic() + seconds, _in_use.__dict__)
    _deadlines.watch(limit)
    cause: Exception | None = None
    try:
        yield
    except Exception as error:
        cause = error
        if not limit.is_over:
            raise
    finally:
        _deadlines.leave(limit)
    # A truncated response can look like a complete one.
    if limit.is_over:
        raise TimeoutError(f"no complete response within {seconds:.3g} seconds") from cause


@dataclass(eq=False)
class _Deadline:
    """The end of the time of a request, and the connection that it uses."""

    due: float
    in_use: dict[str, Any]
    is_over: bool = False

    def cut(self) -> None:
        self.is_over = True
        for sock in (self.in_use["socket"], getattr(self.in_use["connection"], "sock", None)):
            if sock is not None:
                with suppress(OSError):
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)


class _DeadlineThread:
    """
    One thread for the deadlines of all requests: a thread for each costs as much as a request.

    It is woken only for a deadline before the one that it waits for.
    """

    def __init__(self) -> None:
        self._turn = threading.Condition()
        self._limits = set[_Deadline]()
        self._wakes_at = math.inf
        self._thread: threading.Thread | None = None

    def watch(self, limit: _Deadline) -> None:
        with self._turn:
            self._limits.add(limit)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
            elif limit.due < self._wakes_at:
                self._turn.notify()

    def leave(self, limit: _Deadline) -> None:
        with self._turn:
            self._limits.discard(limit)

    def _run(self) -> None:
        with self._turn:
            while True:
                now = time.monotonic()
                for limit in [limit for limit in self._limits if limit.due <= now]:
                    self._limits.remove(limit)
                    limit.cut()
                self._wakes_at = min((limit.due for limit in self._limits), default=math.inf)
                is_idle = self._wakes_at == math.inf
                self._turn.wait(None if is_idle else self._wakes_at - now)


_deadlines = _DeadlineThread()


def read_body(response: requests.Response, most_bytes: int) -> bytes:
    """
    Return the unpacked body of a response, without unpacking more than a number of bytes.

    Errors:  TooLarge.
    """
    body = bytearray()
    for chunk in response.iter_content(_CHUNK_BYTES):
        body += chunk
        if len(body) > most_bytes:
            response.close()
            raise TooLarge(f"larger than {most_bytes >> 20} MiB")
    return bytes(body)


def proxies_for(url: str, variables: Mapping[str, str]) -> dict[str, str]:
    """Return the proxies for an address: none if no_proxy has its host."""
    proxies = {
        scheme: proxy
        for scheme in _PROXIES
        if (proxy := variables.get(f"{scheme}_proxy") or variables.get(f"{scheme}_proxy".upper()))
    }
    is_near: bool = proxy_bypass_environment(urlsplit(url).netloc, proxies)
    return {} if is_near else proxies


def innermost(error: BaseException) -> str:
    """Return the cause of an error of a library."""
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__ or error
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
