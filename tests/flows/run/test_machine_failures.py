"""Runs on a machine whose disk is full."""

from __future__ import annotations

import errno
import os

from flows import pipeline
from flows.run.run_records import FAILED
from flows.settings.workspace import open_workspace
from tests.support.running.runs import run_once


def test_a_full_disk_ends_the_run_as_failed_with_what_to_do(repository, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "there")

    repository.commit(b"work")
    settings = tmp_path / "quarry.toml"
    settings.write_text(f'[[sources]]\nlocation = "{repository.path}"\n', "utf-8")
    monkeypatch.setattr(pipeline, "publish", full)

    ended = run_once(open_workspace(settings, None))

    assert ended.state == FAILED
    assert ended.problem == (
        "there: the disk is full. Free some space there, then run again; what was published "
        "before is as it was."
    )
