"""Kills of seals and reports."""

from __future__ import annotations

import random
import shutil
import signal
import time

import pytest

from miners.store import sha256_of
from tests.support.rows import shop
from tests.support.rows.some_models import models_of, models_with
from tests.support.running.after_kills import exported, leftovers
from tests.support.running.examples import count_of
from tests.support.running.killed_runs import end, start_command
from tests.support.running.shop_home import make_home

EPOCH = int(shop.FIRST_LOOK.timestamp())
KILLS = count_of(1)
# How many there are makes no difference to where a command can be killed.
KPIS = ("lead_time",)
SEAL, REPORT = ("seal", "2024-Q1"), ("report", "--format", "md,html")
COMMANDS = {"seal": SEAL, "report": REPORT}
# Each step, as the function that is about to be called (or has just been) at the kill.
STEPS = {
    "seal, written in part": (SEAL, "before warehouse.seals.write _finish"),
    "seal, written, not built": (SEAL, "after flows.run.seal draft_seal"),
    "seal, exported, not kept": (SEAL, "before flows.run.publish keep_seal"),
    "seal, kept, not swapped in": (SEAL, "after flows.run.publish keep_seal"),
    "seal, swapped in, not published": (SEAL, "after flows.run.publish swap_in"),
    "seal, published": (SEAL, "after flows.run.publish publish_snapshot"),
    "report, composed": (REPORT, "before flows.run.report write_atomically"),
    "report, one file written": (REPORT, "after flows.run.report write_atomically"),
}


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """All models but those of other KPIs, and all checks but the one that compares these."""
    folder = tmp_path_factory.mktemp("models") / "sql"
    shutil.copytree(models_with(*KPIS), folder)
    next(folder.rglob("kpis_agree_with_marts.sql")).unlink()
    return folder


@pytest.fixture(scope="module")
def before(models, tmp_path_factory):
    """A home with a quarter that can be sealed and reported."""
    (folder := tmp_path_factory.mktemp("before") / "shop").mkdir()
    with models_of(models):
        return make_home(folder, shop.first_look)


@pytest.fixture(scope="module")
def undisturbed(before, models, tmp_path_factory):
    """What each command leads to when nothing disturbs it, in how many seconds."""
    results = {}
    for name, command in COMMANDS.items():
        home = before.copied(tmp_path_factory.mktemp(name) / "shop")
        began = time.monotonic()
        code, said = end(begin(home, command, models), home.folder)
        assert code == 0, said
        results[command] = (kept(home), time.monotonic() - began)
    return results


def begin(home, command, models, step=None):
    arguments = (*command, "--config", str(home.folder / "quarry.toml"))
    return start_command(arguments, home.folder, EPOCH, models, step)


def kept(home):
    """Hash what readers see: exports, seals and reports."""
    workspace = home.workspace
    folders = (workspace.seals, workspace.home / "reports")
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    hashes = {path.relative_to(workspace.home).as_posix(): sha256_of(path) for path in files}
    return hashes | exported(workspace.home)


def assert_repaired(home, command, models, result):
    """A quarter that was sealed before the kill is published by the refused second try."""
    code, said = end(begin(home, command, models), home.folder)
    assert code == 0 or "2024-Q1 is sealed already" in said, said
    assert kept(home) == result
    assert leftovers(home.workspace.home) == []


@pytest.mark.parametrize(("command", "step"), STEPS.values(), ids=list(STEPS))
def test_a_command_killed_at_a_step_is_made_good_by_the_next(
    command, step, before, models, undisturbed, tmp_path
):
    home = before.copied(tmp_path / "shop")
    code, said = end(begin(home, command, models, step), home.folder)
    assert code == -signal.SIGKILL, said
    assert_repaired(home, command, models, undisturbed[command][0])


@pytest.mark.parametrize("number", range(KILLS))
@pytest.mark.parametrize("command", COMMANDS.values(), ids=list(COMMANDS))
def test_a_command_killed_at_any_moment_is_made_good_by_the_next(
    command, number, before, models, undisturbed, tmp_path
):
    home = before.copied(tmp_path / "shop")
    result, seconds = undisturbed[command]
    process = begin(home, command, models)
    time.sleep(seconds * (number + random.Random(number).random()) / KILLS)
    process.kill()
    process.join()
    assert_repaired(home, command, models, result)
