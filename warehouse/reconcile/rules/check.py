"""A figure beside what it should be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.intervals import Rounding, explained_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from warehouse.reconcile.parse.intervals import Amount
    from warehouse.reconcile.parse.numbers import Figure

_ENOUGH = 2


@dataclass(frozen=True)
class Check:
    """
    One identity that a figure holds to others, its parts.

    Shape:   expected are the amounts that would do, the likeliest first, and working is how that
             one was worked out; is_firm says whether a miss is an alarm, or perhaps another
             meaning; says and should_be stand only where they are no single number.
    """

    figure: Figure
    rule: str
    expected: tuple[Amount, ...]
    working: str
    parts: tuple[Figure, ...] = ()
    is_firm: bool = True
    says: str | None = None
    should_be: str | None = None

    @cached_property
    def explained(self) -> frozenset[Rounding]:
        """What explains the figure; nothing does where it contradicts."""
        ways = [explained_by(self.figure, amount) for amount in self.expected]
        exact = next((found for found in ways if Rounding.NONE in found), None)
        return exact or next(filter(None, ways), frozenset())


def agreeing(checks: Sequence[Check]) -> int:
    """Count the checks that something explains."""
    return sum(bool(check.explained) for check in checks)


def firm_where_most_agree(checks: Iterable[Check]) -> list[Check]:
    """Take what most of some checks hold to for a rule that the others break."""
    found = list(checks)
    is_rule = agreeing(found) >= _ENOUGH and agreeing(found) > len(found) / 2
    return [replace(check, is_firm=True) for check in found] if is_rule else found
