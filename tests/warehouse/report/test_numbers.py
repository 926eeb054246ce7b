"""Rounding and format of figures."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.report.figure_status import sample_size
from warehouse.report.format.language import Language
from warehouse.report.format.numbers import CLOCK, PLAIN, NumberFormat
from warehouse.report.format.style import Formatter

ENGLISH, KOREAN = NumberFormat(), NumberFormat(language=Language("ko"))
DOWN = NumberFormat(is_rounded_down=True, decimals=0)
ABOUT = 1e-9


@pytest.mark.parametrize(
    ("value", "unit", "english", "korean"),
    [
        (None, "hours", "no data", "자료 없음"),
        (0.625, "ratio", "62.5%", "62.5%"),
        (0.75, "ratio", "75%", "75%"),
        (0.0005, "ratio", "0.1%", "0.1%"),
        (1234567, "lines", "1,234,567", "1,234,567줄"),
        (3, "people", "3", "3명"),
        (12, "iterations", "12", "12회"),
        (3, "a custom unit", "3", "3"),
        (47.96, "hours", "48.0 h", "48.0시간"),
        (48, "hours", "2.0 d", "2.0일"),
        (0.5, "hours", "30 min", "30분"),
        (0.001, "hours", "4 s", "4초"),
        (0, "hours", "0 h", "0시간"),
        (1.5, "days", "36.0 h", "36.0시간"),
        (2400, "days", "2,400.0 d", "2,400.0일"),
    ],
)
def test_figures_as_text(value, unit, english, korean):
    assert (ENGLISH.figure(value, unit), KOREAN.figure(value, unit)) == (english, korean)


@pytest.mark.parametrize(
    ("value", "unit", "reference", "expected"),
    [
        (None, "ratio", None, ""),
        (0, "hours", 5, "±0"),
        (0.125, "ratio", 0.5, "+12.5 pp"),
        (-1200, "lines", 5, "-1,200"),
        (-0.5, "hours", 100, "±0"),
        (-0.5, "hours", 3, "-0.5 h"),
        (1, "days", 3, "+1.0 d"),
    ],
)
def test_differences_have_the_unit_of_their_reference(value, unit, reference, expected):
    assert ENGLISH.difference(value, unit, reference) == expected


@pytest.mark.parametrize(
    ("numbers", "value", "unit", "expected"),
    [
        (NumberFormat(decimals=0), 0.625, "ratio", "63%"),
        (DOWN, 0.625, "ratio", "62%"),
        (DOWN, 0.29, "ratio", "29%"),  # 100 * 0.29 is 28.999999999999996
        (DOWN, -0.625, "ratio", "-62%"),
        (NumberFormat(form=CLOCK), 18.916667, "hours", "18h 55m"),
        (NumberFormat(form=CLOCK, is_rounded_down=True), 18.333333, "hours", "18h 20m"),
        (NumberFormat(language=Language("ko"), form=CLOCK), 75.73, "hours", "75시간 44분"),
        (NumberFormat(form=PLAIN), 37.25, "days", "37.3"),
        (NumberFormat(form=PLAIN, decimals=0), 37.25, "days", "37"),
        (NumberFormat(form=PLAIN, decimals=2), 28.0, "days", "28"),
    ],
)
def test_rounding_and_form_are_settings(numbers, value, unit, expected):
    assert numbers.figure(value, unit) == expected


@given(
    st.floats(0, 1e6, allow_nan=False).map(lambda value: round(value, 6)),
    st.sampled_from(["ratio", "hours", "days", "lines"]),
    st.booleans(),
    st.integers(0, 3),
)
def test_a_rounded_value_has_the_same_text(value, unit, is_down, decimals):
    numbers = NumberFormat(is_rounded_down=is_down, decimals=decimals, form=PLAIN)
    shown = numbers.shown(value, unit)

    assert numbers.figure(shown, unit) == numbers.figure(value, unit)
    assert not is_down or shown <= value + ABOUT * max(value, 1)


@pytest.mark.parametrize(
    ("numbers", "value", "unit", "expected"),
    [
        (ENGLISH, 47.316667, "hours", (47.316667, "")),
        (ENGLISH, 0.999, "ratio", (0.999, "")),
        (
            NumberFormat(form=CLOCK),
            47.316667,
            "hours",
            (pytest.approx(2839 / 1440), '[h]"h" mm"m"'),
        ),
        (NumberFormat(decimals=2), 0.98765, "ratio", (0.98765, "0.00%")),
        (DOWN, 0.999, "ratio", (0.99, "0%")),
        (DOWN, 1.99, "hours", (1.0, '#,##0 "h"')),
        (DOWN, 12, "commits", (12, "")),
    ],
)
def test_a_spreadsheet_shows_a_figure_like_its_text(numbers, value, unit, expected):
    assert numbers.in_sheet(value, unit) == expected


def test_a_ratio_of_fewer_than_ten_has_its_fraction():
    formatter = Formatter()
    ratio = SimpleNamespace(kind="ratio")
    sizes = [
        sample_size(ratio, SimpleNamespace(n=20, numerator=3, denominator=count), formatter)
        for count in (9, 10)
    ]
    assert sizes == ["3/9", ""]
