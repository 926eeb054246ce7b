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
    ReportTable,
    Strong,
    TableRow,
    plain,
)
from warehouse.report.format.language import msgid
from warehouse.report.format.numbers import RATIO
from warehouse.report.sections.dashboard import wanted_kpis

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.query.figures import Kpi
    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.data_quality import ReasonCount
    from warehouse.report.queries.evidence import KpiReasonCount
    from warehouse.report.queries.report_data import ReportData

DISAGREEMENTS = {
    "closed_without_event": msgid("closed, but no event says so"),
    "open_after_close_event": msgid("open, although an event closed it"),
    "repeated_state_event": msgid("closed or reopened twice in a row"),
    "closed_at_differs_from_event": msgid("closed at another time than its event says"),
    "merged_without_event": msgid("merged, but no event says so"),
    "merged_event_without_field": msgid("merged by an event, but not by its field"),
    "merge_commit_not_on_default_branch": msgid("merge commit not on the default branch"),
}
THINGS = {"issue": msgid("issue"), "change_request": msgid("change request")}


def data_quality(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Say how complete the figures are, what is not known, and which checks held."""
    yield from _coverage(data, formatter)
    yield from _looks(data, formatter)
    yield from _disagreements(data, formatter)
    yield from _rejects(data.data_quality.rejects, formatter)
    yield from _checks(data, formatter)


def _coverage(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Tabulate where something should have counted and too little is known."""
    yield Heading(formatter.text("Coverage"))
    rows = []
    for kpi in wanted_kpis(data.kpis, formatter):
        mine = [one for one in data.evidence.reasons if one.kpi == kpi.kpi]
        if any(one.is_gap for one in mine):
            rows.append(_gap_row(kpi, mine, formatter))
    if not rows:
        yield plain(formatter.text("Enough is known of every row that should count."))
        return
    heads = (
        formatter.text("Coverage"),
        formatter.text("Rows that count"),
        formatter.text("Not known"),
    )
    yield ReportTable(
        "coverage",
        formatter.text("KPIs of which some rows should count, but too little is known of them"),
        (
            Column(formatter.text("KPI"), kind="text"),
            *(Column(head) for head in heads),
            Column(formatter.text("Why"), kind="text"),
        ),
        tuple(rows),
    )


def _gap_row(kpi: Kpi, reasons: Sequence[KpiReasonCount], formatter: Formatter) -> TableRow:
    counted = sum(one.count for one in reasons if one.reason == COUNTED)
    gaps = Counter[str]()
    for one in reasons:
        if one.is_gap:
            gaps[formatter.language.pick(one.meaning, one.meaning_ko)] += one.count
    missing, number = gaps.total(), formatter.language.number
    share = counted / (counted + missing)
    why = "; ".join(f"{meaning}: {number(count)}" for meaning, count in gaps.most_common())
    return TableRow(
        (
            Cell(formatter.title(kpi)),
            Cell(formatter.plain_numbers.figure(share, RATIO), share, RATIO),
            Cell(number(counted), counted, "count"),
            Cell(number(missing), missing, "count"),
            Cell(why),
        )
    )


def _looks(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Tabulate when each source was looked at, and what that leaves open."""
    yield Heading(formatter.text("Sources"))
    texts = (formatter.text("Source"),)
    heads = (
        formatter.text("First look"),
        formatter.text("Last look"),
        formatter.text("Not yet complete"),
    )
    missing: dict[str, list[str]] = {}
    for one in data.data_quality.incomplete:
        looked_at = f"{one.source}#tracker" if one.what == "tracker" else one.source
        missing.setdefault(looked_at, []).append(formatter.language.quarter(one.quarter))
    instant = formatter.language.instant
    rows = (
        TableRow(
            (
                Cell(look.source),
                Cell(instant(look.first_at, data.zone), look.first_at, "instant"),
                Cell(instant(look.last_at, data.zone), look.last_at, "instant"),
                Cell(", ".join(missing.get(look.source, ())), tone="warning"),
            )
        )
        for look in data.data_quality.looks
    )
    yield ReportTable(
        "sources",
        formatter.text(
            "When each source was looked at, and quarters not looked at since they ended"
        ),
        (*(Column(text, kind="text") for text in texts), *(Column(head) for head in heads)),
        tuple(rows),
    )


def _disagreements(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    yield Heading(formatter.text("Contradictions"))
    if not data.data_quality.disagreements:
        yield plain(formatter.text("No tracker contradicts itself or Git."))
        return
    yield Bullets(
        tuple(
            Bullet(
                (
                    f"{formatter.text(THINGS.get(one.what, one.what))}: ",
                    f"{formatter.text(DISAGREEMENTS.get(one.reason, one.reason))}: ",
                    formatter.language.number(one.count),
                )
            )
            for one in data.data_quality.disagreements
        )
    )


def _rejects(rejects: Sequence[ReasonCount], formatter: Formatter) -> Iterator[Block]:
    if not rejects:
        return
    yield Heading(formatter.text("Set aside"))
    yield plain(formatter.text("Records that could not be read are kept aside and count nowhere."))
    number = formatter.language.number
    yield Bullets(
        tuple(Bullet((f"{one.what}, {one.reason}: {number(one.count)}",)) for one in rejects)
    )


def _checks(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    checks = data.data_quality.checks
    yield Heading(formatter.text("Checks"))
    yield plain(
        formatter.language.plural(
            "{count} check held when this was built; had it failed, nothing would be published.",
            "All {count} checks held when this was built; had one failed, nothing would be "
            "published.",
            len(checks),
        )
    )
    listed = Bullets(tuple(Bullet((Strong(c.name), f": {c.meaning}")) for c in checks))
    yield Fold(formatter.text("The checks"), (listed,), is_for_pages=True)
