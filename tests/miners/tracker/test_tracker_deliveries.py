"""Test releases, deployments and workflow runs, followed to their end."""

from __future__ import annotations

import pytest

from miners import store
from tests.support.fakes.fake_github import fake_github, message
from tests.support.running.outcomes import error_of, shows
from tests.support.running.tracker_homes import SOURCE

PATHS = {"releases": "releases", "deployments": "deployments", "workflow_runs": "actions/runs"}
RECORDS = {"releases": "releases", "deployments": "deployments", "workflow_runs": "pipeline_runs"}


@pytest.fixture
def github():
    with fake_github() as fake:
        fake.repository().issue(1)
        yield fake


def cursor(home):
    return store.cursor(home.path / "store", store.latest(home.path / "store", SOURCE))


def absent(home):
    return cursor(home)["absent"]


def test_a_deployment_is_followed_until_it_has_ended(github, orchard, home):
    made = orchard.deployment("queued", "in_progress")
    home.track(github)
    assert home.live("deployments")[str(made["id"])]["status"] == "running"

    orchard.status(made, "success")
    succeeded = github.stamp()
    home.track(github, run=1)
    row = home.live("deployments")[str(made["id"])]
    assert row["status"] == "success"
    assert f"{row['succeeded_at']:%Y-%m-%dT%H:%M:%SZ}" == succeeded

    # It may get another status in the same second, so that it is polled once more.
    github.tick()
    home.track(github, run=2)
    github.log.clear()
    home.track(github, run=3)
    assert github.asked(".*/deployments/.*") == 0


def test_of_statuses_of_one_second_the_one_written_last_is_the_newest(github, orchard, home):
    """In whichever order they are listed."""
    made = orchard.deployment("in_progress", "success")
    newest, oldest = orchard.statuses[made["id"]]
    newest["created_at"] = oldest["created_at"]
    orchard.statuses[made["id"]] = [oldest, newest]
    home.track(github)
    assert home.live("deployments")[str(made["id"])]["status"] == "success"


def test_a_status_after_a_final_one_is_read(github, orchard, home):
    """Also one that the list states before an older one."""
    made, other = orchard.deployment("failure"), orchard.deployment("success")
    home.track(github)
    assert home.live("deployments")[str(made["id"])]["status"] == "failed"

    orchard.status(made, "success")
    orchard.status(other, "inactive")
    home.track(github, run=1)
    rows = home.live("deployments")
    assert [rows[str(one["id"])]["status"] for one in (made, other)] == ["success", "inactive"]
    assert rows[str(made["id"])]["succeeded_at"] == rows[str(made["id"])]["status_at"]
    assert rows[str(other["id"])]["succeeded_at"] < rows[str(other["id"])]["status_at"]


def test_a_release_that_disappears_is_deleted_and_may_come_again(github, orchard, home):
    orchard.release()
    home.track(github)
    (kept,) = home.live("releases")
    listed = list(orchard.releases)
    orchard.releases.clear()
    home.track(github, run=1)
    assert home.live("releases") == {}
    assert home.deleted()[f"releases/{kept}"] == ("removed", None)

    orchard.releases.extend(listed)
    home.track(github, run=2)
    assert list(home.live("releases")) == [kept]


def test_a_deployment_that_was_replaced_had_succeeded(github, orchard, home):
    made = orchard.deployment("success", "inactive")
    home.track(github)
    row = home.live("deployments")[str(made["id"])]
    assert row["status"] == "inactive"
    assert row["succeeded_at"] < row["status_at"]


@pytest.mark.parametrize(
    ("state", "status"),
    [("error", "failed"), ("failure", "failed"), ("pending", "created"), ("new word", "created")],
)
def test_every_state_of_a_deployment_has_a_word(github, orchard, home, state, status):
    orchard.deployment(state)
    home.track(github)
    (row,) = home.live("deployments").values()
    assert row["status"] == status


def test_a_deployment_without_any_status_is_only_created(github, orchard, home):
    orchard.deployment()
    home.track(github)
    (row,) = home.live("deployments").values()
    assert (row["status"], row["status_at"], row["succeeded_at"]) == ("created", None, None)


