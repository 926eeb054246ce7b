"""Addresses of trackers, and the credentials for their hosts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from pathlib import Path

_SUFFIX = "#tracker"


@dataclass(frozen=True)
class AppKey:
    """An app at a host and its private key, from which the client makes short-lived tokens."""

    app_id: str
    private_key: str = field(repr=False)
    installation_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Host:
    """A host of trackers and how to connect to it; its secrets are never printed."""

    name: str
    kind: str
    api: str
    token: str | None = field(default=None, repr=False, compare=False)
    app: AppKey | None = field(default=None, repr=False, compare=False)
    ca_file: Path | None = None


@dataclass(frozen=True, kw_only=True)
class TrackerSource:
    """A repository's tracker to mine: its identity, short name and address."""

    id: str
    name: str
    host: Host
    path: str
    repository: str
    keeps_payloads: bool = True


# In the cursor of a tracker: the name of the default branch, if it states one.
TRACKER_BRANCH = "default_branch"


@dataclass(frozen=True, kw_only=True, order=True)
class ListedRepository:
    """A repository in the list of an organisation or group: its path at the host."""

    path: str
    is_fork: bool = False
    is_mirror: bool = False
    is_archived: bool = False


def tracker_id(repository: str) -> str:
    """Return the identity of a repository's tracker, which differs from that of its Git source."""
    return repository + _SUFFIX


def origin(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of a URL, all of which must be equal for a token to be sent."""
    parts = urlsplit(url)
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    return parts.scheme, (parts.hostname or "").lower(), port
