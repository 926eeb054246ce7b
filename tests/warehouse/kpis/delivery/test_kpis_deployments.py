"""Deployments of a tracker: what counts, what failed, and what recovered it."""

from __future__ import annotations

import pytest

from tests.support.rows.deliveries import incident, release, sha
from tests.support.rows.row_histories import HistoryRows, builder, rows
from tests.support.rows.trackers import REPOSITORY, TrackerRows
from warehouse.context import Context, Project
from warehouse.rules import rule

# What a row of each KPI is worth.
AMOUNTS = {
    "deployment_frequency": "null",
    "change_lead_time": "value",
    "change_fail_rate": "numerator",
    "deployment_rework_rate": "numerator",
    "failed_deployment_recovery_time": "value",
    "mean_time_to_recovery": "value",
}
build = builder(*(f"kpis.{kpi}" for kpi in AMOUNTS))

OPS = "github.com/o/ops"
RULES = (
    *(rule("deployments", "deployment"), rule("deployments", "release")),
    rule("incident_labels", "incident"),
)
SETTINGS = Context(projects=(Project(name="r", title="r", sources=(REPOSITORY, OPS), rules=RULES),))
HOUR = 3600


def history(*names):
    """Make the main branch, a commit a day from the first of June on."""
    made, parents = HistoryRows(source=REPOSITORY), ()
    for day, name in enumerate(names, 1):
        made.commit(sha(name), *parents, at=f"2024-06-{day:02}T00:00")
        parents = (sha(name),)
    return made


def deploy(tracker, number, commit, began, ended=None, status="success", **facts):
    """Add a deployment to production; one without an end succeeded at once."""
    at = f"2024-06-{ended or began}"
    known = {"environment": "production", "is_production": True, "commit_hash": sha(commit)}
    done = {"status": status, "status_at": at}
    succeeded = {"succeeded_at": at} if status == "success" else {}
    began_at = f"2024-06-{began}"
    tracker.add(
        "deployments",
        deployment_id=str(number),
        created_at=began_at,
        updated_at=at,
        **known | done | succeeded | facts,
    )


@pytest.fixture
def built_rows(tmp_path):
    """Build what a history and its trackers have; list the rows of a KPI by their ends."""

    def call(made, *trackers):
        made.found(tmp_path)
        for tracker in trackers:
            tracker.found(tmp_path)
        built = build(tmp_path, SETTINGS)

        def listed(kpi, *columns):
            amount = f"if(reason = 'counted', {AMOUNTS[kpi]}, null)"
            named = ", ".join(["subject_id", "reason", amount, *columns])
            found = rows(built, f"select {named} from kpis.{kpi}")
            return {
                subject.rpartition("/")[2].rpartition("#")[2]: tuple(row) for subject, *row in found
            }

        return listed

    return call


def deployed_by(number):
    return f"{REPOSITORY}/deployments/{number}"


def test_an_incident_during_a_deployment_belongs_to_it(built_rows):
    made = TrackerRows()
    deploy(made, 1, "a", "03T00:00")
    deploy(made, 2, "b", "05T10:00", "05T10:30")
    incident(made, 1, "2024-06-05T10:20", "2024-06-05T12:00")
    listed = built_rows(history("a", "b"), made)

    assert listed("failed_deployment_recovery_time", "grade", "related_id") == {
        "1": ("counted", 1.5 * HOUR, "window", deployed_by(2))
    }


def test_an_incident_in_a_tracker_of_its_own_belongs_to_a_deployment_elsewhere(built_rows):
    made, ops = TrackerRows(), TrackerRows(source=f"{OPS}#tracker")
    deploy(made, 1, "a", "03T00:00")
    incident(ops, 1, "2024-06-03T01:00", "2024-06-03T02:00")
    incident(ops, 2, "2024-06-12T01:00", "2024-06-13T02:00")
    listed = built_rows(history("a"), made, ops)

    assert listed("failed_deployment_recovery_time", "grade", "related_id") == {
        "1": ("counted", 2 * HOUR, "window", deployed_by(1)),
        "2": ("no_deployment", None, None, None),
    }
    assert listed("change_fail_rate", "source") == {"1": ("counted", 1, REPOSITORY)}


