"""Test weekly flows, forecasts and ages of open work."""

from __future__ import annotations

import hashlib
import math
from datetime import date, datetime, timedelta
from itertools import accumulate

import pytest

from tests.support.rows.row_histories import builder, instant, rows
from tests.support.rows.trackers import REPOSITORY, TrackerRows

MARTS = ("flow_weekly", "forecasts", "open_work_ages")
build = builder(*(f"marts.{name}" for name in MARTS), kpis=("throughput",))
PROJECT = "r"
MONDAY, WEEKS, COURSES = date(2024, 1, 1), 30, 250
OPENED = [week % 3 + 1 for week in range(WEEKS)]
CLOSED = [week % 2 + (week % 5 == 4) for week in range(WEEKS)]
LEVELS = {
    "finished": list(accumulate(CLOSED)),
    "open_issues": list(accumulate(a - b for a, b in zip(OPENED, CLOSED, strict=True))),
}
CHANGES = {
    name: [b - a for a, b in zip([0, *levels], levels, strict=False)]
    for name, levels in LEVELS.items()
}
QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)


def on(week, day):
    return datetime.combine(MONDAY + timedelta(weeks=week, days=day), datetime.min.time())


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Issues of 30 whole weeks up to Monday, 29 July; the poll is on the Thursday after it."""
    store = tmp_path_factory.mktemp("forecasts")
    tracker().found(store)
    with build(store) as connection:
        yield connection


def tracker():
    made = TrackerRows()
    opened = [week for week in range(WEEKS) for _ in range(OPENED[week])]
    closed = [week for week in range(WEEKS) for _ in range(CLOSED[week])]
    for number, week in enumerate(opened):
        at = on(week, 0).isoformat()
        if number < len(closed):
            end = on(closed[number], 6).isoformat()
            made.issue(number, ("closed", end), created_at=at, state="closed", closed_at=end)
        else:
            made.issue(number, created_at=at)
    made.issue(999, created_at="2024-07-31T00:00")
    return made


def test_weeks_add_up_to_what_is_open_and_end_with_the_last_that_is_over(built):
    assert rows(built, "from marts.flow_weekly order by week_starts_on") == [
        (
            *(PROJECT, MONDAY + timedelta(weeks=week), OPENED[week], CLOSED[week]),
            *(CLOSED[week], LEVELS["open_issues"][week]),
        )
        for week in range(WEEKS)
    ]


def draw(course, week):
    return int(hashlib.md5(f"{course}/{week}".encode()).hexdigest()[:8], 16) / 2**32


def forecast(measure, weeks_back):
    """Return the start, and the bounds of each week ahead, from the end of an earlier week."""
    end = WEEKS - weeks_back
    history, start = CHANGES[measure][max(0, end - 26) : end], LEVELS[measure][end - 1]
    courses = [
        [
            start + value
            for value in accumulate(
                history[math.floor(draw(course, week) * len(history))] for week in range(1, 14)
            )
        ]
        for course in range(1, COURSES + 1)
    ]
    weeks = [sorted(max(0, value) for value in values) for values in zip(*courses, strict=True)]
    bounds = [[values[math.ceil(q * COURSES) - 1] for q in QUANTILES] for values in weeks]
    return len(history), start, bounds


def expected(measure):
    known, start, bounds = forecast(measure, 0)
    origins = [back for back in range(4, 53, 4) if WEEKS - back >= 8]
    before = {back: forecast(measure, back)[2] for back in origins}
    shift = start if measure == "finished" else 0
    for week in range(1, 14):
        came = [
            (before[back][week - 1], LEVELS[measure][WEEKS - 1 - back + week])
            for back in origins
            if back >= week
        ]
        shares = [
            sum(low <= level <= high for low, level, high in inside) / len(inside)
            for inside in (
                [(of[number], level, of[6 - number]) for of, level in came] for number in (2, 1, 0)
            )
        ]
        monday = MONDAY + timedelta(weeks=WEEKS)
        yield (
            *(PROJECT, measure, week, monday, monday + timedelta(days=7 * week - 1), known),
            start - shift,
            *(value - shift for value in bounds[week - 1]),
            *(len(came), *map(pytest.approx, shares)),
        )


@pytest.mark.parametrize("measure", LEVELS)
def test_forecasts_are_those_of_the_same_courses_and_are_compared_with_what_came(built, measure):
    found = rows(
        built, f"from marts.forecasts where forecast_measure = '{measure}' order by weeks_ahead"
    )

    assert found == list(expected(measure))
    assert found[0][14] == 5  # of the ends 4, 8, 12, 16 and 20 weeks before


def test_a_short_history_has_no_forecast(tmp_path):
    made = TrackerRows(looked_at=instant("2024-02-25T23:59"))
    made.issue(1, created_at="2024-01-01T00:00")
    made.found(tmp_path)
    with build(tmp_path) as connection:
        assert len(rows(connection, "from marts.flow_weekly")) == 7
        assert rows(connection, "from marts.forecasts") == []


def test_a_tracker_that_was_not_completely_polled_has_no_weeks(tmp_path):
    made = tracker()
    made.add("trackers")
    made.write(tmp_path, is_partial=True)
    with build(tmp_path) as connection:
        assert rows(connection, "from marts.flow_weekly") == []


def test_ages_of_open_work_are_compared_with_what_was_merged(tmp_path):
    """Of 1 to 11 days the median is 6, and the 95th percentile 10.5; one was merged too early."""
    made = TrackerRows()
    for number in range(1, 12):
        at = f"2024-05-{number + 1:02}T00:00"
        facts = {"state": "closed", "closed_at": at, "merged_at": at}
        made.change_request(number, created_at="2024-05-01T00:00", **facts)
    early = {"state": "closed", "closed_at": "2023-07-01T00:00", "merged_at": "2023-07-01T00:00"}
    made.change_request(12, created_at="2022-01-01T00:00", **early)
    for number, day in ((20, "25T12"), (21, "23T00"), (22, "22T00"), (23, "21T00")):
        made.change_request(number, created_at=f"2024-07-{day}:00")
    made.issue(30, created_at="2024-07-31T00:00")
    made.found(tmp_path)

    def open_request(number, days, band):
        return ("change_request", number, days, 6, 9.5, 10.5, band)

    query = """
        select item_kind, item_number, age_days, p50_ended_days, p85_ended_days, p95_ended_days,
            age_band
        from marts.open_work_ages where project = 'r' and source = $$%s$$ order by all
    """
    with build(tmp_path) as connection:
        assert rows(connection, query % REPOSITORY) == [
            open_request(20, 6.5, "50_to_85"),
            open_request(21, 9, "50_to_85"),
            open_request(22, 10, "85_to_95"),
            open_request(23, 11, "above_95"),
            ("issue", 30, 1, None, None, None, None),
        ]
