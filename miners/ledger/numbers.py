"""
Parse numbers by the decimal sign of their column.

Excel writes 1.25 as 1,25 in half of the world, and 1250 as 1.250. Alone, 1,250 can be either.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

POINT, COMMA = ".", ","
_OTHER = {POINT: COMMA, COMMA: POINT}
# Signs between thousands that are never decimal ones: French and Swiss spreadsheets write them.
_SPACED = re.compile(r"[+-]?[1-9]\d{0,2}(?:[ '’]\d{3})+(?!\d)")


@dataclass(frozen=True)
class NumberStyle:
    """
    The decimal signs that the numbers of a column may have.

    Shape:   is_sure states whether 1,250 is read by the sign, or is a wrong cell.
    """

    signs: str
    is_sure: bool = True


POINTS = NumberStyle(POINT)


def style_of(cells: Iterable[object], sign: str | None, *, has_points: bool) -> NumberStyle:
    """
    Return the style of a column.

    Shape:   that of the given sign; else, for a file of points, the point; else the sign that some
             cell proves. Where nothing or both are proven, an ambiguous number stays one.
    """
    if sign:
        return NumberStyle(sign)
    proven = {proof for cell in cells if isinstance(cell, str) and (proof := _proof(cell))}
    if has_points:
        return NumberStyle(POINT, is_sure=COMMA not in proven)
    return NumberStyle("".join(sorted(proven)) or POINT + COMMA, is_sure=len(proven) == 1)


def parse(written: str, style: NumberStyle) -> Decimal | None:
    """Return the value of a number; None for a text that is none in this style."""
    value = _plain(written)
    if not style.is_sure and is_ambiguous(written):
        return None
    sign = next((sign for sign in style.signs if _fits(value, sign)), None)
    return None if sign is None else _value(value, sign)


def is_ambiguous(written: str) -> bool:
    """Return whether a number has another value by the other decimal sign."""
    return len({*_readings(_plain(written)).values()}) > 1


def readings(written: str) -> list[str]:
    """List the values of an ambiguous number, least first, for a message."""
    return [f"{value:f}" for value in sorted(_readings(_plain(written)).values())]


def _readings(value: str) -> dict[str, Decimal]:
    return {sign: _value(value, sign) for sign in (POINT, COMMA) if _fits(value, sign)}


def _proof(written: str) -> str | None:
    signs = [*_readings(_plain(written))]
    return signs[0] if len(signs) == 1 else None


def _plain(written: str) -> str:
    """Return a number in ASCII, without signs between thousands that are only that."""
    value = unicodedata.normalize("NFKC", written).strip().replace("\N{MINUS SIGN}", "-")
    return _SPACED.sub(lambda match: re.sub(r"[ '’]", "", match[0]), value, count=1)


def _fits(value: str, sign: str) -> bool:
    return _grammar(sign).fullmatch(value) is not None and any(map(str.isdigit, value))


@cache
def _grammar(sign: str) -> re.Pattern[str]:
    decimal, group = re.escape(sign), re.escape(_OTHER[sign])
    whole = rf"(?:\d+|[1-9]\d{{0,2}}(?:{group}\d{{3}})+)?"
    return re.compile(rf"[+-]?{whole}(?:{decimal}\d*)?(?:[eE][+-]?\d{{1,3}})?")


def _value(value: str, sign: str) -> Decimal:
    return Decimal(value.replace(_OTHER[sign], "").replace(sign, POINT))
