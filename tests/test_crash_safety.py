"""Runs that are killed anywhere: the next run gives what an undisturbed one gives."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from miners.store import sha256_of
from tests.repositories import FIRST_SECOND, PLAIN, Repository

FIRST_RUN, LATER_RUN = 1_717_200_000, 1_725_148_800
KILLS, GROUPS = 5, 5
# Each step of a run, as the function that is about to be called (or has just been) at the kill.
STEPS = {
    "mirror begun": "before miners.git.mirror Mirror._fetch",
    "mirror fetched, not yet in place": "after miners.git.mirror Mirror._fetch",
    "Parquet written, no receipt": "before miners.store write_atomically receipt.json",
    "receipt written, not loaded": "before flows.pipeline load_batches",
    "loaded, not built": "before flows.pipeline build_models",
    "built, not checked": "before flows.pipeline run_checks",
    "stamped, not committed": "after flows.pipeline stamp",
    "committed, not exported": "before flows.pipeline export_snapshot",
    "exported, not listed": "before warehouse.export write_manifest",
    "listed, not finished": "before warehouse.export finish_snapshot",
    "exported, not swapped in": "before flows.pipeline swap_in",
    "swapped in, not published": "before flows.pipeline publish_snapshot",
    "published, not recorded": "after flows.pipeline publish_snapshot",
}
KILLER = """
import importlib, os, signal, sys
when, module, path, *name = sys.argv.pop(1).split()
owner = importlib.import_module(module)
*parents, last = path.split(".")
for parent in parents:
    owner = getattr(owner, parent)
original = getattr(owner, last)

def killed(*arguments, **named):
    is_it = not name or arguments[0].name == name[0]
    if is_it and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    result = original(*arguments, **named)
    if is_it:
        os.kill(os.getpid(), signal.SIGKILL)
    return result

setattr(owner, last, killed)
from flows.cli import main
main()
"""


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


def start(source, home, epoch, *program):
    command = [sys.executable, *(program or ("-m", "flows.cli")), "run", str(source)]
    return subprocess.Popen(
        [*command, "--home", str(home), "--engine", "local"],
        cwd=Path(__file__).parents[1],
        env={**PLAIN, "SOURCE_DATE_EPOCH": str(epoch)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def finish(source, home, epoch):
    """Run undisturbed; tell how long it took from when the home was held."""
    process = start(source, home, epoch)
    begun = wait_until_begun(home, process)
    output = process.communicate()[0]
    assert process.returncode == 0, output.decode()
    return time.monotonic() - begun


def wait_until_begun(home, process, known=()):
    while process.poll() is None and not set(home.glob("runs/*.json")) - set(known):
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


@pytest.mark.parametrize("group", range(GROUPS))
def test_a_run_killed_at_any_moment_is_made_good_by_the_next(group, cases, tmp_path):
    """Moments are spread over the whole of a run, first runs and later ones in turn."""
    dice = random.Random(group)
    for number in range(group, KILLS, GROUPS):
        case = cases["later" if number % 2 else "first"]
        home = prepared(case, tmp_path / str(number))
        process = start(case.source, home, case.epoch)
        begun = wait_until_begun(home, process, known=list(home.glob("runs/*.json")))
        moment = case.seconds * (number + dice.random()) / KILLS
        time.sleep(max(0.0, begun + moment - time.monotonic()))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert_killed_and_mended(case, home)


@pytest.mark.parametrize("step", STEPS.values(), ids=list(STEPS))
def test_a_run_killed_at_a_step_is_made_good_by_the_next(step, cases, tmp_path):
    case = cases["later"]
    home = prepared(case, tmp_path / "home")
    process = start(case.source, home, case.epoch, "-c", KILLER, step)
    output = process.communicate()[0]
    assert process.returncode == -signal.SIGKILL, output.decode()
    assert_killed_and_mended(case, home)


def test_a_second_run_at_once_says_so_and_leaves(cases, tmp_path):
    case, home = cases["first"], tmp_path / "home"
    first = start(case.source, home, case.epoch)
    wait_until_begun(home, first)
    begun = time.monotonic()
    second = start(case.source, home, case.epoch)
    said = second.communicate()[0].decode()
    assert time.monotonic() - begun < 5
    assert second.returncode == 1
    assert f"another run is at work in {home}" in said
    first.communicate()
    assert first.returncode == 0
    assert exported(home) == case.exports
    assert len(list(home.glob("runs/*.json"))) == 1