def test_the_own_repository_is_blamed_before_another_one(built_rows):
    made, ops = TrackerRows(), TrackerRows(source=f"{OPS}#tracker")
    deploy(made, 1, "a", "03T00:00")
    deploy(ops, 2, "a", "03T00:30")
    incident(made, 1, "2024-06-03T01:00", "2024-06-03T02:00")
    listed = built_rows(history("a"), made, ops)

    assert listed("failed_deployment_recovery_time", "related_id") == {
        "1": ("counted", 2 * HOUR, deployed_by(1))
    }


def test_an_older_commit_again_is_a_failure_its_recovery_and_rework(built_rows):
    made = TrackerRows()
    for number, (commit, at) in enumerate(
        [("a", "01T12:00"), ("b", "02T12:00"), ("c", "03T12:00"), ("b", "03T13:00")], 1
    ):
        deploy(made, number, commit, at)
    listed = built_rows(history("a", "b", "c"), made)

    assert listed("change_fail_rate", "grade") == {
        "1": ("counted", 0, None),
        "2": ("counted", 0, None),
        "3": ("counted", 1, "rollback"),
        "4": ("counted", 0, None),
    }
    assert listed("failed_deployment_recovery_time", "grade", "related_id") == {
        "4": ("counted", 1 * HOUR, "rollback", deployed_by(3))
    }
    assert listed("deployment_rework_rate", "grade") == {
        "1": ("counted", 0, None),
        "2": ("counted", 0, None),
        "3": ("counted", 0, None),
        "4": ("counted", 1, "rollback"),
    }


def test_the_same_commit_again_and_another_environment_are_no_rollback(built_rows):
    made = TrackerRows()
    deploy(made, 1, "b", "02T12:00")
    deploy(made, 2, "b", "02T13:00")
    deploy(made, 3, "a", "02T14:00", environment="live")
    deploy(made, 4, "c", "03T12:00")
    listed = built_rows(history("a", "b", "c"), made)

    assert listed("failed_deployment_recovery_time") == {}


def test_a_rollback_ends_the_incident_that_somebody_wrote_down(built_rows):
    """It is one failure, not two, and ends when production was well again."""
    made = TrackerRows()
    deploy(made, 1, "a", "01T12:00")
    deploy(made, 2, "b", "02T12:00")
    incident(made, 1, "2024-06-02T12:30", "2024-06-03T09:00")
    deploy(made, 3, "a", "02T13:00")
    listed = built_rows(history("a", "b"), made)

    assert listed("failed_deployment_recovery_time", "grade") == {
        "1": ("counted", 1 * HOUR, "window, rollback"),
        "3": ("duplicate", None, "rollback"),
    }
    # The issue itself lasted longer.
    assert listed("mean_time_to_recovery")["1"] == ("counted", 20.5 * HOUR)


def test_recovery_ends_when_the_repair_is_deployed(built_rows):
    """Not with the closing of the issue before, if a commit closed it that is deployed later."""
    made = TrackerRows()
    deploy(made, 1, "a", "01T12:00")
    incident(made, 1, "2024-06-01T13:00", "2024-06-02T00:00", "b")
    deploy(made, 2, "b", "02T06:00")
    listed = built_rows(history("a", "b"), made)

    assert listed("failed_deployment_recovery_time", "grade") == {
        "1": ("counted", 18 * HOUR, "window, repair")
    }


def test_a_repair_ends_an_incident_that_is_rolled_back_later(built_rows):
    """What came first: the repair reached one environment before the other was rolled back."""
    made = TrackerRows()
    deploy(made, 1, "a", "01T12:00")
    deploy(made, 2, "b", "02T12:00")
    incident(made, 1, "2024-06-02T12:30", "2024-06-03T09:00", "c")
    deploy(made, 3, "c", "02T13:00", environment="live")
    deploy(made, 4, "a", "02T15:00")
    listed = built_rows(history("a", "b", "c"), made)

    recovered = listed("failed_deployment_recovery_time", "grade")
    assert recovered["1"] == ("counted", 1 * HOUR, "window, repair")


