"""What is said of the figures of a document, in English and Korean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.reconcile.findings import State

if TYPE_CHECKING:
    from warehouse.reconcile.findings import Finding

LANGUAGES = ("en", "ko")
# Why a figure should be something else; {0} is how it was worked out.
WHY = {
    "en": {
        "remaining": "{0}: no more can remain",
        "quarter": "it ended on {0}",
        "trend": "the end of the series, {0}",
        "transfer": "{0}: no transfer is faster",
        "range": "its range is {0}",
        "items": "as many are listed",
        "repeated": "line {0}",
        "warehouse": "the warehouse: {0}",
    },
    "ko": {
        "remaining": "{0}: 그보다 많이 남을 수 없음",
        "quarter": "{0}에 끝남",
        "trend": "계열의 끝, {0}",
        "transfer": "{0}: 더 빠를 수 없음",
        "range": "범위 {0}",
        "items": "나열된 수",
        "repeated": "{0}행",
        "warehouse": "웨어하우스: {0}",
    },
}
ROUNDING = {
    "en": {
        "down": "rounded down",
        "nearest": "rounded",
        "both": "rounded",
        "parts": "from figures that were rounded",
        "bound": "said to be approximate",
    },
    "ko": {
        "down": "버림",
        "nearest": "반올림",
        "both": "반올림",
        "parts": "반올림된 수치에서 계산됨",
        "bound": "대략의 수치",
    },
}
STATES = {
    "en": {
        State.CONTRADICTS: "contradicts",
        State.DIFFERS: "differs",
        State.ROUNDING: "rounding",
        State.AGREES: "agrees",
        State.NOT_CHECKED: "not checked",
    },
    "ko": {
        State.CONTRADICTS: "모순",
        State.DIFFERS: "다름",
        State.ROUNDING: "반올림",
        State.AGREES: "일치",
        State.NOT_CHECKED: "확인 안 됨",
    },
}
# The states counted, in this order.
COUNTED = {
    "en": {
        State.CONTRADICTS: "{0} contradicting",
        State.DIFFERS: "{0} differing from the warehouse",
        State.AGREES: "{0} agreeing",
        State.ROUNDING: "{0} explained by rounding",
        State.NOT_CHECKED: "{0} not understood",
    },
    "ko": {
        State.CONTRADICTS: "모순 {0}",
        State.DIFFERS: "웨어하우스와 다름 {0}",
        State.AGREES: "일치 {0}",
        State.ROUNDING: "반올림으로 설명됨 {0}",
        State.NOT_CHECKED: "이해하지 못함 {0}",
    },
}
WORDS = {
    "en": {
        "title": "{document}: what does not hold",
        "title of all": "{document}: every figure",
        "line": "line",
        "figure": "figure",
        "says": "says",
        "should be": "should be",
        "state": "state",
        "why": "why",
        "fine": "{document}: nothing contradicts.",
        "counts": "{all} figures: {states}.",
        "down": "Whatever is rounded is rounded down; lines that show it: {lines}.",
        "mixed": "Some figures are rounded to the nearest, others down: lines {lines}.",
        "compared": "Beside the warehouse ({whose}): {compared} compared, {differ} differing.",
        "inside": "Compared inside itself only: there is no warehouse at {warehouse}.",
        "explain": "What is behind the warehouse's figures:",
        "more": "--all lists every figure.",
    },
    "ko": {
        "title": "{document}: 맞지 않는 수치",
        "title of all": "{document}: 모든 수치",
        "line": "행",
        "figure": "항목",
        "says": "문서",
        "should be": "맞는 값",
        "state": "상태",
        "why": "이유",
        "fine": "{document}: 모순되는 수치가 없습니다.",
        "counts": "수치 {all}개: {states}.",
        "down": "반올림이 필요한 수치는 모두 버림했습니다. 해당 행: {lines}.",
        "mixed": "일부는 반올림, 일부는 버림했습니다. 버림한 행: {lines}.",
        "compared": "웨어하우스({whose})와 비교: {compared}개 중 {differ}개가 다릅니다.",
        "inside": "문서 안에서만 비교했습니다. {warehouse}에 웨어하우스가 없습니다.",
        "explain": "웨어하우스 수치의 근거:",
        "more": "--all 로 모든 수치를 볼 수 있습니다.",
    },
}


def why(one: Finding, language: str) -> str:
    """Say why a figure is what it should be, or what explains it."""
    template = WHY[language].get(one.rule, "{0}")
    named = f"{one.kpi.title_ko if language == 'ko' else one.kpi.title}, " if one.kpi else ""
    said = template.format(f"{named}{one.working}") if one.rule else ""
    rounding = ROUNDING[language].get(one.rounding, "")
    return "; ".join(filter(None, [said, rounding]))
