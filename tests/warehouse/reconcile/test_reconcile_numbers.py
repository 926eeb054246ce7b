"""Figures of a text: value, unit, precision, qualifier and period."""

from __future__ import annotations

from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from warehouse.reconcile.findings import State, reconcile
from warehouse.reconcile.parse.durations import hours
from warehouse.reconcile.parse.intervals import Rounding, exactly, explained_by, written
from warehouse.reconcile.parse.markdown import read_document
from warehouse.reconcile.parse.numbers import parse_numbers
from warehouse.reconcile.parse.periods import (
    StatedPeriod,
    grain_of,
    parse_time_intervals,
    period_in,
)
from warehouse.reconcile.parse.qualifiers import Bound
from warehouse.reconcile.parse.vocabulary import names

HALF = Fraction(1, 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("149 commits", [("149", 149, "")]),
        ("-59% from Q2", [("-59%", -59, "%")]),
        ("+56 percentage points", [("+56 percentage points", 56, "points")]),
        ("75h 43m", [("75h 43m", Fraction(4543, 60), "h")]),
        ("18시간 30분", [("18시간 30분", 18 + HALF, "h")]),
        ("30-minute recovery", [("30-minute", HALF, "h")]),
        ("34 consecutive days", [("34 consecutive days", 34, "d")]),
        ("30GB at 400KB/s", [("30GB", 30 * 10**9, "B"), ("400KB/s", 400_000, "B/s")]),
        ("$1.2M and 1,234,567", [("$1.2M", 1_200_000, "$"), ("1,234,567", 1_234_567, "")]),
        ("3만 원, 12,000원", [("3만 원", 30_000, "₩"), ("12,000원", 12_000, "₩")]),
        ("62%에서 75%로", [("62%", 62, "%"), ("75%", 75, "%")]),
        ("총 3회, 5가지, 9개월", [("3회", 3, "회"), ("5가지", 5, "가지"), ("9개월", 9, "mo")]),
        ("40개 중 25개", [("40개 중 25개", 25, "")]),
        ("12 out of 40 tests", [("12 out of 40", 12, "")]),
        ("2,5 or 3D or RTX4090 or v2.0 or 1.2.3 or #12 or 2nd or 007", []),
        ("2024-07-08 16:53, 2024년 7월, Sept 2024, Q3, 1분기, in 2024, 09.03", []),
        ("1-54 days, 10–20%, 3 ~ 5명", []),
        ("2000 lines in 2024", [("2000", 2000, "")]),
        ("1" * 5000, []),
        ("http://a.example/5/10 and a@b.example", []),
    ],
)
def test_figures_of_a_text(text, expected):
    parsed = parse_numbers(text)

    assert [(figure.core, figure.value, figure.unit) for figure in parsed.figures] == expected


@pytest.mark.parametrize(
    ("text", "written_text", "bound"),
    [
        ("~303 commits", "~303", Bound.ABOUT),
        ("약 30건", "약 30건", Bound.ABOUT),
        ("30건 정도", "30건 정도", Bound.ABOUT),
        ("87+ trips", "87+", Bound.AT_LEAST),
        ("more than 40", "more than 40", Bound.AT_LEAST),
        ("40건 이상", "40건 이상", Bound.AT_LEAST),
        ("up to 40", "up to 40", Bound.AT_MOST),
        ("40건 미만", "40건 미만", Bound.AT_MOST),
        ("a -> 40", "40", Bound.EXACT),
        ("40 + 3", "40", Bound.EXACT),
    ],
)
def test_a_figure_has_a_qualifier(text, written_text, bound):
    figure = parse_numbers(text).figures[0]

    assert (figure.text, figure.bound) == (written_text, bound)


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("62%", Fraction(125, 2), {Rounding.NEAREST, Rounding.DOWN}),
        ("63%", Fraction(125, 2), {Rounding.NEAREST}),
        ("63%", Fraction(6389, 100), {Rounding.DOWN}),
        ("64%", Fraction(6389, 100), {Rounding.NEAREST}),
        ("65%", Fraction(6389, 100), set()),
        ("-59%", Fraction(-5957, 100), {Rounding.DOWN}),
        ("-60%", Fraction(-5957, 100), {Rounding.NEAREST}),
        ("62.5%", Fraction(125, 2), {Rounding.NONE}),
        ("~300", Fraction(303), {Rounding.BOUND}),
        ("~300", Fraction(360), set()),
        ("87+", Fraction(90), {Rounding.BOUND}),
        ("87+", Fraction(86), set()),
        ("up to 87", Fraction(80), {Rounding.BOUND}),
        ("up to 87", Fraction(90), set()),
    ],
)
def test_which_rounding_explains_a_figure(text, value, expected):
    assert explained_by(parse_numbers(text).figures[0], exactly(value)) == expected


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("62%", Fraction(125, 2), "62.5%"),
        ("+8", Fraction(7), "+7"),
        ("+8", Fraction(-7), "-7"),
        ("more than 1,200 lines", Fraction(1300), "1,300"),
        ("75h 43m", Fraction(76), "76h 0m"),
        ("18시간 30분", Fraction(20), "20시간 0분"),
        ("$1.2M", Fraction(1_300_000), "$1.3M"),
        ("12,000원", Fraction(13_000), "13,000원"),
    ],
)
def test_what_it_should_be_is_written_as_it_is(text, value, expected):
    assert written(parse_numbers(text).figures[0], value) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-07-08 16:53 to 2024-07-10 11:50", ("2024-07-08 16:53", "2024-07-10 11:50")),
        ("2024-08-29 12:34 to 13:04", ("2024-08-29 12:34", "2024-08-29 13:04")),
        ("2024-08-29 23:50 – 00:20", ("2024-08-29 23:50", "2024-08-30 00:20")),
        ("2022.01 ~ 2022.09", ("2022-01-01 00:00", "2022-09-01 00:00")),
        ("(2022.01-09)", ("2022-01-01 00:00", "2022-09-01 00:00")),
        ("2022년 1월 5일부터 2022년 1월 9일", ("2022-01-05 00:00", "2022-01-09 00:00")),
        ("5 March 2024 to 9 March 2024", ("2024-03-05 00:00", "2024-03-09 00:00")),
        ("Mar 5, 2024 until Mar 9, 2024", ("2024-03-05 00:00", "2024-03-09 00:00")),
    ],
)
def test_time_intervals(text, expected):
    (interval,) = parse_time_intervals(text)

    assert (f"{interval.begins:%Y-%m-%d %H:%M}", f"{interval.ends:%Y-%m-%d %H:%M}") == expected


