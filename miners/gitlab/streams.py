"""
Lists of a GitLab project other than issues and merge requests.

Deployments and pipelines continue from the last update seen. The other lists are short and are read
again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from miners.gitlab import delivery
from miners.gitlab.pages import fetch_pages, fetch_since
from miners.tracker.deletions import with_removals
from miners.tracker.pages import forward, newest_stamp, rewound, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from miners.tracker.fields import Raw
    from miners.tracker.http import RestApi
    from miners.tracker.protocol import Cursor, RecordRow, StoredRows

    Rows = Iterator[tuple[list[RecordRow], Cursor]]
    Stream = Callable[[RestApi, str, Cursor, StoredRows, bool], Rows]

_BY_UPDATE = {"order_by": "updated_at", "sort": "asc"}


def identity(raw: Raw) -> str:
    """Return what identifies an entry of a list, whatever its content."""
    return str(raw.get("id") or raw.get("tag_name") or raw)


def _milestones(api: RestApi, root: str, cursor: Cursor, stored: StoredRows, is_kept: bool) -> Rows:
    """List the milestones of the project and of the groups above it, which its items use too."""
    del cursor
    pages = walk(fetch_pages(api, f"{root}/milestones", {"include_ancestors": "true"}), _version)
    rows = ([delivery.milestone(raw, is_kept=is_kept) for raw in entries] for entries in pages)
    yield from ((page, None) for page in with_removals("milestones", stored, rows))


def _labels(api: RestApi, root: str, cursor: Cursor, stored: StoredRows, is_kept: bool) -> Rows:
    """List the labels; one of the project replaces one of the same name of a group above."""
    del cursor, is_kept
    pages = walk(fetch_pages(api, f"{root}/labels"), _version)
    list_page = [raw for entries in pages for raw in entries]
    own_last = sorted(
        list_page, key=lambda raw: (raw.get("is_project_label") is True, identity(raw))
    )
    labels = {row.key: row for row in map(delivery.label, own_last)}
    yield from ((page, None) for page in with_removals("labels", stored, [list(labels.values())]))
    yield list(map(delivery.label_name, list_page)), None


def _releases(api: RestApi, root: str, cursor: Cursor, stored: StoredRows, is_kept: bool) -> Rows:
    """List all releases: one may be changed or deleted, or come with an earlier date."""
    del cursor
    order = {"order_by": "released_at", "sort": "desc"}
    pages = walk(fetch_pages(api, f"{root}/releases", order), _version)
    rows = ([delivery.release(raw, is_kept=is_kept) for raw in entries] for entries in pages)
    yield from ((page, None) for page in with_removals("releases", stored, rows))


def _deployments(
    api: RestApi, root: str, cursor: Cursor, stored: StoredRows, is_kept: bool
) -> Rows:
    del stored
    return _updated(api, f"{root}/deployments", cursor, is_kept, delivery.deployment)


def _pipelines(api: RestApi, root: str, cursor: Cursor, stored: StoredRows, is_kept: bool) -> Rows:
    del stored
    return _updated(api, f"{root}/pipelines", cursor, is_kept, delivery.pipeline)


def _updated(
    api: RestApi, path: str, cursor: Cursor, is_kept: bool, make_row: Callable[..., RecordRow]
) -> Rows:
    fetch = fetch_since(api, path, _BY_UPDATE, "updated_after")
    since = cursor if isinstance(cursor, str) else None
    for entries in forward(fetch, rewound(since), identity):
        since = newest_stamp(entries, now=api.guard.server_time) or since
        yield [make_row(raw, is_kept=is_kept) for raw in entries], since


def _version(raw: Raw) -> tuple[str, str]:
    return identity(raw), str(raw.get("updated_at") or raw.get("name"))


STREAMS: dict[str, Stream] = {
    "milestones": _milestones,
    "labels": _labels,
    "releases": _releases,
    "deployments": _deployments,
    "pipelines": _pipelines,
}
