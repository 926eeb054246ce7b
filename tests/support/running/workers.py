"""Distribution of tests over parallel workers."""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling

# They bring up a Prefect server, whose nights are due while others still run.
SERVED = "tests/flows/orchestration/"
# They share a home that takes as long to build as most of them together.
COMMANDS = "tests/flows/cli/"
LONGEST = (
    f"{SERVED}test_nightly.py",
    SERVED,
    COMMANDS,
    "tests/end_to_end/test_crash_safety.py",
    "tests/end_to_end/test_tracker_clock.py",
    "tests/end_to_end/test_kpi_truth.py",
    "tests/miners/git/test_oracle.py",
    "tests/end_to_end/test_incremental",
    "tests/miners/tracker/test_trackers_",
    "tests/end_to_end/",
    "tests/flows/",
    "tests/warehouse/seals/",
    "tests/warehouse/report/",
    "tests/warehouse/",
)


class OneFolder(LoadFileScheduling):
    """Gives all tests of a file to one worker, and of a folder that share what takes long."""

    def _split_scope(self, nodeid):
        shared = (folder for folder in (SERVED, COMMANDS) if nodeid.startswith(folder))
        return next(shared, None) or super()._split_scope(nodeid)


def begins_at(nodeid):
    """Return a test's place in the order; others go last, and keep theirs."""
    places = (place for place, begun in enumerate(LONGEST) if nodeid.startswith(begun))
    return next(places, len(LONGEST))
