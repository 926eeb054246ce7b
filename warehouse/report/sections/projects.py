"""Each project of all, or each repository of one: figures, and the fractions behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.query.scope import ALL
from warehouse.report.blocks import Cell, Column, Fold, Heading, Row, Table
from warehouse.report.format.names import short
from warehouse.report.format.numbers import RATIO
from warehouse.report.format.restyle import MEANS
from warehouse.report.sections.dashboard import wanted_kpis
from warehouse.report.sections.project_facts import active, described

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.query.figures import Kpi
    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Voice
    from warehouse.report.queries.breakdowns import Part
    from warehouse.report.queries.report_data import Findings


def projects(found: Findings, voice: Voice) -> Iterator[Block]:
    """Describe the projects, then tabulate each part's shares, and its means with their n."""
    blocks = [*described(found, voice), *active(found, voice)]
    yield from blocks
    if len({one.part for one in found.parts}) <= 1:
        return
    kpis = wanted_kpis(found.kpis, voice)
    shares = _table(voice.say("Shares"), [k for k in kpis if k.kind == RATIO], found, voice)
    means = _table(
        voice.say("Means and medians"), [k for k in kpis if k.kind in MEANS], found, voice
    )
    if shares.rows:
        yield from (Heading(_whose(found, voice)),) if blocks else ()
        yield shares
    if means.rows:
        yield Fold(means.caption, (means,))


def _whose(found: Findings, voice: Voice) -> str:
    if found.scope.project == ALL:
        return voice.say("Figures of each project")
    return voice.say("Figures of each repository")


def _table(caption: str, kpis: Sequence[Kpi], found: Findings, voice: Voice) -> Table:
    periods = found.year.periods
    columns = (Column(voice.say("KPI"), kind="text"), *(Column(short(p)) for p in periods))
    rows = (row for kpi in kpis for row in _rows(kpi, found.parts, periods, voice))
    return Table("parts", caption, columns, tuple(rows))


def _rows(kpi: Kpi, parts: Sequence[Part], periods: Sequence[str], voice: Voice) -> Iterator[Row]:
    """List the parts of which a KPI knows something, under its name."""
    mine = [one for one in parts if one.kpi == kpi.kpi]
    by_place = {(one.part, one.period): one for one in mine}
    known = dict.fromkeys(one.part for one in mine if one.value is not None)
    names = {one.part: voice.language.pick(one.title, one.title_ko) for one in mine}
    if known:
        yield Row((Cell(voice.title(kpi)),), is_group=True)
    for part in known:
        cells = (_cell(kpi, by_place.get((part, period)), voice) for period in periods)
        yield Row((Cell(names[part]), *cells))


def _cell(kpi: Kpi, part: Part | None, voice: Voice) -> Cell:
    amounts = voice.amounts(kpi)
    if part is None or part.value is None:
        return Cell(amounts.no_data, tone="quiet")
    return Cell(
        amounts.figure(part.value, kpi.unit), part.value, kpi.unit, note=_over(kpi, part, voice)
    )


def _over(kpi: Kpi, part: Part, voice: Voice) -> str:
    if kpi.kind == RATIO:
        return f"{part.numerator}/{part.denominator}"
    return f"n={voice.language.number(part.n)}"
