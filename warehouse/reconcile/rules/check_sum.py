"""A total or a mean beside its parts, and when a miss may mean something else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.intervals import Amount, explained_by, mean, total, written
from warehouse.reconcile.parse.numbers import unit_in
from warehouse.reconcile.parse.qualifiers import Bound
from warehouse.reconcile.parse.vocabulary import AVERAGE, NOT_ADDED, OVERLAPPING, TOTAL, tokens
from warehouse.reconcile.rules.check import Check

if TYPE_CHECKING:
    from collections.abc import Sequence

    from warehouse.reconcile.parse.numbers import Figure

# What is averaged rather than added where a report leaves it open.
_AVERAGED = {"%", "points", "h", "d", "w", "mo", "x"}


@dataclass(frozen=True)
class Sum:
    """A figure, what it says it is, of what, and its parts with what they stand for."""

    figure: Figure
    says: str
    of: str
    parts: tuple[Figure, ...]
    amounts: tuple[Amount, ...]

    @property
    def is_averaged(self) -> bool:
        """Whether its parts would not be added up."""
        unit = self.figure.unit or unit_in(self.of)
        return unit in _AVERAGED or bool(set(tokens(self.of)) & NOT_ADDED)


def check_sum(one: Sum) -> Check:
    """
    Compare a total or mean with its parts.

    Shape:   it is firm only where no other sum of the parts would do: the last of a state, the
             largest, fewer than all where parts overlap, or a weighted mean.
    """
    words = set(tokens(one.says))
    added, averaged = total(one.amounts), mean(one.amounts)
    can_add, can_average = bool(words & TOTAL), bool(words & AVERAGE)
    if can_add and can_average:
        expected = [averaged, added] if one.is_averaged else [added, averaged]
    else:
        expected = [added] if can_add else [averaged]
    is_mean = expected[0] is averaged
    others = [one.amounts[-1], max(one.amounts, key=lambda part: part.shown)]
    others += [] if is_mean else [averaged]
    is_other = any(explained_by(one.figure, amount) for amount in others)
    is_open = any(part.bound in {Bound.AT_LEAST, Bound.AT_MOST} for part in one.parts)
    return Check(
        one.figure,
        "mean" if is_mean else "total",
        tuple(expected),
        (mean_of if is_mean else sum_of)(one.figure, one.parts, expected[0]),
        one.parts,
        is_firm=not (is_other or is_open or _may_be_less(one, added, is_mean=is_mean)),
    )


def sum_of(figure: Figure, parts: Sequence[Figure], added: Amount) -> str:
    """Write out a sum as its figure is written."""
    return f"{' + '.join(part.text for part in parts)} = {written(figure, added.shown)}"


def mean_of(figure: Figure, parts: Sequence[Figure], averaged: Amount) -> str:
    """Write out a mean as its figure is written."""
    added = " + ".join(part.text for part in parts)
    return f"({added}) / {len(parts)} = {written(figure, averaged.shown)}"


def _may_be_less(one: Sum, added: Amount, *, is_mean: bool) -> bool:
    """Tell whether a figure may be a weighted mean, or a whole whose parts overlap."""
    lowest, highest = min(p.low for p in one.amounts), max(p.high for p in one.amounts)
    if is_mean:
        return one.is_averaged and lowest <= one.figure.value <= highest
    words = {*tokens(one.of), *one.figure.noun, one.figure.unit}
    return one.is_averaged or (
        bool(words & OVERLAPPING) and highest <= one.figure.value <= added.high
    )
