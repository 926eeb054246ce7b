"""
A GitLab project's tracker.

Issues and merge requests have lists of their own, read forward from the last update seen, a hundred
per request. Events of items have no list of the whole project. So a changed issue costs 4 requests
(notes, and its events of state, label and milestone) and a changed merge request 6 (commits and
approvals too), and one more for every further hundred entries in any of them.

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
    Deletion,
    Description,
    Detail,
    Item,
    RecordRow,
    reject,
)
from miners.tracker.responses import Forbidden, NotFound, SwitchedOff

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from miners.tracker.address import TrackerSource
    from miners.tracker.fields import Raw
    from miners.tracker.http import RestApi
    from miners.tracker.protocol import Cursor, StoredRows

_ALL = {"scope": "all", "state": "all", "sort": "asc"}
_SEGMENTS = {ISSUE: "issues", CHANGE_REQUEST: "merge_requests"}
_SWITCHES = {ISSUE: "issues_enabled", CHANGE_REQUEST: "merge_requests_enabled"}
_EVENT_ROWS = {
    "resource_state_events": events.state_event,
    "resource_label_events": events.label_event,
    "resource_milestone_events": events.milestone_event,
}
_LISTS = {
    ISSUE: ("notes", *_EVENT_ROWS),
    CHANGE_REQUEST: ("notes", *_EVENT_ROWS, "commits"),
}
# The lists that make up each record.
_WHOLE_ISSUE = {"comments": ("notes",), "item_events": ("notes", *_EVENT_ROWS)}
_WHOLE = {
    ISSUE: _WHOLE_ISSUE,
    CHANGE_REQUEST: _WHOLE_ISSUE | {"reviews": ("notes",), "change_request_commits": ("commits",)},
}
# New entries come last, so that none is missed while the list is read.
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
        """Return the current description; later requests use the identifier."""
        try:
            raw = get_object(self.api, self.root)
            row = translate.tracker_row(self._source, raw)
        except MalformedRecord as error:
            problem = f"its description cannot be read ({error.reason})"
            raise SourceUnavailable(self._source.id, problem, _NEXT_RUN) from error
        except NotFound as error:
            problem = "the project does not exist, or the token may not see it"
            remedy = "Check the spelling and the token's access"
            raise SourceDenied(self._source.id, f"{problem} ({error})", remedy) from error
        self.root = f"/projects/{identifier(raw)}"
        self._described = raw
        return Description(identifier(raw), row, number(raw, "open_issues_count"))

    def items(self, name: str, since: str | None) -> Iterator[list[Item | RecordRow]]:
        """
        List what was updated since an instant, oldest first.

        Errors:  SwitchedOff if the project has no issues or no merge requests.
        """
        (kind,) = self.item_lists[name]
        if self._project.get(_SWITCHES[kind]) is False:
            raise SwitchedOff
        fetch = fetch_since(
            self.api, self._path(kind), _ALL | {"order_by": "updated_at"}, "updated_after"
        )
        for page in forward(fetch, since, identity):
            yield [_recognised(kind, raw) for raw in page]

    def details(
        self, items: list[Item], stored: StoredRows
    ) -> Iterator[tuple[Item, Detail | Deletion]]:
        """Yield items with notes and events, and merge requests with commits and approvals."""
        del stored
        for item in items:
            yield item, self._detail(item)

    def stream(
        self, name: str, cursor: Cursor, stored: StoredRows
    ) -> Iterator[tuple[list[RecordRow], Cursor]]:
        """
        List what is new since a cursor.

        Errors:  NotFound or Forbidden if it is off or not permitted.
        """
        return STREAMS[name](self.api, self.root, cursor, stored, self._source.keeps_payloads)

    def recount(self, item: Item, stored: set[str]) -> Detail | None:
        """Return None: all notes of a changed item were read."""
        del item, stored
        return None

    def list_page(self, name: str, cursor: Cursor) -> tuple[list[Item], Cursor]:
        """
        List a page of all items in the order of their creation.

        It continues from the last instant seen, since GitLab refuses pages after the 50,000th
        entry.
        """
        (kind,) = self.item_lists[name]
        since, page_number = cursor if isinstance(cursor, list) else (None, 1)
        order = _ALL | {"order_by": "created_at"}
        page = fetch_since(self.api, self._path(kind), order, "created_after")(since, page_number)
        entries = [_recognised(kind, raw) for raw in page.entries]
        items = [entry for entry in entries if isinstance(entry, Item)]
        if not page.has_next:
            return items, None
        newest = newest_stamp(page.entries, "created_at") or since
        return items, [since, page_number + 1] if newest == since else [newest, 1]

    def poll(self, kind: str, number: int) -> Item | Deletion:
        """Poll one item; GitLab responds alike for deleted and hidden ones."""
        try:
            return translate.item(kind, get_object(self.api, f"{self._path(kind)}/{number}"))
        except NotFound as error:
            return Deletion(error.fate)

    @property
    def _project(self) -> Raw:
        if not self._described:
            self.describe()
        return self._described

    def _path(self, kind: str) -> str:
        return f"{self.root}/{_SEGMENTS[kind]}"

    def _detail(self, item: Item) -> Detail | Deletion:
        path = f"{self._path(item.kind)}/{item.number}"
        owner = events.Owner(item.kind, item.number, self._source.keeps_payloads)
        lists = {name: self._optional(path, name) for name in _LISTS[item.kind]}
        if lists["notes"] is None and isinstance(
            outcome := self.poll(item.kind, item.number), Deletion
        ):
            return outcome
        written = lists["notes"] or []
        happened = [
            event_row(raw, owner)
            for name, event_row in _EVENT_ROWS.items()
            for raw in lists[name] or []
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
        except (NotFound, Forbidden):
            return None

    def _optional(self, path: str, name: str) -> list[Raw] | None:
        """Return a list that a server may not have or a token may not read; None if so."""
        try:
            return read_all(self.api, f"{path}/{name}", _ORDERS.get(name))
        except (NotFound, Forbidden):
            return None


def _detail_of(kind: str, lists: dict[str, list[Raw] | None], rows: list[RecordRow]) -> Detail:
    """Return the rows with the records that were read to their end."""
    rejected = {row.values[0] for row in rows if row.record == "rejects"}
    return Detail(
        tuple(rows),
        tuple(
            record
            for record, needed in _WHOLE[kind].items()
            if record not in rejected and all(lists.get(name) is not None for name in needed)
        ),
    )


def _recognised(kind: str, raw: Raw) -> Item | RecordRow:
    try:
        return translate.item(kind, raw)
    except MalformedRecord as error:
        return reject(RECORD_OF[kind], identity(raw), error)
