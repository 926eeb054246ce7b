"""What a figure stands for: as it is written, and between what it may have been before rounding."""

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

    from warehouse.reconcile.parse.numbers import Figure

# How far off a figure may be that says of itself that it is no exact one.
_ABOUT = Fraction(1, 10)
_HUNDRED = 100
_MINUTES = 60
_NUMBERS = re.compile(NUMBER)


class Rounding(Enum):
    """What makes a figure what it should be."""

    NONE = "exact"
    NEAREST = "nearest"
    DOWN = "down"
    PARTS = "parts"
    BOUND = "bound"


@dataclass(frozen=True)
class Amount:
    """
    A value by what is written, and from lowest to highest by what may have been rounded.

    Shape:   exact is the value that is known from elsewhere, such as 25/40 of 62 %.
    """

    shown: Fraction
    low: Fraction
    high: Fraction
    exact: Fraction | None = None


def amount_of(figure: Figure, exact: Fraction | None = None) -> Amount:
    """Take a figure as what it may stand for."""
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
    """Take a value that is known."""
    known = Fraction(value)
    return Amount(known, known, known, known)


def combine(amounts: Sequence[Amount], how: Callable[[Sequence[Fraction]], Fraction]) -> Amount:
    """Work out what some amounts come to; how rises with each of them."""
    exact = [one.exact for one in amounts]
    known = [value for value in exact if value is not None]
    return Amount(
        how([one.shown for one in amounts]),
        how([one.low for one in amounts]),
        how([one.high for one in amounts]),
        how(known) if len(known) == len(exact) else None,
    )


def total(amounts: Sequence[Amount]) -> Amount:
    """Add amounts up."""
    return combine(amounts, lambda values: sum(values, Fraction(0)))


def mean(amounts: Sequence[Amount]) -> Amount:
    """Take the mean of amounts."""
    return combine(amounts, lambda values: sum(values, Fraction(0)) / len(values))


def product(amounts: Sequence[Amount]) -> Amount:
    """Multiply amounts that are not negative."""
    return combine(amounts, lambda values: values[0] * values[1])


def difference(after: Amount, before: Amount) -> Amount:
    """Say how much an amount changed."""
    return combine([after, negative(before)], lambda values: values[0] + values[1])


def negative(amount: Amount) -> Amount:
    """Turn a rise into a fall."""
    exact = None if amount.exact is None else -amount.exact
    return Amount(-amount.shown, -amount.high, -amount.low, exact)


def ratio(part: Amount, whole: Amount) -> Amount | None:
    """Divide amounts; by what may be nothing there is no ratio."""
    if whole.low <= 0:
        return None
    sides = [a / b for a in (part.low, part.high) for b in (whole.low, whole.high)]
    known = part.exact is not None and whole.exact is not None
    exact = part.exact / whole.exact if known else None  # type: ignore[operator]
    return Amount(part.shown / whole.shown, min(sides), max(sides), exact)


def scaled(amount: Amount, factor: Fraction | int, plus: Fraction | int = 0) -> Amount:
    """Multiply an amount by a known number that is not negative, and add one."""
    return combine([amount], lambda values: values[0] * factor + plus)


def percent_change(before: Amount, after: Amount) -> Amount | None:
    """Say by how many percent an amount changed."""
    found = ratio(after, before)
    return scaled(found, _HUNDRED, -_HUNDRED) if found else None


def explained_by(figure: Figure, expected: Amount) -> frozenset[Rounding]:
    """List what explains that a figure is written where another amount is expected."""
    values = {expected.shown, expected.exact if expected.exact is not None else expected.shown}
    found = frozenset[Rounding]().union(*(roundings_of(figure, value) for value in values))
    if Rounding.NONE in found:
        return frozenset({Rounding.NONE})
    if not found and expected.exact is None and _may_be(figure, expected):
        return frozenset({Rounding.PARTS})
    return found


def roundings_of(figure: Figure, value: Fraction) -> frozenset[Rounding]:
    """List the ways in which a value is written as a figure."""
    said, step = figure.value, figure.step
    if value == said:
        return frozenset({Rounding.NONE})
    if figure.bound is Bound.ABOUT and abs(value - said) <= _slack(figure):
        return frozenset({Rounding.BOUND})
    if figure.bound is Bound.AT_LEAST and value >= said - step / 2:
        return frozenset({Rounding.BOUND})
    if figure.bound is Bound.AT_MOST and value <= said + step / 2:
        return frozenset({Rounding.BOUND})
    ways = {
        Rounding.NEAREST: abs(value - said) <= step / 2,
        Rounding.DOWN: _is_cut(said, value, step),
    }
    return frozenset(way for way, explains in ways.items() if explains)


def written(figure: Figure, value: Fraction) -> str:
    """Write a value as a figure is written, with one more digit where it needs it."""
    numbers = _NUMBERS.findall(figure.core)
    if len(numbers) > 1 and not figure.over:
        parts = iter(divmod(round(value * _MINUTES), _MINUTES))
        return _NUMBERS.sub(lambda _: str(next(parts)), figure.core)
    said = plain(abs(value) / figure.scale, decimals(figure.step / figure.scale) + 1)
    sign = "-" if value < 0 else "+" if figure.is_signed and value > 0 else ""
    return sign + _NUMBERS.sub(said, figure.core.lstrip("+-−±"), count=1)


def plain(value: Fraction, digits: int = 2) -> str:
    """Write a number with no more digits behind the point than it needs."""
    text = f"{float(round(value, digits)):,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def decimals(step: Fraction) -> int:
    """Count the digits behind the point of a step such as 1/10."""
    return len(str(step.denominator)) - 1 if step.denominator > 1 else 0


def _slack(figure: Figure) -> Fraction:
    """Say how far off an approximate figure may be: a tenth, or half of its last digit."""
    digits, place = abs(figure.value / figure.step), figure.step
    while digits and digits % 10 == 0:
        digits, place = digits / 10, place * 10
    return max(place / 2, abs(figure.value) * _ABOUT)


def _is_cut(said: Fraction, value: Fraction, step: Fraction) -> bool:
    return abs(said) <= abs(value) < abs(said) + step and said * value >= 0


def _may_be(figure: Figure, expected: Amount) -> bool:
    """Tell whether a figure may be one of the values that its rounded parts leave open."""
    said, half = figure.value, figure.step / 2
    if expected.low == expected.high:
        return False
    if figure.bound is Bound.ABOUT:
        slack = _slack(figure)
        return expected.low <= said + slack and said - slack <= expected.high
    below, above = (half, figure.step) if said >= 0 else (figure.step, half)
    return expected.low < said + above and said - below <= expected.high
