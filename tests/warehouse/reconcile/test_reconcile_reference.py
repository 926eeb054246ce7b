"""Test reference reports of a real team with known contradictions."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from warehouse.reconcile.findings import State, reconcile

REFERENCE = Path(__file__).parents[4] / "shared" / "reference"
# Everything in the report of 2024 that cannot be right, whatever was rounded.
CONTRADICTIONS_2024 = [
    (7, "+8", "+7"),  # 95 - 88; of 91/95 and 64/72 it is 6.9
    (44, "Q2", "Q3"),  # an incident of July under Q2
    (45, "Q2", "Q3"),  # another one
    (94, "14", "5"),  # remaining of 10 of which 5 are resolved
    (95, "10", "5"),  # remaining of 9 of which 4 are resolved
    (98, "87.5%", "50%"),  # the closure rate of Q4 is 4/8
    (124, "~17 hours", "20.8 hours"),  # 30 GB at 400 KB/s
    (124, "~7 hours", "8.3 hours"),  # 12 GB at 400 KB/s
    (174, "+56 percentage points", "+47.5 percentage points"),  # 80.5 is the average; 89 is Q4
    (285, "700%+", "697.4%"),  # 303 commits after 38
]
# Rounded figures, and the only rounding that explains each of them.
ROUNDED_DOWN_2024 = {
    17: "63%",  # 23/36 = 63.89
    42: "75h 43m",  # 227.18 h / 3 = 75 h 43.6 min
    49: "88%",  # 64/72 = 88.89
    66: "95%",  # 91/95 = 95.79
    161: "-59%",  # 47 to 19 is -59.57
}
ROUNDED_EITHER_WAY_2024 = {
    16: "62%",  # 25/40 = 62.5
    31: "75%",  # 46/61 = 75.41
    32: "77%",  # 44/57 = 77.19
    39: "37 days",  # 447/12 = 37.25
    51: "57%",  # 4/7 = 57.14
    67: "98%",  # 60/61 = 98.36
    71: "89%",  # 17/19 = 89.47
    87: "292%",  # 38 to 149 is 292.11
    109: "51.5%",  # 330 to 160 is -51.52
    173: "89%",  # 17/19 again
}
# 2 + 1 + 1 meetings are four; the summaries repeat the three.
CONTRADICTIONS_2022 = [(141, "3회", "4회")]
# Figures that look doubtful and are right.
RIGHT_2024 = {
    8: "80.5%",  # the mean of 33, 100, 100 and 89
    11: "23h 47m",  # of four quarters, the one without incidents as 0
    72: "17/19",  # 14/14 + 1/1 + 1/1 + 1/3
    89: "54",  # 32 + 19 + 3
    90: "90",  # 66 + 23 + 1
    91: "~303",
    121: "60%",
    158: "+370%",
    161: "19",  # 16 + 3
    164: "11",  # 9 + 2
    167: "87+",
    205: "6.75",  # 27 / 4
    270: "2",  # 24 / 12
}
RIGHT_2022 = {
    6: "3개",
    12: "+1",
    28: "9개월",
    128: "7개",  # 5 + 2
    132: "63시간",  # 21 x 3
    242: "7개",
    244: "3회",
    255: "3개",
}


def report(year):
    path = REFERENCE / f"performance-{year}.md"
    if not path.is_file():
        pytest.skip(f"there is no report at {path}")
    return reconcile(path.read_text("utf-8"))


def texts_of(findings):
    return [(result.figure.line, result.says, result.should_be) for result in findings]


@pytest.mark.parametrize(
    ("year", "expected"), [(2024, CONTRADICTIONS_2024), (2022, CONTRADICTIONS_2022)]
)
def test_every_contradiction_and_no_other(year, expected):
    assert texts_of(report(year).findings) == expected


def test_what_rounding_explains_and_that_it_is_always_down():
    reconciliation = report(2024)
    rounded = {
        result.rounding: {} for result in reconciliation.results if result.state is State.ROUNDING
    }
    for result in reconciliation.results:
        if result.state is State.ROUNDING:
            rounded[result.rounding][result.figure.line] = result.says

    assert rounded == {"down": ROUNDED_DOWN_2024, "both": ROUNDED_EITHER_WAY_2024}
    assert reconciliation.rounding == "down"


@pytest.mark.parametrize(("year", "right"), [(2024, RIGHT_2024), (2022, RIGHT_2022)])
def test_figures_that_look_doubtful_are_right(year, right):
    agreeing = {
        (result.figure.line, result.says)
        for result in report(year).results
        if result.state is State.AGREES
    }

    assert set(right.items()) - agreeing == set()


def rows(name):
    with (REFERENCE / "2024" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def quarter(day):
    return f"2024-Q{(date.fromisoformat(day[:10]).month + 2) // 3}"


def test_what_the_rows_say_of_the_report():
    """Compared with its rows the report has wrong quarters in two KPIs."""
    if not (REFERENCE / "2024").is_dir():
        pytest.skip(f"there are no rows at {REFERENCE / '2024'}")
    reported, happened, hours = defaultdict(list), defaultdict(int), defaultdict(list)
    for row in rows("lead_times"):
        reported[row["reported_quarter"]].append(int(row["reported_days"]))
        if row["delivered_on"]:
            happened[row["reported_quarter"], quarter(row["delivered_on"])] += 1
    for row in rows("incidents"):
        if row["recovered_at"]:
            ends = (datetime.fromisoformat(row[name]) for name in ("recovered_at", "started_at"))
            taken = (next(ends) - next(ends)).total_seconds()
            hours[row["reported_quarter"], quarter(row["recovered_at"])].append(int(taken) // 60)

    # Its means of reported days are right (14.78 is 14, 37.25 is 37); its quarters are not.
    assert {name: Fraction(sum(days), len(days)) for name, days in reported.items()} == {
        "2024-Q1": Fraction(133, 9),
        "2024-Q2": Fraction(447, 12),
        "2024-Q3": 46,
        "2024-Q4": 15,
    }
    assert happened == {
        ("2024-Q2", "2024-Q2"): 8,
        ("2024-Q2", "2024-Q3"): 4,
        ("2024-Q3", "2024-Q3"): 6,
        ("2024-Q4", "2024-Q4"): 4,
        ("2024-Q4", "2024-Q3"): 2,
    }
    assert hours == {
        ("2024-Q1", "2024-Q1"): [18 * 60 + 55],
        ("2024-Q2", "2024-Q3"): [42 * 60 + 57, 183 * 60 + 29],
        ("2024-Q3", "2024-Q3"): [30],
    }
