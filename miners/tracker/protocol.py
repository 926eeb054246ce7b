"""What a kind of tracker must be able to tell; how it is mined is the same for all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from miners.errors import MalformedRecord
from miners.tracker.fields import encodable, row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from miners.tracker.fields import Raw, Row
    from miners.tracker.http import RestApi

ISSUE, CHANGE_REQUEST = "issue", "change_request"
# The record that each kind of item becomes.
RECORD_OF = {ISSUE: "issues", CHANGE_REQUEST: "change_requests"}
# A place in a list from which to go on; whatever JSON can hold.
Mark = object


@dataclass(frozen=True)
class Description:
    """A repository's tracker as it says of itself."""

    tracker_id: str
    row: Row
    # Open items that the tracker counts, where it does: a list of none beside it is a failure.
    open_count: int | None = None


@dataclass(frozen=True, kw_only=True)
class Item:
    """An issue or change request as a list shows it; the times are microseconds since 1970."""

    kind: str
    number: int
    updated_at: int
    created_at: int
    # The time of update as the tracker writes it, to be handed back.
    stamp: str
    raw: Raw = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Found:
    """A row of a record, by its natural key, the parts joined by slashes."""

    record: str
    key: str
    row: Row
    # The item that it belongs to, where it is part of one.
    kind: str | None = None
    number: int | None = None


@dataclass(frozen=True)
class Detail:
    """
    What was read of one item.

    The records named as whole were read to their end: what was known of the item in them before,
    and is not found now, is gone.
    """

    found: tuple[Found, ...]
    whole: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gone:
    """What became of an item that is not there any more."""

    fate: str
    moved_to: str | None = None


class Known(Protocol):
    """What the store holds of this source."""

    # Whether the source was read to its end before.
    is_whole: bool

    def count(self, kind: str) -> int: ...

    def updated_at(self, kind: str, number: int) -> int | None: ...

    def numbers(self, kind: str) -> set[int]: ...

    def has(self, record: str, key: str) -> bool: ...


class Tracker(Protocol):
    """One repository's tracker."""

    api: RestApi
    # The path of the repository below the API.
    root: str
    # Lists of items that are read forward from an instant, and the kinds in each.
    item_lists: Mapping[str, tuple[str, ...]]
    # Lists of all else that a repository has, by name.
    streams: tuple[str, ...]

    def describe(self) -> Description:
        """Ask what the repository is called now; SourceDenied where it is not there."""

    def items(self, name: str, since: str | None) -> Iterator[list[Item | Found]]:
        """List items updated since an instant, oldest first; one not understood is a reject."""

    def details(self, items: list[Item], known: Known) -> Iterator[tuple[Item, Detail | Gone]]:
        """Read everything about changed items, the row of each item itself with it."""

    def stream(self, name: str, mark: Mark, known: Known) -> Iterator[tuple[list[Found], Mark]]:
        """List what is new since a mark, and with each page the mark from which to go on."""

    def recount(self, item: Item, known: set[str]) -> Detail | None:
        """Read the comments of an item anew, where its count of them and those known differ."""

    def listed(self, name: str, mark: Mark) -> tuple[list[Item], Mark]:
        """List a page of all items in the order in which they were made; no mark: the end."""

    def look(self, kind: str, number: int) -> Item | Gone:
        """Look at one item directly."""


def found(
    record: str,
    key: str,
    facts: Callable[[], Mapping[str, object]],
    kind: str | None = None,
    number: int | None = None,
) -> Found:
    """Make the row of a record, or of its rejection where it cannot be understood."""
    key = encodable(key)
    try:
        return Found(record=record, key=key, row=row(record, facts()), kind=kind, number=number)
    except MalformedRecord as error:
        return reject(record, key, error)


def reject(record: str, key: str, error: MalformedRecord) -> Found:
    """Set a record aside: its kind, its key, the reason, and what was received."""
    key = encodable(key)
    return Found(
        record="rejects", key=f"{record}/{key}", row=(record, key, error.reason, error.payload)
    )


def tombstone(record: str, key: str, gone: Gone | None) -> Found:
    """Note that something is gone, or that it is there again."""
    fate, moved_to = (gone.fate, gone.moved_to) if gone else (None, None)
    return Found(
        record="tombstones",
        key=f"{record}/{key}",
        row=(record, key, gone is not None, fate, moved_to),
    )
