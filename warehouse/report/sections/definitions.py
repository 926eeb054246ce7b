"""Section on KPI definitions: question, judgement, bias and version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.report.blocks import Code, Fold, Terms
from warehouse.report.format.language import msgid
from warehouse.report.format.numbers import RATIO
from warehouse.report.sections.dashboard import wanted_kpis

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warehouse.query.figures import Kpi
    from warehouse.report.blocks import Block, Span
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.report_data import ReportData

KINDS = {
    "count": msgid("number of rows"),
    "sum": msgid("sum over the rows"),
    "distinct": msgid("number of different values"),
    "ratio": msgid("share"),
    "mean": msgid("mean"),
    "median": msgid("median"),
    "longest": msgid("longest"),
    "half": msgid("smallest number that makes half of all"),
}
BETTER = {
    "higher": msgid("higher is better"),
    "lower": msgid("lower is better"),
    "neither": msgid("neither direction is better"),
}


def definitions(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Yield the definition of every KPI of the report."""
    reported = {figure.kpi for figure in data.year.figures}
    for kpi in wanted_kpis(data.kpis, formatter):
        if kpi.kpi in reported:
            shown = formatter.language.pick(kpi.title, kpi.title_ko)
            others = [title for title in kpi.titles if title != shown]
            version = formatter.text("version {number}", number=kpi.version)
            yield Fold(
                title=formatter.title(kpi),
                blocks=(_terms(kpi, formatter),),
                note=" · ".join((*others, version)),
            )


def _terms(kpi: Kpi, formatter: Formatter) -> Terms:
    kind = formatter.text(KINDS[kpi.kind])
    if kpi.unit != RATIO:
        kind = formatter.text("{kind}, in {unit}", kind=kind, unit=formatter.text(kpi.unit))
    items: list[tuple[str, tuple[Span, ...]]] = [
        (formatter.text("Question"), (formatter.text(kpi.answers),)),
        (formatter.text("Judgement"), (_translated(kpi.judgement, formatter),)),
        (formatter.text("Bias"), (_translated(kpi.known_bias, formatter),)),
        (
            formatter.text("Kind"),
            (f"{kind}; {_span(kpi, formatter)}; {formatter.text(BETTER[kpi.better])}",),
        ),
        (formatter.text("Version"), (f"{kpi.version}, ", Code(kpi.definition_hash))),
        (formatter.text("SQL and rows"), (Code(f"quarry explain {kpi.kpi}"),)),
    ]
    return Terms(tuple((name, spans) for name, spans in items if any(spans)))


def _translated(text: str, formatter: Formatter) -> str:
    """Return a translated text; gettext translates an empty one to the catalogue header."""
    return formatter.text(text) if text else ""


def _span(kpi: Kpi, formatter: Formatter) -> str:
    if kpi.span == "quarter_end":
        return formatter.text("at the end of a quarter")
    return formatter.text("over a quarter")
