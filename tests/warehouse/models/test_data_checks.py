"""The data checks: each passes on a sound warehouse and fails on one broken in its own way."""

from __future__ import annotations

import pytest

from tests.support.rows.row_histories import ROBOT, SOURCE, History, build
from tests.support.rows.trackers import Tracker
from warehouse.build.checks import read_checks, run_checks
from warehouse.build.model import read_models
from warehouse.context import Context, IdentityRule
from warehouse.errors import CheckFailed
from warehouse.sql import sql_folder

BROKEN = {
    "authors_are_new_once": "update marts.velocity_quarterly set new_author_count = 9",
    "calendar_has_no_gaps": "delete from settings.quarters where quarter = '1999-Q3'",
    "change_requests_are_counted_once": (
        "update marts.merge_lead_time_quarterly set merged_change_request_count = 9"
    ),
    "commit_lines_match_files": "update facts.commit_files set lines_added = 99",
    "commit_parts_have_their_commit": (
        "insert into raw.commit_files by name "
        "select * replace ('lost' as commit_hash) from raw.commit_files"
    ),
    "commits_are_all_there": "delete from facts.merges",
    "commits_are_in_their_quarter": (
        "update facts.commits set quarter = '1999-Q3', quarter_starts_on = '1999-07-01'"
    ),
    "disagreements_are_listed": "delete from facts.tracker_disagreements",
    "identities_have_one_person": "delete from facts.identities where identity_name = 'Ann'",
    "issue_states_have_no_gaps": "delete from facts.issue_states where state = 'closed'",
    "issues_are_in_one_quarter": "update facts.issues set quarter = '1999-Q3'",
    "issues_balance": (
        "update facts.issue_states set valid_to_at = null where ended_by = 'closed'"
    ),
    "kpi_quarters_add_up": "update marts.kpi_yearly set value = value + 1",
    "kpi_reasons_are_known": "update kpis.commits set reason = 'because'",
    "kpi_rows_are_all_counted_or_left_out": ("delete from kpis.commits where subject_id = 'a'"),
    "kpi_rows_are_in_their_quarter": "update kpis.commits set quarter = '1999-Q3'",
    "kpis_agree_with_marts": "update marts.velocity_quarterly set commit_count = 9",
    "lead_times_are_in_order": (
        "update marts.merge_lead_time_quarterly set max_merge_lead_time_hours = -1"
    ),
    "lead_times_are_not_negative": "update facts.merges set merge_lead_time_hours = -1",
    "mainline_matches_reachability": (
        "update facts.commits set landed_by_hash = null where commit_hash = 'p'"
    ),
    "merges_are_counted_once": "update marts.merge_lead_time_quarterly set measured_count = 7",
    "people_wrote_every_commit": "update facts.people set committed_count = 9",
    "phases_add_up": "update intermediate.change_request_lead_times set unmeasured_seconds = 1",
    "projects_have_their_repositories": "delete from facts.project_repositories",
    "quarters_of_repositories_have_no_gaps": (
        "delete from facts.repository_quarters where quarter = '2024-Q2'"
    ),
    "raw_rows_have_their_batch": "update raw.commit_files set batch = 2",
    "restatements_add_up": (
        "insert into marts.kpi_restatements by name select kpi, project, source, quarter, "
        "7 as difference from marts.kpi_quarterly where value is not null"
    ),
    "tracker_rows_have_their_tracker": "delete from raw.trackers",
    "velocity_balances": "update marts.velocity_quarterly set commit_count = commit_count + 1",
}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    store = tmp_path_factory.mktemp("store")
    history = History()
    history.commit("a", at="2024-01-10T00:00", files=[("x", 1, 0)])
    history.commit("p", "a", at="2024-02-10T00:00", by=ROBOT, files=[("x", 2, 1)])
    history.commit("m", "a", "p", at="2024-02-11T00:00")
    history.found(store)
    tracker = Tracker(f"{SOURCE}#tracker")
    tracker.issue(1, state="closed", closed_at="2024-02-01T00:00")
    tracker.issue(2, ("closed", "2024-04-01T00:00"), ("reopened", "2024-04-02T00:00"))
    tracker.change_request(3, ("merged", "2024-02-11T00:00"), merged_at="2024-02-11T00:00")
    tracker.commit(3, "p", "2024-01-09T00:00")
    tracker.found(store, repository=SOURCE)
    return build(store, Context(identity_rules=(IdentityRule("bot", r"\[bot\]"),)))


def written_checks():
    return sorted(path.stem for path in (sql_folder() / "checks").rglob("*.sql"))


def test_every_check_is_broken_once():
    assert sorted(BROKEN) == written_checks()


def test_a_sound_warehouse_passes_every_check(warehouse):
    assert sorted(run_checks(warehouse)) == sorted(check.name for check in read_checks())


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_broken_warehouse_fails(warehouse, name):
    (check,) = [check for check in read_checks() if check.name == name]
    warehouse.execute("begin")
    try:
        warehouse.execute(BROKEN[name])
        assert warehouse.execute(check.sql).fetchall()
        with pytest.raises(CheckFailed):
            run_checks(warehouse)
    finally:
        warehouse.execute("rollback")


def test_every_column_of_a_fact_or_mart_is_described_and_nothing_else(warehouse):
    columns = warehouse.execute(
        "select distinct column_name from duckdb_columns() where schema_name in ('facts', 'marts')"
    ).fetchall()
    lines = (sql_folder() / "columns.toml").read_text().splitlines()
    described = sorted(line.split(" = ")[0] for line in lines if " = " in line)

    assert described == sorted(name for (name,) in columns)


def test_every_fact_and_mart_says_how_it_is_exported():
    for model in read_models():
        assert (model.header.export is not None) == model.is_public, model.table
        # The rows of all KPIs have one grain: that of the evidence.
        assert model.header.grain or model.schema == "kpis", model.table
