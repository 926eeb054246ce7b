"""Lists of a GitHub repository whose newest entries come first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from miners.errors import MalformedRecord
from miners.github.pages import fetch_from, get_object, noting_unchanged
from miners.tracker.deletions import removals
from miners.tracker.fields import key_of, microseconds, text
from miners.tracker.pages import OVERLAP_SECONDS, walk
from miners.tracker.protocol import Deletion, tombstone
from miners.tracker.responses import REMOVED, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from miners.tracker.fields import Raw
    from miners.tracker.http import RestApi
    from miners.tracker.protocol import Cursor, RecordRow, StoredRows

    # Reads an entry: its row, and whether it has ended.
    Read = Callable[[Raw], tuple[RecordRow, bool]]

# No identifier is as large; one that is would hide all later ones.
_BEYOND = 1 << 63


def newest_first(
    api: RestApi,
    path: str,
    within: str | None,
    record: str,
    *,
    cursor: Any,
    stored: StoredRows,
    read: Read,
) -> Iterator[tuple[list[RecordRow], Cursor]]:
    """
    Read a list down to unchanged entries once it was read to its end; poll again what runs.

    Shape:   pages of rows with the next cursor. Only a list that is read to its end shows which
             stored entries are no longer in it; these are marked as deleted.
    """
    state = {"running": [], "is_whole": False} | (cursor or {})
    entries = _Entries(api, record, stored, read, state["running"])
    for number in entries.running_numbers():
        yield entries.poll(path, number), state | {"running": entries.running_numbers()}
    are_unchanged, listed = set[bool](), set[str]()
    fetch = noting_unchanged(fetch_from(api, path, within), are_unchanged)
    for page in walk(fetch, key_of, entries.is_stored if state["is_whole"] else None):
        listed |= set(map(key_of, page))
        yield entries.fresh(page), state | {"running": entries.running_numbers()}
    is_seen = not state["is_whole"] and are_unchanged == {False}
    removed = removals(record, stored, listed) if is_seen else []
    yield removed, {"running": entries.running_numbers(), "is_whole": True}


def entry_id(raw: Raw) -> int:
    """Return the identifier of an entry; 0 where it is none."""
    value = raw.get("id")
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < _BEYOND:
        return value
    return 0


class _Entries:
    """The entries of one list: which are stored as listed, and which may still change."""

    def __init__(
        self, api: RestApi, record: str, stored: StoredRows, read: Read, running: Iterable[int]
    ) -> None:
        self._api, self._record, self._stored, self._read = api, record, stored, read
        self._running, self._fresh = set(running), set[int]()

    def running_numbers(self) -> list[int]:
        return sorted(self._running)

    def poll(self, path: str, number: int) -> list[RecordRow]:
        """Read an entry again, or mark it as deleted."""
        try:
            return self._rows([get_object(self._api, f"{path}/{number}")])
        except NotFound:
            self._running.discard(number)
            return [tombstone(self._record, str(number), Deletion(REMOVED))]

    def fresh(self, page: list[Raw]) -> list[RecordRow]:
        """Read the entries of a page that are new or changed."""
        fresh = [raw for raw in page if not self.is_stored(raw)]
        # An entry that was listed in this pass does not end it.
        self._fresh.update(map(entry_id, fresh))
        return self._rows(fresh)

    def is_stored(self, raw: Raw) -> bool:
        """Return whether an entry was stored before, with this update time."""
        key = str(raw.get("id"))
        if entry_id(raw) in self._fresh or not self._stored.has(self._record, key):
            return False
        updated_at = _updated_at(raw)
        # One without a time that can be read is kept as it is.
        return updated_at is None or updated_at <= (self._stored.stamp(self._record, key) or 0)

    def _rows(self, entries: list[Raw]) -> list[RecordRow]:
        rows = []
        for raw in entries:
            row, is_over = self._read(raw)
            is_settled = is_over and _is_settled(self._api, raw)
            if number := entry_id(raw):  # nothing without a number can be polled
                (self._running.discard if is_settled else self._running.add)(number)
            rows.append(row)
        return rows


def _updated_at(raw: Raw) -> int | None:
    try:
        return microseconds(text(raw, "updated_at") or "")
    except (MalformedRecord, ValueError):
        return None


def _is_settled(api: RestApi, raw: Raw) -> bool:
    """Return whether an entry cannot change any more within its update time."""
    now, updated_at = api.guard.server_time, _updated_at(raw)
    if now is None or updated_at is None:
        return True
    return updated_at < microseconds(now.isoformat()) - OVERLAP_SECONDS * 1_000_000