def test_what_was_deployed_before_an_incident_is_no_repair_of_it(built_rows):
    """The commit that closed it had been deployed already: it ends with its closing."""
    made = TrackerRows()
    deploy(made, 1, "a", "01T12:00")
    deploy(made, 2, "b", "02T12:00")
    incident(made, 1, "2024-06-02T13:00", "2024-06-02T18:00", "b")
    listed = built_rows(history("a", "b"), made)

    assert listed("failed_deployment_recovery_time", "grade") == {
        "1": ("counted", 6 * HOUR, "window")
    }


def test_an_incident_of_the_instant_of_a_deployment_is_attributed_to_it(built_rows):
    made = TrackerRows()
    deploy(made, 1, "a", "01T12:00")
    deploy(made, 2, "b", "02T12:00")
    incident(made, 1, "2024-06-02T12:00", "2024-06-02T13:00")
    listed = built_rows(history("a", "b"), made)

    assert listed("failed_deployment_recovery_time") == {"1": ("counted", 1 * HOUR)}


def test_a_release_and_the_deployment_of_its_tag_are_one(built_rows):
    made, git = TrackerRows(), history("a", "b")
    git.add("refs", "refs/tags/v1", "tag", sha("a"), sha("a"), None)
    release(made, "v1", "2024-06-01T12:00", "a")
    deploy(made, 1, "a", "01T12:05", ref="v1")
    # What is deployed twice was deployed twice.
    deploy(made, 2, "a", "01T14:00", ref="v1")
    release(made, "v2", "2024-06-02T12:00", "b")
    listed = built_rows(git, made)

    assert listed("deployment_frequency") == {
        "1": ("counted", None),
        "2": ("counted", None),
        "v1": ("duplicate", None),
        "v2": ("counted", None),
    }


def test_a_deployment_that_did_not_succeed_is_a_row_with_its_reason(built_rows):
    made = TrackerRows()
    deploy(made, 1, "a", "01T12:00")
    deploy(made, 2, "a", "01T13:00", status="failed")
    deploy(made, 3, "a", "01T14:00", status="running")
    deploy(made, 4, "a", "01T15:00", status="canceled")
    made.deleted("deployments", "1")
    deploy(made, 5, "a", "01T16:00")
    listed = built_rows(history("a"), made)

    assert listed("deployment_frequency") == {
        "1": ("deleted", None),
        "2": ("failed", None),
        "3": ("not_finished", None),
        "4": ("canceled", None),
        "5": ("counted", None),
    }


def test_a_failure_at_the_first_instant_of_a_quarter_is_a_row_of_it_alone(built_rows):
    made = TrackerRows()
    deploy(made, 1, "a", "01T12:00")
    deploy(made, 2, "a", "30T23:00", status="failed", status_at="2024-07-01T00:00")
    listed = built_rows(history("a"), made)

    times = "count(*) over (partition by subject_id)"
    assert listed("deployment_frequency", "quarter", times) == {
        "1": ("counted", None, "2024-Q2", 1),
        "2": ("failed", None, "2024-Q3", 1),
    }


def test_a_commit_and_its_revert_in_one_deployment_are_no_failure(built_rows):
    """Nobody had it in production: it is no incident, and its revert no rework."""
    git, made = history("a", "b"), TrackerRows()
    body = f"This reverts commit {sha('b')}."
    git.commit(sha("r"), sha("b"), at="2024-06-05T10:00", body=body)
    deploy(made, 1, "a", "01T12:00")
    deploy(made, 2, "r", "06T12:00")
    listed = built_rows(git, made)

    assert listed("failed_deployment_recovery_time") == {sha("r"): ("not_deployed", None)}
    for kpi in ("change_fail_rate", "deployment_rework_rate"):
        assert listed(kpi) == {"1": ("counted", 0), "2": ("counted", 0)}


