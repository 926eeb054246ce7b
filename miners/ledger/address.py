"""Where a ledger is: a folder, a file, or the address at which a spreadsheet gives its CSV."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from miners.errors import SourceDenied
from miners.git.address import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Mapping

_SUFFIX = "#ledger"
# The names of tables.TABLES, for settings, which need not wait for polars.
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
class Words:
    """What the categories and titles of events mean: patterns, in which * is any text."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    projects: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class LedgerSource:
    """
    A ledger to mine.

    Shape:   either path or url; of a url, which may be all that keeps a spreadsheet from being
             read, nothing but the host is ever shown.
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
    words: Words = field(default_factory=Words, hash=False)


def ledger_id(place: str) -> str:
    """Name a ledger, apart from the Git source of the same place."""
    return place + _SUFFIX


def is_url(text: str) -> bool:
    """Tell whether a location is an address rather than a path."""
    return "://" in text


def parse_ledger_location(text: str, base: Path) -> tuple[str, str, Path | None]:
    """
    Understand the location of a ledger; relative paths start at base.

    Shape:   (identity, location to be shown, path unless it is an address).
    Errors:  SourceDenied for an address that is not a safe one.
    """
    if not is_url(text):
        # A link as the ledger itself is meant; only those within it may lead nowhere else.
        path = (base / Path(text).expanduser()).resolve()
        return str(path), str(path), path
    parts = urlsplit(text)
    host = parts.netloc.rpartition("@")[2].lower()
    shown = f"{parts.scheme}://{host}/…"
    check_address(shown, text)
    digest = hashlib.sha256(text.encode()).hexdigest()[:10]
    return f"{host}/{digest}", shown, None


def check_address(shown: str, url: str) -> None:
    """
    Let an address be asked, or not.

    Errors:  SourceDenied.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        problem = f"{parts.scheme or url[:20]}: is not a protocol Quarry uses for ledgers"
        raise SourceDenied(shown, problem, "Use https://… or a path")
    if parts.username or parts.password:
        remedy = "Remove them and name the variable that holds a token as token_env"
        raise SourceDenied(shown, "the address holds credentials", remedy)
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise SourceDenied(shown, "http sends everything in the clear", "Use https")
