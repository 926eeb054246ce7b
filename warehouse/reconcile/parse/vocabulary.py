"""Words that classify figures of a report, in English and Korean."""

from __future__ import annotations

import re

# Singular and lower case, as `tokens` returns them.
TOTAL = {"total", "sum", "합계", "총계", "총합", "총", "누계", "전체", "계"}
AVERAGE = {"average", "mean", "avg", "평균", "mttr"}
SUBTOTAL = {"subtotal", "소계"}
CHANGE = {"change", "difference", "diff", "delta", "증감", "변화", "증감률", "변화율"}
# Qualifies "total" without a subject.
SPANNING = {"annual", "yearly", "year", "overall", "grand", "quarterly", "full", "연간"}
BEFORE = {"before", "previously", "이전", "변경전", "개선전", "기존"}
AFTER = {"after", "now", "이후", "변경후", "개선후"}
RANGE = {"range", "범위"}
# Parts of these may overlap, so that the whole may be less than their sum.
OVERLAPPING = {
    *("author", "user", "people", "person", "contributor", "customer", "visitor", "client", "file"),
    *("project", "repository", "repo", "country", "language", "site", "facility", "participant"),
    *("member", "reviewer", "unique", "distinct", "company", "team", "명", "인", "사용자", "팀"),
}
# Indicates that not every part is listed.
PARTIAL = {
    *("including", "include", "top", "notable", "main", "major", "example", "select", "selected"),
    *("highlight", "such", "like", "least", "주요", "등", "중", "대표", "포함"),
}
# Not additive: figures of a distribution or of a state.
NOT_ADDED = {
    *AVERAGE,
    *("median", "p50", "p75", "p90", "p95", "p99", "min", "max", "minimum", "maximum", "rate"),
    *("ratio", "per", "share", "percent", "percentage", "speed", "score", "index", "rank"),
    *("size", "open", "balance", "remaining", "headcount", "cumulative", "limit", "version"),
    *("target", "goal"),
    *("longest", "shortest", "worst", "best", "slowest", "fastest", "highest", "lowest"),
    *("최장", "최단", "중앙값", "비율", "최소", "최대", "속도", "점수", "순위", "누적", "목표"),
    "잔여",
}
# Words that are no part of a name.
FILLER = {
    *(*TOTAL, *SPANNING, "number", "count", "of", "the", "a", "an", "and", "to", "in", "our"),
    *("trend", "achieved", "achievement", "result", "baseline", "sustained"),
    *("횟수", "작성", "참여", "수행", "성공", "건수", "개수", "수"),
}
SUMMARY = {
    *("summary", "overview", "dashboard", "highlight", "kpi", "conclusion", "glance"),
    *("요약", "총괄", "종합", "개요"),
}

RISE = r"increases?d?|growth|grew|rises?|gains?|up|more|higher|증가|상승|성장|늘"
FALL = (
    r"reductions?|reduced?|decreases?d?|drop(?:ped|s)?|declined?|down|less|lower|fewer|"
    r"savings?|cut|감소|절감|단축|축소|하락|줄"
)
EITHER_WAY = r"improvements?|improved|faster|shorter|change|개선|향상|변화"
OTHER_YEAR = re.compile(r"\byoy\b|year.over.year|last year|previous year|전년|작년", re.IGNORECASE)
PLANNED = re.compile(
    r"\b(?:plans?|planned|targets?|goals?|budgets?|forecasts?|expected)\b|목표|계획|예상",
    re.IGNORECASE,
)
FISCAL = re.compile(r"\bfiscal\b|\bFY ?\d|회계 ?연도", re.IGNORECASE)
REMAINING = re.compile(
    r"^\s*(?:\w+\s)?(?:remaining|left|open|unresolved)\b|^\s*남|^\s*잔여|^\s*미해결"
)
REMAINING_BEFORE = re.compile(r"(?:남은|잔여|미해결)[^\d(]*$")

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*|[가-힣]+")
_ACRONYM = re.compile(r"\(([A-Z]{3,})\)")
_SHORTEST_PLURAL = 4


def tokens(text: str) -> tuple[str, ...]:
    """List the words of a text in lower case and singular."""
    return tuple(_singular(word.lower()) for word in _WORD.findall(text))


def names(label: str) -> tuple[frozenset[str], ...]:
    """Return the names in a label as word sets without filler; an acronym in brackets is one."""
    acronyms = tuple(frozenset({acronym.lower()}) for acronym in _ACRONYM.findall(label))
    words = frozenset(tokens(re.sub(r"\([^)]*\)", " ", label))) - FILLER
    return (words, *acronyms) if words else acronyms


def is_total(label: str) -> bool:
    """Return whether a label is a total without a subject."""
    return _is_only(label, TOTAL)


def is_average(label: str) -> bool:
    """Return whether a label is an average without a subject."""
    return _is_only(label, AVERAGE)


def _is_only(label: str, words: set[str]) -> bool:
    label_words = set(tokens(label))
    return bool(label_words & words) and label_words <= TOTAL | AVERAGE | SPANNING


def _singular(word: str) -> str:
    if len(word) < _SHORTEST_PLURAL or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") else word[:-1]
