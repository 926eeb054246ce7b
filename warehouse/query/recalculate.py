"""
How a figure comes from its rows, worked out by hand.

From the rows alone, so that it can be held against the published figure.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.query.evidence import COUNTED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from warehouse.query.evidence import Row
    from warehouse.query.figures import Kpi

DECIMALS, TOLERANCE = 6, 1e-6
# As many terms of a long sum are shown before and after the dots, and beside a middle.
FIRST, LAST, BESIDE = 6, 2, 4
SIGNS = {"hours": " h", "days": " d"}
NOTHING = "No row counts."


@dataclass(frozen=True)
class WorkedOut:
    """
    A figure and the sum that leads to it; None where there is nothing to work with.

    Units:   the KPI's.
    """

    value: float | None
    text: str


def work_out(kpi: Kpi, rows: Sequence[Row]) -> WorkedOut:
    """Work a figure out of the rows that count."""
    counted = [row for row in rows if row.reason == COUNTED]
    found = BY_KIND[kpi.kind](kpi, counted)
    value = None if found.value is None else round(found.value, DECIMALS)
    return WorkedOut(value, found.text)


def agree(worked_out: float | None, published: float | None) -> bool:
    """Tell whether two figures are the same in all the decimals that are published."""
    if worked_out is None or published is None:
        return worked_out is published
    # Halves may be rounded either way; 1e-12 is what a double of this size cannot hold.
    return abs(worked_out - published) <= TOLERANCE + 1e-12 * abs(published)


def tenths(value: float) -> str:
    """Write a number to a tenth, a small one to a hundredth."""
    return f"{value:,.1f}" if abs(value) >= 1 or not value else f"{value:.2f}"


def ratio_word(counted: Iterable[Row]) -> str:
    """Say what numerators are to denominators: parts of them, or as closings for openings."""
    is_part = all((row.numerator or 0) <= (row.denominator or 0) for row in counted)
    return "of" if is_part else "for"


def _count(_: Kpi, rows: Sequence[Row]) -> WorkedOut:
    text = f"{len(rows):,} {'row counts' if len(rows) == 1 else 'rows count'}."
    return WorkedOut(float(len(rows)), text if rows else NOTHING)


def _sum(_: Kpi, rows: Sequence[Row]) -> WorkedOut:
    values = _values(rows)
    total = sum(values)
    if not rows:
        return WorkedOut(0.0, NOTHING)
    return WorkedOut(float(total), f"{_added(f'{v:,}' for v in values)} = {total:,}")


def _distinct(_: Kpi, rows: Sequence[Row]) -> WorkedOut:
    names = sorted({row.subject_id for row in rows})
    shown, more = names[: FIRST + LAST], len(names) - FIRST - LAST
    listed = ", ".join(shown) + (f" and {more:,} more" if more > 0 else "")
    text = f"{listed}: {len(names):,} different" if names else NOTHING
    return WorkedOut(float(len(names)), text)


def _ratio(_: Kpi, rows: Sequence[Row]) -> WorkedOut:
    numerator = sum(row.numerator or 0 for row in rows)
    denominator = sum(row.denominator or 0 for row in rows)
    if not rows:
        return WorkedOut(None, NOTHING)
    if not denominator:
        return WorkedOut(None, f"{numerator:,} of 0: there is nothing to divide by.")
    value = numerator / denominator
    percent = f"{100 * value:,.1f}".removesuffix(".0")
    return WorkedOut(value, f"{numerator:,} {ratio_word(rows)} {denominator:,} = {percent}%")


def _mean(kpi: Kpi, rows: Sequence[Row]) -> WorkedOut:
    values = _values(rows)
    if not values:
        return WorkedOut(None, NOTHING)
    value, sign = sum(values) / len(values) / kpi.unit_size, SIGNS.get(kpi.unit, "")
    added = _added(tenths(v / kpi.unit_size) for v in values)
    return WorkedOut(value, f"({added}){sign} / {len(values):,} = {tenths(value)}{sign}")


def _median(kpi: Kpi, rows: Sequence[Row]) -> WorkedOut:
    values = sorted(_values(rows))
    if not values:
        return WorkedOut(None, NOTHING)
    low, high = (len(values) - 1) // 2, len(values) // 2
    value = (values[low] + values[high]) / 2 / kpi.unit_size
    texts = [tenths(v / kpi.unit_size) for v in values]
    sign = SIGNS.get(kpi.unit, "")
    middle = f"{tenths(value)}{sign}"
    says = (
        f"the middle is {middle}"
        if low == high
        else f"the middle two, {texts[low]} and {texts[high]}, make {middle}"
    )
    return WorkedOut(value, f"sorted: {_around(texts, low, high)}: {says}")


def _longest(kpi: Kpi, rows: Sequence[Row]) -> WorkedOut:
    measured = [row for row in rows if row.value is not None]
    if not measured:
        return WorkedOut(None, NOTHING)
    longest = max(measured, key=lambda row: row.value or 0)
    value, sign = (longest.value or 0) / kpi.unit_size, SIGNS.get(kpi.unit, "")
    return WorkedOut(
        value, f"the longest of {len(measured):,} is {tenths(value)}{sign}: {longest.place}"
    )


def _half(_: Kpi, rows: Sequence[Row]) -> WorkedOut:
    amounts: Counter[str] = Counter()
    for row in rows:
        amounts[row.subject_id] += row.value or 0
    if not amounts:
        return WorkedOut(None, NOTHING)
    ordered = sorted(amounts.items(), key=lambda item: (-item[1], item[0]))
    total = sum(amounts.values())
    before = itertools.accumulate((amount for _, amount in ordered), initial=0)
    few = [one for one, so_far in zip(ordered, before, strict=False) if so_far * 2 < total]
    added = _added(f"{name} {amount:,}" for name, amount in few)
    made = sum(amount for _, amount in few)
    return WorkedOut(float(len(few)), f"{added} = {made:,} of {total:,}, at least half")


BY_KIND: dict[str, Callable[[Kpi, Sequence[Row]], WorkedOut]] = {
    "count": _count,
    "sum": _sum,
    "distinct": _distinct,
    "ratio": _ratio,
    "mean": _mean,
    "median": _median,
    "longest": _longest,
    "half": _half,
}


def _values(rows: Sequence[Row]) -> list[int]:
    return [row.value for row in rows if row.value is not None]


def _added(terms: Iterable[str]) -> str:
    listed = list(terms)
    if len(listed) <= FIRST + LAST + 1:
        return " + ".join(listed)
    return " + ".join([*listed[:FIRST], "…", *listed[-LAST:]])


def _around(texts: Sequence[str], low: int, high: int) -> str:
    """Write the middle in brackets, and what stands beside it."""
    before, after = texts[max(low - BESIDE, 0) : low], texts[high + 1 : high + 1 + BESIDE]
    middle = f"[{', '.join(texts[low : high + 1])}]"
    left = ["…"] if low > BESIDE else []
    right = ["…"] if high + BESIDE < len(texts) - 1 else []
    return ", ".join([*left, *before, middle, *after, *right])
