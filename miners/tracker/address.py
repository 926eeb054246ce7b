"""Where a tracker is, and with what it is opened."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from pathlib import Path

GITHUB, GITLAB = "github", "gitlab"
_SUFFIX = "#tracker"


@dataclass(frozen=True)
class AppKey:
    """A GitHub App and its private key, from which the client makes short-lived tokens."""

    app_id: str
    private_key: str = field(repr=False)
    installation_id: int | None = None


@dataclass(frozen=True)
class Host:
    """A GitHub or GitLab host and how to talk to it; nothing of its secrets is ever printed."""

    name: str
    kind: str
    api: str
    token: str | None = field(default=None, repr=False, compare=False)
    app: AppKey | None = field(default=None, repr=False, compare=False)
    ca_file: Path | None = None


@dataclass(frozen=True)
class TrackerSource:
    """A repository's tracker to mine: its identity, its short name, and where it is."""

    id: str
    name: str
    host: Host
    path: str
    repository: str
    keeps_payloads: bool = True


def tracker_id(repository: str) -> str:
    """Name the tracker of a repository, apart from the Git source of the same place."""
    return repository + _SUFFIX


def default_api(name: str, kind: str) -> str:
    """
    Say where the API of a host is, unless the settings say otherwise.

    Source:  docs.github.com/rest, docs.gitlab.com/api/rest
    """
    if kind == GITLAB:
        return f"https://{name}/api/v4"
    return "https://api.github.com" if name == "github.com" else f"https://{name}/api/v3"


def origin(url: str) -> tuple[str, str, int]:
    """Name scheme, host and port of a URL: all that must be equal for a token to go there."""
    parts = urlsplit(url)
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    return parts.scheme, (parts.hostname or "").lower(), port
