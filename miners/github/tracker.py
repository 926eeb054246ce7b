"""
A GitHub repository's tracker: which requests tell what.

The list of issues, which holds pull requests too, says what changed. Pull requests come from their
own list where many changed, and each with its timeline (reviews, commits, events). Events of
issues, and comments, come from the lists of the whole repository: a hundred to a request.

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
    Description,
    Detail,
    Found,
    Gone,
    Item,
    reject,
)
from miners.tracker.responses import TRANSFERRED, Forbidden, NotThere, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from miners.tracker.address import TrackerSource
    from miners.tracker.fields import Raw
    from miners.tracker.http import RestApi
    from miners.tracker.protocol import Known, Mark

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
        self._has_issues = True
        self._pulls: PullRequests | None = None

    def describe(self) -> Description:
        """Ask what the repository is called now; from here on it is asked for by its identifier."""
        try:
            raw = get_object(self.api, self.root)
        except NotThere as error:
            problem = "there is no such repository, or the token may not see it"
            remedy = "Check the spelling and the token's access"
            raise SourceDenied(self._source.id, f"{problem} ({error})", remedy) from error
        self.root = f"/repositories/{identifier(raw)}"
        self._url = needed_text(raw, "url")
        self._has_issues = raw.get("has_issues") is not False
        row = translate.tracker_row(self._source, raw)
        return Description(identifier(raw), row, number(raw, "open_issues_count"))

    def items(self, name: str, since: str | None) -> Iterator[list[Item | Found]]:
        """List issues and pull requests updated since an instant, oldest first."""
        del name
        order = {"state": "all", "sort": "updated", "direction": "asc", "per_page": PER_PAGE}

        def fetch(since: str | None, number: int) -> Page:
            window = order | ({"since": since} if since else {}) | {"page": number}
            return get_page(self.api, f"{self.root}/issues", window, is_conditional=True)

        for page in forward(fetch, since, lambda raw: key_of(raw, "number")):
            yield [_recognised(raw) for raw in page]

    def details(self, items: list[Item], known: Known) -> Iterator[tuple[Item, Detail | Gone]]:
        """
        Read pull requests and their timelines, and issues.

        The events of many issues come from the list of all; of the few that change from one
        mining to the next, each is asked for its own, for that list may show an event late.
        """
        pulls = [item for item in items if item.kind == CHANGE_REQUEST]
        source = PullRequests.for_items(self.api, self.root, pulls, known, self._pulls)
        self._pulls = source
        for item in items:
            try:
                if item.kind == CHANGE_REQUEST:
                    yield item, self._change_request(item, source.get(item))
                else:
                    yield item, self._issue(item, has_events=known.is_whole)
            except NotThere as error:
                yield item, self._unreadable(item, error)

    def stream(self, name: str, mark: Mark, known: Known) -> Iterator[tuple[list[Found], Mark]]:
        """
        List what is new of something since a mark.

        Deliveries that a server has not, or a token may not read, are left out, and the mark says
        so; the lists of issues may be missing only where a repository keeps none.
        """
        try:
            for rows, reached in STREAMS[name](self.api, self.root, mark, known, self._is_kept):
                mark = reached
                yield rows, reached
        except (NotThere, Forbidden, Refused) as error:
            if name in DELIVERIES:
                before = mark if isinstance(mark, dict) else {}
                yield [], before | {"left_out": str(error)}
            elif self._has_issues or not isinstance(error, NotThere):
                raise

    def recount(self, item: Item, known: set[str]) -> Detail | None:
        """Read the comments of an item anew, where GitHub counts others than are known."""
        if item.raw.get("comments") == sum(key.startswith("comment/") for key in known):
            return None
        lists = {"comment": f"{self.root}/issues/{item.number}/comments"}
        if item.kind == CHANGE_REQUEST:
            lists["review_comment"] = f"{self.root}/pulls/{item.number}/comments"
        try:
            found = [(of, raw) for of, path in lists.items() for raw in read_all(self.api, path)]
        except NotThere:
            # It went while it was read; the look for what is gone says how.
            return None
        made = (activity.comment(raw, of, is_kept=self._is_kept) for of, raw in found)
        return Detail(tuple(made), ("comments",))

    def listed(self, name: str, mark: Mark) -> tuple[list[Item], Mark]:
        """List a page of all items in the order in which they were made."""
        del name
        # A cursor leads beyond the pages that are refused as too deep; not every server has one.
        place = {"after": mark} if isinstance(mark, str) else {"page": mark or 1}
        order = {"state": "all", "sort": "created", "direction": "asc", "per_page": PER_PAGE}
        listed = get_page(self.api, f"{self.root}/issues", order | place)
        items = [made for made in map(_recognised, listed.entries) if isinstance(made, Item)]
        following = mark + 1 if isinstance(mark, int) else 2
        return items, (listed.next_cursor or following) if listed.has_next else None

    def look(self, kind: str, number: int) -> Item | Gone:
        """Look at one item directly: it is there, or deleted, hidden, or in another repository."""
        del kind
        try:
            raw = get_object(self.api, f"{self.root}/issues/{number}")
        except NotThere as error:
            return Gone(error.fate)
        if raw.get("repository_url") != self._url:
            return Gone(TRANSFERRED, raw.get("html_url"))
        return translate.item(raw)

    def _unreadable(self, item: Item, error: NotThere) -> Detail | Gone:
        """Tell what is gone from what is there and cannot be read, which is set aside."""
        try:
            looked = self.look(item.kind, item.number)
        except MalformedRecord:
            looked = item
        if isinstance(looked, Gone):
            return looked
        why = malformed(item.raw, f"a part of it is not there ({error})")
        return Detail((reject(RECORD_OF[item.kind], str(item.number), why),))

    def _issue(self, item: Item, *, has_events: bool) -> Detail:
        own = translate.issue(item.raw, is_kept=self._is_kept)
        if not has_events:
            return Detail((own,))
        listed = read_all(self.api, f"{self.root}/issues/{item.number}/events")
        made = (activity.event(raw, ISSUE, item.number, is_kept=self._is_kept) for raw in listed)
        return Detail((own, *(event for event in made if event)), ("item_events",))

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


def _recognised(raw: Raw) -> Item | Found:
    try:
        return translate.item(raw)
    except MalformedRecord as error:
        return reject("issues", key_of(raw, "number"), error)
