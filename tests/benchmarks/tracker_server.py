"""
Server of a large GitHub on loopback, with prepared responses.

    python -m tests.benchmarks.tracker_server ITEMS PORT

A third of the items are pull requests. What the small GitHub of the tests omits, the addresses
of each account above all, is there as the real one sends it. Nothing changes.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import sys
import time
from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

from tests.support.fakes import fake_github
from tests.support.fakes.fake_repository import user

PATH, STATISTICS = "ada/orchard", "/statistics"
PEOPLE = [f"person-{n}" for n in range(200)]
OF_ACCOUNT = (
    *("followers", "following{/other_user}", "gists{/gist_id}", "starred{/owner}{/repo}"),
    *("subscriptions", "orgs", "repos", "events{/privacy}", "received_events"),
)
REACTIONS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")
ISSUE_EVENTS = ("labeled", "assigned", "mentioned", "closed")
PULL_EVENTS = ("labeled", "review_requested", "head_ref_force_pushed", "closed")


@dataclass(frozen=True)
class List:
    """A list in one order: its entries as JSON, and the instants by which it can begin later."""

    entries: list
    stamps: list | None = None


class Answers:
    """What each path answers; pages of lists are joined from entries that stand ready."""

    def __init__(self, repository):
        self._base = repository.host.url
        self._objects, self._lists = {}, {}
        self._date = repository.host.now.strftime("%a, %d %b %Y %H:%M:%S GMT")
        self.requests = 0
        shown = {number: _json(facts) for number, facts in repository.issues.items()}
        events = [_event(made, shown) for made in repository.events]
        stubs = repository.issues.items()
        pulls = {number: _json(repository._pull(number)) for number in repository.pulls}
        by_update = sorted(stubs, key=lambda pair: pair[1]["updated_at"])
        self._lists = {
            ("issues", "created"): List(list(shown.values())),
            ("issues", "updated"): _listed(by_update, lambda n, _: shown[n]),
            ("pulls", "updated"): List([pulls[n] for n, _ in by_update if n in pulls]),
            ("issues/events", "created"): List(events),
        }
        for path, made in (("issues", repository.comments), ("pulls", repository.review_comments)):
            listed = _listed(enumerate(made), lambda _, raw: _json(raw))
            self._lists[f"{path}/comments", "updated"] = listed
        for number, timeline in repository.timelines.items():
            listed = List([_json(made) for made in timeline])
            self._lists[f"issues/{number}/timeline", "created"] = listed
        self._objects = {f"pulls/{number}": body for number, body in pulls.items()}
        self._objects |= {f"issues/{number}": body for number, body in shown.items()}
        self._objects[""] = _json(repository._described())

    def answer(self, target, tag):
        if target == STATISTICS:
            return self._reply(_json([self.requests, time.process_time()]), "")
        self.requests += 1
        parts = urlsplit(target)
        rest = re.sub(r"^/(repos/[^/]+/[^/]+|repositories/\d+)/?", "", parts.path)
        if rest in self._objects:
            return self._reply(self._objects[rest], "")
        query = dict(parse_qsl(parts.query))
        listed = self._lists.get((rest, query.get("sort", "created")), List([]))
        return self._page(listed, parts, query, tag)

    def _page(self, listed, parts, query, tag):
        size, page = int(query.get("per_page", 30)), int(query.get("page", 1))
        since = query.get("since", "")
        first = bisect_left(listed.stamps, since) if since and listed.stamps else 0
        first += (page - 1) * size
        shown = listed.entries[first : first + size]
        more = first + size < len(listed.entries)
        own = f'W/"{first}-{len(shown)}-{more}"'
        headers = f"ETag: {own}\r\n"
        if more:
            others = "".join(f"{k}={v}&" for k, v in query.items() if k != "page")
            url = f"{self._base}{parts.path}?{others}page={page + 1}"
            headers += f'Link: <{url}>; rel="next"\r\n'
        if tag == own:
            return self._reply(b"", headers, "304 Not Modified")
        body = b"[" + b",".join(shown) + b"]"
        if parts.path.endswith("/actions/runs"):
            body = b'{"total_count":0,"workflow_runs":[]}'
        return self._reply(body, headers)

    def _reply(self, body, headers, status="200 OK"):
        return (
            f"HTTP/1.1 {status}\r\nDate: {self._date}\r\n"
            "Content-Type: application/json; charset=utf-8\r\n"
            "X-RateLimit-Limit: 5000000\r\nX-RateLimit-Remaining: 4000000\r\n"
            f"X-RateLimit-Reset: 4000000000\r\n{headers}"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode() + body


class Connection(asyncio.Protocol):
    """Requests without a body, one after the other."""

    def __init__(self, answers):
        self._answers, self._received = answers, b""

    def connection_made(self, transport):
        self._transport = transport

    def data_received(self, received):
        self._received += received
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            tag = re.search(rb"\r\nif-none-match: ([^\r]+)", head, re.IGNORECASE)
            target = head.split(b" ", 2)[1].decode()
            self._transport.write(self._answers.answer(target, tag and tag[1].decode()))


def filled(repository, items):
    """Fill a repository: what happens to an item happens at once, one item after the other."""
    chance = random.Random(7)
    for number in range(1, items + 1):
        is_pull = number % 3 == 0
        made = (repository.pull if is_pull else repository.issue)(number)
        kinds = PULL_EVENTS if is_pull else ISSUE_EVENTS
        made |= _more_of_item(repository, number, chance)
        for kind in kinds[: chance.randint(1, len(kinds))]:
            repository.event(number, kind, **_more_of_event(repository, kind, chance))
        for _ in range(made["comments"]):
            repository.comment(number, **_written(chance))
        if is_pull:
            repository.pulls[number] |= {"requested_reviewers": [_account(chance)]}
            repository.timelines[number] += _work_on_pull(repository, chance)
            repository.review_comment(number, diff_hunk="@@ -1 +1 @@" * 20, **_written(chance))


def _more_of_item(repository, number, chance):
    label = {"id": 1, "name": "bug", "color": "d73a4a", "default": True, "description": "Broken"}
    url = f"{repository.url}/issues/{number}"
    return {
        **{f"{name}_url": f"{url}/{name}" for name in ("labels", "comments", "events", "timeline")},
        **_written(chance),
        "comments": chance.randint(0, 4),
        "labels": [label | {"url": f"{repository.url}/labels/bug"}],
        "assignees": [_account(chance)],
    }


def _more_of_event(repository, kind, chance):
    more = {"labeled": {"label": {"name": "bug", "color": "d73a4a"}}}
    subject = {"assigned": "assignee", "review_requested": "requested_reviewer"}.get(kind)
    facts = more.get(kind, {}) | ({subject: _account(chance)} if subject else {})
    url = f"{repository.url}/issues/events/{repository.last_id + 1}"
    return {"actor": _account(chance), "url": url, "commit_id": None, "commit_url": None} | facts


def _work_on_pull(repository, chance):
    author = {"name": "Ada Park", "email": "ada@example.org", "date": repository.host.stamp()}
    commit = {"event": "committed", "author": author, "committer": author, "message": "Grow"}
    review = {"event": "reviewed", "state": "approved", "submitted_at": repository.host.stamp()}
    reviewed = review | {"id": repository.new_id(), "commit_id": "c" * 40} | _written(chance)
    hashes = [f"{chance.getrandbits(160):040x}" for _ in range(chance.randint(1, 4))]
    return [*(commit | {"sha": sha} for sha in hashes), reviewed]


def _written(chance):
    counts = dict.fromkeys(REACTIONS, 0) | {"total_count": 0}
    words = {"body": "It does not work. " * chance.randint(1, 60)}
    return {"user": _account(chance), "author_association": "MEMBER", "reactions": counts} | words


def _account(chance):
    made = user(chance.choice(PEOPLE))
    url = f"https://api.github.example/users/{made['login']}"
    addresses = {f"{part.partition('{')[0]}_url": f"{url}/{part}" for part in OF_ACCOUNT}
    return made | {"url": url, "node_id": "MDQ6VXNlcjE=", "gravatar_id": ""} | addresses


def _listed(pairs, written):
    pairs = list(pairs)
    return List([written(*pair) for pair in pairs], [raw["updated_at"] for _, raw in pairs])


def _event(made, shown):
    own = _json({name: value for name, value in made.items() if name != "issue"})
    return own[:-1] + b',"issue":' + shown[made["issue"]["number"]] + b"}"


def _json(value):
    return json.dumps(value, separators=(",", ":")).encode()


async def serve(items, port):
    fake = fake_github.FakeGithub()
    fake.now = datetime(2016, 1, 1, tzinfo=UTC)
    fake.url = f"http://127.0.0.1:{port}"
    repository = fake.repository(PATH)
    filled(repository, items)
    fake.tick(7 * 24 * 60)
    answers = Answers(repository)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(answers), "127.0.0.1", port)
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
