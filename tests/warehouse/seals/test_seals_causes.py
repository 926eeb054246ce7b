"""Test causes of sealed quarters' changes: deliveries and settings."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.support.rows.row_histories import instant
from tests.support.rows.sealed_homes import SAME_PERSON, SETTINGS, SealedHome, first_look
from tests.support.rows.trackers import TrackerRows
from warehouse.context import Project
from warehouse.rules import rule

APP = SETTINGS.projects[0]
RULES = (
    *(("deployments", "deployment"), ("deployments", "release"), ("incident_labels", "incident")),
)
DELIVERY = replace(
    SETTINGS, projects=(replace(APP, rules=(*APP.rules, *(rule(*one) for one in RULES))),)
)
DELIVERED = ("change_lead_time", "deployment_frequency")


def tracker_on(day):
    return TrackerRows(looked_at=instant(day))


def deployed(tracker, name, commit, at, **facts):
    known = {"environment": "production", "status": "succeeded", "created_at": at, "updated_at": at}
    tracker.add(
        "deployments",
        **{**known, "deployment_id": name, "commit_hash": commit, "succeeded_at": at, **facts},
    )


def released(tracker, name, commit, at):
    facts = {"tag_name": f"v{name}", "is_draft": False, "is_prerelease": False}
    tracker.add(
        "releases", release_id=name, commit_hash=commit, created_at=at, released_at=at, **facts
    )


@pytest.fixture
def delivered(tmp_path):
    """A sealed home that has deployed c1 and c2."""
    home = SealedHome(tmp_path, kpis=(*DELIVERED, "change_fail_rate"))
    first_look().found(home.store)
    tracker = tracker_on("2024-04-10")
    deployed(tracker, "1", "c1", "2024-02-01T12:00")
    deployed(tracker, "2", "c2", "2024-02-20T12:00")
    tracker.found(home.store)
    home.build(DELIVERY)
    home.seal(DELIVERY)
    return home


@pytest.mark.parametrize("deliver", [deployed, released])
def test_a_delivery_first_seen_after_the_seal_is_late_and_so_are_its_commits(delivered, deliver):
    later = tracker_on("2024-05-10")
    deliver(later, "3", "c3", "2024-03-20T12:00")
    later.write(delivered.store)
    delivered.build(DELIVERY)
    assert delivered.restated(*DELIVERED) == [
        ("change_lead_time", "late", 240.0, 240.0, 0.0, 0, 0, 1),
        ("deployment_frequency", "late", 2.0, 3.0, 1.0, 1, 0, 0),
    ]


def test_a_deployment_that_the_tracker_deleted_is_deleted_and_so_is_what_it_brought(delivered):
    later = tracker_on("2024-05-10")
    later.deleted("deployments", "2")
    later.write(delivered.store)
    delivered.build(DELIVERY)
    assert delivered.restated(*DELIVERED) == [
        ("change_lead_time", "deleted", 240.0, None, None, 0, 0, 1),
        ("deployment_frequency", "deleted", 2.0, 1.0, -1.0, 0, 0, 1),
    ]


def test_a_deployment_that_fails_by_an_incident_seen_after_the_seal_failed_late(delivered):
    later = tracker_on("2024-05-10")
    later.issue(7, created_at="2024-02-20T13:00", labels=["incident"])
    later.write(delivered.store)
    delivered.build(DELIVERY)
    assert delivered.restated("change_fail_rate") == [
        ("change_fail_rate", "late", 0.0, 0.5, 0.5, 0, 0, 1),
    ]


def test_only_the_settings_of_its_own_project_are_the_cause_of_a_row(tmp_path):
    home = SealedHome(tmp_path, kpis=("active_contributors", "commits"))
    first_look().found(home.store)
    home.build()
    home.seal()
    other = Project(name="other", title="Other", sources=(), rules=(rule("paths", "docs/"),))

    home.build(replace(SETTINGS, projects=(APP, other), mailmap=(SAME_PERSON,)))
    assert home.restated("active_contributors") == [
        ("active_contributors", "re_identified", 2, 1, -1, 0, 1, 1)
    ]

    ruled = replace(APP, rules=(*APP.rules, rule("left_out_authors", "person")))
    home.build(replace(SETTINGS, projects=(ruled, other), mailmap=(SAME_PERSON,)))
    assert {cause for _, cause, *_ in home.restated("active_contributors", "commits")} == {"rules"}


def test_a_seal_that_knows_no_settings_of_projects_compares_those_of_all(tmp_path):
    home = SealedHome(tmp_path, kpis=("active_contributors",))
    first_look().found(home.store)
    home.build()
    home.seal()
    _as_older(home)
    other = Project(name="other", title="Other", sources=())
    home.build(replace(SETTINGS, projects=(APP, other), mailmap=(SAME_PERSON,)))
    assert [cause for _, cause, *_ in home.restated("active_contributors")] == ["rules"]


def _as_older(home):
    """Remove from the seal what earlier versions did not write."""
    (folder,) = home.seals.iterdir()
    path = folder / "seal.json"
    said = json.loads(path.read_text("utf-8"))
    del said["files"]["projects"]
    path.write_text(json.dumps(said), "utf-8")
    (folder / "projects.parquet").unlink()
