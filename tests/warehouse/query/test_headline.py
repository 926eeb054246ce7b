"""Test published figures of a small history, and its headline."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from flows.settings.workspace import tracker_kinds
from tests.support.expected.known_kpis import title_of
from tests.support.rows.memory_homes import MemoryHome
from tests.support.rows.row_histories import ROBOT, HistoryRows
from tests.support.rows.trackers import REPOSITORY, TrackerRows
from warehouse.build.build_file import building, building_path, swap_in
from warehouse.build.checks import run_checks
from warehouse.build.runner import build_models
from warehouse.context import Context, IdentityRule, Project
from warehouse.exports.snapshot import export_snapshot, publish_snapshot
from warehouse.query.headline import headline, headline_titles
from warehouse.query.query import open_for_queries
from warehouse.rules import rule
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


def test_the_headline_is_what_counted_in_the_last_quarters(published):
    hours = 31 * 24.0
    first = ("tool", "2024-Q1", True, {"commits": 1, "active_contributors": 1,
                                       "lines_changed": 10, "lead_time": None})  # fmt: skip
    second = ("tool", "2024-Q2", True, {"commits": 2, "active_contributors": 2,
                                        "lines_changed": 10, "lead_time": hours})  # fmt: skip

    assert [shown(row) for row in headline(published.warehouse)] == [first, second]
    assert [shown(row) for row in headline(published.warehouse, 1)] == [second]


def shown(row):
    figures = {figure.kpi: figure.value for figure in row.figures}
    return row.project, row.quarter, row.is_complete, figures


def test_its_columns_are_called_as_the_kpis(published):
    kpis = ("commits", "active_contributors", "lines_changed", "lead_time")
    titles = {kpi: title_of(kpi) for kpi in kpis}
    assert headline_titles(headline(published.warehouse)) == {
        kpi: title[0].lower() + title[1:] for kpi, title in titles.items()
    }


def test_the_packaged_models_are_published_whole(published):
    frame = pl.read_parquet(
        published.exports / "current/velocity_quarterly/**/*.parquet", hive_partitioning=True
    )
    tables = {path.name for path in (published.exports / "current").iterdir() if path.is_dir()}

    assert frame.filter(quarter="2024-Q2")["commit_count"].to_list() == [2]
    assert {"commits", "commit_files", "merges", "people", "quarters"} <= tables


def test_the_headline_the_kpis_and_the_marts_have_one_number_for_one_word(tmp_path):
    """With a bot that is excluded, and a tracker whose lead times are not those of the merges."""
    history, tracker = HistoryRows(source=REPOSITORY), TrackerRows()
    history.commit("a", at="2024-01-01T00:00")
    history.commit("b", "a", at="2024-01-02T00:00", by=ROBOT, files=[("x", 7, 0)])
    history.commit("p", "b", at="2024-01-03T00:00", files=[("x", 2, 1)])
    history.commit("m", "b", "p", at="2024-03-03T00:00")
    history.found(tmp_path / "store")
    told = {"created_at": "2024-03-01T00:00", "state": "closed", "closed_at": "2024-03-04T00:00"}
    tracker.change_request(1, ("merged", "2024-03-04T00:00"), merged_at="2024-03-04T00:00", **told)
    tracker.commit(1, "of 1", "2024-03-01T00:00")
    tracker.found(tmp_path / "store")
    rules = (rule("left_out_authors", "bot"),)
    project = Project(name="r", title="r", sources=(REPOSITORY,), rules=rules)
    robots = (IdentityRule("bot", r"\[bot\]"),)
    context = Context(projects=(project,), identity_rules=robots, tracker_kinds=tracker_kinds())
    file = tmp_path / "quarry.duckdb"
    with building(file) as connection:
        load_batches(connection, tmp_path / "store")
        build_models(connection, context)
    swap_in(file)

    figures = {kpi: value for row in headline(file)[:1] for kpi, value in shown(row)[3].items()}

    assert figures == {
        "commits": 2,
        "active_contributors": 1,
        "lines_changed": 3,
        "change_requests_merged": 1,
        "lead_time": 72.0,
        "issues_closed": 0,
        "issues_remaining": 0,
    }
    with open_for_queries(file) as connection:
        (published,) = connection.execute(PUBLISHED).fetchall()
        (velocity,) = connection.execute(VELOCITY).fetchall()
        (lead_time,) = connection.execute(LEAD_TIME).fetchall()
    assert published == velocity + lead_time == (2, 1, 3, 72.0)


PUBLISHED = """
    select
        max(value) filter (where kpi = 'commits'),
        max(value) filter (where kpi = 'active_contributors'),
        max(value) filter (where kpi = 'lines_changed'),
        max(value) filter (where kpi = 'lead_time')
    from marts.kpi_quarterly
    where project = 'r' and source != '*' and quarter = '2024-Q1'
"""
VELOCITY = """
    select commit_count, author_count, lines_added + lines_deleted
    from marts.velocity_quarterly where quarter = '2024-Q1'
"""
LEAD_TIME = """
    select median_merge_lead_time_hours
    from marts.merge_lead_time_quarterly where quarter = '2024-Q1'
"""
