"""
Benchmark: the first mining of a large tracker, compared with PyGithub.

    python -m tests.benchmarks.trackers [--items 30000]

PyGithub lists the issues, pull requests, events and comments, and the timeline of each pull
request, and keeps nothing; its requester alone reads the same pages and makes no objects of them.
The server, one for all, answers from memory.
"""

from __future__ import annotations

import argparse
import json
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

from miners.plan import HostEnvironment, MiningPlan
from miners.tracker.address import Host, TrackerSource
from miners.tracker.mine import mine_tracker
from tests.benchmarks.measure import MeasuredCommand, measure, print_table
from tests.benchmarks.tracker_server import PATH, STATISTICS
from tests.support.running.tracker_homes import GITHUB

ITEMS, RUNS = 30_000, 3
CLIENT = f"""
import sys
from github import Auth, Github
client = Github(
    auth=Auth.Token("token"), base_url=sys.argv[1], per_page=100, retry=None,
    seconds_between_requests=None, seconds_between_writes=None, lazy=True,
)
repository = client.get_repo("{PATH}")
order = {{"sort": "updated", "direction": "asc"}}
"""
LISTING = f"""{CLIENT}
for issue in repository.get_issues(state="all", **order):
    if "/pull/" in issue.html_url:
        for happened in issue.get_timeline():
            pass
for listed in (
    lambda: repository.get_pulls(state="all", **order),
    lambda: repository.get_issues_events(),
    lambda: repository.get_issues_comments(**order),
    lambda: repository.get_pulls_review_comments(**order),
    lambda: repository.get_milestones(state="all"),
    lambda: repository.get_labels(),
    lambda: repository.get_releases(),
    lambda: repository.get_deployments(),
    lambda: repository.get_workflow_runs(),
):
    for entry in listed():
        pass
"""
READING = f"""{CLIENT}
def pages(path, **order):
    number, more = 1, True
    while more:
        headers, page = client.requester.requestJsonAndCheck(
            "GET", "/repos/{PATH}/" + path, parameters=dict(per_page=100, page=number, **order)
        )
        yield page
        number, more = number + 1, "link" in headers

for issues in pages("issues", state="all", **order):
    for issue in issues:
        if "pull_request" in issue:
            for page in pages(f"issues/{{issue['number']}}/timeline"):
                pass
for path in ("pulls", "issues/comments", "pulls/comments"):
    for page in pages(path, state="all", **order):
        pass
for path in ("issues/events", "milestones", "labels", "releases", "deployments", "actions/runs"):
    for page in pages(path):
        pass
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=ITEMS)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--once", nargs=2, metavar=("URL", "HOME"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.once:
        mine_once(arguments.once[0], Path(arguments.once[1]))
        return
    with tempfile.TemporaryDirectory() as scratch, serving(arguments.items) as url:
        report(url, arguments.items, Path(scratch) / "home", arguments.runs)


def report(url, items, home, runs):
    once = [sys.executable, "-m", "tests.benchmarks.trackers", "--once", url, str(home)]
    cases = [
        MeasuredCommand("PyGithub, listing", [sys.executable, "-c", LISTING, url]),
        MeasuredCommand(
            "PyGithub's requester, pages as JSON", [sys.executable, "-c", READING, url]
        ),
        MeasuredCommand("mining", once, lambda: shutil.rmtree(home, ignore_errors=True)),
    ]
    for case in cases:
        print_cost(case, url, items)
    print_table(f"First mining of a tracker of {items:,} items", measure(cases, runs))


def print_cost(case, url, items):
    """Run a case once to see what it asks for, what that costs the server, and what is stored."""
    case.before_each()
    requests, seconds = statistics(url)
    done = subprocess.run(case.command, check=True, capture_output=True, text=True)
    requests_now, seconds_now = statistics(url)
    asked, spent = requests_now - requests, seconds_now - seconds
    print(f"{case.name}: {items:,} items, {asked:,} requests, {spent:.1f} s of the server's")
    print(done.stdout, end="", flush=True)


def mine_once(url, home):
    repository = f"127.0.0.1/{PATH}"
    host = Host(name="127.0.0.1", kind=GITHUB, api=url, token="token")
    source = TrackerSource(
        id=f"{repository}#tracker", name=PATH, host=host, path=PATH, repository=repository
    )
    at = datetime(2024, 6, 1, tzinfo=UTC)
    plan = MiningPlan(
        store=home / "store",
        mirrors=home / "mirrors",
        run_id="run",
        observed_at=at,
        host=HostEnvironment({}),
    )
    receipts = mine_tracker(source, plan, lambda *_: None)
    records = sorted({file.record for receipt in receipts for file in receipt.files})
    rows = {name: sum(receipt.rows(name) for receipt in receipts) for name in records}
    stored = sum(file.bytes for receipt in receipts for file in receipt.files)
    print(json.dumps(rows | {"bytes": stored}))


@contextmanager
def serving(items):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tests.benchmarks.tracker_server", str(items), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        try:
            server.stdout.readline()
            yield f"http://127.0.0.1:{port}"
        finally:
            server.kill()


def statistics(url):
    with urlopen(url + STATISTICS) as answer:
        return json.load(answer)


if __name__ == "__main__":
    main()
