"""Compare the quarters of a real tracker's issues with its events."""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb
import pytest

from tests.support.expected.issue_truth import flows
from tests.support.running.mined_project import mined_tracker
from warehouse.build.checks import run_checks
from warehouse.build.runner import build_models
from warehouse.context import Context
from warehouse.tables.batches import load_batches

CLOSURE = """
    select
        quarter_starts_on, opened_count, closed_count, reopened_count, moved_out_count,
        open_at_end_count
    from marts.issue_closure_quarterly order by quarter
"""


@pytest.fixture(scope="module")
def mined(tmp_path_factory):
    folder, home, _, _ = mined_tracker(tmp_path_factory, "secp256k1")
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        load_batches(connection, home / "store")
        build_models(connection, Context())
        run_checks(connection)
        yield folder, connection


def test_issues_of_every_quarter_are_those_of_its_events(mined):
    folder, connection = mined
    found = connection.execute(CLOSURE).fetchall()
    starts = [datetime(day.year, day.month, 1, tzinfo=UTC) for day, *_ in found]
    assert len(found) == 51
    assert [tuple(counts) for _, *counts in found] == flows(folder, starts)


def test_what_its_fields_and_its_events_disagree_on_is_listed(mined):
    _, connection = mined
    found = connection.execute(
        "select disagreement_kind, count(*) from facts.tracker_disagreements "
        "group by disagreement_kind order by disagreement_kind"
    ).fetchall()
    # Without the Git history nothing can be said of merge commits.
    assert dict(found) == {"repeated_state_event": 9}
