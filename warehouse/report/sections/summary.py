"""What a reader should know first: what changed most, how targets stand, what may still change."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.query.scope import ALL
from warehouse.report.blocks import Bullet, Bullets, Columns, Heading, Jump, Strong, plain
from warehouse.report.format.restyle import housed
from warehouse.report.sections.dashboard import wanted_kpis
from warehouse.report.year_table import STATUSES, change_tone, count_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.query.figures import Figure, Kpi
    from warehouse.report.blocks import Block, Tone
    from warehouse.report.format.style import Voice
    from warehouse.report.queries.breakdowns import Targeted
    from warehouse.report.queries.report_data import Findings

SENTENCES = 4
# Adding up counts says nothing where a quarter is not over.
TOTALS = ("count", "sum", "distinct", "half")
# Changes over fewer rows count for less: over so many, half.
HALF_WEIGHT = 4


@dataclass(frozen=True)
class _Change:
    kpi: Kpi
    figure: Figure
    before: float
    weight: float

    @property
    def difference(self) -> float:
        return (self.figure.value or 0.0) - self.before

    @property
    def tone(self) -> Tone:
        return change_tone(self.kpi, self.difference)


def summary(found: Findings, voice: Voice) -> Iterator[Block]:
    """Say in plain sentences, from figures alone, what changed most, and what to know of them."""
    is_of_year = found.period.quarter is None and _is_over(found)
    period = str(found.period.fiscal_year) if is_of_year else found.focus
    changes = sorted(_changes(found, period, voice), key=lambda one: (-one.weight, one.kpi.kpi))
    said = {
        "good": voice.say("Better"),
        "bad": voice.say("Worse"),
        "": voice.say("Also changed"),
    }
    yield Heading(_heading(period, voice, is_of_year=is_of_year))
    by_tone = {tone: [c for c in changes if c.tone == tone][:SENTENCES] for tone in said}
    columns = [
        (said[tone], (Bullets(tuple(_sentence(one, voice) for one in some)),))
        for tone, some in by_tone.items()
        if some
    ]
    if columns:
        yield Columns(tuple(columns))
    else:
        yield plain(voice.say("Nothing changed that can be compared."))
    yield Heading(voice.say("To know"))
    yield Bullets(tuple(_to_know(found, voice)))


def _is_over(found: Findings) -> bool:
    of_year = [f for f in found.year.figures if not f.quarter]
    return bool(of_year) and any(one.is_complete for one in of_year)


def _heading(period: str, voice: Voice, *, is_of_year: bool) -> str:
    named = voice.language.period(period)
    if is_of_year:
        return voice.say("{period} beside the year before", period=named)
    return voice.say("{period} beside the quarter before", period=named)


def _changes(found: Findings, period: str, voice: Voice) -> Iterator[_Change]:
    by_name = {kpi.kpi: kpi for kpi in wanted_kpis(found.kpis, voice)}
    for figure in housed(found.year, voice).figures:
        kpi = by_name.get(figure.kpi)
        if kpi is None:
            continue
        before = figure.quarter_before_value if figure.quarter else figure.year_before_value
        is_there = figure.period == period and figure.value is not None and before is not None
        is_whole = figure.is_complete or figure.is_sealed or kpi.kind not in TOTALS
        if is_there and is_whole and before != figure.value:
            yield _Change(kpi, figure, before or 0.0, _weight(kpi, figure, before or 0.0))


def _weight(kpi: Kpi, figure: Figure, before: float) -> float:
    """Weigh a change: shares by their points, others by how many times; few rows weigh less."""
    value, n = figure.value or 0.0, figure.denominator or figure.n
    if kpi.unit == "ratio":
        size = abs(value - before) * 2
    else:
        size = min(abs(math.log((value + 0.5) / (before + 0.5))), 3.0)
    return size * n / (n + HALF_WEIGHT)


def _sentence(one: _Change, voice: Voice) -> Bullet:
    amounts = voice.amounts(one.kpi)
    message = voice.say("rose from {before} to {after}")
    if one.difference < 0:
        message = voice.say("fell from {before} to {after}")
    told = message.format(
        before=amounts.figure(one.before, one.kpi.unit),
        after=amounts.figure(one.figure.value, one.kpi.unit),
    )
    more = [_by(one, voice).replace("-", "\N{MINUS SIGN}"), count_of(one.kpi, one.figure, voice)]
    title = Strong(voice.title(one.kpi))
    return Bullet((title, f" {told} ({', '.join(filter(None, more))})."), tone=one.tone)


def _by(one: _Change, voice: Voice) -> str:
    """Say how much: shares in points, others in percent where that can be said."""
    amounts = voice.amounts(one.kpi)
    if one.kpi.unit == "ratio" or not one.before:
        return amounts.difference(one.difference, one.kpi.unit, one.figure.value)
    return voice.plain_amounts.percent_change(one.difference / one.before)


def _to_know(found: Findings, voice: Voice) -> Iterator[Bullet]:
    yield from _targets([t for t in found.targets if t.period == found.period.name], found, voice)
    sealed = [q for q in found.year.quarters if _is_sealed(found, q)]
    restated = {one.told.quarter for one in found.evidence.restatements} & set(found.year.quarters)
    if sealed:
        names = ", ".join(map(voice.language.quarter, sealed))
        yield Bullet((voice.say("Sealed, and final: {names}.", names=names),))
    if restated:
        names = ", ".join(map(voice.language.quarter, sorted(restated)))
        said = voice.say("Restated since they were sealed: {names}.", names=names)
        is_there = voice.style.has_section("restatements")
        yield Bullet((Jump(said, "restatements") if is_there else said,), tone="warning")
    yield _completeness(found, voice)


def _targets(aims: Sequence[Targeted], found: Findings, voice: Voice) -> Iterator[Bullet]:
    titles = {kpi.kpi: voice.title(kpi) for kpi in wanted_kpis(found.kpis, voice)}
    aims = [one for one in aims if one.kpi in titles]
    if not aims:
        return
    met = sum(one.status == "met" for one in aims)
    said = voice.say("Targets met: {met} of {all}.", met=met, all=len(aims))
    others = [one for one in aims if one.status not in {"met", "no_data"}]
    listed = ", ".join(
        f"{_of_whom(titles[one.kpi], one, voice)} ({voice.say(STATUSES[one.status])})"
        for one in others
    )
    rest = voice.say("Not met: {names}.", names=listed) if others else ""
    yield Bullet((" ".join(filter(None, (said, rest))),), tone="warning" if others else "good")


def _of_whom(title: str, one: Targeted, voice: Voice) -> str:
    if one.project == ALL:
        return title
    whose = voice.language.pick(one.title, one.title_ko)
    return voice.say("{kpi} of {project}", kpi=title, project=whose)


def _is_sealed(found: Findings, quarter: str) -> bool:
    figures = [one for one in found.year.figures if one.period == quarter]
    return bool(figures) and all(one.is_sealed for one in figures)


def _completeness(found: Findings, voice: Voice) -> Bullet:
    missing = found.quality.incomplete
    if not missing:
        return Bullet((voice.say("Every source was looked at after the last quarter ended."),))
    sources = ", ".join(sorted({one.source for one in missing}))
    said = voice.say(
        "Not looked at since the last quarter ended, so it may still change: {names}.",
        names=sources,
    )
    return Bullet((said,), tone="warning")
