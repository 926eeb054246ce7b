"""Allowed link addresses of a report."""

from __future__ import annotations

from urllib.parse import urlsplit

WITH_HOST = frozenset({"https", "http"})
LONGEST = 2_000


def allowed(address: str) -> str | None:
    """
    Return an address that may become a link, or None.

    Shape:   web addresses with a host and without credentials, and mail addresses; no spaces
             and no invisible characters.
    """
    if (
        len(address) > LONGEST
        or not address.isprintable()
        or any(c in ' "<>\\^`{|}' for c in address)
    ):
        return None
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme == "mailto":
        return address if "@" in parts.path and not parts.query else None
    has_login = parts.username is not None or parts.password is not None
    return address if parts.scheme in WITH_HOST and host and not has_login else None
