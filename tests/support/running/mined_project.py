"""Real project, mined once for all tests of runs."""

from __future__ import annotations

import json

from filelock import FileLock

from tests.support.fakes.replay import Replay, dataset, mine, shared_folder, tracker_source
from tests.support.git.repositories import MinedHome

# The day of the tests' clock on which the Git history is read.
GIT_DAY = 824
REPOSITORY = "https://replay.example/bitcoin-core/secp256k1"


def mined_tracker(tmp_path_factory, name):
    """Mine a whole dataset twice, once in a run of the tests: its folder, home, and both logs."""
    root = shared_folder(tmp_path_factory)
    folder, home, logs = dataset(name, root), root / "mined" / name, root / "mined" / f"{name}.json"
    home.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{logs}.lock"):
        if not logs.exists():
            with Replay(folder, date="clock", is_still=True) as replay:
                taken = []
                for day in (1, 2, 3):
                    replay.clear()
                    mine(replay.source(), home, day)
                    taken.append([[entry["path"], entry["status"]] for entry in replay.log])
                logs.write_text(json.dumps([replay.tracker.full, *taken]), "utf-8")
    full_name, *taken = json.loads(logs.read_text("utf-8"))
    return folder, home, tracker_source("http://unused.example", full_name), taken


def mined_git(tmp_path_factory):
    """Mine the Git history of secp256k1, once in a run of the tests: its folder, and the home."""
    root = shared_folder(tmp_path_factory)
    folder = dataset("secp256k1", root, has_git=True)
    home, done = MinedHome(root / "mined" / "git"), root / "mined" / "git.done"
    home.path.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{done}.lock"):
        if not done.exists():
            home.mine(folder / "git", GIT_DAY, id=REPOSITORY, name="secp256k1")
            done.touch()
    return folder, home
