"""
How a cell becomes a value: one plain function per type, which says what it expected.

A cell is what a file gives: text from CSV, a typed value from TOML and Parquet. A cell without a
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

from miners.text import nearest

# What a file gives in one place.
Cell = Any
Reader = Callable[[Cell], Any]

FIRST_YEAR, LAST_YEAR = 1970, 2105
_LONGEST_TEXT = 10_000
_MOST = 10**12
_PLACES = Decimal("0.000001")
_WHOLE = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.0+)?")
_DECIMAL = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?([eE][+-]?\d{1,3})?")
_A_NUMBER = "a number such as 12.5"


class WrongCell(Exception):
    """A cell that is not what its column expects."""

    def __init__(self, expected: str, cell: Cell, hint: str = "", column: str = "") -> None:
        self.column = column
        super().__init__(f"expected {expected}, found {shown(cell)}{hint}")


def shown(cell: Cell) -> str:
    """Quote a cell for a message, in one line and without an end that nobody reads."""
    said = cell if isinstance(cell, str) else str(cell)
    return repr(said if len(said) <= 60 else f"{said[:60]}…")  # noqa: PLR2004 - what fits a line


def is_empty(cell: Cell) -> bool:
    """Tell whether there is nothing in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text(cell: Cell) -> str:
    """Take a text: one spelling of each letter, and nothing around it."""
    if isinstance(cell, date | time):
        cell = cell.isoformat()
    if isinstance(cell, bool) or not isinstance(cell, str | int | float | Decimal):
        raise WrongCell("a text", cell)
    said = unicodedata.normalize("NFC", str(cell)).replace("\0", "\N{SYMBOL FOR NULL}")
    said = said.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(said) > _LONGEST_TEXT:
        raise WrongCell(f"a text of up to {_LONGEST_TEXT:,} characters", cell)
    return said


def whole(cell: Cell, least: int, most: int) -> int:
    """Take a whole number of a range."""
    expected = f"a whole number from {least:,} to {most:,}" if least else "a whole number"
    if isinstance(cell, str) and _WHOLE.fullmatch(cell.strip()):
        cell = Decimal(cell.strip().replace(",", ""))
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        raise WrongCell(expected, cell)
    number = _exact(expected, cell)
    if number != number.to_integral_value() or not least <= number <= most:
        raise WrongCell(expected, cell)
    return int(number)


def decimal(cell: Cell, least: int | None = None) -> Decimal:
    """Take a number, to six places."""
    expected = _A_NUMBER if least is None else f"{_A_NUMBER}, from {least} on"
    given = cell
    if isinstance(cell, str):
        written = cell.strip()
        if not _DECIMAL.fullmatch(written) or not re.search(r"\d", written):
            raise WrongCell(expected, cell, _number_hint(written))
        given = Decimal(written.replace(",", ""))
    if isinstance(given, bool) or not isinstance(given, int | float | Decimal):
        raise WrongCell(expected, cell)
    number = _exact(expected, given)
    if abs(number) >= _MOST or (least is not None and number < least):
        raise WrongCell(expected, cell)
    return number.quantize(_PLACES)


def choice(cell: Cell, words: tuple[str, ...]) -> str:
    """Take one of a few words."""
    said = word(cell)
    if said not in words:
        known = f"{', '.join(words[:-1])} or {words[-1]}"
        raise WrongCell(known, cell, nearest(said, words, ""))
    return said


def word(cell: Cell) -> str:
    """Take a word as names are written: lower case, with underscores."""
    said = re.sub(r"[\s_-]+", "_", text(cell).casefold()).strip("_")
    if not said:
        raise WrongCell("a word such as business_trip", cell)
    return said


def address(cell: Cell) -> str:
    """Take the address of a page."""
    said = text(cell)
    try:
        parts = urlsplit(said)
    except ValueError:
        parts = urlsplit("")
    is_page = parts.scheme in {"https", "http"} and bool(parts.netloc)
    if not is_page or re.search(r"[\s\x00-\x1f\"<>]", said):
        raise WrongCell("an address such as https://example.org/page", cell)
    return said


def _exact(expected: str, number: float | Decimal) -> Decimal:
    exact = Decimal(str(number))
    if not exact.is_finite():
        raise WrongCell(expected, number)
    return exact


def _number_hint(written: str) -> str:
    if re.fullmatch(r"[+-]?\d+,\d+", written):
        return "; write the decimal point as a point"
    if re.match(r"[+-]?[\d.,]*\d\s*[^\d.,\s]", written):
        return "; write the number only, without its unit"
    return ""


attempt_number: Reader = partial(whole, least=1, most=1_000_000)
head_count: Reader = partial(whole, least=0, most=1_000_000)
year: Reader = partial(whole, least=FIRST_YEAR, most=LAST_YEAR)
amount: Reader = partial(decimal, least=0)
