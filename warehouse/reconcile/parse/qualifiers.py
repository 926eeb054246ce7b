"""How exactly a figure wants to be taken: about, at least, at most."""

from __future__ import annotations

import re
from enum import Enum

_ABOUT = (
    r"~|≈|≃|\babout|\baround|\bapprox(?:imately|\.)?|\broughly|\bca\.|\bcirca|\bnearly|"
    r"\balmost|\bsome|약|대략|거의"
)
_AT_LEAST = r"(?<![-=])>|≥|\bover|\bmore than|\bat least|\babove|\bexceed(?:s|ing)|\bmin\.?|최소"
_AT_MOST = r"<(?!-)|≤|\bup to|\bat most|\bunder|\bbelow|\bless than|\bfewer than|\bmax\.?|최대"
_LED = re.compile(
    rf"(?:(?P<about>{_ABOUT})|(?P<least>{_AT_LEAST})|(?P<most>{_AT_MOST}))\s*(?:an? )?$",
    re.IGNORECASE,
)
_FOLLOWED = re.compile(
    r"(?P<least>\+(?!\s?[\d.])|\s?(?:이상|초과|or more\b))|(?P<most>\s?(?:이하|미만|or less\b))"
    r"|(?P<about>\s?(?:정도|가량|내외|or so\b))"
)
_LONGEST_LEAD = 20


class Bound(Enum):
    """How a figure wants to be taken."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at least"
    AT_MOST = "at most"


def lead_of(text: str, start: int) -> str:
    """Find what stands right before a figure and bounds it."""
    led = _LED.search(text[max(0, start - _LONGEST_LEAD) : start])
    return led[0] if led else ""


def end_with_bound(text: str, end: int) -> int:
    """Say where a figure ends together with what stands right behind it and bounds it."""
    after = _FOLLOWED.match(text, end)
    return after.end() if after else end


def bound_of(text: str, start: int, end: int) -> Bound:
    """Tell how a figure wants to be taken, by the words before and behind it."""
    found = _LED.search(lead_of(text, start)) or _FOLLOWED.match(text, end)
    if not found:
        return Bound.EXACT
    if found["about"]:
        return Bound.ABOUT
    return Bound.AT_LEAST if found["least"] else Bound.AT_MOST
