"""Run the quarry command in a process that tests can kill."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import sys
from types import SimpleNamespace

from flows.cli.main import main
from tests.support.git.repositories import PLAIN
from tests.support.rows.some_models import use_models
from warehouse.query import headline, pseudonyms

# A run is forked from a process that has imported what it needs; it is killed like any other.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [__name__, "flows.run.engines", "flows.pipeline", "flows.cli.progress", "flows.run.report"]
)


def start(source, home, epoch, step=None):
    """Begin a run; its output goes to a file next to the home."""
    arguments = ("run", str(source), "--home", str(home), "--engine", "local")
    return start_command(arguments, home, epoch, models_of(source), step)


def start_command(arguments, home, epoch, models, step=None):
    """Begin any command; its output goes to a file next to the home."""
    environment = {**PLAIN, "SOURCE_DATE_EPOCH": str(epoch)}
    given = (arguments, environment, models, output_of(home), step)
    process = FORKS.Process(target=work, args=given)
    process.start()
    return process


def work(arguments, environment, models, output, step):
    """Be the quarry command; what this does happens in a process of its own."""
    os.environ.clear()
    os.environ.update(environment)
    with output.open("ab") as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    use_models(models)
    # What is printed at the end reads tables that need many more models.
    headline.headline = lambda _warehouse: []
    # Runs in two homes are to give the same bytes.
    pseudonyms.secrets = SimpleNamespace(token_hex=lambda size: "7e" * size)
    if step:
        kill_at(*step.split())
    sys.argv = ["quarry", *arguments]
    main()


def kill_at(when, module, path, *name):
    """Let this process be killed when it calls a function, or when that returns."""
    *parents, last = path.split(".")
    owner = importlib.import_module(module)
    for parent in parents:
        owner = getattr(owner, parent)
    original = getattr(owner, last)

    def killed(*arguments, **named):
        is_it = not name or arguments[0].name == name[0]
        result = None if is_it and when == "before" else original(*arguments, **named)
        if is_it:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, last, killed)


def models_of(source):
    return source.with_name("models")


def output_of(home):
    return home.with_name(f"{home.name}.output")


def end(process, home):
    """Wait for the end of a run; its exit code, and all that runs on this home have said."""
    process.join()
    return process.exitcode, output_of(home).read_text()
