"""Pull requests: from their list where many are wanted, else one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from miners.errors import MalformedRecord
from miners.github.pages import PER_PAGE, get_object, get_page
from miners.tracker.fields import instant
from miners.tracker.protocol import CHANGE_REQUEST

if TYPE_CHECKING:
    from miners.tracker.fields import Raw
    from miners.tracker.http import RestApi
    from miners.tracker.protocol import Item, Known

# From so many in one page of changes on, pages of the list cost less than single requests.
_MANY = 10


class PullRequests:
    """
    Pull requests wanted in the order of their updates.

    Their list in that order is read along with the list of issues. It moves meanwhile; what it
    does not give, or gives in an older version than was seen, is asked for by its number.
    """

    def __init__(self, api: RestApi, root: str, first_page: int | None) -> None:
        self._wire, self._root = api, root
        self._next_page = first_page
        self._waiting: dict[int, Raw] = {}
        self._newest = 0

    @classmethod
    def for_items(
        cls, api: RestApi, root: str, items: list[Item], known: Known, before: Self | None
    ) -> Self:
        """Go on with the list, or begin it where the wanted ones must be, or do without."""
        if before is not None and before.is_listing:
            return before
        if len(items) < _MANY:
            return cls(api, root, None)
        changed = sum(known.updated_at(CHANGE_REQUEST, item.number) is not None for item in items)
        unchanged = known.count(CHANGE_REQUEST) - changed
        return cls(api, root, unchanged // PER_PAGE + 1)

    @property
    def is_listing(self) -> bool:
        return self._next_page is not None

    def get(self, item: Item) -> Raw:
        """Return a pull request in the version seen among the issues, or a newer one."""
        while (
            self.is_listing and item.number not in self._waiting and self._newest < item.updated_at
        ):
            self._read_page()
        listed = self._waiting.pop(item.number, None)
        if listed and (_updated_at(listed) or 0) >= item.updated_at:
            return listed
        return get_object(self._wire, f"{self._root}/pulls/{item.number}")

    def _read_page(self) -> None:
        order = {"state": "all", "sort": "updated", "direction": "asc", "per_page": PER_PAGE}
        page = get_page(self._wire, f"{self._root}/pulls", order | {"page": self._next_page})
        for raw in page.entries:
            updated_at, of = _updated_at(raw), raw.get("number")
            if updated_at is not None and isinstance(of, int):
                self._waiting[of] = raw
                self._newest = max(self._newest, updated_at)
        self._next_page = (self._next_page or 1) + 1 if page.has_next else None


def _updated_at(raw: Raw) -> int | None:
    """Read the time of update; one that cannot be read is asked for by its number."""
    try:
        return instant(raw, "updated_at")
    except MalformedRecord:
        return None
