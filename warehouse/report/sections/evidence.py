"""The rows behind every figure, why others do not count, and the sum by hand."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from warehouse.query.evidence import COUNTED
from warehouse.query.recalculate import recalculate
from warehouse.report.blocks import (
    Bullet,
    Bullets,
    Cell,
    Code,
    Column,
    Fold,
    Jump,
    Paragraph,
    ReportTable,
    TableRow,
    plain,
)
from warehouse.report.format.names import project_title
from warehouse.report.rows_table import rows_table, short_hash
from warehouse.report.sections.dashboard import wanted_kpis
from warehouse.report.year_table import anchor_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from warehouse.query.figures import Figure, Kpi
    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.evidence import FigureRow, KpiReasonCount
    from warehouse.report.queries.report_data import ReportData


def evidence(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Show for each figure the first of its rows, and say how to see them all."""
    yield plain(
        formatter.text(
            "Every figure is made of rows, each counted or left out for a reason. The first of "
            "them are here; the commands show all, with the SQL."
        )
    )
    shown = [
        kpi
        for kpi in wanted_kpis(data.kpis, formatter)
        if any(one.kpi == kpi.kpi for one in data.evidence.reasons)
    ]
    yield _commands(shown, data, formatter)
    yield _all_rows(shown, data, formatter)
    for kpi in shown:
        quarters = (data.figure(kpi.kpi, name) for name in data.year.quarters)
        folds = [_of_figure(kpi, figure, data, formatter) for figure in quarters if figure]
        if folds:
            command = Paragraph((Code(explain_command(kpi, data.period.name, data)),))
            yield Fold(
                formatter.title(kpi),
                (*folds, command),
                anchor=kpi.kpi,
                note=_counts(kpi, data.year.figures, formatter),
                is_for_pages=True,
            )


def _counts(kpi: Kpi, figures: Sequence[Figure], formatter: Formatter) -> str:
    """Say how many rows of the quarters count, and how many do not."""
    mine = [one for one in figures if one.kpi == kpi.kpi and one.quarter]
    counted, left_out = sum(f.n for f in mine), sum(f.left_out_count for f in mine)
    return _in_and_out(counted, left_out, formatter)


def _in_and_out(counted: int, left_out: int, formatter: Formatter) -> str:
    number = formatter.language.number
    return formatter.text(
        "{counted} in, {left_out} out", counted=number(counted), left_out=number(left_out)
    )


def explain_command(kpi: Kpi, period: str, data: ReportData) -> str:
    """Write the command that explains a figure."""
    scope = data.scope
    words = ["quarry", "explain", kpi.kpi, period]
    if scope.is_chosen:
        words += ["--project", scope.project]
    return shlex.join(words)


def _commands(kpis: list[Kpi], data: ReportData, formatter: Formatter) -> ReportTable:
    rows = (
        TableRow(
            (
                Cell(formatter.title(kpi)),
                Cell(explain_command(kpi, data.period.name, data), is_code=True),
            )
        )
        for kpi in kpis
    )
    heads = formatter.text("KPI"), formatter.text("All its rows")
    return ReportTable(
        "commands",
        formatter.text("Commands that show all rows behind a figure"),
        tuple(Column(head, kind="text") for head in heads),
        tuple(rows),
        only_for="texts",
    )


def _all_rows(kpis: Sequence[Kpi], data: ReportData, formatter: Formatter) -> ReportTable:
    """List the rows for a workbook, counted and left out, as the warehouse holds them."""
    texts = (
        *("KPI", formatter.text("Quarter"), formatter.text("Project"), formatter.text("Source")),
        *(formatter.text("what"), formatter.text("who")),
    )
    numbers = (
        *(formatter.text("when ({zone})", zone="UTC"), formatter.text("Numerator")),
        *(formatter.text("Denominator"), formatter.text("Value")),
    )
    by_name = {kpi.kpi: kpi for kpi in kpis}
    meanings = {one.reason: _meaning(one, formatter) for one in data.evidence.reasons}
    return ReportTable(
        "evidence",
        formatter.text("Rows behind the figures"),
        (
            *(Column(text, kind="text") for text in texts),
            *(Column(number) for number in numbers),
            Column(formatter.text("Why"), kind="text"),
        ),
        tuple(
            _row(by_name[one.kpi], one, meanings, data, formatter)
            for one in data.evidence.rows
            if one.kpi in by_name
        ),
        only_for="workbook",
    )


def _row(
    kpi: Kpi, one: FigureRow, meanings: Mapping[str, str], data: ReportData, formatter: Formatter
) -> TableRow:
    row, project = one.row, project_title(one.project, data, formatter)
    value = None if row.value is None else row.value / kpi.unit_size
    return TableRow(
        (
            *(Cell(text) for text in (formatter.title(kpi), row.quarter, project, row.source)),
            Cell(short_hash(row.place), address=row.place),
            Cell(row.person or ""),
            Cell("", row.happened_at, "instant"),
            Cell("", row.numerator, "count"),
            Cell("", row.denominator, "count"),
            Cell("", value, kpi.unit),
            Cell(meanings.get(row.reason, row.reason)),
        )
    )


def _of_figure(kpi: Kpi, figure: Figure, data: ReportData, formatter: Formatter) -> Fold:
    value = formatter.numbers(kpi).figure(figure.value, kpi.unit)
    counts = _in_and_out(figure.n, figure.left_out_count, formatter)
    return Fold(
        formatter.language.quarter(figure.period),
        tuple(_behind(kpi, figure, data, formatter)),
        anchor=anchor_of(kpi.kpi, figure.period),
        note=f"{value} · {counts}",
        is_for_pages=True,
    )


def _behind(kpi: Kpi, figure: Figure, data: ReportData, formatter: Formatter) -> Iterator[Block]:
    rows = [r for r in data.evidence.behind(kpi.kpi, figure.period) if r.reason == COUNTED]
    shown = rows[: formatter.style.evidence_rows]
    if shown:
        has_sources = len({row.source for row in rows}) > 1
        yield rows_table(kpi, shown, data.zone, formatter, has_sources=has_sources)
    if figure.n > len(shown):
        more = formatter.language.number(figure.n - len(shown))
        yield plain(formatter.text("And {more} more rows that count.", more=more))
    elif rows:
        yield plain(formatter.text("By hand: {sum}", sum=recalculate(kpi, rows).text))
    out = [one for one in data.evidence.why(kpi.kpi, figure.period) if one.reason != COUNTED]
    if out:
        yield plain(formatter.text("Left out:"))
        yield Bullets(
            tuple(
                Bullet((formatter.language.number(one.count), ": ", _meaning(one, formatter)))
                for one in out
            )
        )
    back = (" ", Jump(formatter.text("Back to the dashboard"), "dashboard"))
    command = Code(explain_command(kpi, figure.period, data))
    yield Paragraph((command, *(back if formatter.style.has_section("dashboard") else ())))


def _meaning(one: KpiReasonCount, formatter: Formatter) -> str:
    return formatter.language.pick(one.meaning, one.meaning_ko)
