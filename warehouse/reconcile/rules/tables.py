"""What the columns and rows of a table hold to each other: differences, totals, means."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.intervals import (
    Amount,
    amount_of,
    difference,
    negative,
    percent_change,
    plain,
)
from warehouse.reconcile.parse.periods import by_grain, grain_of, period_in
from warehouse.reconcile.parse.vocabulary import (
    AFTER,
    AIMED,
    BEFORE,
    CHANGE,
    OTHER_YEAR,
    PARTLY,
    SUBTOTAL,
    is_average,
    is_total,
    tokens,
)
from warehouse.reconcile.rules.check import Check, agreeing, firm_where_most_agree
from warehouse.reconcile.rules.check_sum import Sum, check_sum

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.reconcile.parse.document import Cell, Table
    from warehouse.reconcile.parse.numbers import Figure
    from warehouse.reconcile.parse.statements import Reading

_TWO = 2
_PART_OF_ABOVE = re.compile(r"^\W*(?:of which|thereof|incl|그 ?중)", re.IGNORECASE)


def differences_of_columns(reading: Reading) -> Iterator[Check]:
    """Compare a change in brackets with the column before: 75 % (+13), right of 62 %."""
    for table in reading.document.tables:
        if not _is_about_something_else(table, ""):
            checks = [c for row in table.rows for c in _differences(reading, table, row)]
            yield from firm_where_most_agree(checks)


def columns_of_changes(reading: Reading) -> Iterator[Check]:
    """Compare a column of changes with the two columns left of it."""
    for table in reading.document.tables:
        for column in range(_TWO + 1, len(table.header)):
            header = table.header[column]
            if set(tokens(header)) & CHANGE and not _is_about_something_else(table, header):
                yield from firm_where_most_agree(_changes(table, column))


def totals_of_rows(reading: Reading) -> Iterator[Check]:
    """Compare a column of totals or averages with the quarters, months or parts left of it."""
    for table in reading.document.tables:
        for column, header in enumerate(table.header):
            if is_total(header) or is_average(header):
                found = [
                    _row_totals(reading, table, column, parts)
                    for parts in _added_columns(table, column)
                ]
                yield from max(found, key=agreeing, default=[])


def totals_of_columns(reading: Reading) -> Iterator[Check]:
    """Compare a row of totals or averages with the rows above it."""
    for table in reading.document.tables:
        above: list[Sequence[Cell]] = []
        for row in table.rows:
            label = row[0].text
            if is_total(label) or is_average(label):
                if len(above) >= _TWO:
                    yield from _column_totals(table, row, above)
                above = above if is_average(label) else []
            else:
                above.append(row)


def _differences(reading: Reading, table: Table, row: Sequence[Cell]) -> Iterator[Check]:
    for column in range(_TWO, len(row)):
        before, after = row[column - 1], row[column]
        grain = grain_of(table.header[column])
        if not grain or grain_of(table.header[column - 1]) != grain:
            continue
        if before.lead and after.lead and len(after.figures) > 1:
            amounts = [_amount(reading, table, row, cell) for cell in (before, after)]
            said = after.figures[1]
            if said.is_signed or not said.value:
                yield from _change(said, before.lead, after.lead, amounts)


def _amount(reading: Reading, table: Table, row: Sequence[Cell], cell: Cell) -> Amount:
    lead = cell.figures[0]
    return reading.amount(lead, row[0].text, period_in(table.header[cell.column]))


def _change(
    said: Figure, first: Figure, second: Figure, amounts: Sequence[Amount]
) -> Iterator[Check]:
    before, after = amounts
    points, percent = difference(after, before), percent_change(before, after)
    if first.unit != second.unit:
        return
    if said.unit == "%" and first.unit != "%":
        if percent:
            working = f"{first.text} → {second.text}: {plain(percent.shown)} %"
            yield Check(said, "change", (percent,), working, (first, second), is_firm=False)
    elif said.unit in {"", "points", first.unit}:
        either = (points, percent) if said.unit == "%" and percent else (points,)
        working = (
            f"{second.text} − {first.text} = {plain(points.shown)}{_known(before, after, points)}"
        )
        yield Check(said, "difference", either, working, (first, second), is_firm=False)


def _known(before: Amount, after: Amount, points: Amount) -> str:
    """Add the difference of what is known exactly, where that is not what is written."""
    if before.exact is None or after.exact is None or points.exact in {None, points.shown}:
        return ""
    return f"; {plain(after.exact)} − {plain(before.exact)} = {plain(after.exact - before.exact)}"


def _changes(table: Table, column: int) -> Iterator[Check]:
    before, after = table.header[column - _TWO], table.header[column - 1]
    of_time = grain_of(before) is not None and grain_of(before) == grain_of(after)
    is_named = of_time or (set(tokens(before)) & BEFORE and set(tokens(after)) & AFTER)
    for row in table.rows:
        said, first, second = row[column].lead, row[column - _TWO].lead, row[column - 1].lead
        if not (said and first and second):
            continue
        for check in _change(said, first, second, (amount_of(first), amount_of(second))):
            either = [turned for one in check.expected for turned in (one, negative(one))]
            expected = check.expected if said.is_signed else tuple(either)
            yield replace(check, expected=expected, is_firm=bool(is_named))


def _row_totals(reading: Reading, table: Table, column: int, parts: Sequence[int]) -> list[Check]:
    of_time = grain_of(table.header[parts[0]]) is not None
    sums = [_sum_of_row(reading, table, row, column, parts) for row in table.rows]
    checks = [check_sum(one) for one in sums if one]
    loose = [replace(check, is_firm=check.is_firm and of_time) for check in checks]
    return firm_where_most_agree(loose)


def _added_columns(table: Table, column: int) -> list[list[int]]:
    """Choose the columns that a total may be of: those of months, quarters or years, or all."""
    labels = table.header[1:column]
    plain = [
        place
        for place, label in enumerate(labels)
        if not set(tokens(label)) & CHANGE and not is_total(label)
    ]
    chosen = by_grain(labels) or [plain]
    return [[place + 1 for place in places] for places in chosen if len(places) >= _TWO]


def _sum_of_row(
    reading: Reading, table: Table, row: Sequence[Cell], column: int, parts: Sequence[int]
) -> Sum | None:
    figure, cells = row[column].lead, [row[n] for n in parts]
    leads = tuple(cell.lead for cell in cells if cell.lead)
    if not figure or len(leads) < len(cells) or {one.unit for one in leads} != {figure.unit}:
        return None
    amounts = tuple(_amount(reading, table, row, cell) for cell in cells)
    return Sum(figure, table.header[column], row[0].text, leads, amounts)


def _column_totals(
    table: Table, row: Sequence[Cell], above: Sequence[Sequence[Cell]]
) -> Iterator[Check]:
    partial = set(tokens(f"{table.section.title} {table.header[0]}")) & PARTLY
    of_parts = any(_PART_OF_ABOVE.match(one[0].text) for one in above)
    for cell in row[1:]:
        sums = [_sum_of_column(table, row, cell, rows) for rows in _added_rows(above)]
        checks = [check_sum(one) for one in sums if one]
        best = next((check for check in checks if check.explained), checks[0] if checks else None)
        if best:
            yield replace(best, is_firm=best.is_firm and not partial and not of_parts)


def _sum_of_column(
    table: Table, row: Sequence[Cell], cell: Cell, rows: Sequence[Sequence[Cell]]
) -> Sum | None:
    filled = [one[cell.column] for one in rows if one[cell.column].text.strip(" -–—")]
    leads = tuple(one.lead for one in filled if one.lead)
    if not cell.lead or len(leads) < max(_TWO, len(filled)):
        return None
    if {one.unit for one in leads} != {cell.lead.unit}:
        return None
    header = table.header[cell.column]
    return Sum(cell.lead, row[0].text, header, leads, tuple(map(amount_of, leads)))


def _added_rows(above: Sequence[Sequence[Cell]]) -> Iterator[list[Sequence[Cell]]]:
    """Choose the rows to add: all but subtotals, or only these; those of quarters, or months."""
    grains = by_grain([row[0].text for row in above])
    if len(grains) > 1:
        yield from ([above[place] for place in places] for places in grains)
        return
    subtotals = [row for row in above if _is_subtotal(row)]
    yield [row for row in above if not _is_subtotal(row)]
    if len(subtotals) >= _TWO:
        yield subtotals


def _is_subtotal(row: Sequence[Cell]) -> bool:
    return bool(set(tokens(row[0].text)) & SUBTOTAL)


def _is_about_something_else(table: Table, header: str) -> bool:
    texts = (header, table.section.title, table.header[0])
    return any(AIMED.search(text) or OTHER_YEAR.search(text) for text in texts)
