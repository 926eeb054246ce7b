"""Parse addresses of repositories; refuse unsafe ones."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from miners.errors import SourceDenied

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCP_LIKE = re.compile(r"(?:[\w.-]+@)?[\w.-]+:(?!//)[^\\]+")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_HOW_TO_LOG_IN = (
    "Remove them from the URL and name the environment variable that holds the token as "
    "token_env of the source"
)


@dataclass(frozen=True, kw_only=True)
class GitSource:
    """A repository to mine: its identity, short name and address, and how git reaches it."""

    id: str
    name: str
    location: str
    protocol: str
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False, compare=False)
    credential_helper: str | None = None
    is_owner_trusted: bool = False
    extra_refs: tuple[str, ...] = ()


def parse_location(text: str, base: Path) -> tuple[str, str, str]:
    """
    Parse a URL or path; relative paths start at base.

    Shape:   (identity, location for git, protocol).
    Errors:  SourceDenied for what is not the address of a repository, or not a safe one.
    """
    if "::" in text or text.startswith("-"):
        raise SourceDenied(text, "not an address that Quarry reads", _KNOWN_FORMS)
    if _SCP_LIKE.fullmatch(text) and not (base / text).exists():
        host, _, path = text.partition(":")
        return _identity(host.rpartition("@")[2], path), text, "ssh"
    if "://" not in text:
        return _local(base / text)
    return _parse_url(text)


_KNOWN_FORMS = "Use https://…, ssh://…, user@host:path, file://… or a path"


def _parse_url(text: str) -> tuple[str, str, str]:
    url = urlsplit(text)
    shown = f"{url.scheme}://{url.hostname or ''}{url.path}"
    if url.scheme == "file":
        return _local(Path(url.path))
    if url.scheme not in {"https", "ssh", "http"}:
        raise SourceDenied(shown, f"{url.scheme}: is not a protocol that Quarry uses", _KNOWN_FORMS)
    if url.password or url.query or (url.username and url.scheme != "ssh"):
        raise SourceDenied(shown, "the URL contains credentials or parameters", _HOW_TO_LOG_IN)
    if not url.hostname or not url.path.strip("/"):
        raise SourceDenied(shown, "the URL names no repository", _KNOWN_FORMS)
    if url.scheme == "http" and url.hostname not in LOOPBACK:
        raise SourceDenied(shown, "http is not encrypted", "Use https")
    return _identity(url.netloc.rpartition("@")[2], url.path), text, url.scheme


def _local(path: Path) -> tuple[str, str, str]:
    absolute = str(path.expanduser().resolve())
    return absolute, absolute, "file"


def _identity(host: str, path: str) -> str:
    return f"{host.lower()}/{path.strip('/').removesuffix('.git')}"


def short_name(identity: str) -> str:
    """Return a name for people: the last part of the path."""
    return identity.rstrip("/").rpartition("/")[2].removesuffix(".git") or identity
