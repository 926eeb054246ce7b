"""Pull requests: many from their list, a few one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from miners.errors import MalformedRecord
from miners.github.pages import PER_PAGE, get_object, get_page
from miners.tracker.fields import instant
from miners.tracker.protocol import CHANGE_REQUEST

if TYPE_CHECKING:
    from miners.tracker.fields import Raw
    from miners.tracker.http import RestApi
    from miners.tracker.protocol import Item, StoredRows

# From this many changes on a page, the list costs less than single requests.
_MANY = 10


class PullRequests:
    """
    Pull requests in the order of their updates.

    Their list in that order is read along with the list of issues. It changes meanwhile: a pull
    request that it does not have, or has in an older version, is requested by its number.
    """

    def __init__(self, api: RestApi, root: str, first_page: int | None) -> None:
        self._api, self._root = api, root
        self._next_page = first_page
        self._waiting: dict[int, Raw] = {}
        self._newest = 0

    @classmethod
    def for_items(
        cls, api: RestApi, root: str, items: list[Item], stored: StoredRows, before: Self | None
    ) -> Self:
        """Continue the list, or start it at the first changed one, or use no list for a few."""
        if before is not None and before.is_listing:
            return before
        if len(items) < _MANY:
            return cls(api, root, None)
        changed = sum(stored.updated_at(CHANGE_REQUEST, item.number) is not None for item in items)
        unchanged = stored.count(CHANGE_REQUEST) - changed
        return cls(api, root, unchanged // PER_PAGE + 1)

    @property
    def is_listing(self) -> bool:
        return self._next_page is not None

    def get(self, item: Item) -> Raw:
        """Return a pull request in the version listed among the issues, or a newer one."""
        while (
            self.is_listing and item.number not in self._waiting and self._newest < item.updated_at
        ):
            self._read_page()
        listed = self._waiting.pop(item.number, None)
        if listed and (_updated_at(listed) or 0) >= item.updated_at:
            return listed
        return get_object(self._api, f"{self._root}/pulls/{item.number}")

    def _read_page(self) -> None:
        order = {"state": "all", "sort": "updated", "direction": "asc", "per_page": PER_PAGE}
        page = get_page(self._api, f"{self._root}/pulls", order | {"page": self._next_page})
        for raw in page.entries:
            updated_at, of = _updated_at(raw), raw.get("number")
            if updated_at is not None and isinstance(of, int):
                self._waiting[of] = raw
                self._newest = max(self._newest, updated_at)
        self._next_page = (self._next_page or 1) + 1 if page.has_next else None


def _updated_at(raw: Raw) -> int | None:
    """Return the update time; None requests the pull request by its number."""
    try:
        return instant(raw, "updated_at")
    except MalformedRecord:
        return None
