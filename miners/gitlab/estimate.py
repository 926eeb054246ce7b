"""Estimate the requests of a mining of GitLab."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from miners.gitlab.pages import PER_PAGE
from miners.tracker.pages import rewound
from miners.tracker.responses import Forbidden, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from miners.tracker.http import RestApi

# Requests of every mining: the project, a page of each list, the deletion check.
_ALWAYS = 12
# Requests per changed item, see the module docstring of tracker.py, by its list.
_PER_ITEM = {"issues": ("issues", 4), "change_requests": ("merge_requests", 6)}


def expected(api: RestApi, root: str, cursors: Mapping[str, Any]) -> tuple[int, int]:
    """Return the numbers of requests and items of a mining from these cursors."""
    requests, items = _ALWAYS, 0
    for name, (segment, cost) in _PER_ITEM.items():
        count = _count(api, f"{root}/{segment}", cursors.get(name))
        requests += count * cost + count // PER_PAGE
        items += count
    return requests, items


def _count(api: RestApi, path: str, cursor: str | None) -> int:
    """Return the length of a list; GitLab counts up to 10,000, then the newest number bounds it."""
    newest_first = {"scope": "all", "state": "all", "order_by": "created_at", "sort": "desc"}
    since = {"updated_after": rewound(cursor)} if cursor else {}
    try:
        response = api.get(path, {**newest_first, **since, "per_page": 1})
    except (NotFound, Forbidden):
        return 0
    total = response.headers.get("x-total", "")
    if total.isdigit():
        return int(total)
    entries = response.body if isinstance(response.body, list) else []
    numbers = (entry.get("iid") for entry in entries if isinstance(entry, dict))
    return max((number for number in numbers if isinstance(number, int)), default=0)
