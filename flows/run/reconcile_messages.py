"""What is said of the figures of a document, as messages of the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.reconcile.findings import State
from warehouse.report.format.language import note

if TYPE_CHECKING:
    from warehouse.reconcile.findings import Finding
    from warehouse.report.format.language import Language

# Why a figure should be something else, by how it was worked out.
WHY = {
    "remaining": note("{working}: no more can remain"),
    "quarter": note("it ended on {working}"),
    "trend": note("the end of the series, {working}"),
    "transfer": note("{working}: no transfer is faster"),
    "range": note("its range is {working}"),
    "items": note("as many are listed"),
    "repeated": note("line {working}"),
    "warehouse": note("the warehouse: {working}"),
}
ROUNDING = {
    "down": note("rounded down"),
    "nearest": note("rounded"),
    "both": note("rounded"),
    "parts": note("from figures that were rounded"),
    "bound": note("said to be approximate"),
}
STATES = {
    State.CONTRADICTS: note("contradicts"),
    State.DIFFERS: note("differs"),
    State.ROUNDING: note("rounding"),
    State.AGREES: note("agrees"),
    State.NOT_CHECKED: note("not checked"),
}
# The states counted, in this order.
COUNTED = {
    State.CONTRADICTS: note("{count} contradicting"),
    State.DIFFERS: note("{count} differing from the warehouse"),
    State.AGREES: note("{count} agreeing"),
    State.ROUNDING: note("{count} explained by rounding"),
    State.NOT_CHECKED: note("{count} not understood"),
}
ROUNDS = {
    "down": note("Whatever is rounded is rounded down; lines that show it: {lines}."),
    "mixed": note("Some figures are rounded to the nearest, others down: lines {lines}."),
}


def why(one: Finding, language: Language) -> str:
    """Say why a figure is what it should be, or what explains it."""
    named = f"{language.pick(one.kpi.title, one.kpi.title_ko)}, " if one.kpi else ""
    working = f"{named}{one.working}"
    template = language.say(WHY[one.rule]) if one.rule in WHY else "{working}"
    said = template.format(working=working) if one.rule else ""
    rounding = language.say(ROUNDING[one.rounding]) if one.rounding in ROUNDING else ""
    return "; ".join(filter(None, [said, rounding]))
