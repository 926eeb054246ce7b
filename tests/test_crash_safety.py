"""Runs that are killed anywhere: the next run gives what an undisturbed one gives."""

from __future__ import annotations

import importlib
import json
import multiprocessing
import os
import random
import shutil
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.cli import main
from miners.store import sha256_of
from tests.repositories import FIRST_SECOND, PLAIN, Repository

FIRST_RUN, LATER_RUN = 1_717_200_000, 1_725_148_800
KILLS = 5
# Each step of a run, as the function that is about to be called (or has just been) at the kill.
STEPS = {
    "mirror begun": "before miners.git.mirror Mirror._fetch",
    "mirror fetched, not yet in place": "after miners.git.mirror Mirror._fetch",
    "Parquet written, no receipt": "before miners.store write_atomically receipt.json",
    "receipt written, not loaded": "before flows.publishing load_batches",
    "loaded, not built": "before flows.publishing build_models",
    "built, not checked": "before flows.publishing run_checks",
    "stamped, not committed": "after flows.publishing stamp",
    "committed, not exported": "before flows.publishing export_snapshot",
    "exported, not listed": "before warehouse.export write_manifest",
    "listed, not finished": "before warehouse.export finish_snapshot",
    "exported, not swapped in": "before flows.publishing swap_in",
    "swapped in, not published": "before flows.publishing publish_snapshot",
    "published, not recorded": "after flows.publishing publish_snapshot",
}
# A run is forked from a process that has imported what it needs; it is killed like any other.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["flows.cli", "flows.engines", "flows.pipeline", "flows.terminal"])


@dataclass(frozen=True)
class Case:
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
    repository = Repository.make(folder / "source", bare=True)
    grow(repository, 0, 250)
    start = folder / "start"
    first = finish(repository.path, start, FIRST_RUN)
    first = Case(repository.path, None, FIRST_RUN, exported(start), first)
    grown = Repository.make(folder / "grown", bare=True)
    grow(grown, 0, 250)
    finish(grown.path, folder / "before", FIRST_RUN)
    grow(grown, 250, 320)
    grown.commit(b"instead", {"f0": b"x\n"}, parents=[grown.text("rev-parse", "main~30")])
    shutil.copytree(folder / "before", folder / "after", symlinks=True)
    seconds = finish(grown.path, folder / "after", LATER_RUN)
    later = Case(grown.path, folder / "before", LATER_RUN, exported(folder / "after"), seconds)
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


def start(source, home, epoch, step=None):
    """Begin a run; its output goes to a file beside the home."""
    arguments = ("run", str(source), "--home", str(home), "--engine", "local")
    environment = {**PLAIN, "SOURCE_DATE_EPOCH": str(epoch)}
    process = FORKS.Process(target=work, args=(arguments, environment, output_of(home), step))
    process.start()
    return process


def work(arguments, environment, output, step):
    """Be the quarry command; what this does happens in a process of its own."""
    os.environ.clear()
    os.environ.update(environment)
    with output.open("ab") as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    if step:
        kill_at(*step.split())
    sys.argv = ["quarry", *arguments]
    main()


def kill_at(when, module, path, *name):
    """Let this process be killed when it calls a function, or when that returns."""
    *parents, last = path.split(".")
    owner = importlib.import_module(module)
    for parent in parents:
        owner = getattr(owner, parent)
    original = getattr(owner, last)

    def killed(*arguments, **named):
        is_it = not name or arguments[0].name == name[0]
        result = None if is_it and when == "before" else original(*arguments, **named)
        if is_it:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, last, killed)


def output_of(home):
    return home.with_name(f"{home.name}.output")


def end(process, home):
    """Wait for the end of a run; its exit code, and all that runs on this home have said."""
    process.join()
    return process.exitcode, output_of(home).read_text()


def finish(source, home, epoch):
    """Run undisturbed; tell how long it took from when the home was held."""
    process = start(source, home, epoch)
    begun = wait_until_begun(home, process)
    code, said = end(process, home)
    assert code == 0, said
    return time.monotonic() - begun


def wait_until_begun(home, process, known=()):
    while process.is_alive() and not set(home.glob("runs/*.json")) - set(known):
        time.sleep(0.002)
    return time.monotonic()


def exported(home):
    """Hash every file that readers see; the manifest apart from the runs it was made from."""
    current = home / "exports" / "current"
    files = [path for path in current.rglob("*") if path.is_file()]
    found = {path.relative_to(current).as_posix(): sha256_of(path) for path in files}
    if found:
        manifest = json.loads((current / "manifest.json").read_text())
        found["manifest.json"] = {**manifest, "fingerprint": None}
    return found


def prepared(case, home):
    if case.start:
        shutil.copytree(case.start, home, symlinks=True)
    return home


def assert_killed_and_mended(case, home):
    """A reader sees the old exports or the new; one more run, and all is as it should be."""
    seen = exported(home)
    assert seen in ({}, case.exports) or seen == exported(case.start)
    assert no_process_works_in(home)
    finish(case.source, home, case.epoch)
    assert exported(home) == case.exports
    states = sorted(json.loads(path.read_text())["state"] for path in home.glob("runs/*.json"))
    assert states[-1] == "crashed" or states.count("completed") == len(states)
    assert leftovers(home) == []


def no_process_works_in(home, seconds=5.0):
    """Wait for git's helpers, which end by themselves when nobody listens any more."""
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
    assert_killed_and_mended(case, home)


@pytest.mark.parametrize("step", STEPS.values(), ids=list(STEPS))
def test_a_run_killed_at_a_step_is_made_good_by_the_next(step, cases, tmp_path):
    case = cases["later"]
    home = prepared(case, tmp_path / "home")
    code, said = end(start(case.source, home, case.epoch, step), home)
    assert code == -signal.SIGKILL, said
    assert_killed_and_mended(case, home)


def test_a_second_run_at_once_says_so_and_leaves(cases, tmp_path):
    case, home = cases["first"], tmp_path / "home"
    first = start(case.source, home, case.epoch)
    wait_until_begun(home, first)
    begun = time.monotonic()
    code, said = end(start(case.source, home, case.epoch), home)
    assert time.monotonic() - begun < 5
    assert code == 1
    assert f"another run is at work in {home}" in said
    assert end(first, home)[0] == 0
    assert exported(home) == case.exports
    assert len(list(home.glob("runs/*.json"))) == 1
