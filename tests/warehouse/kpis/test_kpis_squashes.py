"""Test what counts for squashed, rebased, picked and stacked change requests."""

from __future__ import annotations

import pytest

from tests.support.rows.merged_requests import at, merged
from tests.support.rows.row_histories import HistoryRows, builder, micros, rows
from tests.support.rows.trackers import REPOSITORY, TrackerRows
from warehouse.context import Context, Project
from warehouse.rules import rule

KPIS = ("change_lead_time", "change_requests_merged", "throughput", "change_request_response_time")
build = builder(*(f"kpis.{kpi}" for kpi in KPIS))
RULES = (rule("deployments", "tag"), rule("deployment_tags", "v*"))
DAY = 86_400


def settings(*more):
    project = Project(name="r", title="r", sources=(REPOSITORY,), rules=(*RULES, *more))
    return Context(projects=(project,))


def history():
    """Tag a root, then a squash, two rebased commits and a backport, deployed on day 6."""
    made = HistoryRows(source=REPOSITORY)
    made.commit("a", at="2024-02-01T00:00")
    made.commit("s", "a", at=at(5), subject="Squashed (#1)")
    made.commit("r1", "s", at=at(5), written=at(1), subject="Rebased (#2)")
    made.commit("r2", "r1", at=at(5), written=at(2), subject="Rebased too (#2)")
    made.commit("b", "r2", at=at(5), subject="Picked without its time (#3)")
    made.commit("i", "b", at=at(5), subject="Fix what was reported (#4)")
    made.commit("x", "i", at=at(5), subject="Squashed in another tracker (#99)")
    for name, commit, when in (("v1", "a", "2024-02-02T00:00"), ("v2", "x", at(6))):
        who = ("Ann", "ann@example.org", micros(when), 0)
        made.add("tags", f"tag {name}", name, commit, "commit", *who, "", False, None, None)
        made.add("refs", f"refs/tags/{name}", "tag", f"tag {name}", commit, None)
    return made


@pytest.fixture
def tracker():
    made = TrackerRows(source=f"{REPOSITORY}#tracker")
    merged(made, 1, commits=(), merge_commit_hash="s")
    merged(made, 2, commits=(at(1), at(2)), merge_commit_hash="r2")
    merged(made, 3, commits=(at(1),), merge_commit_hash="off the branch", base_ref="release")
    made.issue(4, created_at=at(1))
    return made


LEAD_TIMES = "select subject_id, reason, value from kpis.change_lead_time"


def test_a_subject_with_a_number_is_a_squash_where_the_tracker_says_so(tmp_path, tracker):
    history().found(tmp_path)
    tracker.found(tmp_path)

    found = {name: tuple(rest) for name, *rest in rows(build(tmp_path, settings()), LEAD_TIMES)}

    assert found == {
        "a": ("before_first_deployment", DAY),
        "s": ("unknown_start", DAY),
        "r1": ("counted", 5 * DAY),
        "r2": ("counted", 4 * DAY),
        "b": ("counted", 5 * DAY),
        "i": ("counted", DAY),
        "x": ("unknown_start", DAY),
    }


def test_without_a_tracker_git_says_it(tmp_path):
    history().found(tmp_path)

    found = {name: tuple(rest) for name, *rest in rows(build(tmp_path, settings()), LEAD_TIMES)}

    assert found == {
        "a": ("before_first_deployment", DAY),
        "s": ("unknown_start", DAY),
        "r1": ("counted", 5 * DAY),
        "r2": ("counted", 4 * DAY),
        "b": ("unknown_start", DAY),
        "i": ("unknown_start", DAY),
        "x": ("unknown_start", DAY),
    }


def stacked(made):
    """Two requests on the branch of a third, one of them after its merge, and a release branch."""
    own = {"head_repository": "o/r"}
    merged(made, 1, head_ref="feature", merged_at=at(5), **own)
    merged(made, 2, head_ref="part", base_ref="feature", merged_at=at(4), **own)
    merged(made, 3, head_ref="part of part", base_ref="part", merged_at=at(3), **own)
    merged(made, 4, head_ref="late", base_ref="feature", merged_at=at(5, 1), **own)
    merged(made, 5, head_ref="fix", base_ref="release", merged_at=at(4), **own)
    merged(made, 6, head_ref="forked", base_ref="topic", merged_at=at(4), **own)
    merged(made, 7, head_ref="topic", merged_at=at(5), head_repository="ann/r")


MERGED = """
    select subject_id, reason from kpis.{}
    where project = 'r' and reason in ('counted', 'stacked') order by 1
"""


def test_a_request_merged_into_the_branch_of_another_counts_with_that(tmp_path):
    made = TrackerRows()
    stacked(made)
    made.found(tmp_path)

    built = build(tmp_path, settings())

    for kpi in ("change_requests_merged", "throughput"):
        found = {name.partition("#")[2]: why for name, why in rows(built, MERGED.format(kpi))}
        assert {number for number, why in found.items() if why == "stacked"} == {"2", "3"}
        assert len(found) == 7


def test_a_branch_that_is_merged_again_and_again_is_no_stack(tmp_path):
    made = TrackerRows()
    for number, day in ((1, 2), (3, 5)):
        facts = {"head_ref": "develop", "head_repository": "o/r", "created_at": at(1)}
        made.change_request(number, ("merged", at(day)), state="closed", merged_at=at(day), **facts)
    merged(made, 2, head_ref="part", base_ref="develop", merged_at=at(4), head_repository="o/r")
    made.found(tmp_path)

    built = build(tmp_path, settings())

    assert {why for _, why in rows(built, MERGED.format("change_requests_merged"))} == {"counted"}


def test_a_project_that_names_its_branches_counts_what_is_merged_into_them(tmp_path):
    made = TrackerRows()
    stacked(made)
    made.found(tmp_path)

    built = build(tmp_path, settings(rule("branches", "feature")))

    found = rows(built, MERGED.format("change_requests_merged"))
    assert [(name.partition("#")[2], why) for name, why in found] == [
        ("2", "counted"),
        ("4", "counted"),
    ]
