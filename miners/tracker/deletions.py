"""
The look for what is gone, a part of it in each mining.

All items are listed in the order in which they were made, a few pages at a time; what is known of
the time of a page, and not on it, is looked at itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from miners.errors import MalformedRecord
from miners.tracker.protocol import RECORD_OF, Gone
from miners.tracker.responses import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from miners.tracker.protocol import Item, Mark, Tracker
    from miners.tracker.writer import TrackerWriter

PAGES_PER_MINING = 2
_LOOKS_PER_MINING = 50
_END_OF_TIME = 1 << 62


@dataclass(frozen=True)
class Place:
    """Where a look has got to: the list, the mark of the next page, the edge of the last one."""

    name: str
    mark: Mark = None
    after: int = 0
    # Items made at the very end of the last page; the next page begins at the same instant.
    edge: list[list[Any]] = field(default_factory=list)


def sweep(
    tracker: Tracker,
    writer: TrackerWriter,
    state: dict[str, Any],
    read: Callable[[list[Item]], object],
    *,
    is_full: bool,
) -> dict[str, Any]:
    """
    Go on with the look from where the last mining left it; return where this one did.

    What is listed there in a version that was never read, for it was not to be had then, is read.
    """
    names = list(tracker.item_lists)
    place = Place(**state) if state else Place(names[0])
    pages = looks = 0
    while is_full or (pages < PAGES_PER_MINING and looks < _LOOKS_PER_MINING):
        items, following = _turn(tracker, place)
        missing = _missing(tracker, writer, items, place, following)
        for kind, number in missing:
            _look(tracker, writer, kind, number)
        missed = [item for item in items if _is_missed(writer, item)]
        read(missed)
        for item in items:
            if item not in missed:
                writer.mark_restored(RECORD_OF[item.kind], str(item.number))
        pages, looks, place = pages + 1, looks + len(missing), following
        if place.mark is None:
            rest = names[names.index(place.name) + 1 :]
            if not rest:
                return {}
            place = Place(rest[0])
    return vars(place)


def _is_missed(writer: TrackerWriter, item: Item) -> bool:
    known = writer.known.updated_at(item.kind, item.number)
    return known is None or known < item.updated_at


def _turn(tracker: Tracker, place: Place) -> tuple[list[Item], Place]:
    """Read the page at a place; the place after it has no mark where the list ends."""
    try:
        items, mark = tracker.listed(place.name, place.mark)
    except Refused:
        # Too deep: the next look begins anew, and what is beyond is found when it changes.
        return [], Place(place.name, None, _END_OF_TIME)
    newest = max((item.created_at for item in items), default=place.after)
    edge = [[item.kind, item.number] for item in items if item.created_at == newest]
    return items, Place(place.name, mark, newest, edge)


def _missing(
    tracker: Tracker, writer: TrackerWriter, items: list[Item], place: Place, following: Place
) -> list[tuple[str, int]]:
    """Name what is known of the time of a page, and is not on it."""
    listed = {(item.kind, item.number) for item in items} | {(k, n) for k, n in place.edge}
    last = following.after if following.mark is not None else _END_OF_TIME
    return [
        (kind, number)
        for kind in tracker.item_lists[place.name]
        for number in sorted(writer.known.made_between(kind, place.after, last))
        if (kind, number) not in listed and following.after != _END_OF_TIME
    ]


def _look(tracker: Tracker, writer: TrackerWriter, kind: str, number: int) -> None:
    try:
        looked = tracker.look(kind, number)
    except MalformedRecord:
        # It is there, whatever it says of itself.
        return
    if isinstance(looked, Gone):
        writer.mark_deleted(RECORD_OF[kind], str(number), looked)
