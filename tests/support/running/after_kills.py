"""Home folders after kills."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from pathlib import Path

from miners.store import sha256_of
from tests.support.running.clocks import HANG_SECONDS


def exported(home):
    """Hash every file that readers see; the manifest apart from the runs it was made from."""
    current = home / "exports" / "current"
    files = [path for path in current.rglob("*") if path.is_file()]
    found = {path.relative_to(current).as_posix(): sha256_of(path) for path in files}
    if found:
        manifest = json.loads((current / "manifest.json").read_text())
        found["manifest.json"] = {**manifest, "fingerprint": None}
    return found


def no_process_works_in(home, seconds=HANG_SECONDS):
    """Wait for git's helpers, which end as soon as nobody reads their output."""
    deadline = time.monotonic() + seconds
    while (found := processes_naming(home)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not found


def processes_naming(home):
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if str(home).encode() in path.read_bytes():
                found.append(path)
    return found


def leftovers(home):
    odd = (".begun", ".building", ".building.wal", ".building.tmp", ".new", ".tmp", ".wal")
    names = [path for path in home.rglob("*") if path.name.endswith(odd) or "tmp_" in path.name]
    receipts = {path.parent for path in home.glob("store/*/*/receipt.json")}
    snapshots = sorted(int(path.name) for path in home.glob("exports/snapshots/*"))
    current = int((home / "exports" / "current").readlink().name)
    names += [path for path in home.glob("store/*/*") if path not in receipts]
    return names + [number for number in snapshots if number > current]
