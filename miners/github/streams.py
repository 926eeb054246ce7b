"""
Lists of a GitHub repository other than issues and pull requests.

Each continues from its cursor and yields, with every page of rows, the next cursor.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from miners.errors import MalformedRecord
from miners.github import activity, delivery, translate
from miners.github.newest_first import entry_id, newest_first
from miners.github.pages import PER_PAGE, fetch_from, get_page, noting_unchanged, read_all
from miners.tracker.deletions import removals
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

    is_stored = (lambda raw: entry_id(raw) <= state["newest"]) if state["is_whole"] else None
    try:
        for entries in walk(fetch, key_of, is_stored, 1 if state["is_whole"] else page):
            newest = max([newest, *map(entry_id, entries)])
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
    del cursor
    make_row = partial(delivery.milestone, is_kept=is_kept)
    return _whole(api, f"{root}/milestones", "milestones", stored, make_row, state="all")


def _labels(api: RestApi, root: str, cursor: Any, stored: StoredRows, is_kept: bool) -> Rows:
    del cursor, is_kept
    makes = (delivery.label, delivery.label_name)
    return _whole(api, f"{root}/labels", "labels", stored, *makes)


def _releases(api: RestApi, root: str, cursor: Any, stored: StoredRows, is_kept: bool) -> Rows:
    del cursor
    make_row = partial(delivery.release, is_kept=is_kept)
    return _whole(api, f"{root}/releases", "releases", stored, make_row)


def _whole(
    api: RestApi,
    path: str,
    record: str,
    stored: StoredRows,
    *makes: Callable[[Raw], RecordRow],
    **order: Any,
) -> Rows:
    """
    List everything, and what is stored and no longer listed as deleted.

    The first of the functions makes the row of the record.
    """
    are_unchanged, listed = set[bool](), set[str]()
    fetch = noting_unchanged(fetch_from(api, path, **order), are_unchanged)
    for entries in walk(fetch, _version):
        made = [[make(raw) for make in makes] for raw in entries]
        listed |= {row.key.removeprefix(f"{record}/") for row, *_ in made}
        yield [row for rows in made for row in rows], None
    if are_unchanged == {True}:
        return
    if True in are_unchanged:
        # The server did not send unchanged pages again.
        listed |= {makes[0](raw).key for raw in read_all(api, path, **order)}
    yield removals(record, stored, listed), None


def _deployments(api: RestApi, root: str, cursor: Any, stored: StoredRows, is_kept: bool) -> Rows:
    """
    List deployments, the newest first, and poll again those that had not ended.

    One that had ended may get another status, so a changed entry of the list is read again.
    """
    path = f"{root}/deployments"

    def read(raw: Raw) -> tuple[RecordRow, bool]:
        statuses = _statuses(api, f"{path}/{entry_id(raw)}/statuses")
        newest = statuses[0] if statuses else {}
        is_over = delivery.deployment_status(newest) in delivery.FINAL_STATUSES
        return delivery.deployment(raw, statuses, is_kept=is_kept), is_over

    return newest_first(api, path, None, "deployments", cursor=cursor, stored=stored, read=read)


def _workflow_runs(api: RestApi, root: str, cursor: Any, stored: StoredRows, is_kept: bool) -> Rows:
    """List workflow runs, the newest first, and poll again those that had not ended."""

    def read(raw: Raw) -> tuple[RecordRow, bool]:
        return delivery.workflow_run(raw, is_kept=is_kept), raw.get("status") == "completed"

    path = f"{root}/actions/runs"
    return newest_first(
        api, path, "workflow_runs", "pipeline_runs", cursor=cursor, stored=stored, read=read
    )


def _statuses(api: RestApi, path: str) -> list[Raw]:
    """Return the statuses of a deployment, the newest first, whatever their order in the list."""
    try:
        entries = get_page(api, path, {"per_page": PER_PAGE}).entries
    except NotFound:
        return []
    return sorted(
        entries, key=lambda raw: (str(raw.get("created_at")), entry_id(raw)), reverse=True
    )


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
