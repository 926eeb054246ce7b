"""
Read lists that change while they are read, without missing an entry.

A list that can start at an instant is read forward, each request from the last instant seen. What
is updated meanwhile moves to the end and is met there; what vanishes shifts nothing. Any other list
is read by page number until two passes in a row give the same. Then nothing has moved from one page
to another between two requests.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from miners.tracker.fields import microseconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from miners.tracker.fields import Raw

    Identity = Callable[[Raw], object]

OVERLAP_SECONDS = 120


@dataclass(frozen=True)
class Page:
    """Some entries of a list, and whether the server states that more follow."""

    entries: list[Raw] = field(default_factory=list)
    has_next: bool = False
    is_unchanged: bool = False
    # The parameter of the next page, where the server gives more than a number.
    next_cursor: str | None = None


class FetchSince(Protocol):
    """A function that lists what was updated since an instant, oldest first, by page."""

    def __call__(self, since: str | None, number: int) -> Page: ...


class FetchPage(Protocol):
    """A function that lists a page by its number, from 1."""

    def __call__(self, number: int) -> Page: ...


def forward(
    fetch: FetchSince, since: str | None, identity: Identity, stamp: str = "updated_at"
) -> Iterator[list[Raw]]:
    """
    List what was updated since an instant, oldest first, each version of an entry once.

    Shape:   pages; an entry that is updated meanwhile is listed again, later, in its new version.
    """

    def version(entry: Raw) -> tuple[object, str]:
        return identity(entry), str(entry.get(stamp))

    seen, before, reached = set[tuple[object, str]](), _Pass(), since
    while True:
        reading, newest = _Pass(), since
        # A page of a single instant, or without one: only the page number leads on.
        while newest == since:
            page = fetch(since, reading.next_number)
            reading.add(page, version, before)
            versions = [(version(entry), entry) for entry in page.entries]
            yield [entry for entry_version, entry in versions if entry_version not in seen]
            seen |= {entry_version for entry_version, _ in versions}
            if not page.has_next:
                break
            if page.is_unchanged and reading.next_number == before.next_number:
                newest = reached
            elif _ascends(page.entries, stamp):
                newest = newest_stamp(page.entries, stamp) or since
        if not reading.is_sure(before):
            before, reached = reading, newest
        elif newest == since:
            return
        else:
            since, before = newest, _Pass()
            oldest = _order(str(newest)) or 0
            seen = {version for version in seen if (_order(version[1]) or 0) >= oldest}


def read_pages(fetch: FetchPage) -> list[Raw]:
    """Read a short list once; an item that changes meanwhile is read again."""
    entries: list[Raw] = []
    number, has_next = 1, True
    while has_next:
        page = fetch(number)
        entries += page.entries
        number, has_next = number + 1, page.has_next
    return entries


def is_list_of_objects(body: object) -> bool:
    """Return whether a response has the shape of a list."""
    return isinstance(body, list) and all(isinstance(entry, dict) for entry in body)


def walk(
    fetch: FetchPage,
    identity: Identity,
    is_known: Callable[[Raw], bool] | None = None,
    first: int = 1,
) -> Iterator[list[Raw]]:
    """
    List pages by number until two passes in a row find the same.

    Shape:   pages of entries not listed before; where the newest come first, a pass ends with a
             page of which every entry is stored.
    Errors:  Refused for a page too deep, after all pages before it.
    """
    seen, before = set[object](), _Pass()
    while True:
        reading = _Pass(first)
        while True:
            page = fetch(reading.next_number)
            reading.add(page, identity, before)
            yield [entry for entry in page.entries if identity(entry) not in seen]
            seen |= {identity(entry) for entry in page.entries}
            if not page.has_next or (is_known and _is_old(page, reading, before, is_known)):
                break
        if reading.is_sure(before):
            return
        before, first = reading, 1


class _Pass:
    """The entries of the pages of a list in one pass."""

    def __init__(self, first: int = 1) -> None:
        self.first = first
        self.pages: list[frozenset[object]] = []

    @property
    def next_number(self) -> int:
        return self.first + len(self.pages)

    def add(self, page: Page, identity: Identity, before: _Pass) -> None:
        place = len(self.pages) + self.first - before.first
        held = frozenset[object](map(identity, page.entries))
        is_as_before = page.is_unchanged and 0 <= place < len(before.pages)
        self.pages.append(before.pages[place] if is_as_before else held)

    def is_sure(self, before: _Pass) -> bool:
        """Return whether nothing moved; within the response of a single page nothing can."""
        is_one = len(self.pages) == 1 and self.first == 1
        return is_one or (self.first == before.first and self.pages == before.pages)


def rewound(stamp: str | None) -> str | None:
    """Return an instant minus the overlap: updates may become visible late."""
    if stamp is None:
        return None
    try:
        moment = datetime.fromisoformat(stamp).astimezone(UTC) - timedelta(seconds=OVERLAP_SECONDS)
    except OverflowError:
        # Before the first day of the calendar, the list is read from the start.
        return None
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}".zfill(len("2024-01-01T00:00:00Z"))


def newest_stamp(
    entries: list[Raw], stamp: str = "updated_at", now: datetime | None = None
) -> str | None:
    """
    Return the newest of the entries' instants, as it is written there.

    An instant after the server's own time, from a clock that was wrong, would hide later updates.
    """
    latest = None if now is None else microseconds(now.isoformat())
    orders = {str(entry.get(stamp)): _order(str(entry.get(stamp))) for entry in entries}
    usable = {
        written: order
        for written, order in orders.items()
        if order is not None and (latest is None or order <= latest)
    }
    return max(usable, key=lambda written: usable[written], default=None)


def _is_old(page: Page, reading: _Pass, before: _Pass, is_known: Callable[[Raw], bool]) -> bool:
    """Return whether all entries from a page on were stored before this list was read."""
    if page.is_unchanged:
        return not before.pages or reading.next_number == before.next_number
    return bool(page.entries) and all(map(is_known, page.entries))


def _ascends(entries: list[Raw], stamp: str) -> bool:
    order = [_order(str(entry.get(stamp))) or 0 for entry in entries]
    return order == sorted(order)


def _order(stamp: str) -> int | None:
    try:
        return microseconds(stamp)
    except ValueError:
        return None
