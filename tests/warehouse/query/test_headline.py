"""Test published figures of a small history, and its headline."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from tests.support.rows.in_order import in_order
from tests.support.rows.memory_homes import MemoryHome
from warehouse.build.build_file import building, building_path, swap_in
from warehouse.build.checks import run_checks
from warehouse.build.runner import build_models
from warehouse.context import Context
from warehouse.exports.snapshot import export_snapshot, publish_snapshot
from warehouse.query.query import Headline, headline
from warehouse.tables.batches import load_batches


def commit(commit_hash, parents, month, author="ann"):
    at = datetime(2024, month, 15, tzinfo=UTC)
    instant = int(at.timestamp()) * 1_000_000
    person = (author, f"{author}@example.org", instant, 0)
    return (commit_hash, "t", parents, *person, *person, "S", "", None, False, None, None)


def change(commit_hash, added, deleted):
    return (commit_hash, 1, "f", None, None, None, "modified", "file", added, deleted, False)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """The packaged models over four commits: a root, a branch of two, and its merge."""
    home, hashes = MemoryHome(tmp_path_factory.mktemp("published")), "abcd"
    home.write_batch(
        month=7,
        repositories=[("tool", "/there", "sha1", "refs/heads/main", "d", False, None)],
        commits=[
            commit("a", "", 2),
            commit("b", "a", 5),
            commit("c", "b", 5, "bob"),
            commit("d", "a c", 6),
        ],
        commit_files=[change("a", 10, 0), change("b", 5, 1), change("c", 2, 2)],
        reachability=[(scope, h, True) for scope in ("any_ref", "default_branch") for h in hashes],
        refs=[("HEAD", "head", "d", "d", "refs/heads/main"),
              ("refs/heads/main", "branch", "d", "d", None)],
    )  # fmt: skip
    with building(home.warehouse) as connection:
        load_batches(connection, home.store)
        build_models(connection, Context())
        run_checks(connection)
    export_snapshot(building_path(home.warehouse), home.exports, "fingerprint")
    swap_in(home.warehouse)
    publish_snapshot(home.exports)
    return home


def test_the_headline_is_what_happened_in_the_last_quarters(published):
    hours = 31 * 24.0
    expected = [
        in_order(Headline, "tool", "host/one", "2024-Q1", True, 1, 1, 10, 0, 0, None),
        in_order(Headline, "tool", "host/one", "2024-Q2", True, 2, 2, 7, 3, 1, hours),
    ]

    assert headline(published.warehouse) == expected
    assert headline(published.warehouse, 1) == expected[1:]


def test_the_packaged_models_are_published_whole(published):
    frame = pl.read_parquet(
        published.exports / "current/velocity_quarterly/**/*.parquet", hive_partitioning=True
    )
    tables = {path.name for path in (published.exports / "current").iterdir() if path.is_dir()}

    assert frame.filter(quarter="2024-Q2")["commit_count"].to_list() == [2]
    assert {"commits", "commit_files", "merges", "people", "quarters"} <= tables
