"""Patterns of numbers and units."""

from __future__ import annotations

import re
from fractions import Fraction

# Thousands are separated by a comma or a non-breaking space; longer digit runs are identifiers.
NUMBER = (
    r"(?:\d{1,3}(?:[,\u00a0\u2009\u202f]\d{3}){1,5}(?:\.\d{1,9})?"
    r"|(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?)"
)
# Korean particles that follow a unit.
PARTICLES = "의|로|으로|에서|에|을|를|이|가|은|는|과|와|만|도|까지|부터|씩|간|이고|이며|였|으로써"
# Units of measurements: a whole number in them may be rounded.
MEASURED = {"%", "points", "h", "d", "w", "mo", "y", "B", "B/s", "x", "$", "€", "£", "¥", "₩"}
_COUNTERS = "명 인 곳 편 권 대 팀 종 가지 단계 줄 장 쪽 세트 점"
_SIZES = ("[Kk]", "M", "G", "T")
_UNITS: tuple[tuple[str, str, Fraction], ...] = (
    (r"percentage points?|%-?\s?points?|pp|%[pP]|%포인트|퍼센트포인트", "points", Fraction(1)),
    (r"%|％|percent|per cent|퍼센트", "%", Fraction(1)),
    (r"hours?|hrs?|h|시간", "h", Fraction(1)),
    (r"minutes?|mins?|분", "h", Fraction(1, 60)),
    (r"milliseconds?|ms|밀리초", "h", Fraction(1, 3_600_000)),
    (r"seconds?|secs?|s|초", "h", Fraction(1, 3600)),
    (r"(?:consecutive |working |business )?days?|d|일", "d", Fraction(1)),
    (r"weeks?|주일|주", "w", Fraction(1)),
    (r"months?|개월|달", "mo", Fraction(1)),
    (r"years?|yrs?|년", "y", Fraction(1)),
    *((rf"{size}i?B/s", "B/s", Fraction(1000**n)) for n, size in enumerate(_SIZES, 1)),
    *((rf"{size}iB", "B", Fraction(1024**n)) for n, size in enumerate(_SIZES, 1)),
    *((rf"{size}B", "B", Fraction(1000**n)) for n, size in enumerate(_SIZES, 1)),
    (r"bytes?|바이트", "B", Fraction(1)),
    (r"억\s?원", "₩", Fraction(10**8)),
    (r"만\s?원", "₩", Fraction(10**4)),
    (r"원|KRW", "₩", Fraction(1)),
    (r"USD|dollars?|달러", "$", Fraction(1)),
    (r"EUR|euros?|유로", "€", Fraction(1)),
    (r"x|×|배", "x", Fraction(1)),
    (r"회|번", "회", Fraction(1)),
    (r"개|건", "개", Fraction(1)),
    *((word, word, Fraction(1)) for word in _COUNTERS.split()),
)
UNIT = "|".join(rf"(?P<u{index}>{pattern})" for index, (pattern, _, _) in enumerate(_UNITS))
MULTIPLES = {
    **dict.fromkeys(("k", "K", "thousand", "천"), Fraction(10**3)),
    **dict.fromkeys(("M", "million"), Fraction(10**6)),
    **dict.fromkeys(("bn", "billion"), Fraction(10**9)),
    "만": Fraction(10**4),
    "억": Fraction(10**8),
}


def unit_of(match: re.Match[str]) -> tuple[str, Fraction]:
    """Return the unit of a match of UNIT, and its size in the base unit."""
    for index, (_, unit, scale) in enumerate(_UNITS):
        if match[f"u{index}"]:
            return unit, scale
    return "", Fraction(1)


def number(text: str) -> Fraction:
    """Return a number with thousands separators as a fraction."""
    return Fraction(re.sub(r"[^\d.]", "", text))


def step(text: str) -> Fraction:
    """Return the value of one unit in the last digit of a number."""
    return Fraction(1, 10 ** len(text.partition(".")[2]))
