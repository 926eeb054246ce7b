"""Parse addresses of repositories; refuse unsafe ones."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from miners.address import (
    UnusableAddress,
    exists,
    require_no_login,
    resolve_path,
    shown_address,
    split_url,
)
from miners.errors import SourceDenied

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

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
    default_branch: str | None = None


def parse_location(text: str, base: Path) -> tuple[str, str, str]:
    """
    Parse a URL or path; relative paths start at base.

    Shape:   (identity, location for git, protocol).
    Errors:  SourceDenied for what is not the address of a repository, or not a safe one.
    """
    try:
        return _parse(text, base)
    except UnusableAddress as error:
        problem = f"not an address that Quarry reads: {error}"
        raise SourceDenied(shown_address(text), problem, _KNOWN_FORMS) from None


_KNOWN_FORMS = "Use https://…, ssh://…, user@host:path, file:///… or a path"


def _parse(text: str, base: Path) -> tuple[str, str, str]:
    if "://" in text and "::" not in text.partition("://")[0]:
        return _parse_url(text, base)
    if "::" in text or text.startswith("-"):
        raise UnusableAddress("it begins as an option or a remote helper of git")
    require_no_login(text, base)
    if _SCP_LIKE.fullmatch(text) and not exists(base, text):
        host, _, path = text.partition(":")
        return _identity(host.rpartition("@")[2], path), text, "ssh"
    return _local(base, text)


def _parse_url(text: str, base: Path) -> tuple[str, str, str]:
    url = split_url(text)
    shown = f"{url.scheme}://{url.hostname or ''}{url.path.partition(';')[0]}"
    if url.scheme == "file":
        if url.hostname not in {None, "localhost"}:
            raise SourceDenied(shown, "a file of another host cannot be read", _KNOWN_FORMS)
        return _local(base, url.path)
    if url.scheme not in {"https", "ssh", "http"}:
        raise SourceDenied(shown, f"{url.scheme}: is not a protocol that Quarry uses", _KNOWN_FORMS)
    has_login = url.password or (url.username and url.scheme != "ssh")
    if has_login or url.query or url.fragment or ";" in url.path:
        raise SourceDenied(shown, "the URL contains credentials or parameters", _HOW_TO_LOG_IN)
    if not url.hostname or not url.path.strip("/"):
        raise SourceDenied(shown, "the URL names no repository", _KNOWN_FORMS)
    if url.scheme == "http" and url.hostname not in LOOPBACK:
        raise SourceDenied(shown, "http is not encrypted", "Use https")
    return _identity(url.netloc.rpartition("@")[2], url.path), text, url.scheme


def _local(base: Path, text: str) -> tuple[str, str, str]:
    absolute = str(resolve_path(base, text))
    return absolute, absolute, "file"


def _identity(host: str, path: str) -> str:
    return f"{host.lower()}/{path.strip('/').removesuffix('.git')}"


def short_name(identity: str) -> str:
    """Return a name for people: the last part of the path."""
    return identity.rstrip("/").rpartition("/")[2].removesuffix(".git") or identity
