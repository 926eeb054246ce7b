"""The words and figures in which a run is shown, whether in a terminal or on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miners.ledger.address import TABLE_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flows.runs import Outcome
    from warehouse.query import Headline

# What is counted of each source, by the records that it is counted in.
COUNTED = {
    "new commits": ("commits",),
    "files": ("commit_files",),
    "refs changed": ("refs",),
    "issues": ("issues",),
    "change requests": ("change_requests",),
    "ledger rows": tuple(f"ledger_{table}" for table in TABLE_NAMES),
    "set aside": ("rejects",),
}
NO_DATA = "no data"
# Until there are message catalogues: what stands beside figures, and how KPIs' targets were met.
WORDS = {
    "en": {
        "title": "KPIs of {year}, {whose}",
        "all projects": "all projects",
        "project": "project {project}",
        "repository": "{source} in {project}",
        "hint": "All projects together. Choose one with --project: {names}.",
        "KPI": "KPI",
        "no data": NO_DATA,
        "h": "h",
        "d": "d",
        "min": "min",
        "s": "s",
        "points": "pp",
        "so far": "so far",
        "sealed": "sealed",
        "target": "target",
        "no_data": NO_DATA,
        "met": "met",
        "near": "near",
        "accepted": "accepted",
        "missed": "missed",
    },
    "ko": {
        "title": "{year}년 지표, {whose}",
        "all projects": "전체 프로젝트",
        "project": "프로젝트 {project}",
        "repository": "{project}의 {source}",
        "hint": "전체 프로젝트의 합계입니다. --project 로 하나를 고르십시오: {names}.",
        "KPI": "지표",
        "no data": "자료 없음",
        "h": "시간",
        "d": "일",
        "min": "분",
        "s": "초",
        "points": "%p",
        "so far": "진행 중",
        "sealed": "확정",
        "target": "목표",
        "no_data": "자료 없음",
        "met": "달성",
        "near": "근접",
        "accepted": "수용",
        "missed": "미달",
    },
}
# Hours of the units in which durations are.
HOURS = {"hours": 1, "days": 24}
DAYS_FROM = 48
# Units of durations, their size and from which on they are used, in hours.
STEPS = (("d", 24, DAYS_FROM), ("h", 1, 1), ("min", 1 / 60, 1 / 60), ("s", 1 / 3600, 0))
# Those that are shown only where some source of their kind gave something.
_OF_ONE_KIND = ({"issues", "change requests"}, {"ledger rows"})
# Those that are worth a sum over all sources.
SUMMED = ("new commits", "issues", "change requests", "ledger rows")


def counts(outcome: Outcome) -> dict[str, int]:
    """Count what one source gave; of what has versions, each one that is new."""
    return {
        name: sum(outcome.rows.get(record, 0) for record in records)
        for name, records in COUNTED.items()
    }


def shown_counts(outcomes: Iterable[Outcome]) -> list[str]:
    """Name the counts to show: those of trackers and ledgers only where one gave something."""
    found = {name for outcome in outcomes for name, count in counts(outcome).items() if count}
    hidden = {name for names in _OF_ONE_KIND if not found & names for name in names}
    return [name for name in COUNTED if name not in hidden]


def sums(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """Sum up the counts of a run."""
    found = [counts(outcome) for outcome in outcomes]
    return {name: sum(counted[name] for counted in found) for name in COUNTED}


def step(stage: str, done: int, total: int) -> str:
    """Say how far a stage is; what stands in brackets after its name stays last."""
    name, mark, rest = stage.partition(" (")
    counted = f" {done:,} of {total:,}" if total else f" {done:,}" if done else ""
    return f"{name}{counted}{mark}{rest}"


def lead_time(figures: Headline) -> str:
    """Write the median lead time of a quarter; over nothing there is none."""
    hours = figures.median_merge_lead_time_hours
    return NO_DATA if hours is None else duration(hours)


def known_count(count: int | None) -> str:
    """Write a count; what is not known is not zero."""
    return NO_DATA if count is None else f"{count:,}"


def duration(hours: float) -> str:
    """Write a duration as people say it: hours up to two days, then days."""
    return f"{hours:.1f} h" if hours < DAYS_FROM else f"{hours / 24:.1f} d"


def elapsed(hours: float, language: str = "en", beside: float = 0) -> str:
    """
    Write a duration as people say it, of less than an hour in minutes or seconds.

    Shape:   in the unit of the longer one, where it stands beside another.
    """
    words, longest = WORDS[language], max(abs(hours), abs(beside))
    if not longest:
        return f"0 {words['h']}"
    sign, size = next((sign, size) for sign, size, least in STEPS if longest >= least)
    decimals = 1 if sign in {"d", "h"} else 0
    return f"{hours / size:,.{decimals}f} {words[sign]}"


def figure(value: float | None, unit: str, language: str = "en") -> str:
    """Write a KPI's figure as people read it; what is not known is not zero."""
    if value is None:
        return WORDS[language]["no data"]
    if unit == "ratio":
        return f"{_tenths(100 * value)} %"
    if unit in HOURS:
        return elapsed(value * HOURS[unit], language)
    return f"{value:,.0f}"


def difference(
    value: float | None, unit: str, language: str = "en", beside: float | None = None
) -> str:
    """Write how much a figure changed: ratios in points, durations as what they stand beside."""
    if value is None:
        return ""
    if not value:
        return "±0"
    sign = "+" if value > 0 else "-"
    if unit == "ratio":
        points = _tenths(100 * abs(value))
        return f"{sign}{points} {WORDS[language]['points']}"
    if unit in HOURS:
        hours = HOURS[unit]
        return f"{sign}{elapsed(abs(value) * hours, language, (beside or 0) * hours)}"
    return f"{sign}{abs(value):,.0f}"


def _tenths(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")
