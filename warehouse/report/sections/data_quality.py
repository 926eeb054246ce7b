"""Data quality: how complete the figures are, what is not known, and which checks held."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from warehouse.query.evidence import COUNTED
from warehouse.report.blocks import (
    Bullet,
    Bullets,
    Cell,
    Column,
    Fold,
    Heading,
    Row,
    Strong,
    Table,
    plain,
)
from warehouse.report.format.language import note
from warehouse.report.format.numbers import RATIO
from warehouse.report.sections.dashboard import wanted_kpis

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.query.figures import Kpi
    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Voice
    from warehouse.report.queries.data_quality import Counted
    from warehouse.report.queries.evidence import Reasoned
    from warehouse.report.queries.report_data import Findings

DISAGREEMENTS = {
    "closed_without_event": note("closed, but no event says so"),
    "open_after_close_event": note("open, although an event closed it"),
    "repeated_state_event": note("closed or reopened twice in a row"),
    "closed_at_differs_from_event": note("closed at another time than its event says"),
    "merged_without_event": note("merged, but no event says so"),
    "merged_event_without_field": note("merged by an event, but not by its field"),
    "merge_commit_not_on_default_branch": note("merge commit not on the default branch"),
}
THINGS = {"issue": note("issue"), "change_request": note("change request")}


def quality(found: Findings, voice: Voice) -> Iterator[Block]:
    """Say how complete the figures are, what is not known, and which checks held."""
    yield from _coverage(found, voice)
    yield from _looks(found, voice)
    yield from _disagreements(found, voice)
    yield from _rejects(found.quality.rejects, voice)
    yield from _checks(found, voice)


def _coverage(found: Findings, voice: Voice) -> Iterator[Block]:
    """Tabulate where something should have counted and too little is known."""
    yield Heading(voice.say("Coverage"))
    rows = []
    for kpi in wanted_kpis(found.kpis, voice):
        mine = [one for one in found.evidence.reasons if one.kpi == kpi.kpi]
        if any(one.is_gap for one in mine):
            rows.append(_gap_row(kpi, mine, voice))
    if not rows:
        yield plain(voice.say("Enough is known of every row that should count."))
        return
    heads = voice.say("Coverage"), voice.say("Rows that count"), voice.say("Not known")
    yield Table(
        "coverage",
        voice.say("KPIs of which some rows should count, but too little is known of them"),
        (
            Column(voice.say("KPI"), kind="text"),
            *(Column(head) for head in heads),
            Column(voice.say("Why"), kind="text"),
        ),
        tuple(rows),
    )


def _gap_row(kpi: Kpi, reasons: Sequence[Reasoned], voice: Voice) -> Row:
    counted = sum(one.count for one in reasons if one.reason == COUNTED)
    gaps = Counter[str]()
    for one in reasons:
        if one.is_gap:
            gaps[voice.language.pick(one.meaning, one.meaning_ko)] += one.count
    missing, number = gaps.total(), voice.language.number
    share = counted / (counted + missing)
    why = "; ".join(f"{meaning}: {number(count)}" for meaning, count in gaps.most_common())
    return Row(
        (
            Cell(voice.title(kpi)),
            Cell(voice.plain_amounts.figure(share, RATIO), share, RATIO),
            Cell(number(counted), counted, "count"),
            Cell(number(missing), missing, "count"),
            Cell(why),
        )
    )


def _looks(found: Findings, voice: Voice) -> Iterator[Block]:
    """Tabulate when each source was looked at, and what that leaves open."""
    yield Heading(voice.say("Sources"))
    texts = (voice.say("Source"),)
    heads = voice.say("First look"), voice.say("Last look"), voice.say("Not yet complete")
    missing: dict[str, list[str]] = {}
    for one in found.quality.incomplete:
        looked_at = f"{one.source}#tracker" if one.what == "tracker" else one.source
        missing.setdefault(looked_at, []).append(voice.language.quarter(one.quarter))
    instant = voice.language.instant
    rows = (
        Row(
            (
                Cell(look.source),
                Cell(instant(look.first_at, found.zone), look.first_at, "instant"),
                Cell(instant(look.last_at, found.zone), look.last_at, "instant"),
                Cell(", ".join(missing.get(look.source, ())), tone="warning"),
            )
        )
        for look in found.quality.looks
    )
    yield Table(
        "sources",
        voice.say("When each source was looked at, and quarters not looked at since they ended"),
        (*(Column(text, kind="text") for text in texts), *(Column(head) for head in heads)),
        tuple(rows),
    )


def _disagreements(found: Findings, voice: Voice) -> Iterator[Block]:
    yield Heading(voice.say("Contradictions"))
    if not found.quality.disagreements:
        yield plain(voice.say("No tracker contradicts itself or Git."))
        return
    yield Bullets(
        tuple(
            Bullet(
                (
                    f"{voice.say(THINGS.get(one.what, one.what))}: ",
                    f"{voice.say(DISAGREEMENTS.get(one.reason, one.reason))}: ",
                    voice.language.number(one.count),
                )
            )
            for one in found.quality.disagreements
        )
    )


def _rejects(rejects: Sequence[Counted], voice: Voice) -> Iterator[Block]:
    if not rejects:
        return
    yield Heading(voice.say("Set aside"))
    yield plain(voice.say("Records that could not be read are kept aside and count nowhere."))
    number = voice.language.number
    yield Bullets(
        tuple(Bullet((f"{one.what}, {one.reason}: {number(one.count)}",)) for one in rejects)
    )


def _checks(found: Findings, voice: Voice) -> Iterator[Block]:
    checks = found.quality.checks
    yield Heading(voice.say("Checks"))
    yield plain(
        voice.language.say_many(
            "{count} check held when this was built; had it failed, nothing would be published.",
            "All {count} checks held when this was built; had one failed, nothing would be "
            "published.",
            len(checks),
        )
    )
    listed = Bullets(tuple(Bullet((Strong(c.name), f": {c.meaning}")) for c in checks))
    yield Fold(voice.say("The checks"), (listed,), is_for_pages=True)
