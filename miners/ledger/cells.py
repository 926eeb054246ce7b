"""
Parse cells of ledgers, one function per type.

A cell is a value of a file: text from CSV, a typed value from TOML and Parquet. A cell without a
value, or with nothing but space, is None for every type.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from miners.ledger import numbers
from miners.ledger.numbers import POINTS, NumberStyle
from miners.text import nearest

# One value of a file.
Cell = Any
Reader = Callable[..., Any]
# The cells of a row, and the values of a parsed one, by column.
Cells = dict[str, Cell]
Facts = dict[str, Any]

FIRST_YEAR, LAST_YEAR = 1970, 2105
_LONGEST_TEXT = 10_000
_MOST = 10**12
_PLACES = Decimal("0.000001")
_A_NUMBER = "a number such as 12.5"


class WrongCell(Exception):
    """A cell that does not fit its column."""

    def __init__(self, expected: str, cell: Cell, hint: str = "", column: str = "") -> None:
        self.column = column
        super().__init__(f"expected {expected}, found {quoted(cell)}{hint}")


def quoted(cell: Cell) -> str:
    """Return a cell as quoted text for a message, on one line and not too long."""
    value = cell if isinstance(cell, str) else str(cell)
    return repr(value if len(value) <= 60 else f"{value[:60]}…")  # noqa: PLR2004 - what fits a line


def is_empty(cell: Cell) -> bool:
    """Return whether a cell has no value."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text(cell: Cell) -> str:
    """Return a text in Unicode normal form C, without space around it."""
    if isinstance(cell, date | time):
        cell = cell.isoformat()
    if isinstance(cell, bool) or not isinstance(cell, str | int | float | Decimal):
        raise WrongCell("a text", cell)
    value = unicodedata.normalize("NFC", str(cell)).replace("\0", "\N{SYMBOL FOR NULL}")
    value = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(value) > _LONGEST_TEXT:
        raise WrongCell(f"a text of up to {_LONGEST_TEXT:,} characters", cell)
    return value


def whole(cell: Cell, least: int, most: int, style: NumberStyle = POINTS) -> int:
    """Return an integer of a range."""
    expected = f"a whole number from {least:,} to {most:,}" if least else "a whole number"
    number = _number(expected, cell, style)
    if number != number.to_integral_value() or not least <= number <= most:
        raise WrongCell(expected, cell)
    return int(number)


def decimal(cell: Cell, least: int | None = None, style: NumberStyle = POINTS) -> Decimal:
    """Return a number with six decimal places."""
    expected = _A_NUMBER if least is None else f"{_A_NUMBER}, from {least} on"
    number = _number(expected, cell, style)
    if abs(number) >= _MOST or (least is not None and number < least):
        raise WrongCell(expected, cell)
    return number.quantize(_PLACES)


def choice(cell: Cell, words: tuple[str, ...]) -> str:
    """Return one of a few words."""
    value = word(cell)
    if value not in words:
        expected = f"{', '.join(words[:-1])} or {words[-1]}"
        raise WrongCell(expected, cell, nearest(value, words, ""))
    return value


def word(cell: Cell) -> str:
    """Return a name in lower case with underscores."""
    value = re.sub(r"[\s_-]+", "_", text(cell).casefold()).strip("_")
    if not value:
        raise WrongCell("a word such as business_trip", cell)
    return value


def address(cell: Cell) -> str:
    """Return the URL of a page."""
    value = text(cell)
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    is_page = parts.scheme in {"https", "http"} and bool(parts.netloc)
    if not is_page or re.search(r"[\s\x00-\x1f\"<>]", value):
        raise WrongCell("an address such as https://example.org/page", cell)
    return value


def _number(expected: str, cell: Cell, style: NumberStyle) -> Decimal:
    if isinstance(cell, str):
        value = numbers.parse(cell, style)
        if value is None:
            raise WrongCell(expected, cell, _number_hint(cell.strip(), style))
        return value
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        raise WrongCell(expected, cell)
    exact = Decimal(str(cell))
    if not exact.is_finite():
        raise WrongCell(expected, cell)
    return exact


def _number_hint(written: str, style: NumberStyle) -> str:
    if not style.is_sure and numbers.is_ambiguous(written):
        values = " or ".join(numbers.readings(written))
        return f", which may be {values}: set decimal of the source to its decimal sign"
    if style.signs == numbers.POINT and re.fullmatch(r"[+-]?\d+,\d+", written):
        return "; write the decimal point as a point"
    if style.signs == numbers.COMMA and re.fullmatch(r"[+-]?\d+\.\d+", written):
        return "; write the decimal point as a comma"
    if re.match(r"[+-]?[\d.,]*\d\s*[^\d.,\s]", written):
        return "; write the number only, without its unit"
    return ""


attempt_number: Reader = partial(whole, least=1, most=1_000_000)
head_count: Reader = partial(whole, least=0, most=1_000_000)
year: Reader = partial(whole, least=FIRST_YEAR, most=LAST_YEAR)
amount: Reader = partial(decimal, least=0)
