"""Decode bytes to text that DuckDB and Parquet accept."""

from __future__ import annotations

import codecs
import difflib
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Codecs that decode anything, or that do not encode text.
_UNUSABLE = frozenset(
    {"charmap", "idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}
)
# git's white space; Python's has more characters, which are used in names.
GIT_SPACE = " \t\r\n"
_NUL_SYMBOL = "\N{SYMBOL FOR NULL}"


def decode(raw: bytes, declared: str | None, fallback: str) -> str:
    """
    Decode text by its declared encoding, else as UTF-8, else by the fallback.

    A NUL, which ends a text for many tools, becomes the visible symbol for it.
    """
    for encoding in (declared, "utf-8"):
        if encoding and is_usable(encoding):
            try:
                return raw.decode(encoding).replace("\0", _NUL_SYMBOL)
            except UnicodeDecodeError:
                continue
    return raw.decode(fallback, errors="replace").replace("\0", _NUL_SYMBOL)


def decode_path(raw: bytes) -> tuple[str, bytes | None]:
    r"""
    Decode a path for display; bytes that are not UTF-8 read as \xNN.

    Shape:   the text, and the raw bytes if the text does not give them back.
    """
    try:
        return raw.decode("utf-8"), None
    except UnicodeDecodeError:
        return raw.decode("utf-8", errors="backslashreplace"), raw


def is_exact(text: str, raw: bytes) -> bool:
    """Return whether the text, written as UTF-8, gives the raw bytes back."""
    return text.encode("utf-8", errors="replace") == raw


def nearest(name: str, names: Iterable[str], otherwise: str) -> str:
    """Return a question for the closest known name."""
    near = nearest_name(name, names)
    return f"; did you mean {near!r}?" if near else otherwise


def nearest_name(name: str, names: Iterable[str]) -> str | None:
    """Return the closest known name, or None."""
    return next(iter(difflib.get_close_matches(name, list(names), n=1)), None)


def listed(names: Sequence[str], most: int) -> str:
    """List the first names, and how many more there are."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"


@cache
def is_usable(encoding: str) -> bool:
    """Return whether an encoding exists here and keeps ASCII, which commit objects require."""
    try:
        codec = codecs.lookup(encoding)
        is_text_encoding = getattr(codec, "_is_text_encoding", True)
        return (
            is_text_encoding
            and codec.name.replace("_", "-") not in _UNUSABLE
            and b"A <a@b> 1\n".decode(encoding) == "A <a@b> 1\n"
        )
    except (LookupError, ValueError):
        return False


def shown_source(source: str) -> str:
    """Return the identifier of a source in words: a ledger as its place, a tracker as one."""
    place, _, kind = source.rpartition("#")
    return {"ledger": place, "tracker": f"the tracker of {place}"}.get(kind, source)
