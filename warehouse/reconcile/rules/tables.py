"""Rules of tables: differences and changes between columns."""

from __future__ import annotations

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
from warehouse.reconcile.parse.periods import grain_of, period_in
from warehouse.reconcile.parse.vocabulary import (
    AFTER,
    BEFORE,
    CHANGE,
    OTHER_YEAR,
    PLANNED,
    tokens,
)
from warehouse.reconcile.rules.check import FigureCheck, firm_where_most_agree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.reconcile.parse.document import ParsedCell, ParsedTable
    from warehouse.reconcile.parse.numbers import WrittenFigure
    from warehouse.reconcile.parse.statements import ParsedReport

_TWO = 2


def differences_of_columns(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare a change in brackets with the preceding column: 75 % (+13), right of 62 %."""
    for table in report.document.tables:
        if not _has_other_subject(table, ""):
            checks = [c for row in table.rows for c in _differences(report, table, row)]
            yield from firm_where_most_agree(checks)


def columns_of_changes(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare a column of changes with the two columns to its left."""
    for table in report.document.tables:
        for column in range(_TWO + 1, len(table.header)):
            header = table.header[column]
            if set(tokens(header)) & CHANGE and not _has_other_subject(table, header):
                yield from firm_where_most_agree(_changes(table, column))


def _differences(
    report: ParsedReport, table: ParsedTable, row: Sequence[ParsedCell]
) -> Iterator[FigureCheck]:
    for column in range(_TWO, len(row)):
        before, after = row[column - 1], row[column]
        grain = grain_of(table.header[column])
        if not grain or grain_of(table.header[column - 1]) != grain:
            continue
        if before.lead and after.lead and len(after.figures) > 1:
            amounts = [amount_of_cell(report, table, row, cell) for cell in (before, after)]
            change = after.figures[1]
            if change.is_signed or not change.value:
                yield from _change(change, before.lead, after.lead, amounts)


def amount_of_cell(
    report: ParsedReport, table: ParsedTable, row: Sequence[ParsedCell], cell: ParsedCell
) -> Amount:
    """Return the amount of the first figure of a cell, in the period of its column."""
    lead = cell.figures[0]
    return report.amount(lead, row[0].text, period_in(table.header[cell.column]))


def _change(
    claim: WrittenFigure, first: WrittenFigure, second: WrittenFigure, amounts: Sequence[Amount]
) -> Iterator[FigureCheck]:
    before, after = amounts
    points, percent = difference(after, before), percent_change(before, after)
    if first.unit != second.unit:
        return
    if claim.unit == "%" and first.unit != "%":
        if percent:
            working = f"{first.text} → {second.text}: {plain(percent.shown)} %"
            yield FigureCheck(
                figure=claim,
                rule="change",
                expected=(percent,),
                working=working,
                parts=(first, second),
                is_firm=False,
            )
    elif claim.unit in {"", "points", first.unit}:
        expected = (points, percent) if claim.unit == "%" and percent else (points,)
        of_exact = _exact_difference(before, after, points)
        working = f"{second.text} − {first.text} = {plain(points.shown)}{of_exact}"
        yield FigureCheck(
            figure=claim,
            rule="difference",
            expected=expected,
            working=working,
            parts=(first, second),
            is_firm=False,
        )


def _exact_difference(before: Amount, after: Amount, points: Amount) -> str:
    """Return the difference of the exact values, where it is not the one written."""
    if before.exact is None or after.exact is None or points.exact in {None, points.shown}:
        return ""
    return f"; {plain(after.exact)} − {plain(before.exact)} = {plain(after.exact - before.exact)}"


def _changes(table: ParsedTable, column: int) -> Iterator[FigureCheck]:
    before, after = table.header[column - _TWO], table.header[column - 1]
    has_periods = grain_of(before) is not None and grain_of(before) == grain_of(after)
    is_named = has_periods or (set(tokens(before)) & BEFORE and set(tokens(after)) & AFTER)
    for row in table.rows:
        claim, first, second = row[column].lead, row[column - _TWO].lead, row[column - 1].lead
        if not (claim and first and second):
            continue
        for check in _change(claim, first, second, (amount_of(first), amount_of(second))):
            both_signs = [
                turned for amount in check.expected for turned in (amount, negative(amount))
            ]
            expected = check.expected if claim.is_signed else tuple(both_signs)
            yield replace(check, expected=expected, is_firm=bool(is_named))


def _has_other_subject(table: ParsedTable, header: str) -> bool:
    texts = (header, table.section.title, table.header[0])
    return any(PLANNED.search(text) or OTHER_YEAR.search(text) for text in texts)
