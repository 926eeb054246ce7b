"""Table of a fiscal year: KPIs as rows, quarters as columns."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

from warehouse.report.blocks import Cell, Column, ReportTable, TableRow
from warehouse.report.charts.specs import Spark
from warehouse.report.figure_status import (
    STATUSES,
    TONES,
    anchor_of,
    change_tone,
    figure_cell,
    sample_size,
)
from warehouse.report.format.language import msgid

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from warehouse.query.figures import Figure, Kpi, YearOfFigures
    from warehouse.report.format.style import Formatter

# The state of all figures of a column; future is after the last period with figures.
FUTURE, IS_SO_FAR, IS_SEALED = "future", "so far", "sealed"
STATES = {IS_SO_FAR: msgid("so far"), IS_SEALED: msgid("sealed")}
SO_FAR, SEALED, RESTATED = "°", "§", "†"
LEGEND = {
    IS_SO_FAR: msgid("so far: not all sources were polled after it ended, so figures may change."),
    IS_SEALED: msgid("sealed: these figures never change."),
    SO_FAR: msgid("° so far: not all sources were polled after the period ended."),
    SEALED: msgid("§ sealed: the figure never changes."),
    RESTATED: msgid("† restated since it was sealed; quarry explain lists the causes."),
}
# The groups of KPIs, by the hundreds of their positions.
GROUPS = {
    1: msgid("Activity"),
    2: msgid("Issues"),
    3: msgid("Change requests"),
    4: msgid("Delivery"),
    5: msgid("Planning"),
    6: msgid("People"),
}


@dataclass(frozen=True)
class TableExtras:
    """The parts of a table that only a report has, and not a terminal."""

    has_groups: bool = False
    sparks: Mapping[str, tuple[float | None, ...]] = field(default_factory=dict)
    anchors: frozenset[str] = frozenset()


def year_table(
    year: YearOfFigures,
    kpis: Sequence[Kpi],
    formatter: Formatter,
    caption: str,
    extras: TableExtras,
) -> ReportTable:
    """Return the figures of KPIs in a fiscal year as a table."""
    table = _YearTable(year, formatter, extras)
    has_target = any(figure.target is not None for figure in year.figures)
    has_targets = has_target and formatter.style.has_targets
    return ReportTable(
        name="dashboard",
        caption=caption,
        columns=tuple(table.columns(has_targets=has_targets)),
        rows=tuple(table.rows(kpis, has_targets=has_targets)),
        legend=tuple(table.legend()),
    )


@dataclass(frozen=True)
class _YearTable:
    year: YearOfFigures
    formatter: Formatter
    extras: TableExtras

    @property
    def name(self) -> str:
        return str(self.year.fiscal_year)

    @property
    def states(self) -> dict[str, str]:
        """Return the state of each quarter and of the year."""
        by_period = {
            name: [figure for figure in self.year.figures if figure.period == name]
            for name in self.year.periods
        }
        quarters = [name for name, figures in by_period.items() if figures and "-" in name]
        last = max(quarters, default=max(self.year.quarters))
        return {
            name: FUTURE if "-" in name and name > last else self._state(name, figures)
            for name, figures in by_period.items()
        }

    def _state(self, period: str, figures: Sequence[Figure]) -> str:
        if figures and all(figure.is_sealed for figure in figures):
            return IS_SEALED
        if period == self.name:
            return IS_SO_FAR if self.year.is_so_far else ""
        return IS_SO_FAR if figures and not any(f.is_complete for f in figures) else ""

    def columns(self, *, has_targets: bool) -> Iterator[Column]:
        style, formatter = self.formatter.style, self.formatter
        title = formatter.custom(style.metric_title, style.metric_title_ko)
        yield Column(title or formatter.text("KPI"), kind="text")
        if self.extras.sparks:
            yield Column(formatter.text("Trend"), kind="chart")
        for period, state in self.states.items():
            below = formatter.text(STATES[state]) if state in STATES and style.has_states else ""
            yield Column(self._column(period), below)
        if has_targets:
            yield Column(formatter.text("Target"))

    def _column(self, period: str) -> str:
        style, formatter = self.formatter.style, self.formatter
        name = formatter.language.short_period(period)
        if "-" in period:
            title = formatter.custom(style.quarter_title, style.quarter_title_ko)
            return (title or "{quarter}").format(quarter=name, year=self.name)
        return (formatter.custom(style.year_title, style.year_title_ko) or name).format(year=period)

    def rows(self, kpis: Iterable[Kpi], *, has_targets: bool) -> Iterator[TableRow]:
        groups = [
            (GROUPS.get(number, ""), list(kpis_of_group))
            for number, kpis_of_group in groupby(kpis, lambda kpi: kpi.position // 100)
        ]
        for name, kpis_of_group in groups:
            if self.extras.has_groups and name and len(groups) > 1:
                yield TableRow((Cell(text=self.formatter.text(name)),), is_group=True)
            for kpi in kpis_of_group:
                yield TableRow(tuple(self._cells(kpi, has_targets=has_targets)))

    def _cells(self, kpi: Kpi, *, has_targets: bool) -> Iterator[Cell]:
        figures = {figure.period: figure for figure in self.year.figures if figure.kpi == kpi.kpi}
        yield Cell(text=self.formatter.title(kpi), is_strong=True)
        if self.extras.sparks:
            yield Cell(text="", plot=Spark(self.extras.sparks.get(kpi.kpi, ())))
        for period, state in self.states.items():
            with_target = _figure_with_target(figures)
            yield (
                Cell(text="")
                if state == FUTURE
                else self._cell(kpi, figures, period, state, with_target)
            )
        if has_targets:
            yield self._target(kpi, figures)

    def _cell(
        self,
        kpi: Kpi,
        figures: Mapping[str, Figure],
        period: str,
        state: str,
        with_target: Figure | None,
    ) -> Cell:
        figure, is_year = figures.get(period), period == self.name
        numbers = self.formatter.numbers(kpi, is_year=is_year)
        if figure is None or figure.value is None:
            return Cell(text=numbers.no_data, tone="quiet", is_strong=is_year)
        anchor = anchor_of(kpi.kpi, period)
        cell = figure_cell(figure.value, kpi.unit, numbers)
        return replace(
            cell,
            text=f"{cell.text}{_marks(figure, state)}",
            change=self._change(kpi, figure),
            note=sample_size(kpi, figure, self.formatter)
            if self.formatter.style.has_counts
            else "",
            status=self._status(kpi, figure, with_target),
            tone=TONES.get(figure.target_status or "", ""),
            change_tone=change_tone(kpi, figure.change),
            anchor=anchor if anchor in self.extras.anchors else "",
            is_strong=is_year,
        )

    def _change(self, kpi: Kpi, figure: Figure) -> str:
        style = self.formatter.style
        is_wanted = figure.quarter or style.has_year_differences
        if style.of(kpi.kpi).has_differences is False or not is_wanted:
            return ""
        return self.formatter.numbers(kpi).difference(figure.change, kpi.unit, figure.value)

    def _status(self, kpi: Kpi, figure: Figure, with_target: Figure | None) -> str:
        """Return the target status, with the target where it differs from that of the row."""
        if not (figure.quarter and figure.target_status and self.formatter.style.has_targets):
            return ""
        status = self.formatter.text(STATUSES[figure.target_status])
        if with_target and with_target.target == figure.target:
            return status
        return f"{status} {self.formatter.numbers(kpi).figure(figure.target, kpi.unit)}"

    def _target(self, kpi: Kpi, figures: Mapping[str, Figure]) -> Cell:
        """Return the target of a row, with its quarter if others do not have it."""
        with_target = _figure_with_target(figures)
        if with_target is None or with_target.target_status is None:
            return Cell(text="")
        text = self.formatter.numbers(kpi).figure(with_target.target, kpi.unit)
        of_quarters = {figure.target for figure in figures.values() if figure.quarter}
        if with_target.quarter and len(of_quarters) > 1:
            text += f" ({self.formatter.language.short_period(with_target.period)})"
        return Cell(
            text=text,
            value=with_target.target,
            unit=kpi.unit,
            status=self.formatter.text(STATUSES[with_target.target_status]),
            tone=TONES.get(with_target.target_status, ""),
        )

    def legend(self) -> Iterator[str]:
        """Yield the explanation of each mark in the table."""
        states = self.states
        used = {*states.values()} if self.formatter.style.has_states else set()
        for figure in self.year.figures:
            used |= {*_marks(figure, states[figure.period])} if figure.value is not None else set()
        for mark, explanation in LEGEND.items():
            if mark in used:
                yield self.formatter.text(explanation)


def _figure_with_target(figures: Mapping[str, Figure]) -> Figure | None:
    """Return the figure with the target of a row: that of the year or the newest quarter."""
    with_target = [
        figures[period] for period in sorted(figures) if figures[period].target is not None
    ]
    return next(
        (figure for figure in with_target if not figure.quarter),
        with_target[-1] if with_target else None,
    )


def _marks(figure: Figure, state: str) -> str:
    """Return the marks of a figure that differ from the state of its column."""
    marks = SEALED if figure.is_sealed and state != IS_SEALED else ""
    if not (figure.is_sealed or figure.is_complete or state == IS_SO_FAR):
        marks += SO_FAR
    return f"{marks}{RESTATED}" if figure.is_restated else marks
