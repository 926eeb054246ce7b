"""How many requests a mining of a GitLab tracker will take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from miners.gitlab.pages import PER_PAGE
from miners.tracker.pages import rewound
from miners.tracker.responses import Forbidden, NotThere

if TYPE_CHECKING:
    from collections.abc import Mapping

    from miners.tracker.http import RestApi

# What is asked for whatever there is: the project, a page of each list, the sweep.
_ALWAYS = 12
# The requests that a changed item costs, as the tracker says, by the list that it is in.
_PER_ITEM = {"issues": ("issues", 4), "change_requests": ("merge_requests", 6)}


def expected(api: RestApi, root: str, marks: Mapping[str, Any]) -> tuple[int, int]:
    """Count the requests that a mining from these marks will take, and the items it will read."""
    requests, items = _ALWAYS, 0
    for name, (segment, cost) in _PER_ITEM.items():
        count = _count(api, f"{root}/{segment}", marks.get(name))
        requests += count * cost + count // PER_PAGE
        items += count
    return requests, items


def _count(api: RestApi, path: str, mark: str | None) -> int:
    """Count a list; GitLab counts none above 10,000, whose newest number is then the bound."""
    newest_first = {"scope": "all", "state": "all", "order_by": "created_at", "sort": "desc"}
    since = {"updated_after": rewound(mark)} if mark else {}
    try:
        answer = api.get(path, {**newest_first, **since, "per_page": 1})
    except (NotThere, Forbidden):
        return 0
    total = answer.headers.get("x-total", "")
    if total.isdigit():
        return int(total)
    entries = answer.body if isinstance(answer.body, list) else []
    numbers = (entry.get("iid") for entry in entries if isinstance(entry, dict))
    return max((number for number in numbers if isinstance(number, int)), default=0)
