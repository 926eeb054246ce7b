"""Qualifiers of a figure: about, at least, at most."""

from __future__ import annotations

import re
from enum import Enum

_ABOUT = (
    r"~|≈|≃|\babout|\baround|\bapprox(?:imately|\.)?|\broughly|\bca\.|\bcirca|\bnearly|"
    r"\balmost|\bsome|약|대략|거의"
)
_AT_LEAST = r"(?<![-=])>|≥|\bover|\bmore than|\bat least|\babove|\bexceed(?:s|ing)|\bmin\.?|최소"
_AT_MOST = r"<(?!-)|≤|\bup to|\bat most|\bunder|\bbelow|\bless than|\bfewer than|\bmax\.?|최대"
_BEFORE = re.compile(
    rf"(?:(?P<about>{_ABOUT})|(?P<least>{_AT_LEAST})|(?P<most>{_AT_MOST}))\s*(?:an? )?$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?P<least>\+(?!\s?[\d.])|\s?(?:이상|초과|or more\b))|(?P<most>\s?(?:이하|미만|or less\b))"
    r"|(?P<about>\s?(?:정도|가량|내외|or so\b))"
)
_LONGEST_LEAD = 20


class Bound(Enum):
    """The qualifier of a figure."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at least"
    AT_MOST = "at most"


def lead_of(text: str, start: int) -> str:
    """Return the qualifier directly before a figure, or an empty text."""
    match = _BEFORE.search(text[max(0, start - _LONGEST_LEAD) : start])
    return match[0] if match else ""


def end_with_bound(text: str, end: int) -> int:
    """Return the end of a figure including a qualifier directly after it."""
    match = _AFTER.match(text, end)
    return match.end() if match else end


def bound_of(text: str, start: int, end: int) -> Bound:
    """Return the bound of a figure by the words before and after it."""
    match = _BEFORE.search(lead_of(text, start)) or _AFTER.match(text, end)
    if not match:
        return Bound.EXACT
    if match["about"]:
        return Bound.ABOUT
    return Bound.AT_LEAST if match["least"] else Bound.AT_MOST
