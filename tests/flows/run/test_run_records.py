"""Test records of runs, the lock, and the records of killed runs."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from socket import gethostname

import pytest

from flows.cli.run import outcome_table
from flows.run import run_records as runs_module
from flows.run.lock import RunInProgress, is_in_progress, lock_path, sole_run
from flows.run.run_records import (
    COMPLETED,
    CRASHED,
    FAILED,
    NEW,
    RUNNING,
    Outcome,
    new_run,
    read_runs,
    unreadable_runs,
    write_run,
)
from flows.run.source_health import source_health
from flows.run.summary import COUNTED, shown_counts, step, sums
from tests.support.running.clocks import without_hanging

AT = datetime(2024, 6, 1, 12, tzinfo=UTC)
HOLDER = """
import sys, time
from pathlib import Path
from socket import gethostname
from flows.run.lock import sole_run
with sole_run(Path(sys.argv[1])):
    print('held', flush=True)
    time.sleep(600)
"""


@pytest.fixture
def held_elsewhere(tmp_path):
    """Another process that holds the home folder; yields the folder of runs and the process."""
    folder = tmp_path / "home" / "runs"
    process = subprocess.Popen([sys.executable, "-c", HOLDER, folder], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"held\n"
    yield folder, process
    process.kill()
    process.communicate()


def test_a_record_comes_back_as_it_was_written(tmp_path):
    outcome = Outcome(
        source="h/a",
        name="a",
        state=FAILED,
        rows={"commits": 3},
        seconds=1.5,
        problem="gone",
        remedy="Correct the path",
    )
    ended = replace(
        new_run(AT),
        state=COMPLETED,
        ended_at=AT + timedelta(seconds=90.5),
        outcomes=(outcome,),
        notes=("h: 1 tracker skipped",),
    )
    write_run(tmp_path, ended)
    assert read_runs(tmp_path) == [ended]


def test_a_record_from_before_there_were_notes_is_read(tmp_path):
    write_run(tmp_path, new_run(AT))
    (path,) = tmp_path.glob("*.json")
    facts = json.loads(path.read_text())
    del facts["notes"]
    path.write_text(json.dumps(facts))
    assert read_runs(tmp_path)[0].notes == ()


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"format": 9}', "[" * 100_000, "\x00"])
def test_a_record_that_cannot_be_read_hides_no_other(content, tmp_path):
    write_run(tmp_path, new_run(AT))
    damaged = tmp_path / "20240101T000000Z-x.json"
    damaged.write_text(content)

    with sole_run(tmp_path):
        runs = read_runs(tmp_path)

    assert [run.started_at for run in runs] == [AT]
    assert unreadable_runs(tmp_path, runs) == [damaged]


def test_runs_stand_newest_first_and_only_so_many_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(runs_module, "_KEPT_RUNS", 3)
    for day in (3, 1, 5, 2, 4):
        write_run(tmp_path, new_run(AT + timedelta(days=day)))
    assert [run.started_at.day for run in read_runs(tmp_path)] == [6, 5, 4]


def test_a_thousand_records_are_kept(tmp_path):
    for number in range(1_000):
        (tmp_path / f"{number:04}.json").touch()
    write_run(tmp_path, new_run(AT))
    left = sorted(path.name for path in tmp_path.glob("*.json"))
    assert (len(left), left[0]) == (1_000, "0001.json")


def test_the_second_run_names_the_run_in_progress_at_once(held_elsewhere):
    folder, process = held_elsewhere
    write_run(folder, replace(new_run(AT), pid=process.pid))
    with (
        without_hanging(),
        pytest.raises(
            RunInProgress,
            match=rf"{process.pid} on {gethostname()}, since 2024-06-01 12:00 UTC",
        ),
        sole_run(folder),
    ):
        pass
    assert is_in_progress(folder)
    assert read_runs(folder)[0].state == RUNNING


def test_a_run_that_was_killed_holds_nothing_and_is_marked_by_the_next(held_elsewhere):
    folder, process = held_elsewhere
    write_run(folder, new_run(AT))
    process.kill()
    process.wait()
    assert not is_in_progress(folder)
    with sole_run(folder):
        assert is_in_progress(folder)
        assert [run.state for run in read_runs(folder)] == [CRASHED]
    assert not is_in_progress(folder)


def test_where_nothing_ever_ran_nothing_is_held_and_nothing_is_made(tmp_path):
    assert not is_in_progress(tmp_path / "runs")
    assert list(tmp_path.iterdir()) == []


def test_the_health_of_sources_over_runs():
    def run(day, **states):
        outcomes = tuple(
            Outcome(source=f"h/{name}", name=name, state=state) for name, state in states.items()
        )
        return replace(new_run(AT + timedelta(days=day)), outcomes=outcomes)

    health = source_health(
        [run(3, a=FAILED), run(2, a=FAILED, b=NEW), run(1, a=NEW), run(0, c=FAILED)]
    )
    assert [(h.name, h.last.state, h.last_success_at, h.failures_in_a_row) for h in health] == [
        ("a", FAILED, AT + timedelta(days=1), 2),
        ("b", NEW, AT + timedelta(days=2), 0),
        ("c", FAILED, None, 1),
    ]


def test_counts_of_trackers_and_ledgers_are_shown_where_one_gave_something():
    git = Outcome(source="h/a", name="a", state=NEW, rows={"commits": 3, "refs": 1})
    tracker = Outcome(
        source="h/a#tracker", name="a tracker", state=NEW, rows={"issues": 5, "issue_events": 9}
    )
    assert shown_counts([git]) == ["new commits", "files", "refs changed", "rejected"]
    assert "change requests" in shown_counts([git, tracker])
    assert (sums([git, tracker])["new commits"], sums([git, tracker])["issues"]) == (3, 5)
    book = Outcome(
        source="/l#ledger",
        name="l",
        state=NEW,
        rows={"ledger_tasks": 2, "ledger_projects": 1, "ledgers": 1},
    )
    assert shown_counts([git, book])[-2:] == ["ledger rows", "rejected"]
    assert sums([git, book])["ledger rows"] == 3
    cells = [column.header for column in outcome_table([git, tracker, book]).columns]
    assert cells == ["source", *COUNTED, "seconds", "state"]


@pytest.mark.parametrize(
    ("stage", "done", "total", "said"),
    [
        ("asking", 0, 0, "asking"),
        ("reading", 5, 1200, "reading 5 of 1,200"),
        ("reading (4,812 requests left)", 1310, 0, "reading 1,310 (4,812 requests left)"),
        ("reading (9 requests left)", 5, 70, "reading 5 of 70 (9 requests left)"),
    ],
)
def test_a_step_says_how_far_it_is(stage, done, total, said):
    assert step(stage, done, total) == said


def test_who_asks_whether_a_run_is_in_progress_writes_nothing(tmp_path):
    runs = tmp_path / "runs"
    assert not is_in_progress(runs)
    assert list(tmp_path.iterdir()) == []
    with sole_run(runs):
        assert is_in_progress(runs)
    lock_path(runs).chmod(0o400)
    assert not is_in_progress(runs)
    assert lock_path(runs).stat().st_mode & 0o777 == 0o400
