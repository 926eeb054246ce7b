"""Round and format figures for terminals, pages and spreadsheets."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Literal

from warehouse.report.format.language import Language, msgid

Form = Literal["natural", "clock", "plain"]
NATURAL: Form = "natural"
CLOCK: Form = "clock"
PLAIN: Form = "plain"
RATIO = "ratio"
# Seconds per unit of a duration.
SECONDS = {"hours": 3600, "days": 86400}
# Units to show durations in: name, seconds per unit, and seconds from which it is used.
DURATION_UNITS = (
    (msgid("{number} d"), 86400, 2 * 86400),
    (msgid("{number} h"), 3600, 3600),
    (msgid("{number} min"), 60, 60),
    (msgid("{number} s"), 1, 0),
)
HAS_DECIMALS = 3600
# Published figures have six decimals, which is finer than a tenth of a second.
TENTH = Decimal("0.1")
NO_CHANGE = "±0"
USUAL_DECIMALS = 1
# Hours and minutes of a number of days, in the language of spreadsheets.
CLOCK_FORMAT = '[h]"h" mm"m"'
CUSTOM_UNIT, COUNT = "own:", "count"


@dataclass(frozen=True, kw_only=True)
class NumberFormat:
    """
    The format of figures in a language.

    Shape:   rounding down truncates; decimals apply to percentages and to the longer units of
             durations.
    """

    language: Language = field(default_factory=Language)
    is_rounded_down: bool = False
    decimals: int = USUAL_DECIMALS
    form: Form = NATURAL
    no_change: str = NO_CHANGE
    has_units: bool = True

    @property
    def no_data(self) -> str:
        return self.language.text("no data")

    def figure(self, value: float | None, unit: str) -> str:
        """Return a figure of a KPI as text; None is no data, not zero."""
        if value is None:
            return self.no_data
        if unit == RATIO:
            return self.language.percent(self._percent(value) / 100)
        if unit in SECONDS and self.form != PLAIN:
            return self.elapsed(_seconds(value, unit))
        return self.language.counted(self._number(value, unit), unit)

    def difference(self, value: float | None, unit: str, reference: float | None = None) -> str:
        """Return a change as text: points of a ratio, a duration in the unit of the reference."""
        if value is None:
            return ""
        if not value:
            return self.no_change
        amount = self._amount(abs(value), unit, reference or 0)
        is_seen = any(digit in amount for digit in "123456789")
        return self._signed(_exact(value), amount) if is_seen else self.no_change

    def elapsed(self, seconds: Decimal, reference: Decimal = Decimal(0)) -> str:
        """
        Return a duration as text.

        Shape:   in the unit of the longer one of the duration and the reference.
        """
        if self.form == CLOCK:
            minutes = int(self._rounded(seconds / 60, 0))
            hours, rest = divmod(minutes, 60)
            return self.language.text("{hours}h {minutes}m", hours=hours, minutes=rest)
        longest = max(abs(seconds), abs(reference))
        if not longest:
            return self.language.text("{number} h", number=0)
        unit, size, _ = next(step for step in DURATION_UNITS if longest >= step[2])
        decimals = self.decimals if size >= HAS_DECIMALS else 0
        number = self.language.number(self._rounded(seconds / size, decimals), decimals)
        return self.language.text(unit, number=number)

    def duration(self, seconds: float) -> str:
        """Return a duration in seconds as text."""
        return self.elapsed(_exact(seconds))

    def percent_change(self, share: float) -> str:
        """Return a relative change as percent."""
        if not share:
            return self.no_change
        percent = self.language.percent(self._percent(abs(share)) / 100)
        return self._signed(_exact(share), percent)

    def measure(self, value: float | None, unit: str) -> str:
        """Return a measurement in its unit."""
        if value is None:
            return self.no_data
        number = self.language.number(_exact(value))
        return f"{number}%" if unit == "%" else f"{number} {_suffix(unit)}".strip()

    def signed_measure(self, difference: float, unit: str) -> str:
        """Return the change of a measurement."""
        if not difference:
            return self.no_change
        number = self.language.number(_exact(abs(round(difference, 6))))
        return f"{self._signed(_exact(difference), number)} {_suffix(unit)}".strip()

    def count(self, value: int | None) -> str:
        """Return a count as text; None is no data, not zero."""
        return self.no_data if value is None else self.language.number(value)

    def shown(self, value: float, unit: str) -> float:
        """Return a figure rounded like its text, in the KPI's unit."""
        if unit == RATIO:
            return float(self._percent(value) / 100)
        if unit in SECONDS and self.form != PLAIN:
            seconds = _seconds(value, unit)
            size, decimals = self._shown_in(seconds)
            return float(self._rounded(seconds / size, decimals) * size / SECONDS[unit])
        return float(self._rounded(_exact(value), self._decimals_of(unit)))

    def in_sheet(self, value: float, unit: str) -> tuple[float, str]:
        """
        Return a figure as a spreadsheet shows it like its text: its value and number format.

        Shape:   an empty format is that of the unit.
        """
        if unit in SECONDS and self.form == CLOCK:
            return self.shown(value, unit) * SECONDS[unit] / SECONDS["days"], CLOCK_FORMAT
        exact = self.shown(value, unit) if self.is_rounded_down else value
        if self.decimals == USUAL_DECIMALS or unit not in {RATIO, *SECONDS}:
            return exact, ""
        digits = f".{'0' * self.decimals}" if self.decimals else ""
        return exact, f"0{digits}%" if unit == RATIO else f'#,##0{digits} "{unit[0]}"'

    def _amount(self, value: float, unit: str, reference: float) -> str:
        if unit == RATIO:
            points = self.language.number(self._percent(value))
            return self.language.text("{number} pp", number=points) if self.has_units else points
        if unit in SECONDS and self.form != PLAIN:
            return self.elapsed(_seconds(value, unit), _seconds(reference, unit))
        number = self._number(value, unit)
        return self.language.counted(number, unit) if self.has_units else number

    def _number(self, value: float, unit: str) -> str:
        return self.language.number(self._rounded(_exact(value), self._decimals_of(unit)))

    def _signed(self, value: Decimal, amount: str) -> str:
        return f"{'+' if value > 0 else '-'}{amount}"

    def _percent(self, value: float) -> Decimal:
        return self._rounded(_exact(value) * 100, self.decimals)

    def _shown_in(self, seconds: Decimal) -> tuple[int, int]:
        if self.form == CLOCK:
            return 60, 0
        size = next(size for _, size, least in DURATION_UNITS if abs(seconds) >= least)
        return size, self.decimals if size >= HAS_DECIMALS else 0

    def _decimals_of(self, unit: str) -> int:
        return self.decimals if unit in SECONDS else 0

    def _rounded(self, value: Decimal, decimals: int) -> Decimal:
        mode = ROUND_DOWN if self.is_rounded_down else ROUND_HALF_UP
        return value.quantize(Decimal(1).scaleb(-decimals), rounding=mode)


def custom_unit(unit: str) -> str:
    """Mark a unit as a custom one, which ledgers define."""
    return f"{CUSTOM_UNIT}{unit}"


def _suffix(unit: str) -> str:
    return "" if unit == COUNT else unit


def _exact(value: float) -> Decimal:
    """Return the decimal number as written, not its binary fraction."""
    return Decimal(repr(value))


def _seconds(value: float, unit: str) -> Decimal:
    return (_exact(value) * SECONDS[unit]).quantize(TENTH, rounding=ROUND_HALF_UP)