def test_a_workflow_run_is_followed_until_it_has_ended(github, orchard, home):
    made = orchard.run("queued", None)
    home.track(github)
    assert home.live("pipeline_runs")[str(made["id"])]["status"] == "waiting"
    made |= {"status": "in_progress"}
    home.track(github, run=1)
    assert home.live("pipeline_runs")[str(made["id"])]["status"] == "running"
    made |= {"status": "completed", "conclusion": "timed_out", "updated_at": github.tick()}
    home.track(github, run=2)
    row = home.live("pipeline_runs")[str(made["id"])]
    assert (row["status"], row["conclusion"]) == ("completed", "failed")
    # It ended a moment ago, so that it is polled once more.
    assert cursor(home)["streams"]["workflow_runs"] == {"running": [made["id"]], "is_whole": True}
    github.tick()
    home.track(github, run=3)
    assert cursor(home)["streams"]["workflow_runs"] == {"running": [], "is_whole": True}


def test_what_vanishes_while_it_runs_is_not_asked_for_again(github, orchard, home):
    orchard.run("in_progress", None)
    home.track(github)
    orchard.runs.clear()
    home.track(github, run=1)
    github.log.clear()
    home.track(github, run=2)
    assert github.asked(".*/actions/runs/.*") == 0


def test_new_runs_are_found_above_known_ones(github, orchard, home):
    for _ in range(450):
        orchard.run()
    home.track(github)
    orchard.run()
    github.log.clear()
    home.track(github, run=1)
    assert home.rows("pipeline_runs").height == 451
    assert github.asked(".*/actions/runs") <= 5


def test_a_draft_that_is_published_is_another_version(github, orchard, home):
    made = orchard.release(draft=True, published_at=None)
    home.track(github)
    made |= {"draft": False, "published_at": github.tick()}
    home.track(github, run=1)
    assert home.rows("releases")["is_draft"].to_list() == [True, False]


@shows("list not there")
@pytest.mark.parametrize("status", [403, 404, 410, 451, 422])
@pytest.mark.parametrize("name", PATHS)
def test_a_list_that_is_not_there_or_not_for_us_is_skipped(github, orchard, home, name, status):
    orchard.release()
    orchard.deployment("success")
    orchard.run()
    path = f"/repositories/1/{PATHS[name]}"
    github.answer = lambda request: message(status, "No") if request.path == path else None
    home.track(github)
    for stream, record in RECORDS.items():
        assert len(home.live(record)) == (stream != name)
    assert home.live("issues")
    assert absent(home).keys() == {name}
    assert "No" in absent(home)[name] or str(status) in absent(home)[name]

    github.answer = lambda _: None
    home.track(github, run=1)
    assert len(home.live(RECORDS[name])) == 1
    assert absent(home) == {}


@shows("list not there")
@pytest.mark.parametrize("status", [403, 404, 410])
@pytest.mark.parametrize(
    ("stream", "name"),
    [
        ("events", "issues/events"),
        ("comments", "issues/comments"),
        ("review_comments", "pulls/comments"),
        ("milestones", "milestones"),
        ("labels", "labels"),
    ],
)
def test_a_list_that_is_switched_off_keeps_what_it_had(github, orchard, home, stream, name, status):
    """The repository responds, so the rest of it is mined and the list is named."""
    orchard.labels.append({"id": 1, "name": "bug", "color": "f00"})
    home.track(github)
    before = home.live("labels")
    path = f"/repositories/1/{name}"
    github.answer = lambda request: message(status, "No") if request.path == path else None
    orchard.issue(50)
    home.track(github, run=1)
    assert absent(home).keys() == {stream}
    assert "50" in home.live("issues")
    assert home.live("labels") == before
    assert home.deleted() == {}


def test_pull_requests_that_were_switched_off_stay_as_they_were(github, orchard, home):
    orchard.pull(60)
    home.track(github)
    orchard.facts["has_pull_requests"] = False
    orchard.event(60, "closed")
    orchard.issue(61)
    github.answer = lambda request: message(404) if "/pulls" in request.path else None
    home.track(github, run=1)
    assert home.live("change_requests")["60"]["state"] == "open"
    assert "61" in home.live("issues")
    assert (home.deleted(), home.rejects()) == ({}, {})


@shows("no list there")
def test_a_repository_without_any_list_is_a_failure(github, home):
    root = "/repositories/1/"
    github.answer = lambda request: message(404) if request.path.startswith(root) else None
    with pytest.raises(error_of("no list there")):
        home.track(github)
    assert home.files() == []


def test_a_repository_without_issues_may_miss_their_lists(github, orchard, home):
    orchard.facts["has_issues"] = False
    missing = {"/repositories/1/milestones", "/repositories/1/labels"}
    github.answer = lambda request: message(410) if request.path in missing else None
    home.track(github)
    assert home.live("issues")
