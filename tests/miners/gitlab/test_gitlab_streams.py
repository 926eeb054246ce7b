"""Test GitLab's other lists, and mine a real project."""

from __future__ import annotations

from collections import Counter

import pytest

from miners.errors import SourceDenied
from miners.gitlab.estimate import expected
from miners.gitlab.tracker import GitlabTracker
from miners.tracker import http
from miners.tracker.responses import Forbidden, NotFound
from tests.support.fakes import gitlab_objects as objects
from tests.support.fakes.fake_gitlab import GitlabReply
from tests.support.fakes.gitlab_objects import facts
from tests.support.fakes.gitlab_project import FORBIDDEN, ROOT, NothingKnown, described, project
from tests.support.fakes.replay import Replay, dataset, mine, newest


@pytest.fixture
def server():
    with project() as running:
        yield running


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(http, "_PAUSES_SECONDS", (0.0, 0.0, 0.0))


def streamed(tracker, name, mark=None, known=()):
    pages = list(tracker.stream(name, mark, NothingKnown(*known)))
    return [facts(row) for page, _ in pages for row in page], (pages[-1][1] if pages else mark)


def test_milestones_are_those_of_the_groups_above_too(server):
    server.lists[f"{ROOT}/milestones"] = [objects.MILESTONE, objects.MILESTONE | {"id": 32}]
    found, _ = streamed(described(server), "milestones")
    assert [row["milestone_id"] for row in found] == ["31", "32"]
    assert (found[0]["state"], found[0]["due_on"]) == ("open", "2024-02-01")
    assert server.log[-1].query["include_ancestors"] == "true"


def test_a_label_of_the_project_stands_for_that_of_the_group_of_the_same_name(server):
    mine, theirs = objects.LABEL | {"is_project_label": True}, objects.LABEL | {"id": 2}
    for listed in ([mine, theirs], [theirs, mine]):
        theirs["color"] = "#000000"
        server.lists[f"{ROOT}/labels"] = listed
        found, _ = streamed(described(server), "labels")
        assert found[0] == {"label": "bug", "description": "Broken", "color": "F00000"}
        names = [(row["label_id"], row["label"]) for row in found[1:]]
        assert sorted(names) == sorted((str(raw["id"]), "bug") for raw in listed)


def test_all_releases_are_read_each_time(server):
    tags = [f"v{n}" for n in range(300, 0, -1)]
    server.lists[f"{ROOT}/releases"] = [objects.RELEASE | {"tag_name": tag} for tag in tags]
    tracker = described(server)
    found, mark = streamed(tracker, "releases")
    assert sorted(row["tag_name"] for row in found) == sorted(tags)
    before = len(server.log)
    found, _ = streamed(tracker, "releases", mark, [f"releases/{tag}" for tag in tags])
    # All pages, twice: one that was changed or deleted may be on any of them.
    assert (len(found), len(server.log) - before) == (300, 6)


@pytest.mark.parametrize(
    ("name", "raw", "key"),
    [
        ("deployments", objects.DEPLOYMENT, "deployment_id"),
        ("pipelines", objects.PIPELINE, "pipeline_run_id"),
    ],
)
def test_deployments_and_pipelines_resume_from_the_last_update(server, name, raw, key):
    made = [
        raw | {"id": n, "updated_at": f"2024-01-01T00:{n // 60:02}:{n % 60:02}.000Z"}
        for n in range(250)
    ]
    server.lists[f"{ROOT}/{name}"] = made
    tracker = described(server)
    found, mark = streamed(tracker, name)
    assert [row[key] for row in found] == [str(n) for n in range(250)]
    assert mark == made[-1]["updated_at"]
    before = len(server.log)
    made.append(raw | {"id": 3, "updated_at": "2024-01-01T00:05:00.000Z", "status": "failed"})
    made.pop(3)
    found, _ = streamed(tracker, name, mark)
    assert len(server.log) - before == 2
    assert (found[-1][key], found[-1].get("conclusion", found[-1]["status"])) == ("3", "failed")
    assert len(found) < 150


@pytest.mark.parametrize(
    ("name", "raw"), [("deployments", objects.DEPLOYMENT), ("pipelines", objects.PIPELINE)]
)
def test_a_deployment_of_a_clock_that_is_ahead_hides_no_later_one(server, name, raw):
    """What comes later has an earlier time of update than that one, and is listed all the same."""
    stamps = ("2024-01-01T00:00:00.000Z", "2124-01-01T00:00:00.000Z")
    server.lists[f"{ROOT}/{name}"] = [
        raw | {"id": number, "updated_at": stamp} for number, stamp in enumerate(stamps)
    ]
    tracker = described(server)
    found, mark = streamed(tracker, name)
    assert (len(found), mark) == (2, stamps[0])
    server.lists[f"{ROOT}/{name}"] = [raw | {"id": 1, "updated_at": stamps[1]}]
    assert streamed(tracker, name)[1] is None


@pytest.mark.parametrize("reply", [FORBIDDEN, GitlabReply(404, {"message": "404 Not Found"})])
@pytest.mark.parametrize("name", GitlabTracker.streams)
def test_what_a_project_has_switched_off_is_not_there(server, name, reply):
    """The mining names it in its cursor, and keeps what it has of it."""
    tracker = described(server)
    server.replies[f"{ROOT}/{name}"] = [reply]
    with pytest.raises((NotFound, Forbidden)):
        streamed(tracker, name, "2024-01-01T00:00:00Z")


def test_a_refused_token_is_never_taken_for_something_switched_off(server):
    tracker = described(server)
    server.replies[f"{ROOT}/releases"] = [GitlabReply(401, {"message": "401 Unauthorized"})]
    with pytest.raises(SourceDenied):
        streamed(tracker, "releases")


def test_a_plan_counts_the_requests(server):
    """Totals where there are some, and the newest number where the list is too long for them."""
    tracker = described(server)
    server.replies[f"{ROOT}/issues"] = [
        GitlabReply(body=[objects.ISSUE], headers={"X-Total": "250"})
    ]
    requests, count = expected(tracker.api, tracker.root, {})
    assert count == 250 + 9
    assert requests == 12 + 250 * 4 + 2 + 9 * 6


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """A small project of gitlab.com, served as GitLab did."""
    folder = dataset("snowflake_spend-gitlab", tmp_path_factory.mktemp("real"))
    with Replay(folder) as running:
        yield running


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_real_project_is_mined_whole_and_the_second_time_with_a_handful(real, tmp_path):
    source = real.source("gitlab")
    mine(source, tmp_path)
    issues, asked = (newest(tmp_path, source, name) for name in ("issues", "change_requests"))
    assert (len(issues), len(asked)) == (16, 18)
    assert sum(row["merged_at"] is not None for row in asked.values()) == 10
    events = Counter(row["event_kind"] for row in newest(tmp_path, source, "item_events").values())
    assert (events["merged"], events["transferred_out"], events["assigned"]) == (10, 1, 4)
    assert not newest(tmp_path, source, "rejects")
    real.clear()
    receipts = mine(source, tmp_path, day=2)
    assert not any(receipt.files for receipt in receipts)
    assert len(real.log) <= 20
