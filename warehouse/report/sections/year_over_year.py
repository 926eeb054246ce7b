"""Sections on year-over-year changes and on restatements of sealed figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.report.blocks import Cell, Code, Column, Paragraph, ReportTable, TableRow, plain
from warehouse.report.figure_status import change_tone, figure_cell
from warehouse.report.format.language import msgid
from warehouse.report.format.restyle import MEANS
from warehouse.report.sections.dashboard import wanted_kpis
from warehouse.report.styled import styled_year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warehouse.query.figures import Figure, Kpi
    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.evidence import FigureRestatement
    from warehouse.report.queries.report_data import ReportData

CAUSES = {
    "late": msgid("observed late"),
    "landed_late": msgid("landed late"),
    "force_pushed": msgid("history rewritten"),
    "deleted": msgid("deleted"),
    "moved": msgid("moved"),
    "reopened": msgid("reopened"),
    "calendar": msgid("changed calendar"),
    "rules": msgid("changed rules"),
    "re_identified": msgid("changed identities of people"),
    "definition": msgid("changed definition"),
    "copied": msgid("counted in another repository"),
    "corrected": msgid("corrected by the source"),
    "forgotten": msgid("a person was forgotten"),
}


def years(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Yield the year, or its newest quarter while incomplete, with the previous year."""
    year = styled_year(data.year, data.targets, formatter)
    period = data.focus if year.is_so_far else str(data.period.fiscal_year)
    figures = {figure.kpi: figure for figure in year.figures if figure.period == period}
    rows = [
        _year_row(kpi, figures[kpi.kpi], formatter)
        for kpi in wanted_kpis(data.kpis, formatter)
        if kpi.kpi in figures and figures[kpi.kpi].year_before_value is not None
    ]
    if not rows:
        return
    heads = (
        formatter.language.period(_year_before(period)),
        formatter.language.period(period),
        "n",
        formatter.text("Change"),
        formatter.text("In percent"),
    )
    columns = Column(formatter.text("KPI"), kind="text"), *(Column(head) for head in heads)
    yield ReportTable(
        name="years",
        caption=_versus(period, formatter),
        columns=columns,
        rows=tuple(rows),
    )


def _versus(period: str, formatter: Formatter) -> str:
    before, name = map(formatter.language.period, (_year_before(period), period))
    return formatter.text("{period} vs. {before}", period=name, before=before)


def _year_before(period: str) -> str:
    year, dash, quarter = period.partition("-")
    return f"{int(year) - 1}{dash}{quarter}"


def _year_row(kpi: Kpi, figure: Figure, formatter: Formatter) -> TableRow:
    numbers, previous = formatter.numbers(kpi), figure.year_before_value
    change = figure.change_from_year_before
    tone = change_tone(kpi, change)
    share = change / previous if change is not None and previous else None
    return TableRow(
        (
            Cell(text=formatter.title(kpi)),
            figure_cell(previous, kpi.unit, numbers),
            figure_cell(figure.value, kpi.unit, numbers),
            Cell(text=_n(kpi, figure, formatter), tone="quiet"),
            Cell(
                text=numbers.difference(change, kpi.unit, figure.value),
                value=change,
                unit=kpi.unit,
                tone=tone,
            ),
            Cell(
                text="" if share is None else numbers.percent_change(share),
                value=share,
                unit="ratio",
                tone=tone,
            ),
        )
    )


def _n(kpi: Kpi, figure: Figure, formatter: Formatter) -> str:
    has_rows = figure.value is not None and kpi.kind in {*MEANS, "ratio"}
    return formatter.language.number(figure.n) if has_rows else ""


def restatements(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Yield a table of the restatements of sealed figures: was, is and cause."""
    kpis = {kpi.kpi: kpi for kpi in wanted_kpis(data.kpis, formatter)}
    # Changed rows that make the same figure are in the evidence alone.
    of_kpis = [
        found
        for found in data.evidence.restatements
        if found.kpi in kpis and found.restatement.difference != 0
    ]
    if not of_kpis:
        if any(restatement.is_sealed for restatement in data.year.figures):
            yield plain(formatter.text("No sealed figure has changed since it was sealed."))
        else:
            yield Paragraph(
                (
                    formatter.text(
                        "No quarter of this period is sealed, so its figures may change."
                    ),
                    " ",
                    Code(f"quarry seal {data.focus}"),
                )
            )
        return
    texts = formatter.text("Quarter"), formatter.text("KPI"), formatter.text("Cause")
    heads = (
        *(formatter.text("Was"), formatter.text("Is"), formatter.text("Change")),
        *(formatter.text("Rows added"), formatter.text("removed"), formatter.text("changed")),
    )
    yield ReportTable(
        name="restatements",
        caption=formatter.text("Restatements of sealed figures"),
        columns=(*(Column(text, kind="text") for text in texts), *(Column(head) for head in heads)),
        rows=tuple(
            _restated(kpis[restatement.kpi], restatement, data, formatter)
            for restatement in of_kpis
        ),
    )


def _restated(
    kpi: Kpi, figure_restatement: FigureRestatement, data: ReportData, formatter: Formatter
) -> TableRow:
    numbers, restatement = formatter.numbers(kpi), figure_restatement.restatement
    sealed = (
        ""
        if figure_restatement.sealed_at is None
        else formatter.language.instant(figure_restatement.sealed_at, data.zone)
    )
    return TableRow(
        (
            Cell(text=formatter.language.quarter(restatement.quarter), note=sealed),
            Cell(text=formatter.title(kpi)),
            Cell(text=formatter.text(CAUSES.get(restatement.cause, restatement.cause))),
            Cell(
                text=numbers.figure(restatement.was_value, kpi.unit),
                value=restatement.was_value,
                unit=kpi.unit,
            ),
            Cell(
                text=numbers.figure(restatement.is_value, kpi.unit),
                value=restatement.is_value,
                unit=kpi.unit,
            ),
            Cell(
                text=numbers.difference(restatement.difference, kpi.unit, restatement.is_value),
                value=restatement.difference,
                unit=kpi.unit,
                tone=change_tone(kpi, restatement.difference),
            ),
            *(
                Cell(text=formatter.language.number(count), value=count, unit="count")
                for count in (
                    restatement.came_count,
                    restatement.went_count,
                    restatement.changed_count,
                )
            ),
        )
    )
