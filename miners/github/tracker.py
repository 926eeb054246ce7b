"""
A GitHub repository's tracker.

The list of issues, which has pull requests too, states what changed. Pull requests come from their
own list where many changed, each with its timeline (reviews, commits, events). Events of issues,
and comments, come from the lists of the whole repository: a hundred per request.

Source:  docs.github.com/rest
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from miners.errors import MalformedRecord, SourceDenied
from miners.github import activity, translate
from miners.github.pages import PER_PAGE, get_object, get_page, read_all
from miners.github.pulls import PullRequests
from miners.github.streams import DELIVERIES, STREAMS
from miners.tracker.fields import identifier, key_of, malformed, needed_text, number
from miners.tracker.pages import Page, forward
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
from miners.tracker.responses import HIDDEN, TRANSFERRED, NotFound, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from miners.tracker.address import TrackerSource
    from miners.tracker.fields import Raw
    from miners.tracker.http import RestApi
    from miners.tracker.protocol import Cursor, StoredRows

_WHOLE = ("reviews", "change_request_commits", "item_events")


class GithubTracker:
    """One repository's issues, pull requests and deliveries."""

    def __init__(self, source: TrackerSource, api: RestApi) -> None:
        self.api = api
        self.item_lists: Mapping[str, tuple[str, ...]] = {"items": (ISSUE, CHANGE_REQUEST)}
        self.streams = tuple(STREAMS)
        self._source = source
        self._is_kept = source.keeps_payloads
        self.root = f"/repos/{source.path}"
        self._url = ""
        self._has_pulls = True
        self._pulls: PullRequests | None = None

    def describe(self) -> Description:
        """Return the current description; later requests use the identifier."""
        try:
            raw = get_object(self.api, self.root)
        except NotFound as error:
            problem = "the repository does not exist, or the token may not see it"
            remedy = "Check the spelling and the token's access"
            raise SourceDenied(self._source.id, f"{problem} ({error})", remedy) from error
        self.root = f"/repositories/{identifier(raw)}"
        self._url = needed_text(raw, "url")
        self._has_pulls = raw.get("has_pull_requests") is not False
        row = translate.tracker_row(self._source, raw)
        return Description(identifier(raw), row, number(raw, "open_issues_count"))

    def items(self, name: str, since: str | None) -> Iterator[list[Item | RecordRow]]:
        """List issues and pull requests updated since an instant, oldest first."""
        del name
        order = {"state": "all", "sort": "updated", "direction": "asc", "per_page": PER_PAGE}

        def fetch(since: str | None, number: int) -> Page:
            window = order | ({"since": since} if since else {}) | {"page": number}
            return get_page(self.api, f"{self.root}/issues", window, is_conditional=True)

        for page in forward(fetch, since, lambda raw: key_of(raw, "number")):
            yield [_recognised(raw) for raw in page]

    def details(
        self, items: list[Item], stored: StoredRows
    ) -> Iterator[tuple[Item, Detail | Deletion]]:
        """
        Yield pull requests with their timelines, and issues.

        The events of many issues come from the list of all. For the few that change between two
        minings they are requested per issue, because that list may show an event late. Where pull
        requests are switched off, they stay as they were.
        """
        items = [item for item in items if self._has_pulls or item.kind == ISSUE]
        pulls = [item for item in items if item.kind == CHANGE_REQUEST]
        source = PullRequests.for_items(self.api, self.root, pulls, stored, self._pulls)
        self._pulls = source
        for item in items:
            try:
                if item.kind == CHANGE_REQUEST:
                    yield item, self._change_request(item, source.get(item))
                else:
                    yield item, self._issue(item, has_events=stored.is_whole)
            except NotFound as error:
                yield item, self._unreadable(item, error)

    def stream(
        self, name: str, cursor: Cursor, stored: StoredRows
    ) -> Iterator[tuple[list[RecordRow], Cursor]]:
        """
        List what is new since a cursor.

        Errors:  NotFound or Forbidden if the server does not have the list, or the token may not
                 read it; some servers refuse the request for deliveries instead.
        """
        try:
            yield from STREAMS[name](self.api, self.root, cursor, stored, self._is_kept)
        except Refused as error:
            if name not in DELIVERIES:
                raise
            raise NotFound(HIDDEN, 422) from error

    def recount(self, item: Item, stored: set[str]) -> Detail | None:
        """Read the comments of an item again if GitHub's count differs from the stored ones."""
        if item.raw.get("comments") == sum(key.startswith("comment/") for key in stored):
            return None
        lists = {"comment": f"{self.root}/issues/{item.number}/comments"}
        if item.kind == CHANGE_REQUEST:
            lists["review_comment"] = f"{self.root}/pulls/{item.number}/comments"
        try:
            comments = [(of, raw) for of, path in lists.items() for raw in read_all(self.api, path)]
        except NotFound:
            # It was deleted meanwhile; the deletion check records why.
            return None
        rows = (activity.comment(raw, of, is_kept=self._is_kept) for of, raw in comments)
        return Detail(tuple(rows), ("comments",))

    def list_page(self, name: str, cursor: Cursor) -> tuple[list[Item], Cursor]:
        """List a page of all items in the order of their creation."""
        del name
        # A cursor leads beyond the pages that are too deep; not every server has one.
        place = {"after": cursor} if isinstance(cursor, str) else {"page": cursor or 1}
        order = {"state": "all", "sort": "created", "direction": "asc", "per_page": PER_PAGE}
        page = get_page(self.api, f"{self.root}/issues", order | place)
        items = [item for item in map(_recognised, page.entries) if isinstance(item, Item)]
        following = cursor + 1 if isinstance(cursor, int) else 2
        return items, (page.next_cursor or following) if page.has_next else None

    def poll(self, kind: str, number: int) -> Item | Deletion:
        """Poll one item: it exists, or is deleted, hidden, or in another repository."""
        del kind
        try:
            raw = get_object(self.api, f"{self.root}/issues/{number}")
        except NotFound as error:
            return Deletion(error.fate)
        if raw.get("repository_url") != self._url:
            return Deletion(TRANSFERRED, raw.get("html_url"))
        return translate.item(raw)

    def _unreadable(self, item: Item, error: NotFound) -> Detail | Deletion:
        """Return why an item was deleted, or reject one that exists and cannot be read."""
        try:
            outcome = self.poll(item.kind, item.number)
        except MalformedRecord:
            outcome = item
        if isinstance(outcome, Deletion):
            return outcome
        rejection = malformed(item.raw, f"a part of it is not there ({error})")
        return Detail((reject(RECORD_OF[item.kind], str(item.number), rejection),))

    def _issue(self, item: Item, *, has_events: bool) -> Detail:
        issue = translate.issue(item.raw, is_kept=self._is_kept)
        if not has_events:
            return Detail((issue,))
        entries = read_all(self.api, f"{self.root}/issues/{item.number}/events")
        events = (activity.event(raw, ISSUE, item.number, is_kept=self._is_kept) for raw in entries)
        return Detail((issue, *(event for event in events if event)), ("item_events",))

    def _change_request(self, item: Item, pull: Raw) -> Detail:
        timeline = read_all(self.api, f"{self.root}/issues/{item.number}/timeline")
        commits = [raw for raw in timeline if raw.get("event") == "committed"]
        reviews = [raw for raw in timeline if raw.get("event") == "reviewed"]
        is_merged = pull.get("merged_at") is not None
        mergings = (raw for raw in timeline if is_merged and raw.get("event") == "merged")
        kept = self._is_kept
        events = (
            activity.event(raw, CHANGE_REQUEST, item.number, is_kept=kept) for raw in timeline
        )
        return Detail(
            (
                translate.change_request(pull, item.raw, next(mergings, {}), is_kept=kept),
                *(activity.review(raw, item.number, is_kept=kept) for raw in reviews),
                *(activity.commit(raw, item.number, n) for n, raw in enumerate(commits, 1)),
                *(event for event in events if event),
            ),
            _WHOLE,
        )


def _recognised(raw: Raw) -> Item | RecordRow:
    try:
        return translate.item(raw)
    except MalformedRecord as error:
        return reject("issues", key_of(raw, "number"), error)
