"""
Detect deleted items, a few pages of the lists in each mining.

All items are listed in the order of their creation. A stored item that was created within the span
of a page, and is not on it, is polled on its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from miners.errors import MalformedRecord
from miners.tracker.protocol import RECORD_OF, Deletion, tombstone
from miners.tracker.responses import REMOVED, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from miners.tracker.protocol import Cursor, Item, RecordRow, StoredRows, Tracker
    from miners.tracker.writer import TrackerWriter

PAGES_PER_MINING = 2
_POLLS_PER_MINING = 50
_END_OF_TIME = 1 << 62


@dataclass(frozen=True)
class ListPosition:
    """
    The position of the check: a list, the cursor of its next page, and the last page's end.

    Shape:   the names of the fields are keys of the stored cursor.
    """

    name: str
    mark: Cursor = None
    after: int = 0
    # Items created at the last instant of the page; the next page begins at the same instant.
    edge: list[list[Any]] = field(default_factory=list)


def with_removals(
    record: str, stored: StoredRows, pages: Iterable[list[RecordRow]]
) -> Iterator[list[RecordRow]]:
    """Yield the pages of a whole list, then the deletion of every stored row that is not on it."""
    listed = set[str]()
    for rows in pages:
        # A rejected row names the record in its key too.
        listed |= {row.key.removeprefix(f"{record}/") for row in rows}
        yield rows
    yield removals(record, stored, listed)


def removals(record: str, stored: StoredRows, listed: set[str]) -> list[RecordRow]:
    """Return the deletion of every stored row that is not among the keys of a whole list."""
    missing = sorted(stored.live(record) - listed)
    return [tombstone(record, key, Deletion(REMOVED)) for key in missing]


def check_deletions(
    tracker: Tracker,
    writer: TrackerWriter,
    names: list[str],
    state: dict[str, Any],
    read: Callable[[list[Item]], object],
    *,
    is_full: bool,
) -> dict[str, Any]:
    """
    Continue the check of some lists where the last mining stopped, and return the new position.

    An item that is listed in a newer version than the stored one, or with another number of
    comments, is read again: a comment that was deleted leaves its item's update time as it was.
    """
    if not names:
        return state
    is_begun = state and state["name"] in names
    position = ListPosition(**state) if is_begun else ListPosition(names[0])
    pages = polls = 0
    while is_full or (pages < PAGES_PER_MINING and polls < _POLLS_PER_MINING):
        items, next_position = _read_page(tracker, position)
        missing = _missing(tracker, writer, items, position, next_position)
        for kind, number in missing:
            _poll(tracker, writer, kind, number)
        outdated = [item for item in items if _is_outdated(writer, item)]
        read(outdated)
        for item in items:
            if item not in outdated:
                writer.mark_restored(RECORD_OF[item.kind], str(item.number))
        pages, polls, position = pages + 1, polls + len(missing), next_position
        if position.mark is None:
            rest = names[names.index(position.name) + 1 :]
            if not rest:
                return {}
            position = ListPosition(rest[0])
    return vars(position)


def _is_outdated(writer: TrackerWriter, item: Item) -> bool:
    stored = writer.stored.updated_at(item.kind, item.number)
    if stored is None or stored < item.updated_at:
        return True
    counted = writer.stored.comment_count(item.kind, item.number)
    return None not in {counted, item.comment_count} and counted != item.comment_count


def _read_page(tracker: Tracker, position: ListPosition) -> tuple[list[Item], ListPosition]:
    """Return the items of the page at a position, and the next one; it has no cursor at the end."""
    try:
        items, cursor = tracker.list_page(position.name, position.mark)
    except Refused:
        # Too deep: the next check starts over, and later items are found when they change.
        return [], ListPosition(position.name, None, _END_OF_TIME)
    newest = max((item.created_at for item in items), default=position.after)
    edge = [[item.kind, item.number] for item in items if item.created_at == newest]
    return items, ListPosition(position.name, cursor, newest, edge)


def _missing(
    tracker: Tracker,
    writer: TrackerWriter,
    items: list[Item],
    position: ListPosition,
    next_position: ListPosition,
) -> list[tuple[str, int]]:
    """List the stored items that were created within the span of a page and are not on it."""
    list_page = {(item.kind, item.number) for item in items} | {(k, n) for k, n in position.edge}
    last = next_position.after if next_position.mark is not None else _END_OF_TIME
    return [
        (kind, number)
        for kind in tracker.item_lists[position.name]
        for number in sorted(writer.stored.created_between(kind, position.after, last))
        if (kind, number) not in list_page and next_position.after != _END_OF_TIME
    ]


def _poll(tracker: Tracker, writer: TrackerWriter, kind: str, number: int) -> None:
    try:
        outcome = tracker.poll(kind, number)
    except MalformedRecord:
        # The item exists, even if its fields do not fit.
        return
    if isinstance(outcome, Deletion):
        writer.mark_deleted(RECORD_OF[kind], str(number), outcome)
