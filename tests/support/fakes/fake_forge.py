"""Fake third tracker kind, and its server."""

from __future__ import annotations

import sys
from datetime import timedelta

from miners.tracker.address import ListedRepository
from miners.tracker.fields import (
    GHOST,
    PERSON,
    identifier,
    instant,
    names,
    needed_instant,
    needed_number,
    needed_text,
    part,
    payload,
    row,
    text,
)
from miners.tracker.http import ApiResponse, RestApi
from miners.tracker.kinds import Kind
from miners.tracker.protocol import (
    CHANGE_REQUEST,
    ISSUE,
    RECORD_OF,
    Deletion,
    Description,
    Detail,
    Item,
    record_row,
)
from miners.tracker.responses import DELETED, NotFound, ResponseHeaders
from tests.support.fakes.apis import say_json
from tests.support.rows.in_order import in_order

NAME = "forge"
FORGE = Kind(
    title="Forge",
    load=lambda: sys.modules[__name__],
    library="requests",
    api_path="/rest",
    headers=ResponseHeaders(limits="X-Forge-", window=timedelta(minutes=10)),
    commit_path="/tree/",
    public_host="forge.example",
    token_variables=("FORGE_TOKEN",),
    noreply_domain="hidden.forge.example",
    noreply_separator="~",
    bots=("forge-runner",),
)


class ForgeClient:
    """Requests through the session of a guard, with the token of the host."""

    def __init__(self, guard):
        self._session, self._root = guard.session(), guard.host.api
        self._login = {"Authorization": f"Forge {guard.host.token}"}

    def get(self, path, parameters, headers):
        url, headers = f"{self._root}{path}", {**headers, **self._login}
        response = self._session.get(url, params=dict(parameters), headers=headers)
        return ApiResponse(response.json(), {n.lower(): v for n, v in response.headers.items()})


def connect(guard):
    return RestApi(ForgeClient(guard), guard)


def open_tracker(source, api):
    return ForgeTracker(source, api)


def expected(api, root, cursors):
    count = len(api.get(f"{root}/items", {"since": cursors.get("items", "")}).body)
    return 2 + count, count


def list_group(api, path):
    entries = api.get(f"/groups/{path}").body
    return sorted(ListedRepository(path=entry["path"]) for entry in entries)


class ForgeTracker:
    """One repository's issues and change requests."""

    def __init__(self, source, api):
        self.api, self.root = api, f"/repositories/{source.path}"
        self.item_lists, self.streams = {"items": (ISSUE, CHANGE_REQUEST)}, ()
        self._source = source

    def describe(self):
        raw = self.api.get(self.root).body
        facts = {
            "tracker_kind": self._source.host.kind,
            "tracker_id": identifier(raw),
            "path": needed_text(raw, "path"),
            "url": text(raw, "page"),
            "repository": self._source.repository,
            **dict.fromkeys(("default_branch", "visibility", "is_archived", "has_issues")),
            "created_at": None,
        }
        return Description(identifier(raw), row("trackers", facts))

    def items(self, name, since):
        yield [_item(raw) for raw in self.api.get(f"{self.root}/{name}", {"since": since}).body]

    def details(self, items, stored):
        del stored
        for item in items:
            yield item, Detail((_row(item),))

    def stream(self, name, cursor, stored):
        del name, cursor, stored
        yield from ()

    def recount(self, item, stored):
        del item, stored

    def list_page(self, name, cursor):
        del cursor
        return [_item(raw) for raw in self.api.get(f"{self.root}/{name}").body], None

    def poll(self, kind, number):
        del kind
        try:
            return _item(self.api.get(f"{self.root}/items/{number}").body)
        except NotFound:
            return Deletion(DELETED)


def _item(raw):
    kind = CHANGE_REQUEST if raw["is_change"] else ISSUE
    times = (needed_instant(raw, "updated_at"), needed_instant(raw, "created_at"))
    number, stamp = needed_number(raw, "number"), needed_text(raw, "updated_at")
    return in_order(Item, kind, number, *times, stamp, raw)


def _row(item):
    rest = _of_change if item.kind == CHANGE_REQUEST else _of_issue
    facts = {**_common(item.kind, item.raw), **rest(item.raw)}
    return record_row(RECORD_OF[item.kind], str(item.number), lambda: facts, item.kind, item.number)


def _common(kind, raw):
    login = text(raw, "author") or GHOST
    return {
        f"{kind}_number": needed_number(raw, "number"),
        "item_id": identifier(raw, "number"),
        "title": needed_text(raw, "title"),
        "author_login": login,
        "author_id": None,
        "author_kind": GHOST if login == GHOST else PERSON,
        "assignees": names([]),
        "labels": names([]),
        "state": "closed" if raw.get("closed_at") else "open",
        "is_locked": False,
        "comment_count": 0,
        "created_at": needed_instant(raw, "created_at"),
        "updated_at": needed_instant(raw, "updated_at"),
        "closed_at": instant(raw, "closed_at"),
        "payload": payload(raw, is_kept=False),
        **dict.fromkeys(("url", "body", "milestone_id", "milestone_title", "closed_by_login")),
    }


def _of_issue(_):
    unstated = ("state_reason", "issue_type", "parent", "is_confidential", "moved_to")
    return dict.fromkeys(unstated)


def _of_change(raw):
    head = part(raw, "head")
    unstated = ("base_hash", "head_repository", "ready_at", "squash_commit_hash", "native_state")
    return {
        "is_draft": False,
        "base_ref": "main",
        "head_ref": text(head, "branch"),
        "head_hash": text(head, "commit"),
        "requested_reviewers": names([]),
        "merged_at": instant(raw, "closed_at"),
        "merged_by_login": None,
        "merge_commit_hash": text(head, "commit"),
        **dict.fromkeys(unstated),
    }


def forge(path, items, page):
    """Answer as a server of this kind for one repository with these items."""
    root = f"/rest/repositories/{path}"
    answers = {
        root: {"id": 7, "path": path, "page": page},
        f"{root}/items": items,
        f"/rest/groups/{path.partition('/')[0]}": [{"path": path}],
    }

    def answer(request, asked):
        if not asked.startswith("/rest/"):
            return False
        is_there = asked in answers
        return say_json(request, answers.get(asked, {}), 200 if is_there else 404, **LIMITS)

    return answer


LIMITS = {"X_Forge_Remaining": 40, "X_Forge_Reset": 4_000_000_000, "X_Forge_Limit": 50}
