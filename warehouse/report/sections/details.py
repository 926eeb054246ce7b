"""Section on KPI calculations: lines per KPI and quarter."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from warehouse.query.evidence import COUNTED
from warehouse.report.blocks import Bullet, Bullets, Heading, Strong
from warehouse.report.format.language import msgid
from warehouse.report.format.names import part_title
from warehouse.report.format.numbers import RATIO, SECONDS
from warehouse.report.format.restyle import MEANS
from warehouse.report.rows_table import short_hash
from warehouse.report.sections.dashboard import wanted_kpis
from warehouse.report.styled import styled_year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warehouse.query.evidence import EvidenceRow
    from warehouse.query.figures import Figure, Kpi
    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Formatter, Lines
    from warehouse.report.queries.breakdowns import PartFigure
    from warehouse.report.queries.report_data import ReportData

OF_RATIO = msgid("{numerator}/{denominator} = {value}")
OF_PART = msgid("{project}: {numerator}/{denominator} = {value}")
WITHOUT_TIMES = msgid("{hours} h, without recorded times")
RANGE = msgid("Range: {min} to {max}, n={n}")


def details(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Yield the calculation of each KPI by quarter."""
    year = styled_year(data.year, data.targets, formatter)
    for quarter in data.year.quarters:
        of_quarter = {figure.kpi: figure for figure in year.figures if figure.period == quarter}
        kpis = [kpi for kpi in wanted_kpis(data.kpis, formatter) if kpi.kpi in of_quarter]
        items = tuple(
            _Calculation(kpi, of_quarter[kpi.kpi], data, formatter).bullet
            for kpi in kpis
            if of_quarter[kpi.kpi].value is not None or formatter.style.kpis
        )
        if items:
            yield Heading(_heading(quarter, data, formatter))
            yield Bullets(items)


def _heading(quarter: str, data: ReportData, formatter: Formatter) -> str:
    style, language = formatter.style, formatter.language
    custom = formatter.custom(style.quarter_heading, style.quarter_heading_ko)
    return (custom or formatter.text("{quarter} performance")).format(
        period=language.quarter(quarter),
        quarter=language.short_period(quarter),
        year=data.period.fiscal_year,
    )


class _Calculation:
    """The calculation of a figure of a quarter, in lines."""

    def __init__(self, kpi: Kpi, figure: Figure, data: ReportData, formatter: Formatter) -> None:
        self.kpi, self.figure, self.data, self.formatter = kpi, figure, data, formatter

    @property
    def lines(self) -> Lines:
        return self.formatter.lines(self.kpi)

    @property
    def bullet(self) -> Bullet:
        quarter = self.figure.period
        notes = self.lines.notes.get(quarter) or self.lines.notes.get(quarter[5:], ())
        children = (*self._of_parts(), *self._of_rows(), *self._others(), *notes)
        return Bullet(
            (Strong(self._title()), f": {self._headline()}"),
            tuple(Bullet((line,)) for line in children),
        )

    def _title(self) -> str:
        return self._written(self.lines.title or "{title}")

    def _headline(self) -> str:
        is_empty = not self.figure.n and self.kpi.kind in {RATIO, *MEANS}
        if is_empty or (self.lines.empty and not self.figure.n):
            return self._written(self.lines.empty or "{value}")
        default = self.formatter.text(OF_RATIO) if self.kpi.kind == RATIO else "{value}"
        return self._written(self.lines.headline or default)

    def _of_parts(self) -> Iterator[str]:
        default = self.formatter.text(OF_PART) if self.kpi.kind == RATIO else None
        line = self.lines.project or default
        for part in self.data.parts:
            is_mine = (part.kpi, part.period) == (self.kpi.kpi, self.figure.period)
            if line and is_mine and part.value is not None and part.n:
                yield line.format(**self._values_of_part(part))

    def _of_rows(self) -> Iterator[str]:
        timed, untimed = self.lines.row, self.lines.untimed_row
        for row in self.data.evidence.rows_of(self.kpi.kpi, self.figure.period) if timed else ():
            if timed and row.reason == COUNTED:
                line = timed if row.happened_at else untimed or self.formatter.text(WITHOUT_TIMES)
                yield line.format(**self._values(), **self._values_of_row(row))

    def _others(self) -> Iterator[str]:
        """Yield the custom lines; by default the range of several durations."""
        is_spread = self.kpi.unit in SECONDS and not self.lines.row
        has_range = is_spread and self.figure.min_value is not None and self.figure.n > 1
        default = (self.formatter.text(RANGE),) if has_range else ()
        for line in (self.lines.others or default) if self.figure.n else ():
            yield self._written(line)

    def _written(self, line: str) -> str:
        return line.format(**self._values())

    def _values(self) -> dict[str, str]:
        """Return the values of all names in a line."""
        figure, kpi = self.figure, self.kpi
        numbers = self.formatter.numbers(kpi)
        total = None if kpi.kind != "mean" or figure.value is None else figure.value * figure.n
        values = {
            "value": figure.value,
            "min": figure.min_value,
            "max": figure.max_value,
            "median": figure.median_value,
            "total": total,
        }
        counts = {"n": figure.n, "numerator": figure.numerator, "denominator": figure.denominator}
        return {
            **{name: numbers.figure(value, kpi.unit) for name, value in values.items()},
            **{name: numbers.count(value) for name, value in counts.items()},
            "title": self.formatter.title(kpi),
            "quarter": self.formatter.language.short_period(figure.period),
            "year": str(self.data.period.fiscal_year),
        }

    def _values_of_part(self, part: PartFigure) -> dict[str, str]:
        numbers = self.formatter.numbers(self.kpi)
        return self._values() | {
            "project": part_title(part, self.formatter),
            "value": numbers.figure(part.value, self.kpi.unit),
            "min": numbers.figure(part.min_value, self.kpi.unit),
            "max": numbers.figure(part.max_value, self.kpi.unit),
            "n": numbers.count(part.n),
            "numerator": numbers.count(part.numerator),
            "denominator": numbers.count(part.denominator),
        }

    def _values_of_row(self, row: EvidenceRow) -> dict[str, str]:
        start = end = hours = ""
        if row.value is not None:
            hours = self.formatter.language.number(round(Decimal(row.value) / 3600, 2))
        if row.happened_at:
            end = self.formatter.language.instant(row.happened_at, self.data.zone)
        if row.happened_at and row.value is not None:
            started_at = row.happened_at - timedelta(seconds=row.value)
            start = self.formatter.language.instant(started_at, self.data.zone)
            # On the same day the time is enough.
            day = start.partition(" ")[0]
            end = end.removeprefix(f"{day} ")
        return {
            "what": short_hash(row.place),
            "who": row.person or "",
            "began": start,
            "ended": end,
            "hours": hours,
        }
