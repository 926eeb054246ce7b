"""Errors of the machine: the disk, the memory, and interruptions."""

from __future__ import annotations

import signal

import duckdb
import pytest

from warehouse.build.build_file import building, building_path
from warehouse.connection import machine_errors, machine_failure
from warehouse.errors import MachineFailed, ModelFailed

FULL = 'Could not write file "/home/a/quarry.duckdb.building": No space left on device'


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (OSError(28, "No space left on device", "/home/a/x"), "/home/a/x: the disk is full. Free"),
        (OSError("No space left on device (os error 28)"), "/home: the disk is full. Free"),
        (OSError(122, "Disk quota exceeded"), "/home: the disk is full. Free"),
        (OSError(30, "Read-only file system", "/x"), "/x: the disk is read-only. Mount"),
        (OSError(13, "Permission denied", "/x"), "/x: access was denied. Give the user"),
        (OSError(1, "Operation not permitted", "/x"), "/x: access was denied. Give the user"),
        (OSError(5, "Input/output error", "/x"), "/x: the disk does not read or write. Check"),
        (OSError(24, "Too many open files", "/x"), "/x: too many files are open. Raise"),
        (OSError(20, "Not a directory", "/x"), "/x: a file or folder of another kind is in its"),
        (duckdb.IOException(FULL), "/home: the disk is full. Free"),
        (duckdb.OutOfMemoryException("Out of Memory Error: 3 GiB"), "/home: the machine has not"),
    ],
)
def test_a_failure_of_the_machine_is_named_with_what_to_do(error, problem):
    failure = machine_failure(error, "/home")

    assert str(failure).startswith(problem)
    assert str(failure).endswith(".")


def test_other_errors_are_none_of_the_machine():
    assert machine_failure(duckdb.BinderException("no column x")) is None
    with pytest.raises(ModelFailed), machine_errors("/home"):
        raise ModelFailed("a.sql", "no column x")


@pytest.mark.parametrize("error", [duckdb.IOException(FULL), ModelFailed("a.sql", FULL)])
def test_a_full_disk_ends_a_build_with_its_message_and_no_file(error, tmp_path):
    warehouse = tmp_path / "quarry.duckdb"
    with pytest.raises(MachineFailed, match="building: the disk is full"), building(warehouse):
        raise error

    assert not building_path(warehouse).exists()


@pytest.mark.skipif(
    duckdb.__version__ < "2", reason="DuckDB 1.5 ends a query before it heeds a signal"
)
def test_a_query_that_is_interrupted_is_an_interruption():
    def interrupt(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        with pytest.raises(KeyboardInterrupt), machine_errors("/home"):
            # DuckDB may heed the signal at the end of the query: it takes seconds at most.
            duckdb.connect().execute("select sum(a * b) from range(300000) x(a), range(900) y(b)")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
