"""
Languages: messages, numbers, dates and quarters.

Messages are English in the code, and a catalogue has each other language. One message has one
subject, and values are inserted by name.
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

# The messages in the code are in the first language.
LANGUAGES = ("en", "ko")
NATIVE_NAMES = {"en": "English", "ko": "한국어"}
# The words that follow a number of things.
COUNTERS = {
    "ko": {
        "change requests": "건",
        "commits": "건",
        "deployments": "회",
        "issues": "건",
        "items": "건",
        "iterations": "회",
        "lines": "줄",
        "people": "명",
        "projects": "개",
    }
}
# All decimals of a number, without trailing zeros.
ALL_DECIMALS = "#,##0.##########"


@dataclass(frozen=True)
class Language:
    """A language of reports and command output."""

    code: str = "en"

    @property
    def name(self) -> str:
        return NATIVE_NAMES[self.code]

    def text(self, message: str, **values: object) -> str:
        """Return a message of the catalogue with its values."""
        translated = _translations(self.code).gettext(message)
        return translated.format(**values) if values else translated

    def plural(self, singular: str, plural_form: str, count: int) -> str:
        """Return a message about a count in its singular or plural."""
        translated = _translations(self.code).ngettext(singular, plural_form, count)
        return translated.format(count=self.number(count))

    def pick(self, english: str, korean: str | None) -> str:
        """Return the text of the language out of two texts of the warehouse."""
        return korean if self.code == "ko" and korean else english

    def number(self, value: Decimal | int, decimals: int | None = None) -> str:
        """Return a number with a fixed number of decimals, or with all of its decimals."""
        shown = ALL_DECIMALS if not decimals else f"#,##0.{'0' * decimals}"
        return format_decimal(value, shown, locale=_locale(self.code))

    def counted(self, number: str, unit: str) -> str:
        """Return a number of things with the counter of their unit, where the language has one."""
        return f"{number}{COUNTERS.get(self.code, {}).get(unit, '')}"

    def count(self, value: int, unit: str) -> str:
        """Return a whole number of things with the counter of their unit."""
        return self.counted(self.number(value), unit)

    def percent(self, value: Decimal) -> str:
        """Return a ratio as percent."""
        locale = _locale(self.code)
        return format_percent(value, locale=locale, decimal_quantization=False)

    def day(self, value: date) -> str:
        """Return a day."""
        return format_date(value, "medium", locale=_locale(self.code))

    def month(self, value: date) -> str:
        """Return a month without its year."""
        return format_skeleton("MMM", value, locale=_locale(self.code))

    def weekday(self, number: int) -> str:
        """Return the abbreviated weekday of a number, where 0 is Monday."""
        return str(get_day_names("abbreviated", locale=_locale(self.code))[number])

    def instant(self, value: datetime, zone: tzinfo) -> str:
        """Return an instant as local time of a time zone, to the minute."""
        local = value.astimezone(zone)
        # CLDR has a narrow space before AM and PM, which plain texts should not have.
        return format_datetime(local, "yyyy-MM-dd HH:mm", locale=_locale(self.code))

    def quarter(self, name: str) -> str:
        """Return the text of a quarter such as 2024-Q3."""
        year, _, number = name.partition("-Q")
        return self.text("Q{number} {year}", number=number, year=year)

    def short_period(self, period: str) -> str:
        """Return the text of a quarter without its year, or of a year."""
        _, _, number = period.partition("-Q")
        return self.text("Q{number}", number=number) if number else self.year(period)

    def year(self, fiscal_year: int | str) -> str:
        """Return the text of a fiscal year."""
        return self.text("{year}", year=fiscal_year)

    def period(self, name: str) -> str:
        """Return the text of a quarter or a year."""
        return self.quarter(name) if "-Q" in name else self.year(name)


def in_words(name: str) -> str:
    """Return a custom name, which no catalogue has, as plain words."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def msgid(message: str) -> str:
    """Mark a message for the catalogue that is translated later."""
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
