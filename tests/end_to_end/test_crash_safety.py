"""Test that a run after a kill gives the undisturbed result."""

from __future__ import annotations

import json
import random
import shutil
import signal
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.support.git.repositories import FIRST_SECOND, Repository
from tests.support.rows.some_models import copy_models
from tests.support.running.after_kills import exported, leftovers, no_process_works_in
from tests.support.running.examples import count_of
from tests.support.running.killed_runs import end, models_of, start

if TYPE_CHECKING:
    from pathlib import Path

FIRST_RUN, LATER_RUN = 1_717_200_000, 1_725_148_800
KILLS = count_of(4)
# Each step of a run, as the function that is about to be called (or has just been) at the kill.
STEPS = {
    "mirror begun": "before miners.git.mirror Mirror._fetch",
    "mirror fetched, not yet in place": "after miners.git.mirror Mirror._fetch",
    "Parquet written, no receipt": "before miners.store write_atomically receipt.json",
    "receipt written, not loaded": "before flows.run.publish load_without",
    "loaded, not built": "before flows.run.publish build_models",
    "built, not checked": "before flows.run.publish run_checks",
    "stamped, not committed": "after flows.run.publish stamp",
    "committed, not exported": "before flows.run.publish export_snapshot",
    "exported, not listed": "before warehouse.exports.snapshot write_manifest",
    "listed, not finished": "before warehouse.exports.snapshot finish_snapshot",
    "exported, not swapped in": "before flows.run.publish swap_in",
    "swapped in, not published": "before flows.run.publish publish_snapshot",
    "published, not recorded": "after flows.run.publish publish_snapshot",
}
# How many models a run builds makes no difference to where it can be killed; its end shows these.
SHOWN = ("marts.velocity_quarterly",)


@dataclass(frozen=True)
class CrashCase:
    """A source, a home to begin with, and what a run on both leads to, in how many seconds."""

    source: Path
    start: Path | None
    epoch: int
    exports: dict
    seconds: float


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    """The first run of a repository, and a run after it grew and was rewritten."""
    folder = tmp_path_factory.mktemp("crash")
    source, before, after = (folder / name for name in ("source", "before", "after"))
    # The exports of any part of an issue ask which issues are confidential.
    copy_models(models_of(source), *SHOWN, "facts.issues")
    repository = Repository.make(source, bare=True)
    grow(repository, 0, 250)
    finish(source, before, FIRST_RUN)
    grow(repository, 250, 320)
    repository.commit(b"instead", {"f0": b"x\n"}, parents=[repository.text("rev-parse", "main~30")])
    shutil.copytree(before, after, symlinks=True)
    seconds = finish(source, after, LATER_RUN)
    later = CrashCase(source, before, LATER_RUN, exported(after), seconds)
    seconds = finish(source, folder / "first", FIRST_RUN)
    first = CrashCase(source, None, FIRST_RUN, exported(folder / "first"), seconds)
    assert first.exports != later.exports
    return {"first": first, "later": later}


def grow(repository, done, count):
    """Write a history of changes with a merge now and then, all by one command."""
    stream = "" if not done else "reset refs/heads/main\nfrom refs/heads/main^0\n\n"
    for n in range(done + 1, count + 1):
        who = f"Person {n % 7} <p{n % 7}@example.org> {FIRST_SECOND + 40_000 * n} +0000"
        parents = f"from :{n - 1}\n" if n > done + 1 else "from refs/heads/main^0\n" if done else ""
        parents += f"merge :{n - 3}\n" if n % 10 == 0 and n > done + 3 else ""
        lines = "".join(f"{n * i}\n" for i in range(n % 50))
        stream += (
            f"commit refs/heads/main\nmark :{n}\nauthor {who}\ncommitter {who}\n"
            f"data <<.\nchange {n}\n.\n{parents}"
            f"M 100644 inline f{n % 30}\ndata {len(lines)}\n{lines}\n"
        )
    repository.git("fast-import", "--quiet", stdin=stream.encode())


def finish(source, home, epoch):
    """Run undisturbed; return the seconds since the home was locked."""
    process = start(source, home, epoch)
    begun = wait_until_begun(home, process)
    code, said = end(process, home)
    assert code == 0, said
    return time.monotonic() - begun


def wait_until_begun(home, process, known=()):
    while process.is_alive() and not set(home.glob("runs/*.json")) - set(known):
        time.sleep(0.002)
    return time.monotonic()


def prepared(case, home):
    if case.start:
        shutil.copytree(case.start, home, symlinks=True)
    return home


def assert_killed_and_repaired(case, home):
    """A reader sees the old exports or the new; one more run, and all is as it should be."""
    seen = exported(home)
    assert seen in ({}, case.exports) or seen == exported(case.start)
    assert no_process_works_in(home)
    finish(case.source, home, case.epoch)
    assert exported(home) == case.exports
    states = sorted(json.loads(path.read_text())["state"] for path in home.glob("runs/*.json"))
    assert states[-1] == "crashed" or states.count("completed") == len(states)
    assert leftovers(home) == []


@pytest.mark.parametrize("number", range(KILLS))
def test_a_run_killed_at_any_moment_is_made_good_by_the_next(number, cases, tmp_path):
    """Moments are spread over the whole of a run, first runs and later ones in turn."""
    case = cases["later" if number % 2 else "first"]
    home = prepared(case, tmp_path / "home")
    process = start(case.source, home, case.epoch)
    begun = wait_until_begun(home, process, known=list(home.glob("runs/*.json")))
    moment = case.seconds * (number + random.Random(number).random()) / KILLS
    time.sleep(max(0.0, begun + moment - time.monotonic()))
    process.kill()
    process.join()
    assert_killed_and_repaired(case, home)


@pytest.mark.parametrize("step", STEPS.values(), ids=list(STEPS))
def test_a_run_killed_at_a_step_is_made_good_by_the_next(step, cases, tmp_path):
    case = cases["later"]
    home = prepared(case, tmp_path / "home")
    code, said = end(start(case.source, home, case.epoch, step), home)
    assert code == -signal.SIGKILL, said
    assert_killed_and_repaired(case, home)


def test_a_second_run_at_once_says_so_and_leaves(cases, tmp_path):
    case, home = cases["first"], tmp_path / "home"
    first = start(case.source, home, case.epoch)
    wait_until_begun(home, first)
    code, said = end(start(case.source, home, case.epoch), home)
    assert code == 1
    assert f"another run is in progress in {home}" in said
    assert end(first, home)[0] == 0
    assert exported(home) == case.exports
    assert len(list(home.glob("runs/*.json"))) == 1