def test_a_cherry_pick_is_its_original_delivered_earlier(built_rows):
    """A revert is picked to a release branch and deployed there; the branch follows later."""
    git, made = history("a", "b"), TrackerRows()
    back = f"This reverts commit {sha('b')}."
    picked = f"{back}\n\n(cherry picked from commit {sha('r')})"
    on_release = {"subject": "Revert b", "body": picked, "at": "2024-06-05T11:00"}
    git.commit(sha("p"), sha("b"), written="2024-06-05T10:00", **on_release)
    git.commit(sha("r"), sha("b"), at="2024-06-05T10:00", subject="Revert b", body=back)
    deploy(made, 1, "a", "01T12:00")
    deploy(made, 2, "b", "05T00:00")
    deploy(made, 3, "p", "05T12:00")
    deploy(made, 4, "r", "15T00:00")
    listed = built_rows(git, made)

    assert listed("failed_deployment_recovery_time", "related_id") == {
        sha("r"): ("counted", 12 * HOUR, deployed_by(2))
    }
    assert listed("deployment_rework_rate") == {
        "1": ("counted", 0),
        "2": ("counted", 0),
        "3": ("counted", 1),
        "4": ("counted", 0),
    }
    assert listed("change_lead_time", "related_id") == {
        sha("a"): ("before_first_deployment", None, deployed_by(1)),
        sha("b"): ("counted", 3 * 24 * HOUR, deployed_by(2)),
        sha("r"): ("counted", 2 * HOUR, deployed_by(3)),
        sha("p"): ("duplicate", None, deployed_by(3)),
    }


def test_a_copy_without_a_trailer_is_known_by_its_author_time_and_subject(built_rows):
    git, made = history("a"), TrackerRows()
    for name, at in (("p", "2024-06-05T11:00"), ("r", "2024-06-06T11:00")):
        git.commit(sha(name), sha("a"), at=at, written="2024-06-05T10:00", subject="Fix it")
    git.commit(sha("q"), sha("r"), at="2024-06-07T00:00", written="2024-06-05T10:00")
    deploy(made, 1, "a", "01T12:00")
    deploy(made, 2, "p", "05T12:00")
    listed = built_rows(git, made)

    assert listed("change_lead_time", "related_id") == {
        sha("a"): ("before_first_deployment", None, deployed_by(1)),
        sha("p"): ("duplicate", None, deployed_by(2)),
        sha("r"): ("counted", 2 * HOUR, deployed_by(2)),
        sha("q"): ("no_deployment", None, None),
    }


def test_a_fork_does_not_take_the_start_that_another_tracker_knows(built_rows):
    """A commit of both repositories is a squashed request of one of them only."""
    made, ops, fork = TrackerRows(), TrackerRows(source=f"{OPS}#tracker"), history("a", "b")
    merged = {"merged_at": "2024-06-02T00:00", "closed_at": "2024-06-02T00:00", "state": "closed"}
    event = ("merged", merged["merged_at"], {"commit_hash": sha("b")})
    made.change_request(7, event, created_at="2024-06-01T18:00", **merged)
    made.commit(7, "own", "2024-06-01T12:00")
    fork.source = OPS
    deploy(ops, 1, "a", "01T12:00")
    deploy(ops, 2, "b", "03T12:00")
    listed = built_rows(history("a", "b"), fork, made, ops)

    assert listed("change_lead_time")[sha("b")] == ("counted", 36 * HOUR)


def test_what_is_deployed_from_another_branch_is_a_row_like_others(built_rows):
    git, made = history("a"), TrackerRows()
    git.commit(sha("h"), sha("a"), at="2024-06-02T10:00")
    git.commit(sha("b"), sha("a"), at="2024-06-03T00:00")
    deploy(made, 1, "a", "01T12:00")
    deploy(made, 2, "h", "02T12:00")
    listed = built_rows(git, made)

    assert listed("change_lead_time", "related_id") == {
        sha("a"): ("before_first_deployment", None, deployed_by(1)),
        sha("h"): ("counted", 2 * HOUR, deployed_by(2)),
        sha("b"): ("no_deployment", None, None),
    }
