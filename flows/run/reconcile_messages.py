"""Messages about the figures of a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.reconcile.findings import State
from warehouse.report.format.language import msgid

if TYPE_CHECKING:
    from warehouse.reconcile.findings import FigureResult
    from warehouse.report.format.language import Language

# The reason of the right figure, by the rule that computed it.
WHY = {
    "remaining": msgid("{working}: no more can remain"),
    "quarter": msgid("it ended on {working}"),
    "trend": msgid("the end of the series, {working}"),
    "transfer": msgid("{working}: no transfer is faster"),
    "range": msgid("its range is {working}"),
    "items": msgid("as many are listed"),
    "repeated": msgid("line {working}"),
    "warehouse": msgid("the warehouse: {working}"),
}
ROUNDING = {
    "down": msgid("rounded down"),
    "nearest": msgid("rounded"),
    "both": msgid("rounded"),
    "parts": msgid("calculated from rounded figures"),
    "bound": msgid("marked as approximate"),
}
STATES = {
    State.CONTRADICTS: msgid("contradicts"),
    State.DIFFERS: msgid("differs"),
    State.ROUNDING: msgid("rounding"),
    State.AGREES: msgid("agrees"),
    State.NOT_CHECKED: msgid("not checked"),
}
# The states counted, in this order.
COUNTED = {
    State.CONTRADICTS: msgid("{count} contradicting"),
    State.DIFFERS: msgid("{count} differing from the warehouse"),
    State.AGREES: msgid("{count} agreeing"),
    State.ROUNDING: msgid("{count} explained by rounding"),
    State.NOT_CHECKED: msgid("{count} not understood"),
}
ROUNDS = {
    "down": msgid("All rounded figures are rounded down: lines {lines}."),
    "mixed": msgid("Some figures are rounded to the nearest, others down: lines {lines}."),
}


def why(result: FigureResult, language: Language) -> str:
    """Write the reason of the right figure, or what explains the difference."""
    kpi = f"{language.pick(result.kpi.title, result.kpi.title_ko)}, " if result.kpi else ""
    working = f"{kpi}{result.working}"
    template = language.text(WHY[result.rule]) if result.rule in WHY else "{working}"
    reason = template.format(working=working) if result.rule else ""
    rounding = language.text(ROUNDING[result.rounding]) if result.rounding in ROUNDING else ""
    return "; ".join(filter(None, [reason, rounding]))
