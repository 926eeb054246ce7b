"""A run of a workspace on threads of this process."""

from __future__ import annotations

from flows.cli.console import console
from flows.cli.progress import ProgressLines
from flows.pipeline import run
from flows.run.engines import LocalEngine
from flows.run.job import Job


def run_once(workspace):
    return run(Job(workspace), LocalEngine(2), ProgressLines(console(stderr=True)))
