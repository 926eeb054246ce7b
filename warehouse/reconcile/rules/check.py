"""Check of a figure: expected amounts and explanations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.intervals import Rounding, explained_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from warehouse.reconcile.parse.intervals import Amount
    from warehouse.reconcile.parse.numbers import WrittenFigure

_ENOUGH = 2


@dataclass(frozen=True, kw_only=True)
class FigureCheck:
    """
    One identity between a figure and its parts.

    Shape:   expected are the valid amounts, the likeliest first, and working its calculation;
             is_firm is false where a miss may have another meaning and is no contradiction;
             says and should_be are set only where they are no single number.
    """

    figure: WrittenFigure
    rule: str
    expected: tuple[Amount, ...]
    working: str
    parts: tuple[WrittenFigure, ...] = ()
    is_firm: bool = True
    says: str | None = None
    should_be: str | None = None

    @cached_property
    def explained(self) -> frozenset[Rounding]:
        """Return the roundings that explain the figure; empty where it contradicts."""
        roundings = [explained_by(self.figure, amount) for amount in self.expected]
        exact = next(
            (rounding_set for rounding_set in roundings if Rounding.NONE in rounding_set), None
        )
        return exact or next(filter(None, roundings), frozenset())


def agreeing(checks: Sequence[FigureCheck]) -> int:
    """Return the number of checks that are explained."""
    return sum(bool(check.explained) for check in checks)


def firm_where_most_agree(checks: Iterable[FigureCheck]) -> list[FigureCheck]:
    """Return checks as firm where most of them agree."""
    all_checks = list(checks)
    is_rule = agreeing(all_checks) >= _ENOUGH and agreeing(all_checks) > len(all_checks) / 2
    return [replace(check, is_firm=True) for check in all_checks] if is_rule else all_checks
