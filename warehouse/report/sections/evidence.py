"""Section on evidence: counted rows, reasons of excluded rows, recalculation."""

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
from warehouse.report.figure_status import anchor_of
from warehouse.report.format.names import project_title, source_title
from warehouse.report.rows_table import rows_table, short_hash
from warehouse.report.sections.dashboard import wanted_kpis

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from warehouse.query.figures import Figure, Kpi
    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.evidence import FigureRow, KpiReasonCount
    from warehouse.report.queries.report_data import ReportData


def evidence(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Yield the first evidence rows of each figure, and the commands that list all."""
    yield plain(
        formatter.text(
            "Every figure is calculated from rows that are counted or excluded for a reason. The "
            "first rows are listed here. The commands list all rows and the SQL."
        )
    )
    shown = [
        kpi
        for kpi in wanted_kpis(data.kpis, formatter)
        if any(reason.kpi == kpi.kpi for reason in data.evidence.reasons)
    ]
    yield _commands(shown, data, formatter)
    yield _all_rows(shown, data, formatter)
    for kpi in shown:
        quarters = (data.figure(kpi.kpi, name) for name in data.year.quarters)
        folds = [_of_figure(kpi, figure, data, formatter) for figure in quarters if figure]
        if folds:
            command = Paragraph((Code(explain_command(kpi, data.period.name, data)),))
            yield Fold(
                title=formatter.title(kpi),
                blocks=(*folds, command),
                anchor=kpi.kpi,
                note=_counts_of_kpi(kpi, data.year.figures, formatter),
                is_for_pages=True,
            )


def _counts_of_kpi(kpi: Kpi, figures: Sequence[Figure], formatter: Formatter) -> str:
    """Return how many rows of the quarters are counted and excluded."""
    of_quarters = [figure for figure in figures if figure.kpi == kpi.kpi and figure.quarter]
    counted, excluded = sum(f.n for f in of_quarters), sum(f.left_out_count for f in of_quarters)
    return _count_text(counted, excluded, formatter)


def _count_text(counted: int, excluded: int, formatter: Formatter) -> str:
    number = formatter.language.number
    return formatter.text(
        "{counted} counted, {excluded} excluded", counted=number(counted), excluded=number(excluded)
    )


def explain_command(kpi: Kpi, period: str, data: ReportData) -> str:
    """Return the command that explains a figure."""
    scope = data.scope
    words = ["quarry", "explain", kpi.kpi, period]
    if scope.is_chosen:
        words += ["--project", scope.project]
    return shlex.join(words)


def _commands(kpis: list[Kpi], data: ReportData, formatter: Formatter) -> ReportTable:
    rows = (
        TableRow(
            (
                Cell(text=formatter.title(kpi)),
                Cell(text=explain_command(kpi, data.period.name, data), is_code=True),
            )
        )
        for kpi in kpis
    )
    heads = formatter.text("KPI"), formatter.text("All rows")
    return ReportTable(
        name="commands",
        caption=formatter.text("Commands that list all rows of a figure"),
        columns=tuple(Column(head, kind="text") for head in heads),
        rows=tuple(rows),
        only_for="texts",
    )


def _all_rows(kpis: Sequence[Kpi], data: ReportData, formatter: Formatter) -> ReportTable:
    """Return the counted and excluded rows as a table of the workbook."""
    text_titles = (
        *("KPI", formatter.text("Quarter"), formatter.text("Project"), formatter.text("Source")),
        *(formatter.text("what"), formatter.text("who")),
    )
    number_titles = (
        *(formatter.text("when ({zone})", zone="UTC"), formatter.text("Numerator")),
        *(formatter.text("Denominator"), formatter.text("Value")),
    )
    by_name = {kpi.kpi: kpi for kpi in kpis}
    meanings = {reason.reason: _meaning(reason, formatter) for reason in data.evidence.reasons}
    return ReportTable(
        name="evidence",
        caption=formatter.text("Evidence rows"),
        columns=(
            *(Column(title, kind="text") for title in text_titles),
            *(Column(title) for title in number_titles),
            Column(formatter.text("Why"), kind="text"),
        ),
        rows=tuple(
            _row(by_name[row.kpi], row, meanings, data, formatter)
            for row in data.evidence.rows
            if row.kpi in by_name
        ),
        only_for="workbook",
    )


def _row(
    kpi: Kpi,
    figure_row: FigureRow,
    meanings: Mapping[str, str],
    data: ReportData,
    formatter: Formatter,
) -> TableRow:
    row, project = figure_row.row, project_title(figure_row.project, data, formatter)
    texts = (
        formatter.title(kpi),
        row.quarter,
        project,
        source_title(row.source, formatter.language),
    )
    value = None if row.value is None else row.value / kpi.unit_size
    return TableRow(
        (
            *(Cell(text=text) for text in texts),
            Cell(text=short_hash(row.place), address=row.place),
            Cell(text=row.person or ""),
            Cell(text="", value=row.happened_at, unit="instant"),
            Cell(text="", value=row.numerator, unit="count"),
            Cell(text="", value=row.denominator, unit="count"),
            Cell(text="", value=value, unit=kpi.unit),
            Cell(text=meanings.get(row.reason, row.reason)),
        )
    )


def _of_figure(kpi: Kpi, figure: Figure, data: ReportData, formatter: Formatter) -> Fold:
    value = formatter.numbers(kpi).figure(figure.value, kpi.unit)
    counts = _count_text(figure.n, figure.left_out_count, formatter)
    return Fold(
        title=formatter.language.quarter(figure.period),
        blocks=tuple(_evidence(kpi, figure, data, formatter)),
        anchor=anchor_of(kpi.kpi, figure.period),
        note=f"{value} · {counts}",
        is_for_pages=True,
    )


def _evidence(kpi: Kpi, figure: Figure, data: ReportData, formatter: Formatter) -> Iterator[Block]:
    rows = [r for r in data.evidence.rows_of(kpi.kpi, figure.period) if r.reason == COUNTED]
    shown = rows[: formatter.style.evidence_rows]
    if shown:
        has_sources = len({row.source for row in rows}) > 1
        yield rows_table(kpi, shown, data.zone, formatter, has_sources=has_sources)
    if figure.n > len(shown):
        more = formatter.language.number(figure.n - len(shown))
        yield plain(formatter.text("And {more} more counted rows.", more=more))
    elif rows:
        yield plain(formatter.text("Recalculated: {sum}", sum=recalculate(kpi, rows).text))
    excluded = [
        reason
        for reason in data.evidence.reasons_of(kpi.kpi, figure.period)
        if reason.reason != COUNTED
    ]
    if excluded:
        yield plain(formatter.text("Excluded:"))
        yield Bullets(
            tuple(
                Bullet((formatter.language.number(reason.count), ": ", _meaning(reason, formatter)))
                for reason in excluded
            )
        )
    back = (" ", Jump(formatter.text("Back to the dashboard"), "dashboard"))
    command = Code(explain_command(kpi, figure.period, data))
    yield Paragraph((command, *(back if formatter.style.has_section("dashboard") else ())))


def _meaning(reason: KpiReasonCount, formatter: Formatter) -> str:
    return formatter.language.pick(reason.meaning, reason.meaning_ko)
