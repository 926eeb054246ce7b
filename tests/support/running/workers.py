"""Distribution of tests over parallel workers."""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling

# They bring up a Prefect server, whose nights are due while others still run.
SERVED = "tests/flows/orchestration/"
LONGEST = (
    f"{SERVED}test_nightly.py",
    SERVED,
    "tests/end_to_end/test_crash_safety.py",
    "tests/miners/tracker/test_trackers_truth.py",
    "tests/miners/git/test_oracle.py",
    "tests/end_to_end/test_kpi_truth.py",
    "tests/end_to_end/test_tracker_clock.py",
    "tests/end_to_end/test_incremental",
    "tests/miners/tracker/test_trackers_",
    "tests/end_to_end/",
    "tests/flows/cli/test_explain_command.py",
    "tests/flows/",
    "tests/warehouse/",
)


class OneFolder(LoadFileScheduling):
    """Gives all tests of a file to one worker, and those that share a server too."""

    def _split_scope(self, nodeid):
        return SERVED if nodeid.startswith(SERVED) else super()._split_scope(nodeid)


def begins_at(nodeid):
    """Tell a test's place in the order; others go last, and keep theirs."""
    places = (place for place, begun in enumerate(LONGEST) if nodeid.startswith(begun))
    return next(places, len(LONGEST))
