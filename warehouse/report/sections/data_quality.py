"""Section on data quality: coverage, observations, contradictions, rejects, checks."""

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
from warehouse.report.format.names import source_title
from warehouse.report.format.numbers import RATIO
from warehouse.report.sections.dashboard import wanted_kpis

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.query.figures import Kpi
    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.data_quality import LedgerFinding, ReasonCount
    from warehouse.report.queries.evidence import KpiReasonCount
    from warehouse.report.queries.report_data import ReportData

DISAGREEMENTS = {
    "closed_without_event": msgid("closed, without a closing event"),
    "open_after_close_event": msgid("open, although an event closed it"),
    "repeated_state_event": msgid("closed or reopened twice in a row"),
    "closed_at_differs_from_event": msgid("closed at another time than its event"),
    "merged_without_event": msgid("merged, without a merge event"),
    "merged_event_without_field": msgid("merged by an event, but not by its field"),
    "closed_but_landed": msgid("closed by the tracker, landed by Git"),
    "merge_commit_not_on_default_branch": msgid("merge commit not on the default branch"),
    "unusable_created_at": msgid("opened before 1970 or after 2105"),
}
SUBJECTS = {"issue": msgid("issue"), "change_request": msgid("change request")}


def data_quality(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Yield coverage, observations, contradictions, rejects and checks."""
    yield from _coverage(data, formatter)
    yield from _observations(data, formatter)
    yield from _disagreements(data, formatter)
    yield from _rejects(data.data_quality.rejects, formatter)
    yield from _findings(data.data_quality.findings, formatter)
    yield from _checks(data, formatter)


def _coverage(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Yield a table of the KPIs with rows that lack the data to be counted."""
    yield Heading(formatter.text("Coverage"))
    rows = []
    for kpi in wanted_kpis(data.kpis, formatter):
        reasons = [reason for reason in data.evidence.reasons if reason.kpi == kpi.kpi]
        if any(reason.is_gap for reason in reasons):
            rows.append(_gap_row(kpi, reasons, formatter))
    if not rows:
        yield plain(formatter.text("No row lacks the data to be counted."))
        return
    heads = (
        formatter.text("Coverage"),
        formatter.text("Counted rows"),
        formatter.text("Without data"),
    )
    yield ReportTable(
        name="coverage",
        caption=formatter.text("KPIs with rows that lack the data to be counted"),
        columns=(
            Column(formatter.text("KPI"), kind="text"),
            *(Column(head) for head in heads),
            Column(formatter.text("Why"), kind="text"),
        ),
        rows=tuple(rows),
    )


def _gap_row(kpi: Kpi, reasons: Sequence[KpiReasonCount], formatter: Formatter) -> TableRow:
    counted = sum(reason.count for reason in reasons if reason.reason == COUNTED)
    gaps = Counter[str]()
    for reason in reasons:
        if reason.is_gap:
            gaps[formatter.language.pick(reason.meaning, reason.meaning_ko)] += reason.count
    missing, number = gaps.total(), formatter.language.number
    share = counted / (counted + missing)
    explanation = "; ".join(f"{meaning}: {number(count)}" for meaning, count in gaps.most_common())
    return TableRow(
        (
            Cell(text=formatter.title(kpi)),
            Cell(text=formatter.plain_numbers.figure(share, RATIO), value=share, unit=RATIO),
            Cell(text=number(counted), value=counted, unit="count"),
            Cell(text=number(missing), value=missing, unit="count"),
            Cell(text=explanation),
        )
    )


def _observations(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Yield a table of the observations of each source, with incomplete quarters."""
    yield Heading(formatter.text("Sources"))
    texts = (formatter.text("Source"),)
    heads = (
        formatter.text("First observation"),
        formatter.text("Last observation"),
        formatter.text("Incomplete quarters"),
    )
    quarters = _incomplete_quarters(data, formatter)
    instant = formatter.language.instant
    rows = (
        TableRow(
            (
                Cell(text=source_title(observation.source, formatter.language)),
                Cell(
                    text=instant(observation.first_at, data.zone),
                    value=observation.first_at,
                    unit="instant",
                ),
                Cell(
                    text=instant(observation.last_at, data.zone),
                    value=observation.last_at,
                    unit="instant",
                ),
                Cell(text=", ".join(quarters.get(observation.source, ())), tone="warning"),
            )
        )
        for observation in data.data_quality.observations
    )
    yield ReportTable(
        name="sources",
        caption=formatter.text("Observations and incomplete quarters of each source"),
        columns=(*(Column(text, kind="text") for text in texts), *(Column(head) for head in heads)),
        rows=tuple(rows),
    )


def _incomplete_quarters(data: ReportData, formatter: Formatter) -> dict[str, list[str]]:
    """Return the incomplete quarters of each source."""
    quarters: dict[str, list[str]] = {}
    for incomplete in data.data_quality.incomplete:
        suffix = "#tracker" if incomplete.source_kind == "tracker" else ""
        quarter = formatter.language.quarter(incomplete.quarter)
        quarters.setdefault(f"{incomplete.source}{suffix}", []).append(quarter)
    return quarters


def _disagreements(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    yield Heading(formatter.text("Contradictions"))
    if not data.data_quality.disagreements:
        yield plain(formatter.text("No tracker contradicts itself or Git."))
        return
    rows = (
        (
            formatter.text(SUBJECTS.get(disagreement.subject, disagreement.subject)),
            formatter.text(DISAGREEMENTS.get(disagreement.reason, disagreement.reason)),
            formatter.language.number(disagreement.count),
        )
        for disagreement in data.data_quality.disagreements
    )
    yield Bullets(
        tuple(Bullet((f"{subject}: ", f"{reason}: ", count)) for subject, reason, count in rows)
    )


def _rejects(rejects: Sequence[ReasonCount], formatter: Formatter) -> Iterator[Block]:
    if not rejects:
        return
    yield Heading(formatter.text("Rejected"))
    yield plain(formatter.text("Records that could not be read are rejected and not counted."))
    number = formatter.language.number
    yield Bullets(
        tuple(
            Bullet((f"{reject.subject}, {reject.reason}: {number(reject.count)}",))
            for reject in rejects
        )
    )


def _findings(findings: Sequence[LedgerFinding], formatter: Formatter) -> Iterator[Block]:
    if not findings:
        return
    yield Heading(formatter.text("Notes on ledgers"))
    yield plain(formatter.text("Rows and files that may not count as intended."))
    yield Bullets(tuple(Bullet((Strong(found.ledger), f": {found.finding}")) for found in findings))


def _checks(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    checks = data.data_quality.checks
    yield Heading(formatter.text("Checks"))
    yield plain(
        formatter.language.plural(
            "{count} check passed when this was built. Nothing is published if a check fails.",
            "All {count} checks passed when this was built. Nothing is published if a check fails.",
            len(checks),
        )
    )
    listed = Bullets(tuple(Bullet((Strong(c.name), f": {c.meaning}")) for c in checks))
    yield Fold(title=formatter.text("The checks"), blocks=(listed,), is_for_pages=True)
