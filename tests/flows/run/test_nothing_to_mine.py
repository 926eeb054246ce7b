"""Runs that have nothing to mine, or no place for it."""

from __future__ import annotations

import shutil
from types import SimpleNamespace

from flows.cli.console import console
from flows.cli.doctor import print_checks
from flows.run.run_records import FAILED, read_runs
from flows.run.setup_checks import check_setup
from tests.support.running.runs import run_once


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


def test_a_disk_that_is_too_full_stops_a_run_before_anything_is_mined(desk, monkeypatch):
    workspace = desk()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=20 << 20))

    ended = run_once(workspace)

    assert (ended.state, ended.outcomes) == (FAILED, ())
    assert ended.problem == (
        f"{workspace.home}: 20 MiB are free, and a run needs about 32. Free some space there, "
        "then run again."
    )
    assert not workspace.store.exists()


def test_doctor_says_that_a_source_is_missing(desk, capsys):
    desk("")

    print_checks(console(), check_setup(None, None))

    printed = capsys.readouterr().out
    assert "warn  sources: none in the settings\n      Add [[sources]] to quarry.toml" in printed
    assert printed.endswith("All checks passed. Next: name a source.\n")
