"""Bytes from the outside world to text that DuckDB, Parquet and people can hold."""

from __future__ import annotations

import codecs
import difflib
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Codecs that decode anything, or that are no encodings of text written by people.
_UNUSABLE = frozenset(
    {"charmap", "idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}
)
# What git takes for white space; Python knows more, which people do write.
GIT_SPACE = " \t\r\n"
_NUL_SYMBOL = "\N{SYMBOL FOR NULL}"


def decode(raw: bytes, declared: str | None, fallback: str) -> str:
    """
    Decode text by its declared encoding, else as UTF-8, else by the fallback.

    A NUL, which ends a text for half of all tools, becomes the visible symbol for it.
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

    Shape:   the text, and the raw bytes where the text alone would not give them back.
    """
    try:
        return raw.decode("utf-8"), None
    except UnicodeDecodeError:
        return raw.decode("utf-8", errors="backslashreplace"), raw


def is_exact(text: str, raw: bytes) -> bool:
    """Tell whether the text, written as UTF-8, gives the raw bytes back."""
    return text.encode("utf-8", errors="replace") == raw


def nearest(found: str, known: Iterable[str], otherwise: str) -> str:
    """Ask whether the nearest known name was meant."""
    near = nearest_name(found, known)
    return f"; did you mean {near!r}?" if near else otherwise


def nearest_name(found: str, known: Iterable[str]) -> str | None:
    """Find the known name that was probably meant."""
    return next(iter(difflib.get_close_matches(found, list(known), n=1)), None)


@cache
def is_usable(encoding: str) -> bool:
    """Tell whether an encoding exists here and keeps ASCII, as commit objects need it to."""
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
