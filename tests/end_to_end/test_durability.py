"""Test that files are flushed to disk before they are published."""

from __future__ import annotations

import pytest

from miners.store import RECEIPT
from tests.support.git.repositories import MinedHome, Repository
from tests.support.rows.exports import write_events
from tests.support.rows.memory_homes import MemoryHome
from tests.support.rows.sealed_homes import SealedHome, first_look
from tests.support.running.disk_recorder import recorded, unsafe
from warehouse.build.build_file import building, swap_in
from warehouse.exports.snapshot import publish_snapshot


def mine(folder):
    """Mine a repository for the first time."""
    repository = Repository.make(folder / "repository")
    repository.commit(b"one", {"a": b"1\n"})
    home = MinedHome(folder / "home")
    with recorded() as steps:
        home.mine(repository.path)
    # A mirror can be fetched again, and temporary files are nobody's.
    kept, fetched = {folder}, home.path / "mirrors"
    return [
        step
        for step in steps
        if kept & {step.path, *step.path.parents} and fetched not in step.path.parents
    ]


def export(folder):
    """Export a second snapshot, in which some files are links, and make it current."""
    home = MemoryHome(folder / "home")
    write_events(home)
    home.build()
    publish_snapshot(home.exports)
    with recorded() as steps:
        home.build()
        publish_snapshot(home.exports)
    return steps


def seal(folder):
    """Seal a quarter, the first of all."""
    home = SealedHome(folder)
    first_look().found(home.store)
    home.build()
    with recorded() as steps:
        home.seal()
    return steps


def replace(folder):
    """Replace the warehouse file."""
    path = folder / "home" / "quarry.duckdb"
    with recorded() as steps:
        with building(path) as connection:
            connection.execute("create table t as select 1 as a")
        swap_in(path)
    # The file that a first build copies is made once, elsewhere.
    return [step for step in steps if folder in {step.path, *step.path.parents}]


@pytest.fixture(scope="module", params=["mine", "export", "seal", "replace"])
def steps(request, tmp_path_factory):
    return globals()[request.param](tmp_path_factory.mktemp(request.param))


def test_a_crash_leaves_nothing_half_written_and_loses_nothing_finished(steps):
    assert any(step.kind in {"rename", "replace"} for step in steps)
    assert unsafe(steps, commits=[RECEIPT]) == []


def test_everything_that_is_flushed_has_to_be(steps):
    for path in {step.path for step in steps if step.kind == "fsync"}:
        others = [step for step in steps if (step.kind, step.path) != ("fsync", path)]
        assert unsafe(others, commits=[RECEIPT]), path
