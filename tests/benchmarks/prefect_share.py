"""
Benchmark: the overhead of Prefect, compared with the local engine.

    python -m tests.benchmarks.prefect_share [--repositories 20]

A run finds a server that was started before, or brings up one for itself, whose database is there.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from flows.orchestration.environment import prefect_defaults
from flows.orchestration.processes import free_port, prefect
from tests.benchmarks.measure import QUARRY, MeasuredCommand, measure, print_table, tree
from tests.docs_build.orchard import make_orchard

REPOSITORIES, RUNS, FIRST_PORT = 20, 3, 8300
LOCAL, PREFECT = ("--engine", "local"), ("--engine", "prefect")
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repositories", type=int, default=REPOSITORIES)
    parser.add_argument("--runs", type=int, default=RUNS)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, server(Path(scratch) / "server") as (pid, url):
        folders = [Path(scratch) / f"repository-{n:04d}" for n in range(arguments.repositories)]
        make_orchard(folders[0])
        for folder in folders[1:]:
            shutil.copytree(folders[0], folder)
        report(Path(scratch), folders, (pid, url), arguments.runs)


def report(scratch, folders, started, runs):
    pid, url = started
    engines = {
        "local engine": ("local", LOCAL, ()),
        "Prefect, its server running": ("started", PREFECT, ("env", f"PREFECT_API_URL={url}")),
        "Prefect, a server of its own": ("own", PREFECT, ()),
    }
    commands = {
        name: (scratch / home, [*how, QUARRY, "run", "--home", f"{scratch}/{home}", *engine])
        for name, (home, engine, how) in engines.items()
    }
    for _, command in commands.values():
        subprocess.run([*command, *map(str, folders)], check=True, capture_output=True)
    first = [
        MeasuredCommand(name, [*command, *map(str, folders)], lambda home=home: forget(home))
        for name, (home, command) in commands.items()
    ]
    print_table(f"First run over {len(folders)} repositories", measure(first, runs))
    again = [MeasuredCommand(case.name, case.command) for case in first]
    spent = processor_seconds(pid)
    print_table(
        "Nothing new",
        measure([*again, MeasuredCommand("`quarry --help`", [QUARRY, "--help"])], runs),
    )
    spent = (processor_seconds(pid) - spent) / (runs + 1)
    print(f"\nThe running server took {spent:.2f} processor seconds meanwhile, of each turn.")


def forget(home):
    """Leave nothing of the runs before but Prefect's own files."""
    for path in home.iterdir():
        if path.name != "prefect":
            shutil.rmtree(path) if path.is_dir() else path.unlink()


@contextmanager
def server(folder):
    folder.mkdir()
    port = free_port(FIRST_PORT)
    command = prefect("server", "start", "--port", str(port))
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command, env=os.environ | prefect_defaults(folder), stdout=log, stderr=log
        )
    url = f"http://127.0.0.1:{port}/api"
    try:
        while not answers(url):
            time.sleep(0.2)
        yield process.pid, url
    finally:
        process.terminate()
        process.wait()


def answers(url):
    try:
        with urlopen(f"{url}/health", timeout=5):
            return True
    except (URLError, TimeoutError):
        return False


def processor_seconds(pid):
    """Read what a process and all that it started have taken so far."""
    lines = [Path(f"/proc/{each}/stat").read_text("utf-8") for each in tree(pid)]
    ticks = [int(of) for line in lines for of in line.rpartition(")")[2].split()[11:13]]
    return sum(ticks) / TICKS_PER_SECOND


if __name__ == "__main__":
    main()
