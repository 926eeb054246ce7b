"""Which tests go first, and which stay together, where several workers share them."""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling

# The tests of flows bring up a Prefect server, whose nights are due while others still run.
FLOWS = "tests/flows/"
SERVED = f"{FLOWS}test_serve.py"
LONGEST = (
    f"{FLOWS}test_nightly.py",
    FLOWS,
    "tests/test_crash_safety.py",
    "tests/miners/test_trackers_truth.py",
    "tests/miners/test_oracle.py",
    "tests/test_kpi_truth.py",
    "tests/test_tracker_clock.py",
    "tests/test_incremental",
    "tests/miners/test_trackers_",
    "tests/test_tracker_quarters.py",
    "tests/kpis/",
    "tests/warehouse/",
)


class OneFolder(LoadFileScheduling):
    """Gives all tests of a file to one worker, and those of flows like a file."""

    def _split_scope(self, nodeid):
        return FLOWS if nodeid.startswith(FLOWS) else super()._split_scope(nodeid)


def begins_at(nodeid):
    """Tell a test's place in the order; others go last, and keep theirs."""
    if nodeid.startswith(SERVED):
        return LONGEST.index(FLOWS) + 0.5
    places = (place for place, begun in enumerate(LONGEST) if nodeid.startswith(begun))
    return next(places, len(LONGEST))
