"""Addresses of ledgers: a folder, a file or a URL of CSV."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from miners.address import (
    UnusableAddress,
    require_no_login,
    resolve_path,
    shown_address,
    split_url,
)
from miners.errors import SourceDenied
from miners.git.address import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

_SUFFIX = "#ledger"
_UNREADABLE = "not an address that Quarry reads"
_KNOWN_FORMS = "Use https://… or a path"
# The names of tables.TABLES, for settings, which do not need polars.
TABLE_NAMES = (
    "projects",
    "tasks",
    "deployments",
    "incidents",
    "activities",
    "measurements",
    "targets",
)


@dataclass(frozen=True)
class EventPatterns:
    """Patterns for categories and titles of events, in which * is any text."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    projects: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class LedgerSource:
    """
    A ledger to mine.

    Shape:   either path or url. A url may be all that protects a spreadsheet, so only its host is
             ever shown.
    """

    id: str
    name: str
    location: str
    path: Path | None = None
    url: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False, compare=False)
    table: str | None = None
    time_zone: str = "UTC"
    project: str | None = None
    decimal: str | None = None
    fill_down: bool | None = None
    # First and last day of each project that the settings limit.
    periods: Mapping[str, tuple[date | None, date | None]] = field(default_factory=dict, hash=False)
    patterns: EventPatterns = field(default_factory=EventPatterns, hash=False)


def ledger_id(place: str) -> str:
    """Return the identity of a ledger, which differs from that of a Git source there."""
    return place + _SUFFIX


def is_url(text: str) -> bool:
    """Return whether a location is a URL and not a path."""
    return "://" in text


def parse_ledger_location(text: str, base: Path) -> tuple[str, str, Path | None]:
    """
    Parse the location of a ledger; relative paths start at base.

    Shape:   (identity, location to show, path unless it is a URL).
    Errors:  SourceDenied for a URL that is not safe.
    """
    try:
        if not is_url(text):
            require_no_login(text, base)
            # The ledger itself may be a link; links in it must not lead out of it.
            path = resolve_path(base, text)
            return str(path), str(path), path
        parts = split_url(text)
    except UnusableAddress as error:
        shown = f"{text.partition('://')[0][:9]}://…" if is_url(text) else shown_address(text)
        raise SourceDenied(shown, f"{_UNREADABLE}: {error}", _KNOWN_FORMS) from None
    host = parts.netloc.rpartition("@")[2].lower()
    shown = f"{parts.scheme}://{host}/…"
    check_address(shown, text)
    digest = hashlib.sha256(text.encode()).hexdigest()[:10]
    return f"{host}/{digest}", shown, None


def check_address(shown: str, url: str) -> None:
    """
    Check a URL before a request is sent to it.

    Errors:  SourceDenied.
    """
    try:
        parts = split_url(url)
    except UnusableAddress as error:
        raise SourceDenied(shown, f"{_UNREADABLE}: {error}", _KNOWN_FORMS) from None
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        problem = f"{parts.scheme}: is not a protocol that Quarry uses for ledgers"
        raise SourceDenied(shown, problem, _KNOWN_FORMS)
    if parts.username or parts.password:
        remedy = "Remove them and name the variable that holds a token as token_env"
        raise SourceDenied(shown, "the address contains credentials", remedy)
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise SourceDenied(shown, "http is not encrypted", "Use https")
