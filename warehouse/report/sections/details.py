"""Each KPI of each quarter worked out in lines, as people write them in reports by hand."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from warehouse.query.evidence import COUNTED
from warehouse.report.blocks import Bullet, Bullets, Heading, Strong
from warehouse.report.format.language import note
from warehouse.report.format.names import short
from warehouse.report.format.numbers import RATIO, SECONDS
from warehouse.report.format.restyle import MEANS, housed
from warehouse.report.rows_table import short as short_place
from warehouse.report.sections.dashboard import wanted_kpis

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warehouse.query.evidence import EvidenceRow
    from warehouse.query.figures import Figure, Kpi
    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Lines, Voice
    from warehouse.report.queries.breakdowns import Part
    from warehouse.report.queries.report_data import Findings

OF_RATIO = note("{numerator}/{denominator} = {value}")
OF_PART = note("{project}: {numerator}/{denominator} = {value}")
WITHOUT_TIMES = note("{hours} h, of which no times are told")
RANGE = note("Range: {min} to {max}, n={n}")


def details(found: Findings, voice: Voice) -> Iterator[Block]:
    """Work out what is known of each KPI, quarter by quarter."""
    year = housed(found.year, voice)
    for quarter in found.year.quarters:
        of_quarter = {one.kpi: one for one in year.figures if one.period == quarter}
        kpis = [kpi for kpi in wanted_kpis(found.kpis, voice) if kpi.kpi in of_quarter]
        items = tuple(
            _Worked(kpi, of_quarter[kpi.kpi], found, voice).bullet
            for kpi in kpis
            if of_quarter[kpi.kpi].value is not None or voice.style.kpis
        )
        if items:
            names = {"quarter": short(quarter), "year": found.period.fiscal_year}
            own = voice.style.quarter_heading or voice.say("{quarter} performance")
            yield Heading(own.format(period=voice.language.quarter(quarter), **names))
            yield Bullets(items)


class _Worked:
    """A figure of a quarter, and the lines that lead to it."""

    def __init__(self, kpi: Kpi, figure: Figure, found: Findings, voice: Voice) -> None:
        self.kpi, self.figure, self.found, self.voice = kpi, figure, found, voice

    @property
    def lines(self) -> Lines:
        return self.voice.style.of(self.kpi.kpi).details

    @property
    def bullet(self) -> Bullet:
        quarter = self.figure.period
        notes = self.lines.notes.get(quarter) or self.lines.notes.get(short(quarter), ())
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
        usual = self.voice.say(OF_RATIO) if self.kpi.kind == RATIO else "{value}"
        return self._written(self.lines.headline or usual)

    def _of_parts(self) -> Iterator[str]:
        usual = self.voice.say(OF_PART) if self.kpi.kind == RATIO else None
        line = self.lines.project or usual
        for part in self.found.parts:
            is_mine = (part.kpi, part.period) == (self.kpi.kpi, self.figure.period)
            if line and is_mine and part.value is not None and part.n:
                yield line.format(**self._values_of_part(part))

    def _of_rows(self) -> Iterator[str]:
        timed, untimed = self.lines.row, self.lines.untimed_row
        for row in self.found.evidence.behind(self.kpi.kpi, self.figure.period) if timed else ():
            if timed and row.reason == COUNTED:
                line = timed if row.happened_at else untimed or self.voice.say(WITHOUT_TIMES)
                yield line.format(**self._values(), **self._values_of_row(row))

    def _others(self) -> Iterator[str]:
        """Write the lines of the house; by default between what several durations are."""
        is_spread = self.kpi.unit in SECONDS and not self.lines.row
        has_range = is_spread and self.figure.min_value is not None and self.figure.n > 1
        usual = (self.voice.say(RANGE),) if has_range else ()
        for line in (self.lines.others or usual) if self.figure.n else ():
            yield self._written(line)

    def _written(self, line: str) -> str:
        return line.format(**self._values())

    def _values(self) -> dict[str, str]:
        """Write all that a line may name."""
        figure, kpi = self.figure, self.kpi
        amounts = self.voice.amounts(kpi)
        total = None if kpi.kind != "mean" or figure.value is None else figure.value * figure.n
        named = {
            "value": figure.value,
            "min": figure.min_value,
            "max": figure.max_value,
            "median": figure.median_value,
            "total": total,
        }
        counts = {"n": figure.n, "numerator": figure.numerator, "denominator": figure.denominator}
        return {
            **{name: amounts.figure(value, kpi.unit) for name, value in named.items()},
            **{name: amounts.count(value) for name, value in counts.items()},
            "title": self.voice.title(kpi),
            "quarter": short(figure.period),
            "year": str(self.found.period.fiscal_year),
        }

    def _values_of_part(self, part: Part) -> dict[str, str]:
        amounts = self.voice.amounts(self.kpi)
        return self._values() | {
            "project": self.voice.language.pick(part.title, part.title_ko),
            "value": amounts.figure(part.value, self.kpi.unit),
            "min": amounts.figure(part.min_value, self.kpi.unit),
            "max": amounts.figure(part.max_value, self.kpi.unit),
            "n": amounts.count(part.n),
            "numerator": amounts.count(part.numerator),
            "denominator": amounts.count(part.denominator),
        }

    def _values_of_row(self, row: EvidenceRow) -> dict[str, str]:
        began = ended = hours = ""
        if row.value is not None:
            hours = self.voice.language.number(round(Decimal(row.value) / 3600, 2))
        if row.happened_at:
            ended = self.voice.language.instant(row.happened_at, self.found.zone)
        if row.happened_at and row.value is not None:
            begun = row.happened_at - timedelta(seconds=row.value)
            began = self.voice.language.instant(begun, self.found.zone)
            # Of the same day the clock is enough.
            day = began.partition(" ")[0]
            ended = ended.removeprefix(f"{day} ")
        return {
            "what": short_place(row.place),
            "who": row.person or "",
            "began": began,
            "ended": ended,
            "hours": hours,
        }
