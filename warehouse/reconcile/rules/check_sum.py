"""Check a total or a mean against its parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.intervals import Amount, explained_by, mean, total, written
from warehouse.reconcile.parse.numbers import unit_in
from warehouse.reconcile.parse.qualifiers import Bound
from warehouse.reconcile.parse.vocabulary import AVERAGE, NOT_ADDED, OVERLAPPING, TOTAL, tokens
from warehouse.reconcile.rules.check import FigureCheck

if TYPE_CHECKING:
    from collections.abc import Sequence

    from warehouse.reconcile.parse.numbers import WrittenFigure

# Units that are averaged rather than added where the label does not decide.
_AVERAGED = {"%", "points", "h", "d", "w", "mo", "x"}


@dataclass(frozen=True, kw_only=True)
class Sum:
    """A total or mean: its label, the label of its parts, the parts and their amounts."""

    figure: WrittenFigure
    says: str
    of: str
    parts: tuple[WrittenFigure, ...]
    amounts: tuple[Amount, ...]

    @property
    def is_averaged(self) -> bool:
        """Return whether the parts are averaged rather than added."""
        unit = self.figure.unit or unit_in(self.of)
        return unit in _AVERAGED or bool(set(tokens(self.of)) & NOT_ADDED)


def check_sum(stated_sum: Sum) -> FigureCheck:
    """
    Return the check of a total or mean against its parts.

    Shape:   firm only where no other aggregate of the parts fits: the last state, the largest,
             a distinct count of overlapping parts, or a weighted mean.
    """
    words = set(tokens(stated_sum.says))
    added, averaged = total(stated_sum.amounts), mean(stated_sum.amounts)
    can_add, can_average = bool(words & TOTAL), bool(words & AVERAGE)
    if can_add and can_average:
        expected = [averaged, added] if stated_sum.is_averaged else [added, averaged]
    else:
        expected = [added] if can_add else [averaged]
    is_mean = expected[0] is averaged
    others = [stated_sum.amounts[-1], max(stated_sum.amounts, key=lambda part: part.shown)]
    others += [] if is_mean else [averaged]
    is_other = any(explained_by(stated_sum.figure, amount) for amount in others)
    is_open = any(part.bound in {Bound.AT_LEAST, Bound.AT_MOST} for part in stated_sum.parts)
    return FigureCheck(
        figure=stated_sum.figure,
        rule="mean" if is_mean else "total",
        expected=tuple(expected),
        working=(mean_of if is_mean else sum_of)(stated_sum.figure, stated_sum.parts, expected[0]),
        parts=stated_sum.parts,
        is_firm=not (is_other or is_open or _may_be_less(stated_sum, added, is_mean=is_mean)),
    )


def sum_of(figure: WrittenFigure, parts: Sequence[WrittenFigure], added: Amount) -> str:
    """Return a sum in the format of its figure."""
    return f"{' + '.join(part.text for part in parts)} = {written(figure, added.shown)}"


def mean_of(figure: WrittenFigure, parts: Sequence[WrittenFigure], averaged: Amount) -> str:
    """Return a mean in the format of its figure."""
    added = " + ".join(part.text for part in parts)
    return f"({added}) / {len(parts)} = {written(figure, averaged.shown)}"


def _may_be_less(stated_sum: Sum, added: Amount, *, is_mean: bool) -> bool:
    """Return whether a figure may be a weighted mean, or a whole whose parts overlap."""
    lowest, highest = (
        min(p.low for p in stated_sum.amounts),
        max(p.high for p in stated_sum.amounts),
    )
    if is_mean:
        return stated_sum.is_averaged and lowest <= stated_sum.figure.value <= highest
    words = {*tokens(stated_sum.of), *stated_sum.figure.noun, stated_sum.figure.unit}
    return stated_sum.is_averaged or (
        bool(words & OVERLAPPING) and highest <= stated_sum.figure.value <= added.high
    )
