"""Meetings and trips of iCalendar files, also of hostile ones."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from miners.ledger.address import EventPatterns
from miners.ledger.mine import mine_ledger
from tests.support.rows.ledgers import Ledger, activity, days, number

ZONE = """BEGIN:VTIMEZONE
TZID:Korea Standard Time
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:+0900
TZOFFSETTO:+0900
END:STANDARD
END:VTIMEZONE
"""
WEEKLY = """UID:w
DTSTART;TZID=Korea Standard Time:20250103T100000
DTEND;TZID=Korea Standard Time:20250103T113000
RRULE:FREQ=WEEKLY;COUNT=4
EXDATE;TZID=Korea Standard Time:20250110T100000
SUMMARY:Weekly
CATEGORIES:Weekly planning,K-water
"""
MOVED = """UID:w
RECURRENCE-ID;TZID=Korea Standard Time:20250117T100000
DTSTART;TZID=Korea Standard Time:20250118T140000
DTEND;TZID=Korea Standard Time:20250118T150000
SUMMARY:Weekly, moved
"""
TRIP = """UID:t
DTSTART;VALUE=DATE:20240105
DTEND;VALUE=DATE:20240108
SUMMARY:[출장] 소양강
LOCATION:소양강댐
URL:https://example.org/trip
"""


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path)


def calendar(*events):
    inner = "".join(f"BEGIN:VEVENT\n{event}END:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//\n{ZONE}{inner}END:VCALENDAR\n"


def test_an_event_is_an_activity_of_what_its_words_mean(ledger):
    kinds, projects = {"[출장]*": "business_trip"}, {"*소양강*": "K-water"}
    ledger.options["patterns"] = EventPatterns(kinds, projects)
    ledger.write("trips.ics", calendar(TRIP))

    assert ledger.facts("activities") == [
        activity(
            "t",
            "2024-01-05",
            "business_trip",
            happened_until=days("2024-01-07"),
            project="K-water",
            site="소양강댐",
            title="[출장] 소양강",
            link="https://example.org/trip",
            file="trips.ics",
        )
    ]
    assert ledger.said() == []


def test_an_event_that_recurs_is_each_of_its_times_even_when_moved(ledger):
    ledger.options["patterns"] = EventPatterns(projects={"k-WATER": "K-water"})
    ledger.write("meetings.ics", calendar(WEEKLY, MOVED))
    known = {"kind": "weekly_planning", "project": "K-water", "file": "meetings.ics"}

    assert ledger.facts("activities") == [
        {
            **activity("w/2025-01-03T10:00:00+09:00", "2025-01-03", **known),
            "title": "Weekly",
            "hours": number("1.5"),
        },
        {
            **activity("w/2025-01-17T10:00:00+09:00", "2025-01-18", "meeting"),
            "title": "Weekly, moved",
            "hours": number("1"),
            "file": "meetings.ics",
        },
        {
            **activity("w/2025-01-24T10:00:00+09:00", "2025-01-24", **known),
            "title": "Weekly",
            "hours": number("1.5"),
        },
    ]


def test_days_of_events_are_those_of_the_calendars_zone(ledger):
    times = {
        "utc": ("20240104T160000Z", "20240104T170000Z"),
        "floating": ("20240105T090000", "20240105T100000"),
        "midnight": ("20240104T160000Z", "20240105T150000Z"),
        "night": ("20240104T230000Z", "20240105T160000Z"),
    }
    events = [f"UID:{n}\nDTSTART:{a}\nDTEND:{b}\n" for n, (a, b) in times.items()]
    ledger.write("times.ics", calendar(*events))

    found = {row["activity_id"]: row for row in ledger.facts("activities")}
    assert {name: row["happened_on"] for name, row in found.items()} == dict.fromkeys(
        times, days("2024-01-05")
    )
    untils = {name: row.get("happened_until") for name, row in found.items()}
    assert untils == {**dict.fromkeys(times), "night": days("2024-01-06")}


def test_canceled_events_are_none_and_private_ones_keep_no_words(ledger):
    canceled = TRIP.replace("UID:t", "UID:c\nSTATUS:CANCELLED")
    private = TRIP.replace("UID:t", "UID:p\nCLASS:PRIVATE\nCATEGORIES:Business trip")
    ledger.write("trips.ics", calendar(canceled, private))

    until = {"happened_until": days("2024-01-07"), "file": "trips.ics"}
    assert ledger.facts("activities") == [activity("p", "2024-01-05", "business_trip", **until)]


FEWER = "Export fewer events into each file."
ODD = {
    "no start": ("UID:x\nSUMMARY:a\n", "it is malformed (No DTSTART given.)"),
    "a start that is none": ("UID:x\nDTSTART:2024010\n", "DTSTART: Expected time, got: 2024010"),
    "too often": (
        "UID:x\nDTSTART:20240101T000000Z\nRRULE:FREQ=SECONDLY\n",
        "it is malformed (it recurs more often than daily, or by no rule)",
    ),
    "many times a day": (
        "UID:x\nDTSTART:20240101T000000Z\nRRULE:FREQ=DAILY;BYHOUR=1,2\n",
        "it is malformed (it recurs more often than daily, or by no rule)",
    ),
    "no step": (
        "UID:x\nDTSTART:20240101T000000Z\nRRULE:FREQ=DAILY;INTERVAL=0\n",
        "it is malformed (it recurs more often than daily, or by no rule)",
    ),
    "an end of another kind": (
        "UID:x\nDTSTART:20240105T100000Z\nDTEND:20240105T110000\n",
        "it is malformed (",
    ),
    "a rule that is none": ("UID:x\nDTSTART:20240105T100000Z\nRRULE:FREQ=NEVER\n", ""),
    "a year too far": ("UID:x\nDTSTART;VALUE=DATE:00010101\n", "happened_on: expected a day"),
}


@pytest.mark.parametrize(("event", "said"), ODD.values(), ids=ODD)
def test_an_odd_event_is_rejected_and_holds_up_no_other(ledger, event, said):
    ledger.write("trips.ics", calendar(TRIP, event))

    (found,) = ledger.said()
    assert found.startswith(f"trips.ics:20: {said}")
    assert list(ledger.read().rows) == [("activities", "t")]


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=YEARLY;INTERVAL=0", "COUNT=1"])
def test_a_time_zone_that_never_ends_is_not_followed(ledger, rule):
    zone = calendar(TRIP).replace("TZOFFSETTO:+0900\n", f"TZOFFSETTO:+0900\nRRULE:{rule}\n")
    ledger.write("trips.ics", zone)

    (said,) = ledger.said()
    assert said.startswith("trips.ics: ")
    assert ledger.read().rows == {}


def test_a_calendar_that_takes_too_long_is_given_up(ledger, monkeypatch):
    monkeypatch.setattr("miners.ledger.formats.calendar_file._MOST_SECONDS", -1)
    ledger.write("trips.ics", calendar(TRIP))

    assert ledger.said() == [
        f"trips.ics: its events take more than -1 seconds to be listed. {FEWER}"
    ]


def test_events_that_recur_without_end_end_with_the_next_year(ledger):
    ledger.write("w.ics", calendar(WEEKLY.replace(";COUNT=4", "")))
    first = ledger.mine()["ledger_activities"]
    same_year = ledger.mine()
    plan = ledger.plan()
    later = type(plan)(**{**vars(plan), "observed_at": datetime(2026, 1, 5, tzinfo=UTC)})
    receipt = mine_ledger(ledger.source, later, lambda *_: None)

    assert max(row["happened_on"] for row in ledger.facts("activities")) == days("2026-12-25")
    assert (first, same_year) == (103, {})
    assert receipt.rows("ledger_activities") == 53
