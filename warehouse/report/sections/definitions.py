"""What each KPI means, in which version, and in which direction it may mislead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.report.blocks import Code, Fold, Terms
from warehouse.report.format.language import note
from warehouse.report.format.numbers import RATIO
from warehouse.report.rows_table import unit_name
from warehouse.report.sections.dashboard import wanted_kpis

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warehouse.query.figures import Kpi
    from warehouse.report.blocks import Block, Span
    from warehouse.report.format.style import Voice
    from warehouse.report.queries.report_data import Findings

KINDS = {
    "count": note("how many rows"),
    "sum": note("sum over the rows"),
    "distinct": note("how many different ones"),
    "ratio": note("share"),
    "mean": note("mean"),
    "median": note("median"),
    "longest": note("longest"),
    "half": note("how few make half of all"),
}
BETTER = {
    "higher": note("higher is better"),
    "lower": note("lower is better"),
    "neither": note("neither way is better"),
}


def definitions(found: Findings, voice: Voice) -> Iterator[Block]:
    """Define every KPI that the report may show."""
    known = {one.kpi for one in found.year.figures}
    for kpi in wanted_kpis(found.kpis, voice):
        if kpi.kpi in known:
            other = voice.language.pick(kpi.title_ko, kpi.title)
            version = voice.say("version {number}", number=kpi.version)
            yield Fold(voice.title(kpi), (_terms(kpi, voice),), note=f"{other} · {version}")


def _terms(kpi: Kpi, voice: Voice) -> Terms:
    kind = voice.say(KINDS[kpi.kind])
    if kpi.unit != RATIO:
        kind = voice.say("{kind}, in {unit}", kind=kind, unit=unit_name(kpi.unit, voice))
    items: list[tuple[str, tuple[Span, ...]]] = [
        (voice.say("Question"), (voice.say(kpi.answers),)),
        (voice.say("Judgement"), (_said(kpi.judgement, voice),)),
        (voice.say("Bias"), (_said(kpi.known_bias, voice),)),
        (voice.say("Kind"), (f"{kind}; {_span(kpi, voice)}; {voice.say(BETTER[kpi.better])}",)),
        (voice.say("Version"), (f"{kpi.version}, ", Code(kpi.definition_hash))),
        (voice.say("Its SQL and rows"), (Code(f"quarry explain {kpi.kpi}"),)),
    ]
    return Terms(tuple((name, spans) for name, spans in items if any(spans)))


def _said(text: str, voice: Voice) -> str:
    """Say a text of the KPI's own; for an empty one a catalogue would say its head."""
    return voice.say(text) if text else ""


def _span(kpi: Kpi, voice: Voice) -> str:
    if kpi.span == "quarter_end":
        return voice.say("at the end of a quarter")
    return voice.say("over a quarter")