def test_texts_without_a_time_interval():
    assert (
        parse_time_intervals("2024-13-45 to 2024-02-30, 2024-05-01 to 2024-04-01, 12:00-13:00")
        == []
    )


def test_hours_are_local_or_elapsed():
    (night,) = parse_time_intervals("2024-03-30 22:00 to 2024-03-31 06:00")

    assert (hours(night), hours(night, ZoneInfo("Europe/Berlin"))) == (8, 7)


@pytest.mark.parametrize("duration", ["8h", "7h"])
def test_either_is_right_when_the_clock_was_changed(duration):
    text = f"- 2024-03-30 22:00 to 2024-03-31 06:00: {duration}"

    assert reconcile(text, zone=ZoneInfo("Europe/Berlin")).findings == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Q2 of 2024", StatedPeriod(None, "Q2")),
        ("2024-Q2", StatedPeriod(2024, "Q2")),
        ("2분기", StatedPeriod(None, "Q2")),
        ("2024년 하반기", StatedPeriod(2024, "H2")),
        ("Q3-Q4 Projects", StatedPeriod(None, "Q3-Q4")),
        ("Annual total", StatedPeriod(None, "")),
        ("Performance - 2022", StatedPeriod(2022, "")),
        ("2024 results of Q1", StatedPeriod(2024, "Q1")),
        ("nothing", None),
    ],
)
def test_parts_of_a_year(text, expected):
    assert period_in(text) == expected


def test_headings_of_columns():
    headings = [
        "Q1",
        "Q1 (sealed)",
        "3월",
        "Sep",
        "2024",
        "상반기",
        "Annual total",
        "Total",
        "Team",
    ]

    assert [grain_of(heading) for heading in headings] == [
        *("quarter", "quarter", "month", "month", "year", "half"),
        *(None, None, None),
    ]


def test_names_of_figures():
    assert names("Mean Time to Recovery (MTTR)") == (
        frozenset({"mean", "time", "recovery"}),
        frozenset({"mttr"}),
    )
    assert names("**Total** number of commits (count)") == (frozenset({"commit"}),)


def test_a_fiscal_year_begins_when_the_settings_say():
    text = "# 2024\n\n## Q1\n\n- Outage: 2024-05-02 10:00 to 2024-05-02 12:00: 2h"
    quarters = [
        [finding.should_be for finding in reconcile(text, month).findings] for month in (1, 4, 7)
    ]

    assert quarters == [["Q2"], [], ["Q4"]]


def test_lines_lists_and_tables_keep_their_places():
    text = "# A\n\none\ntwo **b**: 3\n\n- x: 1\n  1. y\n     z 2\n\n> - q\n\n"
    document = read_document(f"{text}| h | i |\n|---|---|\n| 4 | 5 |")

    assert [(line.number, line.text, line.label) for line in document.lines] == [
        (3, "one two b: 3", "one two b"),
        (6, "x: 1", "x"),
        (7, "y z 2", ""),
        (10, "q", ""),
    ]
    assert [child.text for child in document.lines[1].children] == ["y z 2"]
    assert [
        (figure.line, figure.core) for _, figures in document.texts() for figure in figures
    ] == [
        *((4, "3"), (6, "1"), (8, "2"), (14, "4"), (14, "5")),
    ]


def test_lines_with_a_bold_label_are_separated():
    document = read_document("**Time**: 9 months\n**Team**: 3\nand\n**not** a label")

    assert [(line.number, line.label, line.text) for line in document.lines] == [
        (1, "Time", "Time: 9 months"),
        (2, "Team", "Team: 3 and not a label"),
    ]


def test_rounding_in_two_ways_is_reported():
    report = reconcile("- a: 2/3 = 67%\n- b: 23/36 = 63%\n- c: 3/4 = 75%")

    assert report.rounding == "mixed"
    assert report.counts == {State.ROUNDING: 2, State.AGREES: 4}
