"""Check a claimed change between two figures."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.intervals import (
    Amount,
    amount_of,
    difference,
    negative,
    percent_change,
    plain,
)
from warehouse.reconcile.parse.vocabulary import EITHER_WAY, FALL, RISE
from warehouse.reconcile.rules.check import FigureCheck

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warehouse.reconcile.parse.numbers import WrittenFigure

_WORDS = {
    "rise": re.compile(rf"\b(?:{RISE})", re.IGNORECASE),
    "fall": re.compile(rf"\b(?:{FALL})", re.IGNORECASE),
    "either": re.compile(rf"\b(?:{EITHER_WAY})", re.IGNORECASE),
}
_NEAR = re.compile(r"[^.;,()]{0,30}")
_NEAR_BEFORE = 25


def check_change(
    text: str,
    claim: WrittenFigure,
    before: WrittenFigure,
    after: WrittenFigure,
    *,
    is_firm: bool = True,
) -> Iterator[FigureCheck]:
    """Yield the check of a claimed change; none where the claim is of other figures."""
    if before.unit != after.unit or before.over or after.over:
        return
    direction = direction_of(text, claim)
    check = partial(FigureCheck, figure=claim, parts=(before, after), is_firm=is_firm)
    change = difference(amount_of(after), amount_of(before))
    percent = percent_change(amount_of(before), amount_of(after))
    between = f"{before.text} → {after.text}"
    if claim.unit == "points" or (claim.is_signed and claim.unit in {"", before.unit} - {"%"}):
        expected = _turned(change, claim, direction)
        working = f"{between}: {plain(expected[0].shown)}"
        yield check(rule="difference", expected=expected, working=working)
    elif claim.unit == "%" and percent:
        expected = _turned(percent, claim, direction)
        if before.unit == "%":
            expected += _turned(change, claim, direction)
        if direction == "either":
            backward = percent_change(amount_of(after), amount_of(before))
            expected += (backward, negative(backward)) if backward else ()
        working = f"{between}: {plain(percent.shown)} %"
        yield check(rule="change", expected=expected, working=working)


def direction_of(text: str, claim: WrittenFigure) -> str:
    """Return the direction of a claim by the words next to it: rise, fall or either."""
    match = _NEAR.match(text, claim.end)
    before = re.split(r"[.;,()]", text[max(0, claim.start - _NEAR_BEFORE) : claim.start])[-1]
    for near in (match[0] if match else "", before):
        for direction, words in _WORDS.items():
            if words.search(near):
                return direction
    return ""


def _turned(change: Amount, claim: WrittenFigure, direction: str) -> tuple[Amount, ...]:
    """Return a change as claimed: signed, as a rise, as a fall, or as either."""
    if claim.is_signed or direction == "rise":
        return (change,)
    if direction == "fall":
        return (negative(change),)
    return (change, negative(change)) if change.shown > 0 else (negative(change), change)
