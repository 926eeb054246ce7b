"""Test what a build costs after a night without news."""

from __future__ import annotations

from datetime import timedelta

import pytest

from miners import store
from miners.batch import BatchWriter
from tests.warehouse.build.test_no_row_stops_a_build import LOOKED_AT, SETTINGS, world
from warehouse.build.build_file import building, swap_in
from warehouse.build.incremental import note_build
from warehouse.build.runner import build_models
from warehouse.tables.batches import load_batches

# What is due, late, or open until the last poll; and the view of the rows of all KPIs, because it
# names those that have any.
READ_THE_CLOCK = {
    "kpis.evidence",
    "kpis.deployment_schedule_adherence",
    "kpis.project_completion_rate",
    "kpis.project_lead_time",
    "kpis.test_iterations",
    "kpis.uptime_streak",
}
# What a night without news leaves as it is.
KEPT = {"facts.commits", "facts.issues", "facts.change_requests", "figures.kpi_evidence"}


def build(home):
    with building(home / "quarry.duckdb") as connection:
        load_batches(connection, home / "store")
        made = build_models(connection, SETTINGS)
        note_build(connection, made)
    swap_in(home / "quarry.duckdb")
    return made.made


@pytest.fixture
def home(tmp_path):
    world(tmp_path, "2024-03-15T12:00")
    build(tmp_path)
    return tmp_path


def poll_again(home, days):
    """Poll every source, and find nothing new."""
    for source in sorted({batch.receipt.source for batch in store.all_batches(home / "store")}):
        looked_at = LOOKED_AT + timedelta(days=days)
        with BatchWriter(home / "store", source, "quiet", looked_at) as batch:
            batch.finish_unchanged()


def test_a_night_without_news_rebuilds_the_kpis_that_read_the_clock(home):
    poll_again(home, days=1)
    made = build(home)

    assert {table for table in made if table.startswith("kpis.")} == READ_THE_CLOCK
    assert made & KEPT == set()
