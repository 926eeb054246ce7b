"""Random consistent reports, with one figure per part to falsify."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

COUNTS = st.integers(2, 5000)
FOUR = st.lists(COUNTS, min_size=4, max_size=4)
BEGUN = datetime(2024, 1, 1, 9, 30)  # noqa: DTZ001 - the report's own clock


@dataclass(frozen=True)
class Part:
    """
    A part of a report with {} where a figure follows from the others.

    Shape:   right is that figure, wrong one that no rounding explains.
    """

    text: str
    right: str
    wrong: str

    def lines(self, *, is_bent=False):
        return self.text.replace("{}", self.wrong if is_bent else self.right).split("\n")


def rounded(value, decimals, way):
    """Write a value rounded to the nearest or down."""
    scaled = value * 10**decimals
    whole = int(scaled + Fraction(1, 2)) if way == "nearest" else int(scaled)
    return f"{Decimal(whole).scaleb(-decimals):.{decimals}f}"


@st.composite
def share(draw, way):
    whole = draw(COUNTS)
    part, decimals = draw(st.integers(0, whole)), draw(st.integers(0, 2))
    percent = Fraction(100 * part, whole)
    form = draw(st.sampled_from([
        f"- Done: {part}/{whole} tasks = {{}}%",
        f"- Done: {{}}% of tasks ({part}/{whole})",
        f"We closed {part:,} of {whole:,} ({{}}%).",
        f"- 완료: {whole}개 중 {part}개 ({{}}%)",
        f"| team | done |\n|---|---|\n| red | {part}/{whole} ({{}}%) |",
    ]))  # fmt: skip
    return Part(form, rounded(percent, decimals, way), rounded(percent + 3, decimals, way))


@st.composite
def quarters(draw, way):
    counts = draw(FOUR)
    added = sum(counts)
    form = draw(st.sampled_from([
        """| KPI | Q1 | Q2 | Q3 | Q4 | Total |\n|---|---|---|---|---|---|
| Builds | {:,} | {:,} | {:,} | {:,} | **{}** |""",
        """- **Q1**: {:,} runs\n- **Q2**: {:,} runs\n- **Q3**: {:,} runs
- **Q4**: {:,} runs\n- **Annual total**: {} runs""",
        """| 항목 | 실행 |\n|---|---|\n| 가 | {:,}건 |\n| 나 | {:,}건 |\n| 다 | {:,}건 |
| 라 | {:,}건 |\n| 합계 | {}건 |""",
        "- 2024: {4} commits ({0} core + {1} docs + {2} web + {3} other)",
    ]))  # fmt: skip
    return Part(form.format(*counts, "{}"), f"{added:,}", f"{2 * added + 3:,}")


@st.composite
def deltas(draw, way):
    first, second, third, fourth = draw(FOUR)
    text = (
        "| KPI | Q1 | Q2 | Q3 | Q4 |\n|---|---|---|---|---|\n"
        f"| Jobs | {first} | {second} ({second - first:+}) | {third} ({third - second:+}) "
        f"| {fourth} ({{}}) |"
    )
    return Part(text, f"{fourth - third:+}", f"{fourth - third + 2:+}")


@st.composite
def change(draw, way):
    before, after = draw(st.integers(100, 5000)), draw(st.integers(100, 5000))
    percent, decimals = abs(Fraction(100 * (after - before), before)), draw(st.integers(0, 1))
    word = "increase" if after >= before else "reduction"
    form = draw(st.sampled_from([
        f"Went from {before:,} to {after:,} lines ({{}}% {word}).",
        f"Went from {before:,} lines to {after:,} lines, a {{}}% {word}.",
        f"- **Before**: {before} lines\n- **After**: {after} lines\n- **Impact**: {{}}% {word}",
        f"- Now {after} lines ({{}}% {word} vs {before} lines)",
    ]))  # fmt: skip
    return Part(form, rounded(percent, decimals, way), rounded(percent + 3, decimals, way))


@st.composite
def outage(draw, way):
    begins = BEGUN + timedelta(minutes=draw(st.integers(0, 80_000)))
    minutes = draw(st.integers(1, 20_000))
    until = f"{begins:%Y-%m-%d %H:%M} to {begins + timedelta(minutes=minutes):%Y-%m-%d %H:%M}"
    hours = Fraction(minutes, 60)
    said = [f"{m // 60}h {m % 60}m" for m in (minutes, minutes + 2)]
    form, right, wrong = draw(st.sampled_from([
        (f"- {until}: {{}}h", rounded(hours, 2, way), rounded(hours + 1, 2, way)),
        (f"- **MTTR**: {{}}\n  - Outage of the shop: {until}", *said),
    ]))  # fmt: skip
    return Part(form, right, wrong)


@st.composite
def average(draw, way):
    count, total = draw(st.integers(2, 60)), draw(st.integers(1, 5000))
    mean = Fraction(total, count)
    text = f"- **Average lead time**: {{}} days\n  - Total: {total:,} days across {count} tasks"
    return Part(text, rounded(mean, 1, way), rounded(mean + 2, 1, way))


@st.composite
def product(draw, way):
    times, hours = draw(st.integers(2, 90)), draw(st.integers(2, 9))
    text = f"- 준비: {{}}시간 (모임 {times}회 × {hours}시간)"
    return Part(text, f"{times * hours}", f"{times * hours + 1}")


PARTS = (share, quarters, deltas, change, outage, average, product)


@st.composite
def made_reports(draw):
    """Make a report of several parts that rounds in one way."""
    way = draw(st.sampled_from(["nearest", "down"]))
    kinds = draw(st.lists(st.sampled_from(PARTS), min_size=1, max_size=6))
    return [draw(kind(way)) for kind in kinds]


def written(parts, bent=None):
    """Write a report, one section per part; the line of the bent figure where there is one."""
    lines, place = ["# Report", ""], None
    for index, part in enumerate(parts):
        lines += [f"## Part {'abcdef'[index]}", ""]
        if index == bent:
            place = (
                len(lines)
                + 1
                + next(n for n, line in enumerate(part.text.split("\n")) if "{}" in line)
            )
        lines += [*part.lines(is_bent=index == bent), ""]
    return "\n".join(lines), place
