"""Where the style of a house makes another figure than the default, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from warehouse.report.blocks import Cell, Column, Paragraph, Row, Table
from warehouse.report.format.language import note
from warehouse.report.format.restyle import housed
from warehouse.report.format.style import Style, Voice
from warehouse.report.sections.dashboard import wanted_kpis

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warehouse.query.figures import Figure, Kpi, YearOfFigures
    from warehouse.report.blocks import Block
    from warehouse.report.queries.report_data import Findings

REPORTED = note("Rows count in the quarters and with the values reported; by dates: {value}.")
EMPTY = note("There was nothing to measure, and that is shown as zero.")
YEAR = note("The year is the mean of its quarters as shown; over all its rows: {value}.")
YEAR_END = note("The year is the mean of its quarters as shown; as its last quarter: {value}.")
ROUNDED = note("Rounded down; to the nearest: {value}.")
SHOWN = note("Differences are those between the figures as they are shown.")


@dataclass(frozen=True)
class _Stage:
    """Figures on the way from the default to the house's, and what the last step did to them."""

    why: str
    voice: Voice
    figures: dict[tuple[str, str], Figure]

    def text(self, kpi: Kpi, period: str) -> str:
        figure = self.figures[kpi.kpi, period]
        amounts = self.voice.amounts(kpi, is_year=figure.quarter is None)
        return amounts.figure(figure.value, kpi.unit)


def beside(found: Findings, voice: Voice) -> Iterator[Block]:
    """Set each figure that the house forms otherwise beside the default's, and say why."""
    default = _stage("", found.happened, Voice(voice.language, Style()))
    stages = list(_stages(found, voice))
    rows = tuple(
        row
        for kpi in wanted_kpis(found.kpis, voice)
        for period in found.year.periods
        if (kpi.kpi, period) in default.figures
        for row in _row(kpi, period, default, stages)
    )
    if not rows:
        return
    heads = (voice.say("The house"), voice.say("By default"))
    yield Table(
        "beside",
        voice.say("Figures that the style of the house changes"),
        (
            Column(voice.say("KPI"), kind="text"),
            Column(voice.say("Period"), kind="text"),
            *(Column(head) for head in heads),
            Column(voice.say("Why"), kind="text"),
        ),
        rows,
    )
    if not voice.style.has_exact_differences:
        yield Paragraph((voice.say(SHOWN),), "quiet")


def _stages(found: Findings, voice: Voice) -> Iterator[_Stage]:
    """Go from the default to the house's style, one decision after the other."""
    house = voice.style
    own = {kpi: replace(style, year=None) for kpi, style in house.of_kpis.items()}
    plain = replace(
        house, is_rounded_down=False, empty_mean_is_zero=False, year="all_rows", of_kpis=own
    )
    emptied = replace(plain, empty_mean_is_zero=house.empty_mean_is_zero)
    averaged = replace(emptied, year=house.year, of_kpis=house.of_kpis)
    yield _stage("", found.happened, replace(voice, style=plain))
    yield _stage(REPORTED, found.year, replace(voice, style=plain))
    yield _stage(EMPTY, found.year, replace(voice, style=emptied))
    yield _stage(YEAR, found.year, replace(voice, style=averaged))
    yield _stage(ROUNDED, found.year, voice)


def _stage(why: str, year: YearOfFigures, voice: Voice) -> _Stage:
    return _Stage(why, voice, {(f.kpi, f.period): f for f in housed(year, voice).figures})


def _row(kpi: Kpi, period: str, default: _Stage, stages: list[_Stage]) -> Iterator[Row]:
    voice = stages[-1].voice
    texts = [stage.text(kpi, period) for stage in stages]
    whys = [
        voice.say(_why(stage, kpi), value=before)
        for stage, (before, after) in zip(stages[1:], pairwise(texts), strict=True)
        if before != after
    ]
    if whys:
        name = voice.language.period(period)
        cells = (voice.title(kpi), name, texts[-1], default.text(kpi, period), " ".join(whys))
        yield Row(tuple(Cell(text) for text in cells))


def _why(stage: _Stage, kpi: Kpi) -> str:
    is_end = stage.why == YEAR and kpi.span == "quarter_end"
    return YEAR_END if is_end else stage.why
