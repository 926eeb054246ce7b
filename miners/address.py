"""URLs and paths as users write them, shown without a login."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from urllib.parse import SplitResult

_PROTOCOL = re.compile(r"(https?|ssh|git|ftp|file):/*", re.IGNORECASE)
_ONE_SLASH = re.compile(r"(https?|ssh|git|ftp|file):(?!//)", re.IGNORECASE)
_LOGIN_BEFORE_HOST = re.compile(r"/*[^/@]*:[^@]*@")
# A remote helper or an option, which a command with a secret may follow.
_COMMAND = re.compile(r"[\w+.-]*::|-[\w-]*")
_HIDDEN = "…"


class UnusableAddress(ValueError):
    """A text that is no address; the message does not quote it."""


def split_url(text: str) -> SplitResult:
    """
    Split a URL.

    Errors:  UnusableAddress where its host or port cannot be read.
    """
    try:
        parts = urlsplit(text)
        _ = parts.hostname, parts.port
    except ValueError:
        raise UnusableAddress("its host or port cannot be read") from None
    return parts


def resolve_path(base: Path, text: str) -> Path:
    """
    Return an absolute path without links; ~ is a home folder, other paths start at base.

    Errors:  UnusableAddress.
    """
    if not text.strip():
        raise UnusableAddress("it is empty")
    if "\0" in text:
        raise UnusableAddress("it contains a NUL character")
    try:
        path = (base / Path(text).expanduser()).resolve()
        path.exists()
    except PermissionError:
        return path
    except RuntimeError as error:
        problem = "its links form a loop" if "loop" in str(error) else "~ names no user here"
        raise UnusableAddress(problem) from None
    except OSError as error:
        raise UnusableAddress(f"it is no path here ({error.strerror})") from None
    return path


def require_no_login(text: str, base: Path) -> None:
    """
    Check a text that is not a URL for a misspelled one, which may contain a login.

    Errors:  UnusableAddress.
    """
    if _ONE_SLASH.match(text):
        raise UnusableAddress("a URL has two slashes after its protocol")
    if _LOGIN_BEFORE_HOST.match(text) and not exists(base, text):
        raise UnusableAddress("it begins with a login but with no protocol")


def without_login(text: str) -> str:
    """Return what can be shown of a text: no login, parameters or control characters."""
    protocol = match.group() if (match := _PROTOCOL.match(text)) else ""
    rest = text[len(protocol) :].rpartition("@")[2]
    if protocol:
        host, slash, path = re.split(r"[?#;]", rest)[0].partition("/")
        # A password may be in the place of a port.
        rest = (host if re.fullmatch(r"[\w.-]*(:\d*)?", host) else _HIDDEN) + slash + path
    shown = protocol + rest
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in shown)


def shown_address(text: str) -> str:
    """Return what can be shown of an address that is refused; it is never empty."""
    if not text.strip():
        return '""'
    if command := _COMMAND.match(text):
        return f"{command.group()}{_HIDDEN}"
    return without_login(text)


def exists(base: Path, text: str) -> bool:
    """Return whether a text is a path to something here."""
    try:
        return (base / text).exists()
    except (OSError, ValueError):
        return False
