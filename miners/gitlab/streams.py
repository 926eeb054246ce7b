"""
The lists of a whole project beside its issues and merge requests.

Deployments and pipelines go on from the last update seen; the others are short and read again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from miners.gitlab import delivery
from miners.gitlab.pages import fetch_pages, fetch_since
from miners.tracker.pages import forward, newest_stamp, rewound, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from miners.tracker.fields import Raw
    from miners.tracker.http import RestApi
    from miners.tracker.protocol import Found, Known, Mark

    Rows = Iterator[tuple[list[Found], Mark]]
    Stream = Callable[[RestApi, str, Mark, Known, bool], Rows]

_BY_UPDATE = {"order_by": "updated_at", "sort": "asc"}


def identity(raw: Raw) -> str:
    """Tell entries of a list apart, whatever stands in them."""
    return str(raw.get("id") or raw.get("tag_name") or raw)


def _milestones(api: RestApi, root: str, mark: Mark, known: Known, is_kept: bool) -> Rows:
    """List the milestones of the project and of the groups above it, which its items use too."""
    del mark, known
    fetch = fetch_pages(api, f"{root}/milestones", {"include_ancestors": "true"})
    for entries in walk(fetch, _version):
        yield [delivery.milestone(raw, is_kept=is_kept) for raw in entries], None


def _labels(api: RestApi, root: str, mark: Mark, known: Known, is_kept: bool) -> Rows:
    """List the labels; where a group above has one of the same name, the project's own counts."""
    del mark, known, is_kept
    pages = walk(fetch_pages(api, f"{root}/labels"), _version)
    listed = [raw for entries in pages for raw in entries]
    own_last = sorted(listed, key=lambda raw: (raw.get("is_project_label") is True, identity(raw)))
    yield list({row.key: row for row in map(delivery.label, own_last)}.values()), None


def _releases(api: RestApi, root: str, mark: Mark, known: Known, is_kept: bool) -> Rows:
    """List the releases, the newest first, down to a page of which all are known."""
    is_whole = mark is not None

    def is_known(raw: Raw) -> bool:
        return known.has("releases", str(raw.get("tag_name")))

    order = {"order_by": "released_at", "sort": "desc"}
    fetch = fetch_pages(api, f"{root}/releases", order)
    # A first listing that was broken off knows the newest and not the oldest.
    for entries in walk(fetch, _version, is_known if is_whole else None):
        yield [delivery.release(raw, is_kept=is_kept) for raw in entries], mark
    yield [], "whole"


def _deployments(api: RestApi, root: str, mark: Mark, known: Known, is_kept: bool) -> Rows:
    del known
    return _updated(api, f"{root}/deployments", mark, is_kept, delivery.deployment)


def _pipelines(api: RestApi, root: str, mark: Mark, known: Known, is_kept: bool) -> Rows:
    del known
    return _updated(api, f"{root}/pipelines", mark, is_kept, delivery.pipeline)


def _updated(
    api: RestApi, path: str, mark: Mark, is_kept: bool, made: Callable[..., Found]
) -> Rows:
    fetch = fetch_since(api, path, _BY_UPDATE, "updated_after")
    since = mark if isinstance(mark, str) else None
    for entries in forward(fetch, rewound(since), identity):
        since = newest_stamp(entries) or since
        yield [made(raw, is_kept=is_kept) for raw in entries], since


def _version(raw: Raw) -> tuple[str, str]:
    return identity(raw), str(raw.get("updated_at") or raw.get("name"))


STREAMS: dict[str, Stream] = {
    "milestones": _milestones,
    "labels": _labels,
    "releases": _releases,
    "deployments": _deployments,
    "pipelines": _pipelines,
}
