"""Test calendars: quarters, time zones and first months."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.running.examples import examples
from warehouse.calendar import FIRST_INSTANT, LAST_INSTANT, Calendar, quarter_at, quarters
from warehouse.context import Context
from warehouse.errors import SettingsRefused

ZONES = sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})


def find(calendar, label):
    return next(quarter for quarter in quarters(calendar) if quarter.quarter == label)


def test_a_calendar_year_has_the_quarters_that_everybody_knows():
    quarter = find(Calendar(), "2024-Q1")

    assert (quarter.fiscal_year, quarter.fiscal_quarter) == (2024, 1)
    assert (quarter.starts_on, quarter.ends_before) == (date(2024, 1, 1), date(2024, 4, 1))
    assert quarter.starts_at == datetime(2024, 1, 1, tzinfo=UTC)
    assert quarter.ends_at == datetime(2024, 4, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first_month", "label", "starts_on"),
    [
        (2, "2024-Q1", date(2023, 2, 1)),
        (4, "2024-Q1", date(2023, 4, 1)),
        (4, "2024-Q4", date(2024, 1, 1)),
        (7, "2024-Q3", date(2024, 1, 1)),
        (10, "2024-Q1", date(2023, 10, 1)),
        (12, "2024-Q1", date(2023, 12, 1)),
        (12, "2024-Q2", date(2024, 3, 1)),
    ],
)
def test_a_fiscal_year_is_named_by_the_year_in_which_it_ends(first_month, label, starts_on):
    assert find(Calendar("UTC", first_month), label).starts_on == starts_on


@pytest.mark.parametrize(
    ("first_month", "label", "starts_on"),
    [
        (1, "2024-Q1", date(2024, 1, 1)),
        (4, "2024-Q1", date(2024, 4, 1)),
        (4, "2024-Q4", date(2025, 1, 1)),
        (12, "2024-Q2", date(2025, 3, 1)),
    ],
)
def test_or_by_the_year_in_which_it_starts(first_month, label, starts_on):
    calendar = Calendar("Asia/Tokyo", first_month, year_named_by="start")

    assert find(calendar, label).starts_on == starts_on


def test_the_name_of_years_is_part_of_the_hash_of_the_calendar():
    """Named by the end it has the hash that seals have of a calendar without a name of years."""
    by_end, by_start = (
        Context(calendar=Calendar("UTC", 4, year_named_by=end)).hashes()["calendar"]
        for end in ("end", "start")
    )

    assert by_end == Context(calendar=Calendar("UTC", 4)).hashes()["calendar"] == "af531e1f5a5aabc0"
    assert by_start != by_end


def test_a_quarter_begins_at_local_midnight():
    assert find(Calendar("Asia/Seoul"), "2024-Q1").starts_at == datetime(
        2023, 12, 31, 15, tzinfo=UTC
    )
    assert find(Calendar("America/New_York"), "2024-Q3").starts_at == datetime(
        2024, 7, 1, 4, tzinfo=UTC
    )


def test_where_clocks_jump_over_midnight_the_quarter_begins_at_the_jump():
    """In some zones and years the first day of a month has no midnight."""
    jumps = [
        (zone, quarter)
        for zone in ("Africa/Cairo", "Asia/Amman", "Asia/Damascus", "Asia/Beirut", "Asia/Gaza")
        for month in (1, 2, 3)
        for quarter in quarters(Calendar(zone, month))
        if quarter.starts_at.astimezone(zoneinfo.ZoneInfo(zone)).hour != 0
    ]

    assert jumps
    for zone, quarter in jumps:
        before = (quarter.starts_at - timedelta(seconds=1)).astimezone(zoneinfo.ZoneInfo(zone))
        assert before.date() == quarter.starts_on - timedelta(days=1)


def test_quarters_cut_time_into_pieces_in_every_zone_and_for_every_first_month():
    """No instant of 1970 to 2105 belongs to two quarters or to none; labels never repeat."""
    for index, zone in enumerate(ZONES):
        calendar = Calendar(zone, index % 12 + 1)
        found = quarters(calendar)
        rules = calendar.zone()

        assert found[0].starts_at <= FIRST_INSTANT
        assert found[-1].ends_at >= LAST_INSTANT
        assert all(a.ends_at == b.starts_at for a, b in pairwise(found))
        assert all(a.ends_before == b.starts_on for a, b in pairwise(found))
        assert all(quarter.starts_at < quarter.ends_at for quarter in found)
        assert len({quarter.quarter for quarter in found}) == len(found)
        for quarter in found:
            first = quarter.starts_at.astimezone(rules).date()
            last = (quarter.starts_at - timedelta(microseconds=1)).astimezone(rules).date()
            assert (first, last < quarter.starts_on) == (quarter.starts_on, True), (zone, quarter)


@examples(150)
@given(
    zone=st.sampled_from(ZONES),
    first_month=st.integers(1, 12),
    instant=st.integers(int(FIRST_INSTANT.timestamp()), int(LAST_INSTANT.timestamp()) - 1).map(
        lambda seconds: datetime.fromtimestamp(seconds, UTC)
    ),
)
def test_every_instant_is_in_the_quarter_of_its_local_day(zone, first_month, instant):
    calendar = Calendar(zone, first_month)
    found = quarters(calendar)
    label = quarter_at(found, instant)
    holding = [quarter for quarter in found if quarter.starts_at <= instant < quarter.ends_at]
    by_day = [
        quarter
        for quarter in found
        if quarter.starts_on <= instant.astimezone(calendar.zone()).date() < quarter.ends_before
    ]

    assert [quarter.quarter for quarter in holding] == [label]
    # Only where midnight strikes twice can a local day come back for an hour after it ended.
    assert by_day == holding or instant - holding[0].starts_at < timedelta(hours=2)


def test_an_instant_outside_the_calendar_has_no_quarter():
    found = quarters(Calendar())

    assert quarter_at(found, datetime(1969, 12, 31, tzinfo=UTC)) is None
    assert quarter_at(found, datetime(2106, 1, 1, tzinfo=UTC)) is None


def test_an_unknown_zone_is_refused_with_the_one_that_was_meant():
    with pytest.raises(SettingsRefused) as refusal:
        Calendar("Asia/Soul")

    message = "time_zone: 'Asia/Soul' is not a time zone; did you mean 'Asia/Seoul'?"
    assert str(refusal.value) == message


@pytest.mark.parametrize("name", ["", "../etc/passwd", "/etc/passwd", "x" * 300, "a\0b", "Asia"])
def test_a_zone_that_is_no_name_at_all_is_refused(name):
    with pytest.raises(SettingsRefused, match="is not a time zone"):
        Calendar(name)


@pytest.mark.parametrize("month", [0, 13, -1])
def test_a_month_that_does_not_exist_is_refused(month):
    with pytest.raises(SettingsRefused, match=f"first_month: {month} is not a month"):
        Calendar("UTC", month)
