"""
A GitLab project's tracker: which requests tell what.

Issues and merge requests have lists of their own, read forward from the last update seen, a hundred
to a request. What happened to an item has no list of the whole project, so that a changed issue
costs 4 requests (notes, and its events of state, label and milestone) and a changed merge request
6 (commits and approvals too), and one more for every further hundred entries in any of them.

Source:  docs.gitlab.com/api/rest
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import quote

from miners.errors import MalformedRecord, SourceDenied, SourceUnavailable
from miners.gitlab import events, notes, reviews, translate
from miners.gitlab.pages import fetch_since, get_object, read_all
from miners.gitlab.streams import STREAMS, identity
from miners.tracker.fields import identifier, needed_text, number
from miners.tracker.pages import forward, newest_stamp
from miners.tracker.protocol import (
    CHANGE_REQUEST,
    ISSUE,
    RECORD_OF,
    Description,
    Detail,
    Found,
    Gone,
    Item,
    reject,
)
from miners.tracker.responses import Forbidden, NotThere

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from miners.tracker.address import TrackerSource
    from miners.tracker.fields import Raw
    from miners.tracker.http import RestApi
    from miners.tracker.protocol import Known, Mark

_ALL = {"scope": "all", "state": "all", "sort": "asc"}
_SEGMENTS = {ISSUE: "issues", CHANGE_REQUEST: "merge_requests"}
_SWITCHES = {ISSUE: "issues_enabled", CHANGE_REQUEST: "merge_requests_enabled"}
_MADE_FROM = {
    "resource_state_events": events.state_event,
    "resource_label_events": events.label_event,
    "resource_milestone_events": events.milestone_event,
}
_LISTS = {
    ISSUE: ("notes", *_MADE_FROM),
    CHANGE_REQUEST: ("notes", *_MADE_FROM, "commits"),
}
# Which lists must have been read for a record to be known whole.
_WHOLE_ISSUE = {"comments": ("notes",), "item_events": ("notes", *_MADE_FROM)}
_WHOLE = {
    ISSUE: _WHOLE_ISSUE,
    CHANGE_REQUEST: _WHOLE_ISSUE | {"reviews": ("notes",), "change_request_commits": ("commits",)},
}
# What is added to a list while it is read comes last then.
_ORDERS = {"notes": {"order_by": "created_at", "sort": "asc"}}
_NEXT_RUN = "The next run tries again"


class GitlabTracker:
    """One project's issues, merge requests and deliveries."""

    item_lists: Mapping[str, tuple[str, ...]] = MappingProxyType(
        {"issues": (ISSUE,), "change_requests": (CHANGE_REQUEST,)}
    )
    streams = tuple(STREAMS)

    def __init__(self, source: TrackerSource, api: RestApi) -> None:
        self.api = api
        self.root = f"/projects/{quote(source.path, safe='')}"
        self._source = source
        self._described: Raw = {}

    def describe(self) -> Description:
        """Ask what the project is called now; from here on it is asked for by its identifier."""
        try:
            raw = get_object(self.api, self.root)
            row = translate.tracker_row(self._source, raw)
        except MalformedRecord as error:
            problem = f"its description cannot be understood ({error.reason})"
            raise SourceUnavailable(self._source.id, problem, _NEXT_RUN) from error
        except NotThere as error:
            problem = "there is no such project, or the token may not see it"
            remedy = "Check the spelling and the token's access"
            raise SourceDenied(self._source.id, f"{problem} ({error})", remedy) from error
        self.root = f"/projects/{identifier(raw)}"
        self._described = raw
        return Description(identifier(raw), row, number(raw, "open_issues_count"))

    def items(self, name: str, since: str | None) -> Iterator[list[Item | Found]]:
        """List what was updated since an instant, oldest first; nothing where it is off."""
        (kind,) = self.item_lists[name]
        if self._project.get(_SWITCHES[kind]) is False:
            return
        fetch = fetch_since(
            self.api, self._path(kind), _ALL | {"order_by": "updated_at"}, "updated_after"
        )
        for page in forward(fetch, since, identity):
            yield [_recognised(kind, raw) for raw in page]

    def details(self, items: list[Item], known: Known) -> Iterator[tuple[Item, Detail | Gone]]:
        """Read notes and events of each, of merge requests commits and approvals too."""
        del known
        for item in items:
            yield item, self._detail(item)

    def stream(self, name: str, mark: Mark, known: Known) -> Iterator[tuple[list[Found], Mark]]:
        """List what is new of something since a mark; what is off or not for us is nothing."""
        try:
            yield from STREAMS[name](self.api, self.root, mark, known, self._source.keeps_payloads)
        except (NotThere, Forbidden):
            return

    def recount(self, item: Item, known: set[str]) -> Detail | None:
        """Leave it: an item that changed has had all of its notes read."""
        del item, known
        return None

    def listed(self, name: str, mark: Mark) -> tuple[list[Item], Mark]:
        """
        List a page of all items in the order in which they were made.

        It goes on from the last instant seen, since GitLab refuses pages after the 50,000th entry.
        """
        (kind,) = self.item_lists[name]
        since, page_number = mark if isinstance(mark, list) else (None, 1)
        order = _ALL | {"order_by": "created_at"}
        page = fetch_since(self.api, self._path(kind), order, "created_after")(since, page_number)
        made = [_recognised(kind, raw) for raw in page.entries]
        items = [entry for entry in made if isinstance(entry, Item)]
        if not page.has_next:
            return items, None
        newest = newest_stamp(page.entries, "created_at") or since
        return items, [since, page_number + 1] if newest == since else [newest, 1]

    def look(self, kind: str, number: int) -> Item | Gone:
        """Look at one item directly; GitLab says the same of what is deleted and what is hidden."""
        try:
            return translate.item(kind, get_object(self.api, f"{self._path(kind)}/{number}"))
        except NotThere as error:
            return Gone(error.fate)

    @property
    def _project(self) -> Raw:
        if not self._described:
            self.describe()
        return self._described

    def _path(self, kind: str) -> str:
        return f"{self.root}/{_SEGMENTS[kind]}"

    def _detail(self, item: Item) -> Detail | Gone:
        path = f"{self._path(item.kind)}/{item.number}"
        owner = events.Owner(item.kind, item.number, self._source.keeps_payloads)
        lists = {name: self._optional(path, name) for name in _LISTS[item.kind]}
        if lists["notes"] is None and isinstance(gone := self.look(item.kind, item.number), Gone):
            return gone
        written = lists["notes"] or []
        happened = [
            made(raw, owner) for name, made in _MADE_FROM.items() for raw in lists[name] or []
        ]
        happened += [row for raw in written for row in notes.note(raw, owner)]
        happened += events.events_of_fields(item, happened, owner)
        if item.kind == ISSUE:
            return _detail_of(
                ISSUE, lists, [translate.issue(item.raw, is_kept=owner.is_kept), *happened]
            )
        own_path = needed_text(self._project, "path_with_namespace")
        newest_first = lists["commits"] or []
        rows = [
            translate.change_request(item.raw, own_path, is_kept=owner.is_kept),
            *happened,
            *reviews.reviews(self._approvals(path), written, owner),
            *(reviews.commit(raw, n, owner) for n, raw in enumerate(newest_first[::-1], 1)),
        ]
        return _detail_of(CHANGE_REQUEST, lists, rows)

    def _approvals(self, path: str) -> Raw | None:
        try:
            return get_object(self.api, f"{path}/approvals")
        except (NotThere, Forbidden):
            return None

    def _optional(self, path: str, name: str) -> list[Raw] | None:
        """Read a list that a server or a token may not have: None where it is not there."""
        try:
            return read_all(self.api, f"{path}/{name}", _ORDERS.get(name))
        except (NotThere, Forbidden):
            return None


def _detail_of(kind: str, lists: dict[str, list[Raw] | None], rows: list[Found]) -> Detail:
    """Say of which records all was read and understood: what is missing of them is gone."""
    rejected = {row.row[0] for row in rows if row.record == "rejects"}
    return Detail(
        tuple(rows),
        tuple(
            record
            for record, needed in _WHOLE[kind].items()
            if record not in rejected and all(lists.get(name) is not None for name in needed)
        ),
    )


def _recognised(kind: str, raw: Raw) -> Item | Found:
    try:
        return translate.item(kind, raw)
    except MalformedRecord as error:
        return reject(RECORD_OF[kind], identity(raw), error)
