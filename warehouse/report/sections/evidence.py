"""The rows behind every figure, why others do not count, and the sum by hand."""

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
    Row,
    Table,
    plain,
)
from warehouse.report.format.names import project_title
from warehouse.report.rows_table import rows_table, short
from warehouse.report.sections.dashboard import wanted_kpis
from warehouse.report.year_table import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from warehouse.query.figures import Figure, Kpi
    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Voice
    from warehouse.report.queries.evidence import Behind, Reasoned
    from warehouse.report.queries.report_data import Findings


def evidence(found: Findings, voice: Voice) -> Iterator[Block]:
    """Show for each figure the first of its rows, and say how to see them all."""
    yield plain(
        voice.say(
            "Every figure is made of rows, each counted or left out for a reason. The first of "
            "them are here; the commands show all, with the SQL."
        )
    )
    shown = [
        kpi
        for kpi in wanted_kpis(found.kpis, voice)
        if any(one.kpi == kpi.kpi for one in found.evidence.reasons)
    ]
    yield _commands(shown, found, voice)
    yield _all_rows(shown, found, voice)
    for kpi in shown:
        quarters = (found.figure(kpi.kpi, name) for name in found.year.quarters)
        folds = [_of_figure(kpi, figure, found, voice) for figure in quarters if figure]
        if folds:
            command = Paragraph((Code(explain_command(kpi, found.period.name, found)),))
            yield Fold(
                voice.title(kpi),
                (*folds, command),
                place=kpi.kpi,
                note=_counts(kpi, found.year.figures, voice),
                is_for_pages=True,
            )


def _counts(kpi: Kpi, figures: Sequence[Figure], voice: Voice) -> str:
    """Say how many rows of the quarters count, and how many do not."""
    mine = [one for one in figures if one.kpi == kpi.kpi and one.quarter]
    counted, left_out = sum(f.n for f in mine), sum(f.left_out_count for f in mine)
    return _in_and_out(counted, left_out, voice)


def _in_and_out(counted: int, left_out: int, voice: Voice) -> str:
    number = voice.language.number
    return voice.say(
        "{counted} in, {left_out} out", counted=number(counted), left_out=number(left_out)
    )


def explain_command(kpi: Kpi, period: str, found: Findings) -> str:
    """Write the command that explains a figure."""
    scope = found.scope
    words = ["quarry", "explain", kpi.kpi, period]
    if scope.is_chosen:
        words += ["--project", scope.project]
    return shlex.join(words)


def _commands(kpis: list[Kpi], found: Findings, voice: Voice) -> Table:
    rows = (
        Row(
            (
                Cell(voice.title(kpi)),
                Cell(explain_command(kpi, found.period.name, found), is_code=True),
            )
        )
        for kpi in kpis
    )
    heads = voice.say("KPI"), voice.say("All its rows")
    return Table(
        "commands",
        voice.say("Commands that show all rows behind a figure"),
        tuple(Column(head, kind="text") for head in heads),
        tuple(rows),
        only_for="texts",
    )


def _all_rows(kpis: Sequence[Kpi], found: Findings, voice: Voice) -> Table:
    """List the rows for a workbook, counted and left out, as the warehouse holds them."""
    texts = (
        *("KPI", voice.say("Quarter"), voice.say("Project"), voice.say("Source")),
        *(voice.say("what"), voice.say("who")),
    )
    numbers = (
        *(voice.say("when ({zone})", zone="UTC"), voice.say("Numerator")),
        *(voice.say("Denominator"), voice.say("Value")),
    )
    by_name = {kpi.kpi: kpi for kpi in kpis}
    meanings = {one.reason: _meaning(one, voice) for one in found.evidence.reasons}
    return Table(
        "evidence",
        voice.say("Rows behind the figures"),
        (
            *(Column(text, kind="text") for text in texts),
            *(Column(number) for number in numbers),
            Column(voice.say("Why"), kind="text"),
        ),
        tuple(
            _row(by_name[one.kpi], one, meanings, found, voice)
            for one in found.evidence.rows
            if one.kpi in by_name
        ),
        only_for="workbook",
    )


def _row(kpi: Kpi, one: Behind, meanings: Mapping[str, str], found: Findings, voice: Voice) -> Row:
    row, project = one.row, project_title(one.project, found, voice)
    value = None if row.value is None else row.value / kpi.unit_size
    return Row(
        (
            *(Cell(text) for text in (voice.title(kpi), row.quarter, project, row.source)),
            Cell(short(row.place), address=row.place),
            Cell(row.person or ""),
            Cell("", row.happened_at, "instant"),
            Cell("", row.numerator, "count"),
            Cell("", row.denominator, "count"),
            Cell("", value, kpi.unit),
            Cell(meanings.get(row.reason, row.reason)),
        )
    )


def _of_figure(kpi: Kpi, figure: Figure, found: Findings, voice: Voice) -> Fold:
    value = voice.amounts(kpi).figure(figure.value, kpi.unit)
    counts = _in_and_out(figure.n, figure.left_out_count, voice)
    return Fold(
        voice.language.quarter(figure.period),
        tuple(_behind(kpi, figure, found, voice)),
        place=place_of(kpi.kpi, figure.period),
        note=f"{value} · {counts}",
        is_for_pages=True,
    )


def _behind(kpi: Kpi, figure: Figure, found: Findings, voice: Voice) -> Iterator[Block]:
    rows = [r for r in found.evidence.behind(kpi.kpi, figure.period) if r.reason == COUNTED]
    shown = rows[: voice.style.evidence_rows]
    if shown:
        has_sources = len({row.source for row in rows}) > 1
        yield rows_table(kpi, shown, found.zone, voice, has_sources=has_sources)
    if figure.n > len(shown):
        more = voice.language.number(figure.n - len(shown))
        yield plain(voice.say("And {more} more rows that count.", more=more))
    elif rows:
        yield plain(voice.say("By hand: {sum}", sum=recalculate(kpi, rows).text))
    out = [one for one in found.evidence.why(kpi.kpi, figure.period) if one.reason != COUNTED]
    if out:
        yield plain(voice.say("Left out:"))
        yield Bullets(
            tuple(
                Bullet((voice.language.number(one.count), ": ", _meaning(one, voice)))
                for one in out
            )
        )
    back = (" ", Jump(voice.say("Back to the dashboard"), "dashboard"))
    command = Code(explain_command(kpi, figure.period, found))
    yield Paragraph((command, *(back if voice.style.has_section("dashboard") else ())))


def _meaning(one: Reasoned, voice: Voice) -> str:
    return voice.language.pick(one.meaning, one.meaning_ko)
