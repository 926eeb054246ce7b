"""The year beside the one before, and what became of sealed figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.report.blocks import Cell, Code, Column, Paragraph, ReportTable, TableRow, plain
from warehouse.report.format.language import msgid
from warehouse.report.format.restyle import apply_style
from warehouse.report.sections.dashboard import wanted_kpis
from warehouse.report.year_table import change_tone, sample_size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warehouse.query.figures import Figure, Kpi
    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.evidence import FigureRestatement
    from warehouse.report.queries.report_data import ReportData

CAUSES = {
    "late": msgid("seen late"),
    "force_pushed": msgid("history rewritten"),
    "deleted": msgid("deleted"),
    "moved": msgid("moved away"),
    "reopened": msgid("reopened"),
    "calendar": msgid("another calendar"),
    "rules": msgid("other rules"),
    "re_identified": msgid("people told apart otherwise"),
    "definition": msgid("another definition"),
    "corrected": msgid("told otherwise by the source"),
}


def years(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Set the year beside the one before or, while it is not over, its newest quarter."""
    year = apply_style(data.year, formatter)
    has_year = any(not one.quarter and one.is_complete for one in year.figures)
    period = str(data.period.fiscal_year) if has_year else data.focus
    figures = {one.kpi: one for one in data.year.figures if one.period == period}
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
    yield ReportTable("years", formatter.text("Beside the year before"), columns, tuple(rows))


def _year_before(period: str) -> str:
    year, dash, quarter = period.partition("-")
    return f"{int(year) - 1}{dash}{quarter}"


def _year_row(kpi: Kpi, figure: Figure, formatter: Formatter) -> TableRow:
    numbers, before = formatter.numbers(kpi), figure.year_before_value
    change = figure.change_from_year_before
    tone = change_tone(kpi, change)
    share = change / before if change is not None and before else None
    return TableRow(
        (
            Cell(formatter.title(kpi)),
            Cell(numbers.figure(before, kpi.unit), before, kpi.unit),
            Cell(numbers.figure(figure.value, kpi.unit), figure.value, kpi.unit),
            Cell(_n(kpi, figure, formatter), tone="quiet"),
            Cell(numbers.difference(change, kpi.unit, figure.value), change, kpi.unit, tone=tone),
            Cell("" if share is None else numbers.percent_change(share), share, "ratio", tone=tone),
        )
    )


def _n(kpi: Kpi, figure: Figure, formatter: Formatter) -> str:
    if figure.value is None:
        return ""
    return sample_size(kpi, figure, formatter).removeprefix("n=")


def restatements(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Tabulate what became of sealed figures: was, is, and why."""
    kpis = {kpi.kpi: kpi for kpi in wanted_kpis(data.kpis, formatter)}
    told = [one for one in data.evidence.restatements if one.kpi in kpis]
    if not told:
        if any(one.is_sealed for one in data.year.figures):
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
        *(formatter.text("Rows that came"), formatter.text("went"), formatter.text("changed")),
    )
    yield ReportTable(
        "restatements",
        formatter.text("What became of sealed figures since they were sealed"),
        (*(Column(text, kind="text") for text in texts), *(Column(head) for head in heads)),
        tuple(_restated(kpis[one.kpi], one, data, formatter) for one in told),
    )


def _restated(kpi: Kpi, one: FigureRestatement, data: ReportData, formatter: Formatter) -> TableRow:
    numbers, told = formatter.numbers(kpi), one.told
    sealed = "" if one.sealed_at is None else formatter.language.instant(one.sealed_at, data.zone)
    return TableRow(
        (
            Cell(formatter.language.quarter(told.quarter), note=sealed),
            Cell(formatter.title(kpi)),
            Cell(formatter.text(CAUSES.get(told.cause, told.cause))),
            Cell(numbers.figure(told.was_value, kpi.unit), told.was_value, kpi.unit),
            Cell(numbers.figure(told.is_value, kpi.unit), told.is_value, kpi.unit),
            Cell(
                numbers.difference(told.difference, kpi.unit, told.is_value),
                told.difference,
                kpi.unit,
                tone=change_tone(kpi, told.difference),
            ),
            *(
                Cell(formatter.language.number(count), count, "count")
                for count in (told.came_count, told.went_count, told.changed_count)
            ),
        )
    )
