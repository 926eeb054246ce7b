"""A fiscal year as a table: a row per KPI, a column per quarter, and the year."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from warehouse.report.blocks import Cell, Column, ReportTable, TableRow, Tone
from warehouse.report.charts.specs import Spark
from warehouse.report.format.language import msgid
from warehouse.report.format.restyle import MEANS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from warehouse.query.figures import Figure, Kpi, YearOfFigures
    from warehouse.report.format.style import Formatter

# Of fewer than these a ratio says little: how many it is of stands beside it.
FEW = 10
# What all figures of a column have in common; ahead is after all that anything is known of.
AHEAD, IS_SO_FAR, IS_SEALED = "ahead", "so far", "sealed"
STATES = {IS_SO_FAR: msgid("so far"), IS_SEALED: msgid("sealed")}
STATUSES = {
    "met": msgid("met"),
    "near": msgid("near"),
    "accepted": msgid("accepted"),
    "missed": msgid("missed"),
    "no_data": msgid("no data"),
}
TONES: dict[str, Tone] = {"met": "good", "near": "warning", "accepted": "warning", "missed": "bad"}
SO_FAR, SEALED, RESTATED = "°", "§", "†"
LEGEND = {
    IS_SO_FAR: msgid("so far: not all of it was looked at since it ended; it may still change."),
    IS_SEALED: msgid("sealed: these figures never change."),
    SO_FAR: msgid("° so far: not all of it was looked at since the quarter ended."),
    SEALED: msgid("§ sealed: the figure never changes."),
    RESTATED: msgid("† restated since it was sealed; quarry explain says how."),
}
# KPIs stand in hundreds of their positions.
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
    """What a table has on paper and on a page, and not in a terminal."""

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
    """Lay out the figures of some KPIs in a fiscal year."""
    made = _YearTable(year, formatter, extras)
    is_aimed = any(one.target is not None for one in year.figures)
    has_targets = is_aimed and formatter.style.has_targets
    return ReportTable(
        "dashboard",
        caption,
        tuple(made.columns(has_targets=has_targets)),
        tuple(made.rows(kpis, has_targets=has_targets)),
        tuple(made.legend()),
    )


def anchor_of(kpi: str, period: str) -> str:
    """Name the place in a report where the evidence of a figure is; of a year that of its KPI."""
    return f"{kpi}-{period}".lower() if "-Q" in period else kpi


def sample_size(kpi: Kpi, found: Figure, formatter: Formatter) -> str:
    """Say over how many rows a mean is, and a ratio where they are few."""
    few = kpi.kind == "ratio" and found.denominator is not None and found.denominator < FEW
    n = found.n if kpi.kind in MEANS else found.denominator if few else None
    return "" if n is None else f"n={formatter.language.number(n)}"


def change_tone(kpi: Kpi, change: float | None) -> Tone:
    """Tell whether a change is for the better."""
    if not change or kpi.better == "neither":
        return ""
    return "good" if (change > 0) == (kpi.better == "higher") else "bad"


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
        """Say of each quarter and of the year what all its figures have in common."""
        by_period = {
            name: [f for f in self.year.figures if f.period == name] for name in self.year.periods
        }
        last = max(name for name, figures in by_period.items() if figures and "-" in name)
        return {
            name: AHEAD if "-" in name and name > last else _state(figures)
            for name, figures in by_period.items()
        }

    def columns(self, *, has_targets: bool) -> Iterator[Column]:
        style, formatter = self.formatter.style, self.formatter
        yield Column(style.metric_title or formatter.text("KPI"), kind="text")
        if self.extras.sparks:
            yield Column(formatter.text("Trend"), kind="chart")
        for period, state in self.states.items():
            below = formatter.text(STATES[state]) if state in STATES and style.has_states else ""
            yield Column(self._column(period), below)
        if has_targets:
            yield Column(formatter.text("Target"))

    def _column(self, period: str) -> str:
        style = self.formatter.style
        name = period.partition("-")[2]
        if name:
            return (style.quarter_title or "{quarter}").format(quarter=name, year=self.name)
        return (style.year_title or self.formatter.language.year("{year}")).format(year=period)

    def rows(self, kpis: Iterable[Kpi], *, has_targets: bool) -> Iterator[TableRow]:
        groups = [
            (GROUPS.get(number, ""), list(some))
            for number, some in groupby(kpis, lambda kpi: kpi.position // 100)
        ]
        for name, some in groups:
            if self.extras.has_groups and name and len(groups) > 1:
                yield TableRow((Cell(self.formatter.text(name)),), is_group=True)
            for kpi in some:
                yield TableRow(tuple(self._cells(kpi, has_targets=has_targets)))

    def _cells(self, kpi: Kpi, *, has_targets: bool) -> Iterator[Cell]:
        found = {one.period: one for one in self.year.figures if one.kpi == kpi.kpi}
        yield Cell(self.formatter.title(kpi), is_strong=True)
        if self.extras.sparks:
            yield Cell("", plot=Spark(self.extras.sparks.get(kpi.kpi, ())))
        for period, state in self.states.items():
            aimed = _aimed(found)
            yield Cell("") if state == AHEAD else self._cell(kpi, found, period, state, aimed)
        if has_targets:
            yield self._target(kpi, _aimed(found))

    def _cell(
        self,
        kpi: Kpi,
        all_found: Mapping[str, Figure],
        period: str,
        state: str,
        aimed: Figure | None,
    ) -> Cell:
        found, is_year = all_found.get(period), period == self.name
        numbers = self.formatter.numbers(kpi, is_year=is_year)
        if found is None or found.value is None:
            return Cell(numbers.no_data, tone="quiet", is_strong=is_year)
        anchor = anchor_of(kpi.kpi, period)
        return Cell(
            f"{numbers.figure(found.value, kpi.unit)}{_marks(found, state)}",
            found.value,
            kpi.unit,
            self._change(kpi, found),
            sample_size(kpi, found, self.formatter) if self.formatter.style.has_counts else "",
            self._status(kpi, found, aimed),
            TONES.get(found.target_status or "", ""),
            change_tone(kpi, found.change),
            anchor=anchor if anchor in self.extras.anchors else "",
            is_strong=is_year,
        )

    def _change(self, kpi: Kpi, found: Figure) -> str:
        style = self.formatter.style
        is_wanted = found.quarter or style.has_year_differences
        if style.of(kpi.kpi).has_differences is False or not is_wanted:
            return ""
        return self.formatter.numbers(kpi).difference(found.change, kpi.unit, found.value)

    def _status(self, kpi: Kpi, found: Figure, aimed: Figure | None) -> str:
        """Say how a target was met; which, only where it is not that of the row."""
        if not (found.quarter and found.target_status and self.formatter.style.has_targets):
            return ""
        said = self.formatter.text(STATUSES[found.target_status])
        if aimed and aimed.target == found.target:
            return said
        return f"{said} {self.formatter.numbers(kpi).figure(found.target, kpi.unit)}"

    def _target(self, kpi: Kpi, aimed: Figure | None) -> Cell:
        if aimed is None or aimed.target_status is None:
            return Cell("")
        return Cell(
            self.formatter.numbers(kpi).figure(aimed.target, kpi.unit),
            aimed.target,
            kpi.unit,
            status=self.formatter.text(STATUSES[aimed.target_status]),
            tone=TONES.get(aimed.target_status, ""),
        )

    def legend(self) -> Iterator[str]:
        """Explain the marks that were used, and no others."""
        states = self.states
        used = {*states.values()} if self.formatter.style.has_states else set()
        for one in self.year.figures:
            used |= {*_marks(one, states[one.period])}
        for mark, said in LEGEND.items():
            if mark in used:
                yield self.formatter.text(said)


def _aimed(found: Mapping[str, Figure]) -> Figure | None:
    """Find the figure whose target stands for the row: the year's, or the newest quarter's."""
    aimed = [found[period] for period in sorted(found) if found[period].target is not None]
    return next((one for one in aimed if not one.quarter), aimed[-1] if aimed else None)


def _state(figures: Sequence[Figure]) -> str:
    if figures and all(one.is_sealed for one in figures):
        return IS_SEALED
    return IS_SO_FAR if figures and not any(one.is_complete for one in figures) else ""


def _marks(found: Figure, state: str) -> str:
    """Mark what is not said of the whole column."""
    marks = SEALED if found.is_sealed and state != IS_SEALED else ""
    if found.quarter and not (found.is_sealed or found.is_complete or state == IS_SO_FAR):
        marks += SO_FAR
    return f"{marks}{RESTATED}" if found.is_restated else marks
