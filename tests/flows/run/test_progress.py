"""Progress of a run: rate, remaining time, and its file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.run.progress import Pace, ProgressFile, duration, progress_file, progress_lines
from flows.run.run_records import COMPLETED, new_run
from tests.support.git.repositories import DAY_ONE


@pytest.mark.parametrize(
    ("reports", "text"),
    [
        ([(0, 0, 100), (1, 50, 100)], "reading 50 of 100"),
        ([(0, 0, 1000), (10, 200, 1000)], "reading 200 of 1,000, 20/s, 40 s left"),
        ([(0, 100, 1000), (10, 200, 1000)], "reading 200 of 1,000, 10/s, 80 s left"),
        ([(0, 0, 100_000), (10, 100, 100_000)], "reading 100 of 100,000, 10/s, 2.8 h left"),
        ([(0, 0, 0), (10, 300, 0)], "reading 300, 30/s"),
        ([(0, 0, 10), (100, 5, 10)], "reading 5 of 10, 2 min left"),
        ([(0, 0, 10), (10, 10, 10)], "reading 10 of 10, 1/s"),
    ],
)
def test_a_stage_has_its_rate_and_what_is_left(reports, text):
    now = [0.0]
    pace = Pace(lambda: now[0])

    for at, done, total in reports:
        now[0] = at
        shown = pace.text("app", "reading", done, total)

    assert shown == text.replace("80 s", "1 min")


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "0 s"), (59, "59 s"), (90, "2 min"), (5400, "1.5 h")]
)
def test_a_duration_is_in_the_unit_that_suits_it(seconds, text):
    assert duration(seconds) == text


def test_the_progress_of_a_run_is_read_while_it_is_in_progress(tmp_path):
    run = new_run(DAY_ONE)
    file = ProgressFile(progress_file(tmp_path, run.run_id))
    file.planned(3, ())

    file.source("app", "reading", 5, 10)

    lines = ["0 of 3 sources mined", "app: reading 5 of 10"]
    assert progress_lines(tmp_path, run) == lines
    assert progress_lines(tmp_path, replace(run, state=COMPLETED)) == []
