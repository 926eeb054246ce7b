"""What is said of the figures of a document, as messages of the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.reconcile.findings import State
from warehouse.report.format.language import msgid

if TYPE_CHECKING:
    from warehouse.reconcile.findings import FigureResult
    from warehouse.report.format.language import Language

# Why a figure should be something else, by how it was worked out.
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
    "parts": msgid("from figures that were rounded"),
    "bound": msgid("said to be approximate"),
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
    "down": msgid("Whatever is rounded is rounded down; lines that show it: {lines}."),
    "mixed": msgid("Some figures are rounded to the nearest, others down: lines {lines}."),
}


def why(one: FigureResult, language: Language) -> str:
    """Say why a figure is what it should be, or what explains it."""
    named = f"{language.pick(one.kpi.title, one.kpi.title_ko)}, " if one.kpi else ""
    working = f"{named}{one.working}"
    template = language.text(WHY[one.rule]) if one.rule in WHY else "{working}"
    said = template.format(working=working) if one.rule else ""
    rounding = language.text(ROUNDING[one.rounding]) if one.rounding in ROUNDING else ""
    return "; ".join(filter(None, [said, rounding]))
