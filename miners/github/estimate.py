"""Estimate the requests of a mining of GitHub."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from miners.github.pages import PER_PAGE, get_page, page_of
from miners.tracker.pages import Page, rewound
from miners.tracker.responses import Forbidden, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from miners.tracker.http import RestApi

# Requests of every mining: the repository, a page of each list, the deletion check.
_ALWAYS = 12
# Measured: pages of a timeline per change request.
_PAGES_PER_TIMELINE = 1.07
_LAST_PAGE = re.compile(r'[?&]page=(\d+)[^>]*>; rel="last"')
_LISTS = ("/issues/events", "/issues/comments", "/pulls/comments")


def expected(api: RestApi, root: str, cursors: Mapping[str, Any]) -> tuple[int, int]:
    """
    Return the numbers of requests and items of a mining from these cursors.

    Source:  the number of the last page of lists with one entry per page.
    """
    if "items" in cursors:
        return _expected_since(api, root, cursors["items"])
    pulls = _count(api, f"{root}/pulls")
    newest = _page(api, f"{root}/issues", {"state": "all", "per_page": 1}).entries
    # Issues and pull requests share numbers: the newest one bounds their count.
    items = max((entry.get("number") or 0 for entry in newest), default=0)
    entries = items + pulls + sum(_count(api, root + path) for path in _LISTS)
    return _ALWAYS + entries // (PER_PAGE - 1) + round(pulls * _PAGES_PER_TIMELINE), items


def _expected_since(api: RestApi, root: str, cursor: str) -> tuple[int, int]:
    since = {"state": "all", "since": rewound(cursor), "per_page": PER_PAGE}
    page = _page(api, f"{root}/issues", since)
    pulls = sum("pull_request" in entry for entry in page.entries)
    many = 2 if page.has_next else 1
    items = len(page.entries)
    return _ALWAYS + (items + pulls) * many, items * many


def _page(api: RestApi, path: str, parameters: Mapping[str, Any]) -> Page:
    """Return a page of a list; an empty one where the list is not there."""
    try:
        return get_page(api, path, parameters)
    except (NotFound, Forbidden):
        return Page([], has_next=False)


def _count(api: RestApi, path: str) -> int:
    """Return the length of a list: the number of its last page, with one entry per page."""
    try:
        response = api.get(path, {"state": "all", "per_page": 1})
    except (NotFound, Forbidden):
        return 0
    last = _LAST_PAGE.search(response.headers.get("link", ""))
    return int(last[1]) if last else len(page_of(response).entries)
