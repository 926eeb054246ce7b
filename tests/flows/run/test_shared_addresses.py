"""Test that `quarry doctor` names addresses with many names."""

from __future__ import annotations

import io

from rich.console import Console

from flows.cli.progress import ProgressLines
from flows.pipeline import run
from flows.run.engines import LocalEngine
from flows.run.job import Job
from flows.run.run_records import COMPLETED
from flows.run.setup_checks import check_setup
from flows.settings.workspace import open_workspace
from tests.support.git.repositories import Repository


def test_doctor_names_an_address_with_many_names(tmp_path):
    made = Repository.make(tmp_path / "app")
    for name, address, count in ((b"Ann", b"office", 5), (b"Bo", b"bo", 4)):
        for number in range(count):
            signature = b"%s %d <%s@acme.example> 1700000000 +0000" % (name, number, address)
            made.commit(b"work", {"a": b"%d\n" % made.tick()}, author=signature)
    (tmp_path / "quarry.toml").write_text('home = "data"\n[[sources]]\nlocation = "app"\n')
    workspace = open_workspace(tmp_path / "quarry.toml", None)
    ended = run(Job(workspace, ()), LocalEngine(1), ProgressLines(Console(file=io.StringIO())))
    assert ended.state == COMPLETED, ended

    checks = check_setup(workspace.file, None)

    assert [(c.detail, c.is_ok, c.is_warning) for c in checks if c.subject == "people"] == [
        ("office@acme.example is one person with 5 names", True, True)
    ]
