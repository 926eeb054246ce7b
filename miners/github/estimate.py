"""How many requests a mining of a GitHub tracker will take."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from miners.github.pages import PER_PAGE, get_page, page_of
from miners.tracker.pages import rewound
from miners.tracker.responses import NotThere

if TYPE_CHECKING:
    from collections.abc import Mapping

    from miners.tracker.http import RestApi

# Lists that are asked for whatever there is: the repository, one page of each list, the sweep.
_ALWAYS = 12
# Measured: timelines have so many pages per change request.
_PAGES_PER_TIMELINE = 1.07
_LAST_PAGE = re.compile(r'[?&]page=(\d+)[^>]*>; rel="last"')
_LISTS = ("/issues/events", "/issues/comments", "/pulls/comments")


def expected(api: RestApi, root: str, marks: Mapping[str, Any]) -> tuple[int, int]:
    """
    Count the requests that a mining from these marks will take, and the items it will read.

    Source:  the number of the last page of lists of one entry each
    """
    if "items" in marks:
        return _expected_since(api, root, marks["items"])
    pulls = _count(api, f"{root}/pulls")
    newest = get_page(api, f"{root}/issues", {"state": "all", "per_page": 1}).entries
    # Numbers are shared by issues and pull requests: the newest one bounds their count.
    items = max((entry.get("number") or 0 for entry in newest), default=0)
    entries = items + pulls + sum(_count(api, root + path) for path in _LISTS)
    return _ALWAYS + entries // (PER_PAGE - 1) + round(pulls * _PAGES_PER_TIMELINE), items


def _expected_since(api: RestApi, root: str, mark: str) -> tuple[int, int]:
    since = {"state": "all", "since": rewound(mark), "per_page": PER_PAGE}
    page = get_page(api, f"{root}/issues", since)
    pulls = sum("pull_request" in entry for entry in page.entries)
    many = 2 if page.has_next else 1
    items = len(page.entries)
    return _ALWAYS + (items + pulls) * many, items * many


def _count(api: RestApi, path: str) -> int:
    """Count a list by the number of its last page where each holds one entry."""
    try:
        answer = api.get(path, {"state": "all", "per_page": 1})
    except NotThere:
        return 0
    last = _LAST_PAGE.search(answer.headers.get("link", ""))
    return int(last[1]) if last else len(page_of(answer).entries)
