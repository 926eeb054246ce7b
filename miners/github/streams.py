"""
Lists of a GitHub repository other than issues and pull requests.

Each continues from its cursor and yields, with every page of rows, the next cursor.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from miners.errors import MalformedRecord
from miners.github import activity, delivery, translate
from miners.github.pages import PER_PAGE, fetch_from, get_object, get_page, read_all
from miners.tracker.fields import key_of, needed_number, part
from miners.tracker.pages import forward, newest_stamp, rewound, walk
from miners.tracker.protocol import ISSUE, reject
from miners.tracker.responses import NotFound, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from miners.tracker.fields import Raw
    from miners.tracker.http import RestApi
    from miners.tracker.pages import Page
    from miners.tracker.protocol import Cursor, RecordRow, StoredRows

    Rows = Iterator[tuple[list[RecordRow], Cursor]]
    Stream = Callable[[RestApi, str, Any, StoredRows, bool], Rows]

# No event number is as large; one that is would hide all later ones.
_BEYOND = 1 << 63
_OF_COMMENTS = {"comment": "/issues/comments", "review_comment": "/pulls/comments"}


def _events(api: RestApi, root: str, cursor: Any, stored: StoredRows, is_kept: bool) -> Rows:
    """
    List the events of issues, the newest first; those of pull requests come with their timelines.

    An interrupted first listing resumes at its last page.
    """
    state = {"newest": 0, "page": 1, "is_whole": False} | (cursor or {})
    newest, page = state["newest"], state["page"]

    def fetch(number: int) -> Page:
        nonlocal page
        page = number
        return fetch_from(api, f"{root}/issues/events")(number)

    is_stored = (lambda raw: _id(raw) <= state["newest"]) if state["is_whole"] else None
    try:
        for entries in walk(fetch, key_of, is_stored, 1 if state["is_whole"] else page):
            newest = max([newest, *map(_id, entries)])
            resumed = state if state["is_whole"] else state | {"newest": newest, "page": page}
            yield [row for raw in entries for row in _event_rows(raw, is_kept)], resumed
    except Refused:
        # The list is too long to be paged to its end: the events of each issue are requested.
        yield from _events_by_issue(api, root, stored, state, is_kept)
    yield [], {"newest": newest, "page": 1, "is_whole": True}


def _event_rows(raw: Raw, is_kept: bool) -> Iterator[RecordRow]:
    try:
        of = part(raw, "issue")
        if translate.kind_of(of) == ISSUE:
            row = activity.event(raw, ISSUE, needed_number(of, "number"), is_kept=is_kept)
            yield from [row] if row else []
    except MalformedRecord as error:
        yield reject("item_events", key_of(raw), error)


def _events_by_issue(
    api: RestApi, root: str, stored: StoredRows, state: Cursor, is_kept: bool
) -> Rows:
    for number in sorted(stored.numbers(ISSUE)):
        try:
            entries = read_all(api, f"{root}/issues/{number}/events")
        except NotFound:
            continue
        events = (activity.event(raw, ISSUE, number, is_kept=is_kept) for raw in entries)
        yield [event for event in events if event], state


def _comments(  # noqa: PLR0917 - a stream of STREAMS, with the kind bound
    comment_kind: str, api: RestApi, root: str, cursor: Any, stored: StoredRows, is_kept: bool
) -> Rows:
    """List comments in the order of their updates."""
    del stored
    order = {"sort": "updated", "direction": "asc"}

    def fetch(since: str | None, number: int) -> Page:
        window = order | ({"since": since} if since else {})
        return fetch_from(api, root + _OF_COMMENTS[comment_kind], **window)(number)

    for entries in forward(fetch, rewound(cursor), key_of):
        cursor = newest_stamp(entries, now=api.guard.server_time) or cursor
        yield [activity.comment(raw, comment_kind, is_kept=is_kept) for raw in entries], cursor


def _milestones(api: RestApi, root: str, cursor: Any, stored: StoredRows, is_kept: bool) -> Rows:
    del cursor, stored
    for entries in walk(fetch_from(api, f"{root}/milestones", state="all"), _version):
        yield [delivery.milestone(raw, is_kept=is_kept) for raw in entries], None


def _labels(api: RestApi, root: str, cursor: Any, stored: StoredRows, is_kept: bool) -> Rows:
    del cursor, stored, is_kept
    for entries in walk(fetch_from(api, f"{root}/labels"), _version):
        yield [delivery.label(raw) for raw in entries], None


def _releases(api: RestApi, root: str, cursor: Any, stored: StoredRows, is_kept: bool) -> Rows:
    del cursor, stored
    for entries in walk(fetch_from(api, f"{root}/releases"), _version):
        yield [delivery.release(raw, is_kept=is_kept) for raw in entries], None


def _deployments(api: RestApi, root: str, cursor: Any, stored: StoredRows, is_kept: bool) -> Rows:
    """List deployments, the newest first, and poll again those that had not ended."""
    path = f"{root}/deployments"

    def read(raw: Raw) -> tuple[RecordRow, bool]:
        statuses = _statuses(api, f"{path}/{_id(raw)}/statuses")
        newest = statuses[0] if statuses else {}
        is_over = delivery.deployment_status(newest) in delivery.FINAL_STATUSES
        return delivery.deployment(raw, statuses, is_kept=is_kept), is_over

    return _newest_first(api, path, None, "deployments", cursor=cursor, stored=stored, read=read)


def _workflow_runs(api: RestApi, root: str, cursor: Any, stored: StoredRows, is_kept: bool) -> Rows:
    """List workflow runs, the newest first, and poll again those that had not ended."""

    def read(raw: Raw) -> tuple[RecordRow, bool]:
        return delivery.workflow_run(raw, is_kept=is_kept), raw.get("status") == "completed"

    path = f"{root}/actions/runs"
    return _newest_first(
        api, path, "workflow_runs", "pipeline_runs", cursor=cursor, stored=stored, read=read
    )


def _newest_first(
    api: RestApi,
    path: str,
    within: str | None,
    record: str,
    *,
    cursor: Any,
    stored: StoredRows,
    read: Callable[[Raw], tuple[RecordRow, bool]],
) -> Rows:
    """Read a list whose newest come first, down to stored entries once it was read to its end."""
    state = {"running": [], "is_whole": False} | (cursor or {})
    running, listed = set(state["running"]), set[int]()

    def rows(entries: list[Raw]) -> list[RecordRow]:
        read_rows = [(_id(raw), *read(raw)) for raw in entries]
        running.difference_update(number for number, _, is_over in read_rows if is_over)
        running.update(number for number, _, is_over in read_rows if not is_over)
        return [row for _, row, _ in read_rows]

    def is_stored(raw: Raw) -> bool:
        # An entry that was listed in this pass does not end it.
        return _id(raw) not in listed and stored.has(record, str(raw.get("id")))

    for number in sorted(running):
        entries = _get(api, f"{path}/{number}")
        running -= set() if entries else {number}
        yield rows(entries), state | {"running": sorted(running)}
    stop = is_stored if state["is_whole"] else None
    for entries in walk(fetch_from(api, path, within), key_of, stop):
        fresh = [raw for raw in entries if not is_stored(raw)]
        listed.update(map(_id, fresh))
        yield rows(fresh), state | {"running": sorted(running)}
    yield [], {"running": sorted(running), "is_whole": True}


def _statuses(api: RestApi, path: str) -> list[Raw]:
    try:
        return get_page(api, path, {"per_page": PER_PAGE}).entries
    except NotFound:
        return []


def _get(api: RestApi, path: str) -> list[Raw]:
    try:
        return [get_object(api, path)]
    except NotFound:
        return []


def _id(raw: Raw) -> int:
    value = raw.get("id")
    return value if isinstance(value, int) and value < _BEYOND else 0


def _version(raw: Raw) -> tuple[object, ...]:
    return key_of(raw), str(raw.get("updated_at")), str(raw.get("name"))


DELIVERIES = frozenset({"releases", "deployments", "workflow_runs"})
STREAMS: dict[str, Stream] = {
    "events": _events,
    "comments": partial(_comments, "comment"),
    "review_comments": partial(_comments, "review_comment"),
    "milestones": _milestones,
    "labels": _labels,
    "releases": _releases,
    "deployments": _deployments,
    "workflow_runs": _workflow_runs,
}
