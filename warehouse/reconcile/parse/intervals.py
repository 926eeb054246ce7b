"""Interval arithmetic on rounded figures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.qualifiers import Bound
from warehouse.reconcile.parse.units import NUMBER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from warehouse.reconcile.parse.numbers import WrittenFigure

# The tolerance of a figure that is qualified as approximate.
_ABOUT = Fraction(1, 10)
_HUNDRED = 100
_MINUTES = 60
_NUMBERS = re.compile(NUMBER)


class Rounding(Enum):
    """The rounding that explains a figure."""

    NONE = "exact"
    NEAREST = "nearest"
    DOWN = "down"
    PARTS = "parts"
    BOUND = "bound"


@dataclass(frozen=True)
class Amount:
    """
    A value as written, and the interval of the values that it may be rounded from.

    Shape:   exact is the unrounded value where another figure has it, such as 25/40 for 62 %.
    """

    shown: Fraction
    low: Fraction
    high: Fraction
    exact: Fraction | None = None


def amount_of(figure: WrittenFigure, exact: Fraction | None = None) -> Amount:
    """Return the amount of a figure, with an exact value where the figure is rounded from it."""
    value = figure.value
    if figure.over:
        return exactly(_HUNDRED * value / figure.over)
    if figure.is_exact:
        return exactly(value)
    if exact is not None and roundings_of(figure, exact):
        return Amount(value, exact, exact, exact)
    if figure.bound is Bound.ABOUT:
        return Amount(value, value - _slack(figure), value + _slack(figure))
    low = value if figure.bound is Bound.AT_LEAST else value - figure.step / 2
    return Amount(value, low, value + figure.step)


def exactly(value: Fraction | int) -> Amount:
    """Return the amount of an exact value."""
    fraction = Fraction(value)
    return Amount(fraction, fraction, fraction, fraction)


def combine(
    amounts: Sequence[Amount], function: Callable[[Sequence[Fraction]], Fraction]
) -> Amount:
    """Return the amount of a function that increases in each of its amounts."""
    exact = [amount.exact for amount in amounts]
    exact_values = [value for value in exact if value is not None]
    return Amount(
        function([amount.shown for amount in amounts]),
        function([amount.low for amount in amounts]),
        function([amount.high for amount in amounts]),
        function(exact_values) if len(exact_values) == len(exact) else None,
    )


def total(amounts: Sequence[Amount]) -> Amount:
    """Return the sum of amounts."""
    return combine(amounts, lambda values: sum(values, Fraction(0)))


def mean(amounts: Sequence[Amount]) -> Amount:
    """Return the mean of amounts."""
    return combine(amounts, lambda values: sum(values, Fraction(0)) / len(values))


def product(amounts: Sequence[Amount]) -> Amount:
    """Return the product of two amounts that are not negative."""
    return combine(amounts, lambda values: values[0] * values[1])


def difference(after: Amount, before: Amount) -> Amount:
    """Return the difference of two amounts."""
    return combine([after, negative(before)], lambda values: values[0] + values[1])


def negative(amount: Amount) -> Amount:
    """Return the negative of an amount."""
    exact = None if amount.exact is None else -amount.exact
    return Amount(-amount.shown, -amount.high, -amount.low, exact)


def ratio(part: Amount, whole: Amount) -> Amount | None:
    """Return the ratio of two amounts; None where the whole may be zero."""
    if whole.low <= 0:
        return None
    sides = [a / b for a in (part.low, part.high) for b in (whole.low, whole.high)]
    is_exact = part.exact is not None and whole.exact is not None
    exact = part.exact / whole.exact if is_exact else None  # type: ignore[operator]
    return Amount(part.shown / whole.shown, min(sides), max(sides), exact)


def scaled(amount: Amount, factor: Fraction | int, plus: Fraction | int = 0) -> Amount:
    """Return an amount times a factor that is not negative, plus a number."""
    return combine([amount], lambda values: values[0] * factor + plus)


def percent_change(before: Amount, after: Amount) -> Amount | None:
    """Return the change of an amount in percent; None where it begins at zero."""
    quotient = ratio(after, before)
    return scaled(quotient, _HUNDRED, -_HUNDRED) if quotient else None


def explained_by(figure: WrittenFigure, expected: Amount) -> frozenset[Rounding]:
    """Return the roundings that explain a figure where an amount is expected."""
    values = {expected.shown, expected.exact if expected.exact is not None else expected.shown}
    roundings = frozenset[Rounding]().union(*(roundings_of(figure, value) for value in values))
    if Rounding.NONE in roundings:
        return frozenset({Rounding.NONE})
    if not roundings and expected.exact is None and _may_be(figure, expected):
        return frozenset({Rounding.PARTS})
    return roundings


def roundings_of(figure: WrittenFigure, value: Fraction) -> frozenset[Rounding]:
    """Return the roundings by which a value is written as a figure."""
    written_value, step = figure.value, figure.step
    if value == written_value:
        return frozenset({Rounding.NONE})
    if figure.bound is Bound.ABOUT and abs(value - written_value) <= _slack(figure):
        return frozenset({Rounding.BOUND})
    if figure.bound is Bound.AT_LEAST and value >= written_value - step / 2:
        return frozenset({Rounding.BOUND})
    if figure.bound is Bound.AT_MOST and value <= written_value + step / 2:
        return frozenset({Rounding.BOUND})
    ways = {
        Rounding.NEAREST: abs(value - written_value) <= step / 2,
        Rounding.DOWN: _is_cut(written_value, value, step),
    }
    return frozenset(way for way, explains in ways.items() if explains)


def written(figure: WrittenFigure, value: Fraction) -> str:
    """Return a value in the format of a figure, with one more digit where needed."""
    numbers = _NUMBERS.findall(figure.core)
    if len(numbers) > 1 and not figure.over:
        parts = iter(divmod(round(value * _MINUTES), _MINUTES))
        return _NUMBERS.sub(lambda _: str(next(parts)), figure.core)
    number = plain(abs(value) / figure.scale, decimals(figure.step / figure.scale) + 1)
    sign = "-" if value < 0 else "+" if figure.is_signed and value > 0 else ""
    return sign + _NUMBERS.sub(number, figure.core.lstrip("+-−±"), count=1)


def plain(value: Fraction, digits: int = 2) -> str:
    """Return a number without trailing zeros."""
    text = f"{float(round(value, digits)):,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def decimals(step: Fraction) -> int:
    """Return the number of decimals of a step such as 1/10."""
    return len(str(step.denominator)) - 1 if step.denominator > 1 else 0


def _slack(figure: WrittenFigure) -> Fraction:
    """Return the tolerance of an approximate figure: a tenth, or half of its last digit."""
    digits, place = abs(figure.value / figure.step), figure.step
    while digits and digits % 10 == 0:
        digits, place = digits / 10, place * 10
    return max(place / 2, abs(figure.value) * _ABOUT)


def _is_cut(written_value: Fraction, value: Fraction, step: Fraction) -> bool:
    return (
        abs(written_value) <= abs(value) < abs(written_value) + step and written_value * value >= 0
    )


def _may_be(figure: WrittenFigure, expected: Amount) -> bool:
    """Return whether a figure is within the interval that its rounded parts allow."""
    written_value, half = figure.value, figure.step / 2
    if expected.low == expected.high:
        return False
    if figure.bound is Bound.ABOUT:
        slack = _slack(figure)
        return expected.low <= written_value + slack and written_value - slack <= expected.high
    below, above = (half, figure.step) if written_value >= 0 else (figure.step, half)
    return expected.low < written_value + above and written_value - below <= expected.high
