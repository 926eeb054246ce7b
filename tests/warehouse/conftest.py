"""Fixtures for the warehouse: homes, rows and connections."""

from __future__ import annotations

import duckdb
import pytest

from tests.support.rows import small_reports as reports
from tests.support.rows.exports import write_events
from tests.support.rows.memory_homes import MemoryHome
from tests.support.rows.trackers import TrackerRows


@pytest.fixture
def home(tmp_path):
    return MemoryHome(tmp_path / "home")


@pytest.fixture
def events(home):
    """A home with events, of which nothing is built yet."""
    write_events(home)
    return home


@pytest.fixture
def tracker():
    return TrackerRows()


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        yield connection


@pytest.fixture(scope="session")
def reported(tmp_path_factory):
    """The warehouse of reports.py, built once."""
    return reports.warehouse(tmp_path_factory.mktemp("reported"))
