"""
A language: its words, and how it writes numbers, dates and quarters.

Messages are English in the code; a catalogue holds them in each other language. Words for one
thing stand in one message, figures come in by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton, get_day_names
from babel.numbers import format_decimal, format_percent
from babel.support import NullTranslations

if TYPE_CHECKING:
    from datetime import date, datetime, tzinfo
    from decimal import Decimal

# The messages in the code are in the first of them.
LANGUAGES = ("en", "ko")
NATIVE_NAMES = {"en": "English", "ko": "한국어"}
# As many decimals as a number has, none of them zeros at its end.
ALL_DECIMALS = "#,##0.##########"


@dataclass(frozen=True)
class Language:
    """One of the languages in which figures are shown."""

    code: str = "en"

    @property
    def name(self) -> str:
        return NATIVE_NAMES[self.code]

    def text(self, message: str, **values: object) -> str:
        """Say a message of the catalogue, with values in their places."""
        said = _translations(self.code).gettext(message)
        return said.format(**values) if values else said

    def plural(self, one: str, many: str, count: int) -> str:
        """Say a message about a count, in its singular or plural."""
        said = _translations(self.code).ngettext(one, many, count)
        return said.format(count=self.number(count))

    def pick(self, english: str, korean: str | None) -> str:
        """Choose between two texts that stand in the warehouse."""
        return korean if self.code == "ko" and korean else english

    def number(self, value: Decimal | int, decimals: int | None = None) -> str:
        """Write a number with so many decimals, or with all that it has."""
        shown = ALL_DECIMALS if not decimals else f"#,##0.{'0' * decimals}"
        return format_decimal(value, shown, locale=_locale(self.code))

    def percent(self, value: Decimal) -> str:
        """Write a share, of which 1 is the whole."""
        locale = _locale(self.code)
        return format_percent(value, locale=locale, decimal_quantization=False)

    def day(self, value: date) -> str:
        """Write a day."""
        return format_date(value, "medium", locale=_locale(self.code))

    def month(self, value: date) -> str:
        """Write a month without its year."""
        return format_skeleton("MMM", value, locale=_locale(self.code))

    def weekday(self, number: int) -> str:
        """Write a weekday in short, of which 0 is Monday."""
        return str(get_day_names("abbreviated", locale=_locale(self.code))[number])

    def instant(self, value: datetime, zone: tzinfo) -> str:
        """Write an instant to the minute, as clocks in a time zone show it."""
        local = value.astimezone(zone)
        # CLDR puts a narrow space before AM and PM, which plain texts should not have.
        return format_datetime(local, "yyyy-MM-dd HH:mm", locale=_locale(self.code))

    def quarter(self, name: str) -> str:
        """Write a quarter such as 2024-Q3."""
        year, _, number = name.partition("-Q")
        return self.text("Q{number} {year}", number=number, year=year)

    def year(self, fiscal_year: int | str) -> str:
        """Write a fiscal year."""
        return self.text("{year}", year=fiscal_year)

    def period(self, name: str) -> str:
        """Write a quarter or a year."""
        return self.quarter(name) if "-Q" in name else self.year(name)


def in_words(name: str) -> str:
    """Write a name of a house's own, which is in no catalogue, as plain words."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def msgid(message: str) -> str:
    """Mark a message for the catalogue that is said later."""
    return message


@cache
def _locale(code: str) -> Locale:
    return Locale(code)


@cache
def _translations(code: str) -> NullTranslations:
    if code == LANGUAGES[0]:
        return NullTranslations()
    # Babel's compiler takes 20 ms to import, which English does not need.
    from warehouse.report.format.catalogue import read_catalogue, translations  # noqa: PLC0415

    return translations(read_catalogue(code))
