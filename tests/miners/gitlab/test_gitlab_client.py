"""Test requests of python-gitlab: tokens, redirects and refusals."""

from __future__ import annotations

import random
import string
from datetime import UTC, datetime

import pytest

from miners.errors import RateLimited, SourceDenied, SourceUnavailable
from miners.gitlab.pages import read_all
from miners.tracker import http
from miners.tracker.responses import Forbidden, NotFound, Refused
from tests.support.fakes.fake_gitlab import (
    TOKEN,
    FakeGitlab,
    GitlabReply,
    certificate,
    entries,
    open_api,
)


@pytest.fixture
def server():
    with FakeGitlab() as running:
        yield running


@pytest.fixture
def other():
    """A second host, which must see nothing."""
    with FakeGitlab() as running:
        yield running


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(http, "_PAUSES_SECONDS", (0.0, 0.0, 0.0))


def test_the_token_is_sent_as_a_bearer_and_in_nothing_else(server):
    server.objects["/x"] = {"id": 1}
    assert open_api(server).get("/x").body == {"id": 1}
    (request,) = server.log
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert [name for name, value in request.headers.items() if TOKEN in value] == ["Authorization"]


def test_without_a_token_none_is_sent(server):
    server.objects["/x"] = {}
    open_api(server, token=None).get("/x")
    assert not {"Authorization", "Private-Token"} & set(server.log[0].headers)


@pytest.mark.parametrize("api", ["/api/v4", "/api/v4/", "/tools/gitlab/api/v4", "/tools/gitlab"])
def test_the_api_may_be_below_a_path(server, api):
    server.objects["/x"] = {"id": 1}
    assert open_api(server, api=api).get("/x").body == {"id": 1}


def test_a_next_link_to_another_host_is_not_followed(server, other):
    """The next page is asked for by its number at the host that was named."""
    server.lists["/x"] = entries(150)
    server.says_next = "link"
    server.replies["/x"] = [
        GitlabReply(
            body=entries(100),
            headers={"Link": f'<{other.url}/api/v4/x?page=2&private_token=1>; rel="next"'},
        )
    ]
    assert len(read_all(open_api(server), "/x", None)) == 150
    assert not other.log


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_host_is_refused(server, other, status):
    server.replies["/x"] = [GitlabReply(status, headers={"Location": f"{other.url}/api/v4/x"})]
    other.objects["/x"] = {"id": 1}
    with pytest.raises(SourceDenied, match="redirects to another host"):
        open_api(server).get("/x")
    assert not other.log


def test_a_redirect_within_the_host_is_followed(server):
    """GitLab answers so for a project that was moved or renamed."""
    server.replies["/projects/old/name"] = [
        GitlabReply(301, headers={"Location": f"{server.url}/api/v4/projects/7"})
    ]
    server.objects["/projects/7"] = {"id": 7}
    assert open_api(server).get("/projects/old%2Fname").body == {"id": 7}


def test_a_redirect_without_end_is_a_failure_of_the_source(server):
    server.replies["/x"] = [GitlabReply(302, headers={"Location": f"{server.url}/api/v4/x"})] * 200
    with pytest.raises(SourceUnavailable, match="redirects"):
        open_api(server).get("/x")


def test_a_short_wait_is_taken_and_a_long_one_defers_the_source(server):
    server.objects["/x"] = {"id": 1}
    limited = GitlabReply(429, raw=b"Retry later\n", headers={"Content-Type": "text/plain"})
    limited.headers["Retry-After"] = 0
    server.replies["/x"] = [limited]
    assert open_api(server).get("/x").body == {"id": 1}
    limited.headers["Retry-After"] = 3600
    server.replies["/x"] = [limited]
    with pytest.raises(RateLimited) as caught:
        open_api(server).get("/x")
    assert 3500 < (caught.value.resets_at - datetime.now(UTC)).total_seconds() < 3700
    assert len(server.log) == 3


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (GitlabReply(401, {"message": "401 Unauthorized"}), SourceDenied),
        (GitlabReply(403, {"error": "insufficient_scope", "scope": "api"}), Forbidden),
        (GitlabReply(403, {"message": "403 Forbidden"}), Forbidden),
        (GitlabReply(404, {"message": "404 Project Not Found"}), NotFound),
        (GitlabReply(410, {"message": "410 Gone"}), NotFound),
        (GitlabReply(400, {"error": "order_by does not have a valid value"}), Refused),
        (GitlabReply(405, {"error": "Offset pagination"}), Refused),
        (GitlabReply(500, {"message": "500"}), SourceUnavailable),
        (GitlabReply(502, raw=b"<html>", headers={"Content-Type": "text/html"}), SourceUnavailable),
        (GitlabReply(200, raw=b"<html>", headers={"Content-Type": "text/html"}), SourceUnavailable),
        (GitlabReply(200, raw=b""), SourceUnavailable),
        (GitlabReply(200, raw=b'[{"id": 1'), SourceUnavailable),
        (GitlabReply(202, {}), SourceUnavailable),
    ],
)
def test_each_answer_has_its_one_outcome(server, reply, outcome):
    server.replies["/x"] = [reply] * 10
    with pytest.raises(outcome) as caught:
        open_api(server).get("/x")
    assert TOKEN not in str(caught.value)
    assert len(server.log) == (4 if outcome is SourceUnavailable else 1)


def test_a_certificate_of_an_own_authority_needs_its_file(tmp_path):
    server = FakeGitlab()
    server.certificate = certificate(tmp_path)
    server.objects["/x"] = {"id": 1}
    with server:
        assert open_api(server, ca_file=server.certificate).get("/x").body == {"id": 1}
        with pytest.raises(SourceDenied, match="certificate is not trusted") as caught:
            open_api(server).get("/x")
        assert "ca_file" in caught.value.remedy


def test_a_proxy_is_used_and_none_from_our_own_environment(server, other, monkeypatch):
    monkeypatch.setenv("http_proxy", other.url)
    server.objects["/x"] = {"id": 1}
    assert open_api(server).get("/x").body == {"id": 1}
    other.objects["/x"] = {"id": 2}
    assert open_api(server, proxies={"http": other.url}).get("/x").body == {"id": 2}
    assert len(other.log) == 1


def test_nothing_is_asked_once_the_time_is_up(server):
    server.objects["/x"] = {"id": 1}
    with pytest.raises(SourceUnavailable, match="not done within"):
        open_api(server, seconds=0.0).get("/x")
    assert not server.log


def test_no_token_is_ever_quoted(server, caplog):
    """Whatever stands where the token should, no message and no log repeats it."""
    caplog.set_level(0)
    dice = random.Random(7)
    alphabet = string.printable + "äß€漢\u2028\0"
    server.objects["/x"] = {}
    for _ in range(100):
        token = "S3" + "".join(dice.choices(alphabet, k=dice.randrange(1, 60))) + "cr3t"
        server.replies["/x"] = [GitlabReply(dice.choice([200, 401, 403, 404, 500]), {})] * 4
        said = ""
        try:
            opened = open_api(server, token=token)
            said += repr(opened.guard.host)
            opened.get("/x")
        except (SourceDenied, SourceUnavailable, NotFound) as error:
            said += f"{error!r} {error}"
        assert token not in said
        assert token not in caplog.text
        assert all(
            token not in value or name == "Authorization"
            for request in server.log
            for name, value in request.headers.items()
        )
