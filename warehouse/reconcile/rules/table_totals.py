"""Rules of tables: totals and means of rows and columns."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.intervals import (
    amount_of,
)
from warehouse.reconcile.parse.periods import by_grain, grain_of
from warehouse.reconcile.parse.vocabulary import (
    CHANGE,
    PARTIAL,
    SUBTOTAL,
    is_average,
    is_total,
    tokens,
)
from warehouse.reconcile.rules.check import FigureCheck, agreeing, firm_where_most_agree
from warehouse.reconcile.rules.check_sum import Sum, check_sum
from warehouse.reconcile.rules.tables import amount_of_cell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.reconcile.parse.document import ParsedCell, ParsedTable
    from warehouse.reconcile.parse.statements import ParsedReport

_TWO = 2
_PART_OF_ABOVE = re.compile(r"^\W*(?:of which|thereof|incl|그 ?중)", re.IGNORECASE)


def totals_of_rows(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare a column of totals or averages with the periods or parts to its left."""
    for table in report.document.tables:
        for column, header in enumerate(table.header):
            if is_total(header) or is_average(header):
                checks = [
                    _row_totals(report, table, column, parts)
                    for parts in _added_columns(table, column)
                ]
                yield from max(checks, key=agreeing, default=[])


def totals_of_columns(report: ParsedReport) -> Iterator[FigureCheck]:
    """Compare a row of totals or averages with the rows above it."""
    for table in report.document.tables:
        above: list[Sequence[ParsedCell]] = []
        for row in table.rows:
            label = row[0].text
            if is_total(label) or is_average(label):
                if len(above) >= _TWO:
                    yield from _column_totals(table, row, above)
                above = above if is_average(label) else []
            else:
                above.append(row)


def _row_totals(
    report: ParsedReport, table: ParsedTable, column: int, parts: Sequence[int]
) -> list[FigureCheck]:
    has_periods = grain_of(table.header[parts[0]]) is not None
    stated_sums = [_sum_of_row(report, table, row, column, parts) for row in table.rows]
    checks = [check_sum(stated_sum) for stated_sum in stated_sums if stated_sum]
    loose = [replace(check, is_firm=check.is_firm and has_periods) for check in checks]
    return firm_where_most_agree(loose)


def _added_columns(table: ParsedTable, column: int) -> list[list[int]]:
    """Return the candidate columns of a total: those of each grain, or all."""
    labels = table.header[1:column]
    plain = [
        index
        for index, label in enumerate(labels)
        if not set(tokens(label)) & CHANGE and not is_total(label)
    ]
    chosen = by_grain(labels) or [plain]
    return [[index + 1 for index in indexes] for indexes in chosen if len(indexes) >= _TWO]


def _sum_of_row(
    report: ParsedReport,
    table: ParsedTable,
    row: Sequence[ParsedCell],
    column: int,
    parts: Sequence[int],
) -> Sum | None:
    figure, cells = row[column].lead, [row[n] for n in parts]
    leads = tuple(cell.lead for cell in cells if cell.lead)
    if not figure or len(leads) < len(cells) or {lead.unit for lead in leads} != {figure.unit}:
        return None
    amounts = tuple(amount_of_cell(report, table, row, cell) for cell in cells)
    return Sum(
        figure=figure, says=table.header[column], of=row[0].text, parts=leads, amounts=amounts
    )


def _column_totals(
    table: ParsedTable, row: Sequence[ParsedCell], above: Sequence[Sequence[ParsedCell]]
) -> Iterator[FigureCheck]:
    partial = set(tokens(f"{table.section.title} {table.header[0]}")) & PARTIAL
    of_parts = any(_PART_OF_ABOVE.match(row_above[0].text) for row_above in above)
    for cell in row[1:]:
        stated_sums = [_sum_of_column(table, row, cell, rows) for rows in _added_rows(above)]
        checks = [check_sum(stated_sum) for stated_sum in stated_sums if stated_sum]
        best = next((check for check in checks if check.explained), checks[0] if checks else None)
        if best:
            yield replace(best, is_firm=best.is_firm and not partial and not of_parts)


def _sum_of_column(
    table: ParsedTable,
    row: Sequence[ParsedCell],
    cell: ParsedCell,
    rows: Sequence[Sequence[ParsedCell]],
) -> Sum | None:
    parts = [row_above[cell.column] for row_above in rows]
    filled = [part for part in parts if part.text.strip(" -–—")]
    leads = tuple(part.lead for part in filled if part.lead)
    if not cell.lead or len(leads) < max(_TWO, len(filled)):
        return None
    if {lead.unit for lead in leads} != {cell.lead.unit}:
        return None
    header = table.header[cell.column]
    return Sum(
        figure=cell.lead,
        says=row[0].text,
        of=header,
        parts=leads,
        amounts=tuple(map(amount_of, leads)),
    )


def _added_rows(above: Sequence[Sequence[ParsedCell]]) -> Iterator[list[Sequence[ParsedCell]]]:
    """Yield the candidate rows of a total: those of each grain, without or only subtotals."""
    grains = by_grain([row[0].text for row in above])
    if len(grains) > 1:
        yield from ([above[index] for index in indexes] for indexes in grains)
        return
    subtotals = [row for row in above if _is_subtotal(row)]
    yield [row for row in above if not _is_subtotal(row)]
    if len(subtotals) >= _TWO:
        yield subtotals


def _is_subtotal(row: Sequence[ParsedCell]) -> bool:
    return bool(set(tokens(row[0].text)) & SUBTOTAL)
