"""
Mine npm's emulate, a GitHub written by others, where it is installed.

QUARRY_EMULATE names the folder in which `npm install emulate@0.11.2` was run. It serves single
things and most lists; the front asks it by name, and puts the lists that it has not together from
those of the single issues.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from tests.support.fakes.fake_github import GithubReply, fake_github
from tests.support.running.tracker_homes import TrackerHome

ROOT = "/repos/ada/orchard"
SEED = {
    "github": {
        "users": [{"login": "ada", "name": "Ada", "email": "ada@example.org"}],
        "repos": [{"owner": "ada", "name": "orchard", "auto_init": True}],
    }
}
LACKING = {"issues/events": "events", "issues/comments": "comments", "pulls/comments": None}
DIRECT = build_opener(ProxyHandler({}))


class Emulate:
    """The other server: it is written to over its own API, and stands behind a front."""

    def __init__(self, url):
        self.url = url
        # It counts requests too: lists put together are kept until something is written.
        self.kept = {}

    def ask(self, path, method="GET", **facts):
        body = json.dumps(facts).encode() if facts else None
        login = {"Authorization": "token test_token_admin", "Content-Type": "application/json"}
        asked = Request(self.url + path, body, login, method=method)
        try:
            with DIRECT.open(asked, timeout=10) as answer:
                return json.loads(answer.read() or b"null"), answer.headers
        except HTTPError as error:
            with error:
                return GithubReply(error.code, error.read()), {}

    def write(self, path, method="POST", **facts):
        self.kept.clear()
        made, _ = self.ask(ROOT + path, method, **facts)
        assert not isinstance(made, GithubReply), (path, made)
        return made

    def front(self, request):
        rest = request.path.removeprefix("/repositories/1/")
        path = f"{ROOT}/{rest}" if rest != request.path else request.path
        if rest in LACKING:
            if rest not in self.kept:
                self.kept[rest] = self._together(LACKING[rest])
            return GithubReply(200, self.kept[rest] if request.page == 1 else [])
        body, headers = self.ask(f"{path}?{urlencode(request.query)}")
        if isinstance(body, GithubReply):
            return body
        return GithubReply(200, body, {"Link": headers["link"]} if "link" in headers else {})

    def _together(self, part):
        pages = (f"{ROOT}/issues?state=all&per_page=100&page={number}" for number in (1, 2))
        issues = [issue for page in pages for issue in self.ask(page)[0]]
        issues = [issue for issue in issues if part == "events" or issue["comments"]]
        found = [
            made | ({"issue": issue} if part == "events" else {})
            for issue in issues
            for made in (self.ask(f"{ROOT}/issues/{issue['number']}/{part}")[0] if part else [])
        ]
        return sorted(found, key=lambda made: made["id"], reverse=part == "events")


@pytest.fixture(scope="module")
def emulate(tmp_path_factory):
    folder, node = os.environ.get("QUARRY_EMULATE"), shutil.which("node")
    command = folder and Path(folder) / "node_modules" / ".bin" / "emulate"
    if not node or not command or not command.exists():
        pytest.skip("QUARRY_EMULATE names no folder with npm's emulate, or there is no node")
    seed = tmp_path_factory.mktemp("emulate") / "seed.json"
    seed.write_text(json.dumps(SEED))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started = [node, str(command), "start", "--service", "github", "--seed", str(seed)]
    server = subprocess.Popen([*started, "--port", str(port)], stdout=subprocess.DEVNULL)
    try:
        yield when_up(Emulate(f"http://127.0.0.1:{port}"))
    finally:
        server.terminate()
        server.wait()


def when_up(emulate):
    for _ in range(200):
        try:
            emulate.ask(ROOT)
        except URLError:
            time.sleep(0.05)
        else:
            return emulate
    raise AssertionError("emulate did not start")


def test_another_github_is_mined_to_the_same_state(emulate, tmp_path):
    milestone = emulate.write("/milestones", title="v1", due_on="2026-12-31T00:00:00Z")
    for number in range(1, 105):
        emulate.write("/issues", title=f"Issue {number} 한국어", body="why", labels=["bug"])
    emulate.write("/issues/1", "PATCH", state="closed", state_reason="not_planned")
    emulate.write("/issues/2", "PATCH", state="closed")
    emulate.write("/issues/2", "PATCH", state="open")
    emulate.write("/issues/3", "PATCH", milestone=milestone["number"], title="Renamed")
    emulate.write("/issues/4/comments", body="hello")
    emulate.write("/releases", tag_name="v1.0", name="First")
    home = TrackerHome(tmp_path / "home")
    with fake_github() as fake:
        fake.answer = emulate.front
        home.track(fake)
        check(emulate, home)
        emulate.write("/issues/2", "PATCH", state="closed")
        emulate.write("/issues", title="One more")
        home.track(fake, run=1)
        check(emulate, home)


def check(emulate, home):
    """Each issue is as the other server shows it now, and so is what happened to it."""
    live, events = home.live("issues"), home.live("item_events").values()
    truth = [emulate.ask(f"{ROOT}/issues/{number}")[0] for number in range(1, len(live) + 1)]
    assert emulate.ask(f"{ROOT}/issues/{len(live) + 1}")[0].status == 404
    for issue in truth:
        row = live[str(issue["number"])]
        assert row["title"] == issue["title"]
        assert (row["state"], row["state_reason"]) == (issue["state"], issue["state_reason"])
        assert json.loads(row["labels"]) == [label["name"] for label in issue["labels"]]
        assert row["milestone_title"] == (issue["milestone"] or {}).get("title")
        assert row["comment_count"] == issue["comments"]
        assert row["author_login"] == issue["user"]["login"]
        happened, _ = emulate.ask(f"{ROOT}/issues/{issue['number']}/events")
        of_it = {made["event_id"] for made in events if made["item_number"] == issue["number"]}
        assert of_it == {str(made["id"]) for made in happened}
    assert home.rejects() == {}
    assert home.deleted() == {}
    assert len(home.live("comments")) == 1
    assert len(home.live("releases")) == len(home.live("milestones")) == 1
