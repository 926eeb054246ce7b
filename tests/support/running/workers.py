"""Distribution of tests over parallel workers, and where they write their files."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

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

    def remove_node(self, node):
        """
        Take the work of a worker that ended, but for the test in which it crashed.

        xdist would run that test again on one worker after the other, until none is left.
        """
        units = self.assigned_work[node].values()
        crashed = next(((unit, test) for unit in units for test in unit if not unit[test]), None)
        if crashed:
            unit, test = crashed
            unit[test] = True
        super().remove_node(node)
        self._assign_rest()
        return crashed and crashed[1]

    def schedule(self):
        has_begun = self.collection is not None
        super().schedule()
        if has_begun:
            self._assign_rest()

    def _assign_rest(self):
        """Give each worker two tests, or end it: it begins one once it knows the next."""
        for scope in [scope for scope, unit in self.workqueue.items() if all(unit.values())]:
            del self.workqueue[scope]
        for node in self.nodes:
            while self.workqueue and self._pending_of(self.assigned_work[node]) < 2:
                self._assign_work_unit(node)
            if not self.workqueue:
                node.shutdown()


def begins_at(nodeid):
    """Return a test's place in the order; others go last, and keep theirs."""
    places = (place for place, begun in enumerate(LONGEST) if nodeid.startswith(begun))
    return next(places, len(LONGEST))


def count_workers():
    """Return one worker more than there are cores: the tests of nights wait most of their time."""
    return (os.cpu_count() or 1) + 1


MEMORY = Path("/dev/shm")
# What a run writes at most, with room for another at the same time.
NEEDED_BYTES = 4 * 2**30


def use_memory():
    """
    Write temporary files to memory where there is enough, as on most Linux machines.

    The tests force thousands of files to the disk, which takes longer than their work on them.
    """
    if "TMPDIR" not in os.environ and _is_roomy(MEMORY):
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


def _is_roomy(folder):
    """Return whether files fit into a folder, and can be executed there."""
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        return False
    is_executed = not os.statvfs(folder).f_flag & os.ST_NOEXEC
    return is_executed and shutil.disk_usage(folder).free > NEEDED_BYTES
