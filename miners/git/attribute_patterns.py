"""
Patterns of .gitattributes as texts and expressions that SQL compares with paths.

Source:  gitignore(5), PATTERN FORMAT; gitattributes(5): a pattern that ends in / matches no file.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"/(?:\*\*/)+|^(?:\*\*/)+|/\*\*$|\*+|\?|\[[!^]?\]?(?:\[:\w+:\]|\\.|[^\]])*\]|\\.|."
)
_MEMBER = re.compile(r"(\[:\w+:\])|(\\?.)(?:-(\\?.))?")
_CLASSES = frozenset(
    f"[:{name}:]"
    for name in (
        *("alnum", "alpha", "blank", "cntrl", "digit", "graph", "lower", "print", "punct"),
        *("space", "upper", "xdigit"),
    )
)
_FOLDERS = "(?:.*/)?"


class PathMatcher(NamedTuple):
    """The beginning and the end of all paths that match, and an expression (RE2) of the paths."""

    prefix: str
    suffix: str
    expression: str


def path_matcher(folder: str, pattern: str) -> PathMatcher | None:
    """
    Return what matches the paths of a pattern in a folder; None if it matches no file.

    Shape:   the folder has a slash at its end, or is empty.
    """
    if pattern.endswith("/") or pattern.startswith("!"):
        return None
    is_name = "/" not in pattern
    parts = _TOKEN.findall(pattern.removeprefix("/"))
    expressions = [_expression(part) for part in parts]
    literals = [_literal(part) for part in parts]
    if not all(expressions):
        return None
    return PathMatcher(
        prefix=folder + ("" if is_name else _leading(literals)),
        suffix=_leading(literals[::-1])[::-1],
        expression=re.escape(folder) + _FOLDERS * is_name + "".join(map(str, expressions)),
    )


def _literal(part: str) -> str | None:
    """Return the character that a part stands for; None if it matches several."""
    if re.fullmatch(r"\\.", part):
        return part[1]
    return part if len(part) == 1 and part not in "*?[" else None


def _leading(literals: list[str | None]) -> str:
    end = literals.index(None) if None in literals else len(literals)
    return "".join(map(str, literals[:end]))


def _expression(part: str) -> str | None:
    if literal := _literal(part):
        return re.escape(literal)
    if part.startswith("["):
        return _character_class(part[1:-1])
    if part == "?":
        return "[^/]"
    if "**/" in part:
        return "/" * part.startswith("/") + _FOLDERS
    return "/.*" if part == "/**" else "[^/]*"


def _character_class(members: str) -> str | None:
    """Return an expression for one character of a set; None if no character is in it."""
    is_negated = members[:1] in {"!", "^"}
    matches = _MEMBER.finditer(members[is_negated:])
    text = "".join(_members(*match.groups()) for match in matches)
    if not text:
        return None
    return f"[^/{text}]" if is_negated else f"[{text}]"


def _members(posix: str | None, first: str | None, last: str | None) -> str:
    if posix or first is None:
        return posix if posix in _CLASSES else ""
    low, high = first[-1], (last or first)[-1]
    return f"{re.escape(low)}-{re.escape(high)}" if low <= high else ""
