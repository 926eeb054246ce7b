"""Test server faults in each phase of a mining, and a kill."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from miners import store
from miners.errors import MiningError, RateLimited, SourceUnavailable
from miners.tracker import guard, http
from tests.support.expected.tracker_truth import differences, truth
from tests.support.fakes.replay import Replay, live, mine, tracker_source, versions
from tests.support.git.invented_trackers import Invented, write_dataset

PHASES = {
    "describe": r"^/repos/[^/]+/[^/]+$",
    "items": r"/issues\?.*sort=updated",
    "pulls": r"/pulls\?",
    "timeline": r"/timeline",
    "events": r"/issues/events",
    "comments": r"/issues/comments",
    "milestones": r"/milestones",
    "sweep": r"/issues\?.*sort=created",
}
# What passes when it is asked for again, and what a mining ends with.
PASSING = {
    "status": {"do": "status", "status": 502},
    "html": {"do": "html", "status": 502},
    "html-200": {"do": "html", "status": 200},
    "reset": {"do": "reset"},
    "hang": {"do": "hang", "seconds": 0.5},
    "truncate": {"do": "truncate"},
    "badjson": {"do": "badjson"},
    "empty": {"do": "empty"},
    "slow": {"do": "slow", "seconds": 0.05},
    "advance": {"do": "advance", "n": 1},
    "secondary-short": {"do": "secondary", "retry_after": 0},
}
ENDING = {
    "secondary": ({"do": "secondary", "status": 429, "retry_after": 600}, RateLimited),
    "primary": ({"do": "primary", "reset_in": 600}, RateLimited),
    "gl429": ({"do": "gl429", "retry_after": 600}, RateLimited),
    "down": ({"do": "status", "status": 503}, SourceUnavailable),
}


@pytest.fixture(scope="module")
def invented():
    """Invent a tracker with a page of pull requests to be listed, and a later version of one."""
    made = Invented()
    for place in range(22):
        made.now += 500
        number = made.create("pull" if place % 2 else "issue")
        made.comment(number)
        made.label(number)
    for number in (1, 2, 3, 4):
        made.now += 500
        made.close(number)
    return made


@pytest.fixture(scope="module")
def served(invented, tmp_path_factory):
    before = invented.lines()
    invented.now += 500
    invented.comment(5)
    folder = tmp_path_factory.mktemp("dump")
    write_dataset(folder, invented.name, before, [invented.line(5)])
    with Replay(folder, date="clock") as replay:
        replay.page_size = 20
        yield replay


@pytest.fixture(scope="module")
def undisturbed(served, invented, tmp_path_factory):
    home = tmp_path_factory.mktemp("undisturbed")
    served.set_clock(served.tracker.end)
    mine(served.source(), home)
    rows = live(home, served.source())
    assert differences(truth(invented.lines()), rows) == []
    return rows


@pytest.fixture
def replay(served, undisturbed, monkeypatch):
    """The server at its end, without faults; nobody waits for anything."""
    monkeypatch.setattr(http, "_PAUSES_SECONDS", (0.0, 0.0, 0.0))
    served.clear()
    served.set_clock(served.tracker.end)
    yield served
    served.clear()


@pytest.mark.parametrize("fault", PASSING)
@pytest.mark.parametrize("phase", PHASES)
def test_what_passes_is_tried_again_and_all_is_right(
    phase, fault, replay, undisturbed, tmp_path, monkeypatch
):
    if fault == "hang":
        monkeypatch.setattr(guard, "READ_SECONDS", 0.3)
    if fault == "advance":
        replay.set_clock(replay.tracker.start)
    replay.fault(PHASES[phase], PASSING[fault], {"nth": [1]})
    mine(replay.source(), tmp_path)
    assert replay.state.faults[0]["fired"] == 1
    if fault == "advance":
        replay.clear()
        mine(replay.source(), tmp_path, 2)
    assert live(tmp_path, replay.source()) == undisturbed


@pytest.mark.parametrize("fault", ENDING)
@pytest.mark.parametrize("phase", PHASES)
def test_what_does_not_pass_ends_in_its_outcome(phase, fault, replay, undisturbed, tmp_path):
    action, outcome = ENDING[fault]
    replay.fault(PHASES[phase], action)
    with pytest.raises(MiningError) as caught:
        mine(replay.source(), tmp_path)
    assert type(caught.value) is outcome
    # No batch was finished: nothing of what was read before is there, and no folder is left.
    assert store.batches(tmp_path / "store", replay.source().id) == []
    assert not list(tmp_path.rglob("*.parquet"))
    replay.clear()
    mine(replay.source(), tmp_path, 2)
    assert live(tmp_path, replay.source()) == undisturbed


def test_a_fault_in_the_next_mining_leaves_the_store_as_it_was(replay, undisturbed, tmp_path):
    replay.set_clock(replay.tracker.start)
    mine(replay.source(), tmp_path)
    before = live(tmp_path, replay.source())
    replay.set_clock(replay.tracker.end)
    replay.fault(PHASES["comments"], {"do": "status", "status": 500})
    with pytest.raises(SourceUnavailable):
        mine(replay.source(), tmp_path, 2)
    assert live(tmp_path, replay.source()) == before
    replay.clear()
    mine(replay.source(), tmp_path, 3)
    assert live(tmp_path, replay.source()) == undisturbed


KILLED = """
import sys
from pathlib import Path
from miners.tracker import writer
from tests.support.fakes.replay import mine, tracker_source
writer.ITEMS_PER_BATCH = 4
mine(tracker_source(sys.argv[1], sys.argv[2]), Path(sys.argv[3]))
"""


@pytest.mark.parametrize("answers", [17, 20, 26])
def test_a_killed_first_mining_resumes_where_it_was(answers, replay, undisturbed, tmp_path):
    mine(replay.source(), tmp_path / "whole")
    from_scratch = len(replay.log)
    replay.clear()
    replay.fault("", {"do": "hang", "seconds": 600}, {"after": answers})
    command = [sys.executable, "-c", KILLED, replay.origin, replay.tracker.full, str(tmp_path)]
    process = subprocess.Popen(command, cwd=Path(__file__).parents[3])
    while len(replay.log) < answers and process.poll() is None:
        time.sleep(0.01)
    process.kill()
    process.wait()
    source = tracker_source(replay.origin, replay.tracker.full)
    assert store.latest(tmp_path / "store", source.id).is_partial
    replay.clear()
    mine(source, tmp_path, 2)
    assert len(replay.log) < from_scratch
    assert live(tmp_path, source) == undisturbed
    for record in ("issues", "change_requests", "item_events", "comments"):
        keys = [key for key, _ in versions(tmp_path, source, record)]
        assert len(keys) == len(set(keys))
