"""Test lists of python-gitlab over HTTP: every page is read."""

from __future__ import annotations

import pytest

from miners.errors import SourceDenied, SourceUnavailable
from miners.gitlab.discover import list_group
from miners.gitlab.pages import fetch_pages, fetch_since, read_all
from miners.tracker import http
from miners.tracker.address import ListedRepository
from miners.tracker.pages import forward, walk
from tests.support.fakes.fake_gitlab import FakeGitlab, entries, open_api


@pytest.fixture
def server():
    with FakeGitlab() as running:
        yield running


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(http, "_PAUSES_SECONDS", (0.0, 0.0, 0.0))


def read_forward(server, path="/x"):
    fetch = fetch_since(
        open_api(server), path, {"order_by": "updated_at", "sort": "asc"}, "updated_after"
    )
    return [entry["id"] for page in forward(fetch, None, lambda e: e["id"]) for entry in page]


@pytest.mark.parametrize("body", [{"id": 1}, "text", 5, None, [[1]], ["text"], [None]])
def test_a_list_of_another_shape_is_a_failure_and_no_crash(server, body):
    server.objects["/x"] = body
    with pytest.raises(SourceUnavailable):
        read_all(open_api(server), "/x", None)


@pytest.mark.parametrize("says_next", ["x-next-page", "link", "nothing"])
def test_lists_are_read_to_their_end_however_pages_say_it(server, says_next):
    """Neither totals nor the default of 20 to a page are relied on."""
    server.lists["/x"] = entries(250)
    server.says_next = says_next
    assert [entry["id"] for entry in read_all(open_api(server), "/x", None)] == list(range(250))
    assert len(server.log) == 3
    assert read_forward(server) == list(range(250))


def test_a_full_last_page_has_no_next_one(server):
    server.lists["/x"] = entries(100)
    assert len(read_all(open_api(server), "/x", None)) == 100
    assert len(server.log) == 1


@pytest.mark.parametrize("says_next", ["x-next-page", "link"])
def test_an_empty_page_in_the_middle_ends_nothing(server, says_next):
    listed = entries(350)
    for entry in listed[100:200]:
        entry["redacted"] = True
    server.lists["/x"], server.says_next = listed, says_next
    expected = [*range(100), *range(200, 350)]
    assert [entry["id"] for entry in read_all(open_api(server), "/x", None)] == expected
    assert read_forward(server) == expected
    walked = walk(fetch_pages(open_api(server), "/x"), lambda entry: entry["id"])
    assert [entry["id"] for page in walked for entry in page] == expected


def test_a_list_longer_than_any_offset_is_read_whole(server):
    """Pages after the 50,000th entry are refused, so that instants lead on and not numbers."""
    server.lists["/x"], server.max_offset = entries(3_000), 500
    assert read_forward(server) == list(range(3_000))
    assert max(int(request.query["page"]) for request in server.log) == 1


def test_equal_instants_over_several_pages_are_read_whole(server):
    server.lists["/x"] = entries(1_000, every=250)
    assert sorted(read_forward(server)) == list(range(1_000))


def test_a_page_that_is_refused_is_a_failure_and_no_short_list(server):
    server.lists["/x"], server.max_offset = entries(1_000, every=1_000), 500
    with pytest.raises(SourceUnavailable, match="page 6 of /x is refused"):
        read_forward(server)


def test_lists_are_asked_for_without_conditions(server):
    """An ETag is of the entries alone: a full page stays the same when another follows it."""
    server.lists["/x"] = entries(100)
    opened = open_api(server)
    assert len(read_all(opened, "/x", None)) == 100
    server.lists["/x"] = entries(101)
    assert len(read_all(opened, "/x", None)) == 101
    assert not any("If-None-Match" in request.headers for request in server.log)


def test_a_group_has_the_projects_of_its_subgroups(server):
    paths = [f"team/{name}" for name in ("b", "sub/c", "a")]
    server.lists["/groups/team/projects"] = [
        {"id": number, "path_with_namespace": path} for number, path in enumerate(paths)
    ]
    found = [repository.path for repository in list_group(open_api(server), "team")]
    assert found == ["team/a", "team/b", "team/sub/c"]
    assert server.log[0].query["include_subgroups"] == "true"
    assert "archived" not in server.log[0].query


def test_what_is_no_group_may_be_a_user(server):
    server.lists["/users/ann/projects"] = [{"id": 1, "path_with_namespace": "ann/app"}]
    assert list_group(open_api(server), "ann") == [ListedRepository(path="ann/app")]


def test_a_group_says_what_is_a_fork_a_mirror_or_archived(server):
    facts = {"forked_from_project": {"id": 9}, "mirror": True, "archived": True}
    server.lists["/groups/team/projects"] = [{"id": 1, "path_with_namespace": "team/a"} | facts]
    assert list_group(open_api(server), "team") == [
        ListedRepository(path="team/a", is_fork=True, is_mirror=True, is_archived=True)
    ]


def test_a_group_that_is_not_there_is_said_to_be_so(server):
    with pytest.raises(SourceDenied, match="group or user nobody does not exist") as caught:
        list_group(open_api(server), "nobody")
    assert caught.value.remedy
