"""
What every request over http passes through: a deadline for the whole of it, and the proxies.

A time-out of reads alone is satisfied by a byte a second.
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

    from urllib3 import PoolManager

READ_SECONDS = 30.0
_PROXIES = ("http", "https", "all", "no")


class DeadlineAdapter(HTTPAdapter):
    """Sends requests over connections that a deadline can cut."""

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *arguments: Any, **options: Any) -> PoolManager:
        manager: PoolManager = super().proxy_manager_for(*arguments, **options)
        manager.pool_classes_by_scheme = _POOLS
        return manager


class _Noted:
    """A connection that is known to the deadline from its first byte on, also to a proxy."""

    def connect(self) -> None:
        _in_use.connection = self
        super().connect()  # type: ignore[misc]

    def request(self, *arguments: Any, **options: Any) -> None:
        _in_use.connection = self
        super().request(*arguments, **options)  # type: ignore[misc]
        # A connection to be closed after its answer lets go of its socket before that is read.
        _in_use.socket = self.sock  # type: ignore[attr-defined]


class _Connection(_Noted, HTTPConnection):
    pass


class _TlsConnection(_Noted, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


_POOLS = {"http": _Pool, "https": _TlsPool}
_in_use = threading.local()


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Cut the connection when the time is up; a byte a second satisfies any timeout of reads."""
    _in_use.connection = _in_use.socket = None
    # The watchman is a thread of its own and must see the connection of this one.
    limit = _Limit(time.monotonic() + seconds, _in_use.__dict__)
    _watchman.watch(limit)
    cause: Exception | None = None
    try:
        yield
    except Exception as error:
        cause = error
        if not limit.is_over:
            raise
    finally:
        _watchman.leave(limit)
    # What was cut off can look like an answer that ended.
    if limit.is_over:
        raise TimeoutError(f"no whole answer within {seconds:.3g} seconds") from cause


@dataclass(eq=False)
class _Limit:
    """When a request must be over, and the connection that it uses."""

    due: float
    in_use: dict[str, Any]
    is_over: bool = False

    def cut(self) -> None:
        self.is_over = True
        for found in (self.in_use["socket"], getattr(self.in_use["connection"], "sock", None)):
            if found is not None:
                with suppress(OSError):
                    socket.socket.shutdown(found, socket.SHUT_RDWR)


class _Watchman:
    """
    One thread for the deadlines of all requests: starting one for each costs as much as asking.

    It is woken only for a deadline before the one that it waits for anyway.
    """

    def __init__(self) -> None:
        self._turn = threading.Condition()
        self._limits = set[_Limit]()
        self._looks_at = math.inf
        self._thread: threading.Thread | None = None

    def watch(self, limit: _Limit) -> None:
        with self._turn:
            self._limits.add(limit)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._keep_watch, daemon=True)
                self._thread.start()
            elif limit.due < self._looks_at:
                self._turn.notify()

    def leave(self, limit: _Limit) -> None:
        with self._turn:
            self._limits.discard(limit)

    def _keep_watch(self) -> None:
        with self._turn:
            while True:
                now = time.monotonic()
                for limit in [limit for limit in self._limits if limit.due <= now]:
                    self._limits.remove(limit)
                    limit.cut()
                self._looks_at = min((limit.due for limit in self._limits), default=math.inf)
                is_idle = self._looks_at == math.inf
                self._turn.wait(None if is_idle else self._looks_at - now)


_watchman = _Watchman()


def proxies_for(url: str, variables: Mapping[str, str]) -> dict[str, str]:
    """Choose the proxies for an address: none where no_proxy names its host."""
    set_ones = {
        scheme: proxy
        for scheme in _PROXIES
        if (proxy := variables.get(f"{scheme}_proxy") or variables.get(f"{scheme}_proxy".upper()))
    }
    is_near: bool = proxy_bypass_environment(urlsplit(url).netloc, set_ones)
    return {} if is_near else set_ones


def innermost(error: BaseException) -> str:
    """Say what lies behind an error of a library."""
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__ or error
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
