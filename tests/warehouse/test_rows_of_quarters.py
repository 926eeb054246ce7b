"""Test that each row is in its local day's quarter."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import duckdb
import pytest

from tests.support.rows.row_histories import HistoryRows
from warehouse.build.model import read_models
from warehouse.build.runner import build_models
from warehouse.calendar import Calendar, quarters
from warehouse.context import Context
from warehouse.tables.batches import load_batches
from warehouse.tables.settings import QUARTERS, write_table

TODAY = datetime(2026, 1, 1, tzinfo=UTC)
COUNTS = """
    select
        committed_at, quarter, quarter_starts_on,
        count(*) over (partition by commit_hash) as row_count
    from facts.commits order by committed_at
"""


def changes_of(zone):
    """List the instants of some years in which a zone's clock was set."""
    days = [datetime(2023, 1, 1, tzinfo=UTC) + timedelta(days=day) for day in range(730)]
    for day, next_day in pairwise(days):
        if day.astimezone(zone).utcoffset() != next_day.astimezone(zone).utcoffset():
            yield from (day + timedelta(hours=hour) for hour in range(25))


def edges_of(zone):
    """List the instants next to which local months begin in a year, and the last ones before."""
    for month in range(1, 13):
        begins = datetime(2024, month, 1, tzinfo=zone).astimezone(UTC)
        yield from (begins - timedelta(seconds=1), begins)


def expected_quarter(instant, zone, first_month):
    """Count months since the fiscal year began; the year is named by its last month's."""
    day = instant.astimezone(zone)
    months = (day.month - first_month) % 12
    ends_in = day.year + (first_month > 1 and day.month >= first_month)
    return f"{ends_in}-Q{months // 3 + 1}"


def zones_unlike_each_other():
    """Name one zone for each way that the clocks of the world went in those years."""
    hours = [datetime(2023, 1, 1, tzinfo=UTC) + timedelta(hours=h) for h in range(0, 730 * 24, 6)]
    found = {}
    for name in sorted(zoneinfo.available_timezones() - {"localtime", "Factory"}):
        zone = zoneinfo.ZoneInfo(name)
        found.setdefault(tuple(hour.astimezone(zone).utcoffset() for hour in hours), name)
    return sorted(found.values())


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    store, history, parents = tmp_path_factory.mktemp("edges"), HistoryRows(looked_at=TODAY), ()
    zones = [zoneinfo.ZoneInfo(name) for name in zones_unlike_each_other()]
    instants = {instant for zone in zones for instant in (*edges_of(zone), *changes_of(zone))}
    for instant in sorted(instants):
        parents = (
            history.commit(
                f"{instant.timestamp():.0f}", *parents, at=f"{instant:%Y-%m-%dT%H:%M:%S}"
            ),
        )
    history.found(store)
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute("set threads = 1")
        load_batches(connection, store)
        build_models(connection, Context(), only=["facts.commits"])
        yield connection, zones, sorted(instants)


def build_in(connection, calendar):
    """Build the commits again in another calendar, on which nothing else that is built depends."""
    (model,) = (model for model in read_models() if model.table == "facts.commits")
    connection.execute("drop table settings.quarters")
    write_table(connection, QUARTERS, quarters(calendar))
    connection.execute(f"create or replace table facts.commits as {model.sql}")


def test_no_row_is_in_two_quarters_or_in_none(loaded):
    connection, zones, instants = loaded
    assert len(zones) > 60
    for index, zone in enumerate(zones):
        first_month = index % 12 + 1
        build_in(connection, Calendar(zone.key, first_month))
        found = connection.execute(COUNTS).fetchall()

        assert [(at, quarter, times) for at, quarter, _, times in found] == [
            (at, expected_quarter(at, zone, first_month), 1) for at in instants
        ], zone
        assert all(starts_on <= at.astimezone(zone).date() for at, _, starts_on, _ in found)
