"""Protocol that every kind of tracker implements."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from miners.errors import MalformedRecord
from miners.records import RECORDS
from miners.tracker.fields import encodable, row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from miners.tracker.fields import Raw, Row
    from miners.tracker.http import RestApi

ISSUE, CHANGE_REQUEST = "issue", "change_request"
# The record of each kind of item.
RECORD_OF = {ISSUE: "issues", CHANGE_REQUEST: "change_requests"}
# The position in a list from which the next run reads; any JSON value.
Cursor = object


@dataclass(frozen=True)
class Description:
    """A repository as its tracker describes it."""

    tracker_id: str
    row: Row
    # Open items that the tracker counts, if it does; an empty list is then a failure.
    open_count: int | None = None

    @property
    def default_branch(self) -> str | None:
        names = [field.name for field in RECORDS["trackers"].fields]
        branch = self.row[names.index("default_branch")]
        return None if branch is None else str(branch)


@dataclass(frozen=True, kw_only=True)
class Item:
    """An issue or change request in a list; times are microseconds since 1970."""

    kind: str
    number: int
    updated_at: int
    created_at: int
    # The update time as the tracker writes it, for the next request.
    stamp: str
    raw: Raw = field(repr=False)
    # Comments that the tracker counts; a deleted one may change nothing else.
    comment_count: int | None = None


@dataclass(frozen=True, kw_only=True)
class RecordRow:
    """A row of a record with its natural key, whose parts are joined by slashes."""

    record: str
    key: str
    values: Row
    # The item that it belongs to, if any.
    kind: str | None = None
    number: int | None = None


@dataclass(frozen=True)
class Detail:
    """
    All rows of one item.

    The records in `whole` were read to their end: rows of the item that are stored and not among
    these are marked as deleted.
    """

    rows: tuple[RecordRow, ...]
    whole: tuple[str, ...] = ()


@dataclass(frozen=True)
class Deletion:
    """Why an item no longer exists."""

    fate: str
    moved_to: str | None = None


class StoredRows(Protocol):
    """The rows of this source in the store."""

    # Whether the source was read to its end before.
    is_whole: bool

    def count(self, kind: str) -> int: ...

    def updated_at(self, kind: str, number: int) -> int | None: ...

    def numbers(self, kind: str) -> set[int]: ...

    def has(self, record: str, key: str) -> bool: ...

    def stamp(self, record: str, key: str) -> int | None: ...

    def live(self, record: str) -> set[str]: ...

    def is_deleted(self, record: str, key: str) -> bool: ...


class Tracker(Protocol):
    """One repository's tracker."""

    api: RestApi
    # The path of the repository below the API.
    root: str
    # Lists of items that are read forward from an instant, with the kinds in each.
    item_lists: Mapping[str, tuple[str, ...]]
    # Names of all other lists of a repository.
    streams: tuple[str, ...]

    def describe(self) -> Description:
        """Return the current description; SourceDenied if the repository is not there."""

    def items(self, name: str, since: str | None) -> Iterator[list[Item | RecordRow]]:
        """
        List items updated since an instant, oldest first; a malformed one is a reject.

        Errors:  NotFound or Forbidden where this list, and not the repository, is not there.
        """

    def details(
        self, items: list[Item], stored: StoredRows
    ) -> Iterator[tuple[Item, Detail | Deletion]]:
        """Yield changed items with all of their rows."""

    def stream(
        self, name: str, cursor: Cursor, stored: StoredRows
    ) -> Iterator[tuple[list[RecordRow], Cursor]]:
        """
        List what is new since a cursor, and with each page the cursor of the next.

        Errors:  NotFound or Forbidden where this list, and not the repository, is not there.
        """

    def recount(self, item: Item, stored: set[str]) -> Detail | None:
        """Read the comments of an item again if its count differs from the stored ones."""

    def list_page(self, name: str, cursor: Cursor) -> tuple[list[Item], Cursor]:
        """List a page of all items in the order of their creation; no cursor at the end."""

    def poll(self, kind: str, number: int) -> Item | Deletion:
        """Poll one item."""


def record_row(
    record: str,
    key: str,
    facts: Callable[[], Mapping[str, object]],
    kind: str | None = None,
    number: int | None = None,
) -> RecordRow:
    """Return the row of a record, or of its rejection if it is malformed."""
    key = encodable(key)
    try:
        return RecordRow(
            record=record, key=key, values=row(record, facts()), kind=kind, number=number
        )
    except MalformedRecord as error:
        return reject(record, key, error)


def reject(record: str, key: str, error: MalformedRecord) -> RecordRow:
    """Return the row that rejects a record: kind, key, reason and payload."""
    key = encodable(key)
    return RecordRow(
        record="rejects", key=f"{record}/{key}", values=(record, key, error.reason, error.payload)
    )


def tombstone(record: str, key: str, deletion: Deletion | None) -> RecordRow:
    """Return the row that marks something as deleted, or as restored."""
    fate, moved_to = (deletion.fate, deletion.moved_to) if deletion else (None, None)
    return RecordRow(
        record="tombstones",
        key=f"{record}/{key}",
        values=(record, key, deletion is not None, fate, moved_to),
    )
