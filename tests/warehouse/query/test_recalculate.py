"""Test recalculated figures and the sums that are shown."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.rows.in_order import in_order
from warehouse.query.evidence import EvidenceRow
from warehouse.query.figures import Kpi
from warehouse.query.recalculate import is_same_figure, ratio_word, recalculate, tenths

HOUR = 3600


def kpi(kind, unit="items", size=1):
    return in_order(
        Kpi, "it", "It", "그것", unit, size, kind, "quarter", "higher", 1, "?", "", "", 101, ""
    )


HOURS = ("hours", HOUR)


def row(value=None, subject="a", reason="counted", numerator=None, denominator=None):
    return in_order(
        EvidenceRow,
        *("host/r", "2024-Q1", subject, f"https://host/{subject}", None, None, None, reason),
        *(numerator, denominator, value, False),
    )


def of(*parts):
    return [row(numerator=n, denominator=d) for n, d in parts]


def by(*amounts):
    return [row(amount, name) for name, amount in amounts]


def hours(*values):
    return [row(value * HOUR) for value in values]


LEFT_OUT = row(99, "z", "bot", 1, 1)
CASES = [
    (kpi("count"), [], 0, "No row counts."),
    (kpi("count"), [row()], 1, "1 row counts."),
    (kpi("count"), [row()] * 1200, 1200, "1,200 rows count."),
    (kpi("sum"), [], 0, "No row counts."),
    (kpi("sum"), [row(1500), row(2)], 1502, "1,500 + 2 = 1,502"),
    (
        kpi("sum"),
        [row(value) for value in range(1, 11)],
        55,
        "1 + 2 + 3 + 4 + 5 + 6 + … + 9 + 10 = 55",
    ),
    (kpi("distinct"), [], 0, "No row counts."),
    (kpi("distinct"), [row(subject=s) for s in "baab"], 2, "a, b: 2 different"),
    (
        kpi("distinct"),
        [row(subject=s) for s in "abcdefghij"],
        10,
        "a, b, c, d, e, f, g, h and 2 more: 10 different",
    ),
    (kpi("ratio", "ratio"), [], None, "No row counts."),
    (kpi("ratio", "ratio"), of((1, 1), (0, 1), (0, 1)), 0.333333, "1 of 3 = 33.3%"),
    (kpi("ratio", "ratio"), of((0, 1)), 0, "0 of 1 = 0%"),
    (kpi("ratio", "ratio"), of((1, 0), (1, 0), (0, 1)), 2, "2 for 1 = 200%"),
    (kpi("ratio", "ratio"), of((1, 0)), None, "1 of 0: division by zero."),
    (kpi("mean", *HOURS), [], None, "No row counts."),
    (kpi("mean", *HOURS), [row(None)], None, "No row counts."),
    (kpi("mean", *HOURS), hours(1, 2, 6), 3, "(1.0 + 2.0 + 6.0) h / 3 = 3.0 h"),
    (kpi("mean", "days", 86400), hours(12, 36), 1, "(0.50 + 1.5) d / 2 = 1.0 d"),
    (kpi("median", *HOURS), [], None, "No row counts."),
    (kpi("median", *HOURS), hours(9, 1, 5), 5, "sorted: 1.0, [5.0], 9.0: the middle is 5.0 h"),
    (
        kpi("median", *HOURS),
        hours(2000, 10, 1000, 20),
        510,
        "sorted: 10.0, [20.0, 1,000.0], 2,000.0: the middle two, 20.0 and 1,000.0, make 510.0 h",
    ),
    (
        kpi("median", *HOURS),
        hours(*range(1, 12)),
        6,
        "sorted: …, 2.0, 3.0, 4.0, 5.0, [6.0], 7.0, 8.0, 9.0, 10.0, …: the middle is 6.0 h",
    ),
    (kpi("longest", "days", 86400), [], None, "No row counts."),
    (
        kpi("longest", "days", 86400),
        by(("first", 86400), ("then", 3 * 86400)),
        3,
        "the longest of 2 is 3.0 d: https://host/then",
    ),
    (kpi("half", "people"), [], None, "No row counts."),
    # Of two who wrote the same the name decides; what is excluded makes no half.
    (
        kpi("half", "people"),
        by(("cyd", 2), ("ann", 3), ("bob", 3), ("ann", 1), ("dee", 3)),
        2,
        "ann 4 + bob 3 = 7 of 12, at least half",
    ),
    (kpi("half", "people"), by(("ann", 5), ("bob", 5)), 1, "ann 5 = 5 of 10, at least half"),
]


@pytest.mark.parametrize(("definition", "rows", "value", "text"), CASES)
def test_the_recalculated_sum(definition, rows, value, text):
    """Whatever was excluded as well as the rows that count."""
    for given_rows in (rows, [LEFT_OUT, *rows]):
        found = recalculate(definition, given_rows)
        assert (found.value, found.text) == (value, text)


SECONDS = st.lists(st.integers(0, 10**9), min_size=1, max_size=40)


@given(SECONDS)
def test_means_and_medians_are_those_of_python(values):
    """To the six decimals that are published."""
    rows = [row(value) for value in values]
    for kind, exact in (("mean", statistics.mean(values)), ("median", statistics.median(values))):
        assert is_same_figure(recalculate(kpi(kind, *HOURS), rows).value, exact / HOUR)
    assert is_same_figure(recalculate(kpi("longest", *HOURS), rows).value, max(values) / HOUR)


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(1, 50)), min_size=1, max_size=30))
def test_as_few_as_possible_make_half(amounts):
    rows = by(*amounts)
    few = int(recalculate(kpi("half"), rows).value)

    totals = sorted(
        (sum(v for name, v in amounts if name == one) for one in {n for n, _ in amounts}),
        reverse=True,
    )
    assert 2 * sum(totals[:few]) >= sum(totals)
    assert 2 * sum(totals[: few - 1]) < sum(totals)


@pytest.mark.parametrize(
    ("worked_out", "published", "expected"),
    [
        *((None, None, True), (None, 0.0, False), (0.0, None, False), (1.0, 1.0, True)),
        *((1.0, 1.0000005, True), (1.0, 1.000002, False)),
        # The last decimal of a large one may be what a double cannot hold.
        *((123456789.123457, 123456789.123456, True), (123456789.12, 123456789.13, False)),
    ],
)
def test_figures_agree_in_all_decimals_that_are_published(worked_out, published, expected):
    assert is_same_figure(worked_out, published) is expected


def test_small_numbers_are_written_to_a_hundredth():
    assert [tenths(number) for number in (0, 0.04, 0.999, 1, 1234.56)] == [
        *("0.0", "0.04", "1.00", "1.0", "1,234.6"),
    ]


def test_a_comparison_is_distinguished_from_a_share():
    assert ratio_word(of((1, 1), (0, 1))) == "of"
    assert ratio_word(of((1, 0), (0, 1))) == "for"
