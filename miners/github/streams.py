"""
The lists of a whole repository beside its issues and pull requests.

Each goes on from its mark and hands back, with every page of rows, the mark to go on from.
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
from miners.tracker.responses import NotThere, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from miners.tracker.fields import Raw
    from miners.tracker.http import RestApi
    from miners.tracker.pages import Page
    from miners.tracker.protocol import Found, Known, Mark

    Rows = Iterator[tuple[list[Found], Mark]]
    Stream = Callable[[RestApi, str, Any, Known, bool], Rows]

# No number of an event is as large; one that is would hide all that follow.
_BEYOND = 1 << 63
_OF_COMMENTS = {"comment": "/issues/comments", "review_comment": "/pulls/comments"}


def _events(api: RestApi, root: str, mark: Any, known: Known, is_kept: bool) -> Rows:
    """
    List the events of issues, the newest first; those of pull requests come with their timelines.

    A first listing that was broken off goes on at the page it had reached.
    """
    state = {"newest": 0, "page": 1, "is_whole": False} | (mark or {})
    newest, page = state["newest"], state["page"]

    def fetch(number: int) -> Page:
        nonlocal page
        page = number
        return fetch_from(api, f"{root}/issues/events")(number)

    is_known = (lambda raw: _id(raw) <= state["newest"]) if state["is_whole"] else None
    try:
        for entries in walk(fetch, key_of, is_known, 1 if state["is_whole"] else page):
            newest = max([newest, *map(_id, entries)])
            going_on = state if state["is_whole"] else state | {"newest": newest, "page": page}
            yield [row for raw in entries for row in _event_rows(raw, is_kept)], going_on
    except Refused:
        # The list is too long to be paged to its end: every issue is asked for its own.
        yield from _events_by_issue(api, root, known, state, is_kept)
    yield [], {"newest": newest, "page": 1, "is_whole": True}


def _event_rows(raw: Raw, is_kept: bool) -> Iterator[Found]:
    try:
        of = part(raw, "issue")
        if translate.kind_of(of) == ISSUE:
            found = activity.event(raw, ISSUE, needed_number(of, "number"), is_kept=is_kept)
            yield from [found] if found else []
    except MalformedRecord as error:
        yield reject("item_events", key_of(raw), error)


def _events_by_issue(api: RestApi, root: str, known: Known, state: Mark, is_kept: bool) -> Rows:
    for number in sorted(known.numbers(ISSUE)):
        try:
            entries = read_all(api, f"{root}/issues/{number}/events")
        except NotThere:
            continue
        found = (activity.event(raw, ISSUE, number, is_kept=is_kept) for raw in entries)
        yield [event for event in found if event], state


def _comments(  # noqa: PLR0917 - a stream of STREAMS, with the kind bound
    comment_kind: str, api: RestApi, root: str, mark: Any, known: Known, is_kept: bool
) -> Rows:
    """List comments in the order of their updates."""
    del known
    order = {"sort": "updated", "direction": "asc"}

    def fetch(since: str | None, number: int) -> Page:
        window = order | ({"since": since} if since else {})
        return fetch_from(api, root + _OF_COMMENTS[comment_kind], **window)(number)

    for entries in forward(fetch, rewound(mark), key_of):
        mark = newest_stamp(entries, now=api.guard.server_time) or mark
        yield [activity.comment(raw, comment_kind, is_kept=is_kept) for raw in entries], mark


def _milestones(api: RestApi, root: str, mark: Any, known: Known, is_kept: bool) -> Rows:
    del mark, known
    for entries in walk(fetch_from(api, f"{root}/milestones", state="all"), _version):
        yield [delivery.milestone(raw, is_kept=is_kept) for raw in entries], None


def _labels(api: RestApi, root: str, mark: Any, known: Known, is_kept: bool) -> Rows:
    del mark, known, is_kept
    for entries in walk(fetch_from(api, f"{root}/labels"), _version):
        yield [delivery.label(raw) for raw in entries], None


def _releases(api: RestApi, root: str, mark: Any, known: Known, is_kept: bool) -> Rows:
    del mark, known
    for entries in walk(fetch_from(api, f"{root}/releases"), _version):
        yield [delivery.release(raw, is_kept=is_kept) for raw in entries], None


def _deployments(api: RestApi, root: str, mark: Any, known: Known, is_kept: bool) -> Rows:
    """List deployments, the newest first, and look again at those that had not ended."""
    path = f"{root}/deployments"

    def read(raw: Raw) -> tuple[Found, bool]:
        statuses = _statuses(api, f"{path}/{_id(raw)}/statuses")
        newest = statuses[0] if statuses else {}
        is_over = delivery.deployment_status(newest) in delivery.FINAL_STATUSES
        return delivery.deployment(raw, statuses, is_kept=is_kept), is_over

    return _newest_first(api, path, None, "deployments", mark=mark, known=known, read=read)


def _workflow_runs(api: RestApi, root: str, mark: Any, known: Known, is_kept: bool) -> Rows:
    """List workflow runs, the newest first, and look again at those that had not ended."""

    def read(raw: Raw) -> tuple[Found, bool]:
        return delivery.workflow_run(raw, is_kept=is_kept), raw.get("status") == "completed"

    path = f"{root}/actions/runs"
    return _newest_first(
        api, path, "workflow_runs", "pipeline_runs", mark=mark, known=known, read=read
    )


def _newest_first(
    api: RestApi,
    path: str,
    within: str | None,
    record: str,
    *,
    mark: Any,
    known: Known,
    read: Callable[[Raw], tuple[Found, bool]],
) -> Rows:
    """Walk a list whose newest come first, down to what is known once it was read to its end."""
    state = {"running": [], "is_whole": False} | (mark or {})
    running, met = set(state["running"]), set[int]()

    def rows(entries: list[Raw]) -> list[Found]:
        made = [(_id(raw), *read(raw)) for raw in entries]
        running.difference_update(number for number, _, is_over in made if is_over)
        running.update(number for number, _, is_over in made if not is_over)
        return [found for _, found, _ in made]

    def is_known(raw: Raw) -> bool:
        # What was met just now is no sign of having come down to what was known before.
        return _id(raw) not in met and known.has(record, str(raw.get("id")))

    for number in sorted(running):
        found = _one(api, f"{path}/{number}")
        running -= set() if found else {number}
        yield rows(found), state | {"running": sorted(running)}
    stop = is_known if state["is_whole"] else None
    for entries in walk(fetch_from(api, path, within), key_of, stop):
        fresh = [raw for raw in entries if not is_known(raw)]
        met.update(map(_id, fresh))
        yield rows(fresh), state | {"running": sorted(running)}
    yield [], {"running": sorted(running), "is_whole": True}


def _statuses(api: RestApi, path: str) -> list[Raw]:
    try:
        return get_page(api, path, {"per_page": PER_PAGE}).entries
    except NotThere:
        return []


def _one(api: RestApi, path: str) -> list[Raw]:
    try:
        return [get_object(api, path)]
    except NotThere:
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
