"""Runs that have nothing to mine."""

from __future__ import annotations

from flows.cli.console import console
from flows.cli.doctor import print_checks
from flows.cli.progress import ProgressLines
from flows.pipeline import run
from flows.run.engines import LocalEngine
from flows.run.job import Job
from flows.run.run_records import FAILED, read_runs
from flows.run.setup_checks import check_setup


def run_once(workspace):
    return run(Job(workspace), LocalEngine(2), ProgressLines(console(stderr=True)))


def test_a_run_without_any_source_has_failed_and_says_so(desk):
    workspace = desk("")

    ended = run_once(workspace)

    assert ended.state == FAILED
    assert ended.problem == (
        f"{workspace.file}: no source is named. Add [[sources]] to quarry.toml, or name one: "
        "`quarry run ADDRESS`"
    )
    assert [run.state for run in read_runs(workspace.runs)] == [FAILED]
    assert not workspace.warehouse.exists()


def test_doctor_says_that_a_source_is_missing(desk, capsys):
    desk("")

    print_checks(console(), check_setup(None, None))

    printed = capsys.readouterr().out
    assert "warn  sources: none in the settings\n      Add [[sources]] to quarry.toml" in printed
    assert printed.endswith("All checks passed. Next: name a source.\n")
