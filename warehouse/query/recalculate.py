"""
Recalculate a KPI from its evidence rows.

It reads the rows alone, so that the result can be compared with the published figure.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.query.evidence import COUNTED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from warehouse.query.evidence import EvidenceRow
    from warehouse.query.figures import Kpi

DECIMALS, TOLERANCE = 6, 1e-6
# Terms of a long sum shown before and after the dots, and around a median.
FIRST, LAST, AROUND = 6, 2, 4
SIGNS = {"hours": " h", "days": " d"}
NOTHING = "No row counts."


@dataclass(frozen=True)
class Recalculated:
    """
    A figure with its calculation as text; None where no row counts.

    Units:   the KPI's.
    """

    value: float | None
    text: str


def recalculate(kpi: Kpi, rows: Sequence[EvidenceRow]) -> Recalculated:
    """Recalculate a figure from the rows that count."""
    counted = [row for row in rows if row.reason == COUNTED]
    exact = BY_KIND[kpi.kind](kpi, counted)
    value = None if exact.value is None else round(exact.value, DECIMALS)
    return Recalculated(value, exact.text)


def is_same_figure(recalculated: float | None, published: float | None) -> bool:
    """Return whether two figures are equal in all published decimals."""
    if recalculated is None or published is None:
        return recalculated is published
    # Halves may be rounded either way; 1e-12 is what a double of this size cannot hold.
    return abs(recalculated - published) <= TOLERANCE + 1e-12 * abs(published)


def tenths(value: float) -> str:
    """Return a number with one decimal, a small one with two."""
    return f"{value:,.1f}" if abs(value) >= 1 or not value else f"{value:.2f}"


def ratio_word(counted: Iterable[EvidenceRow]) -> str:
    """Return how numerators relate to denominators: "of" for parts, "for" otherwise."""
    is_part = all((row.numerator or 0) <= (row.denominator or 0) for row in counted)
    return "of" if is_part else "for"


def _count(_: Kpi, rows: Sequence[EvidenceRow]) -> Recalculated:
    text = f"{len(rows):,} {'row counts' if len(rows) == 1 else 'rows count'}."
    return Recalculated(float(len(rows)), text if rows else NOTHING)


def _sum(_: Kpi, rows: Sequence[EvidenceRow]) -> Recalculated:
    values = _values(rows)
    total = sum(values)
    if not rows:
        return Recalculated(0.0, NOTHING)
    return Recalculated(float(total), f"{_added(f'{v:,}' for v in values)} = {total:,}")


def _distinct(_: Kpi, rows: Sequence[EvidenceRow]) -> Recalculated:
    names = sorted({row.subject_id for row in rows})
    shown, more = names[: FIRST + LAST], len(names) - FIRST - LAST
    listed = ", ".join(shown) + (f" and {more:,} more" if more > 0 else "")
    text = f"{listed}: {len(names):,} different" if names else NOTHING
    return Recalculated(float(len(names)), text)


def _ratio(_: Kpi, rows: Sequence[EvidenceRow]) -> Recalculated:
    numerator = sum(row.numerator or 0 for row in rows)
    denominator = sum(row.denominator or 0 for row in rows)
    if not rows:
        return Recalculated(None, NOTHING)
    if not denominator:
        return Recalculated(None, f"{numerator:,} of 0: division by zero.")
    value = numerator / denominator
    percent = f"{100 * value:,.1f}".removesuffix(".0")
    return Recalculated(value, f"{numerator:,} {ratio_word(rows)} {denominator:,} = {percent}%")


def _mean(kpi: Kpi, rows: Sequence[EvidenceRow]) -> Recalculated:
    values = _values(rows)
    if not values:
        return Recalculated(None, NOTHING)
    value, sign = sum(values) / len(values) / kpi.unit_size, SIGNS.get(kpi.unit, "")
    added = _added(tenths(v / kpi.unit_size) for v in values)
    return Recalculated(value, f"({added}){sign} / {len(values):,} = {tenths(value)}{sign}")


def _median(kpi: Kpi, rows: Sequence[EvidenceRow]) -> Recalculated:
    values = sorted(_values(rows))
    if not values:
        return Recalculated(None, NOTHING)
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
    return Recalculated(value, f"sorted: {_around(texts, low, high)}: {says}")


def _longest(kpi: Kpi, rows: Sequence[EvidenceRow]) -> Recalculated:
    measured = [row for row in rows if row.value is not None]
    if not measured:
        return Recalculated(None, NOTHING)
    longest = max(measured, key=lambda row: row.value or 0)
    value, sign = (longest.value or 0) / kpi.unit_size, SIGNS.get(kpi.unit, "")
    return Recalculated(
        value, f"the longest of {len(measured):,} is {tenths(value)}{sign}: {longest.place}"
    )


def _half(_: Kpi, rows: Sequence[EvidenceRow]) -> Recalculated:
    amounts: Counter[str] = Counter()
    for row in rows:
        amounts[row.subject_id] += row.value or 0
    if not amounts:
        return Recalculated(None, NOTHING)
    ordered = sorted(amounts.items(), key=lambda item: (-item[1], item[0]))
    total = sum(amounts.values())
    before = itertools.accumulate((amount for _, amount in ordered), initial=0)
    few = [item for item, so_far in zip(ordered, before, strict=False) if so_far * 2 < total]
    added = _added(f"{name} {amount:,}" for name, amount in few)
    made = sum(amount for _, amount in few)
    return Recalculated(float(len(few)), f"{added} = {made:,} of {total:,}, at least half")


BY_KIND: dict[str, Callable[[Kpi, Sequence[EvidenceRow]], Recalculated]] = {
    "count": _count,
    "sum": _sum,
    "distinct": _distinct,
    "ratio": _ratio,
    "mean": _mean,
    "median": _median,
    "longest": _longest,
    "half": _half,
}


def _values(rows: Sequence[EvidenceRow]) -> list[int]:
    return [row.value for row in rows if row.value is not None]


def _added(terms: Iterable[str]) -> str:
    listed = list(terms)
    if len(listed) <= FIRST + LAST + 1:
        return " + ".join(listed)
    return " + ".join([*listed[:FIRST], "…", *listed[-LAST:]])


def _around(texts: Sequence[str], low: int, high: int) -> str:
    """Return the middle in brackets with its neighbours."""
    before, after = texts[max(low - AROUND, 0) : low], texts[high + 1 : high + 1 + AROUND]
    middle = f"[{', '.join(texts[low : high + 1])}]"
    left = ["…"] if low > AROUND else []
    right = ["…"] if high + AROUND < len(texts) - 1 else []
    return ", ".join([*left, *before, middle, *after, *right])
