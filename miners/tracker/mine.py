"""
Mine a tracker: poll the lists until nothing changes, then detect deletions.

The cursors of the lists are instants of the tracker. Every finished batch has a cursor, so that a
mining that was killed, limited or out of time resumes from its last batch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from miners import store
from miners.errors import SourceUnavailable
from miners.tracker.address import TRACKER_BRANCH
from miners.tracker.connect import open_tracker
from miners.tracker.deletions import check_deletions
from miners.tracker.fields import microseconds
from miners.tracker.pages import OVERLAP_SECONDS, newest_stamp, rewound
from miners.tracker.protocol import RECORD_OF, Deletion, Item, RecordRow
from miners.tracker.responses import Forbidden, NotFound, as_mining_errors
from miners.tracker.writer import TrackerWriter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from miners.plan import MiningPlan, Progress
    from miners.store import Receipt
    from miners.tracker.address import TrackerSource
    from miners.tracker.protocol import Description, Detail, Tracker

Page = TypeVar("Page")
# A tracker that changes in every round is read this many times.
_ROUNDS = 20
# Increase it when lists become other records: unchanged lists of older minings are read again.
_LISTS_VERSION = 2


def mine_tracker(
    source: TrackerSource, plan: MiningPlan, progress: Progress
) -> tuple[Receipt, ...]:
    """
    Mine what is new in one repository's tracker.

    Shape:   the receipts of its batches; none has files when nothing is new.
    Errors:  MiningError; every finished batch is kept.
    """
    progress("polling", 0, 0)
    with as_mining_errors(source.id):
        return _mine(source, plan, progress)


def _mine(source: TrackerSource, plan: MiningPlan, progress: Progress) -> tuple[Receipt, ...]:
    tracker = open_tracker(source, plan)
    description = tracker.describe()
    identity = identity_of(source, description)
    name = stored_name(plan, source.id, identity)
    before = store.latest(plan.store, name)
    cursor = store.cursor(plan.store, before) if before and not plan.is_full else {}
    is_current = cursor.get("lists_version") == _LISTS_VERSION
    tracker.api.cached_lists = cursor.get("lists", {}) if is_current else {}
    with TrackerWriter(name, plan) as writer:
        known = {"tracker": identity, TRACKER_BRANCH: description.default_branch}
        mining = _Mining(tracker, writer, cursor | known, progress)
        mining.read_all(description)
        mining.check_deletions(is_full=plan.is_full)
        return mining.finish()


def identity_of(source: TrackerSource, description: Description) -> list[str]:
    """Return what identifies a repository through renames: its API and its identifier there."""
    return [source.host.api, description.tracker_id]


def stored_name(plan: MiningPlan, source: str, identity: list[str]) -> str:
    """Return the name under which the repository is in the store, whatever it is called now."""

    def is_same(name: str) -> bool:
        latest = store.latest(plan.store, name)
        return latest is not None and identity == store.cursor(plan.store, latest).get("tracker")

    if is_same(source):
        return source
    stored = next((name for name in store.sources(plan.store) if is_same(name)), None)
    # Another repository may have taken the name of a deleted one.
    is_taken = store.latest(plan.store, source) is not None
    return stored or (f"{source}/{identity[-1]}" if is_taken else source)


class _Mining:
    """One mining in progress."""

    def __init__(
        self, tracker: Tracker, writer: TrackerWriter, cursor: dict[str, Any], progress: Progress
    ) -> None:
        self._tracker, self._writer, self._progress = tracker, writer, progress
        self._cursor: dict[str, Any] = {"marks": {}, "streams": {}, "sweep": {}} | cursor
        writer.stored.is_whole = self._cursor.get("is_whole", False)
        # Items read in this mining, with the listed update time.
        self._read: dict[tuple[str, int], int] = {}
        self._unsettled: set[tuple[int, str]] = set()
        # Lists that are not there while the repository is.
        self._absent: dict[str, NotFound | Forbidden] = {}
        self._has_listed = False

    def read_all(self, description: Description) -> None:
        """Read every list, round by round, until a round brings nothing new."""
        self._writer.add(RecordRow(record="trackers", key="", values=description.row))
        for _ in range(_ROUNDS):
            if not self._round():
                break
        self._require_lists(description.open_count)

    def _require_lists(self, open_count: int | None) -> None:
        """Raise if nothing at all was listed, or no item although the tracker counts open ones."""
        lists = {*self._tracker.item_lists, *self._tracker.streams}
        has_nothing = open_count and not self._has_listed and not self._cursor["marks"]
        if self._absent and (has_nothing or lists == self._absent.keys()):
            raise next(iter(self._absent.values()))
        if has_nothing:
            problem = f"it counts {open_count} open items and lists none"
            remedy = "Check what the token may read; the next run tries again"
            raise SourceUnavailable(self._tracker.api.guard.source, problem, remedy)

    def check_deletions(self, *, is_full: bool) -> None:
        """Check some or all stored items for deletion."""
        self._report("checking for deletions")
        state = {} if is_full else self._cursor["sweep"]
        names = [name for name in self._tracker.item_lists if name not in self._absent]
        self._cursor["sweep"] = check_deletions(
            self._tracker, self._writer, names, state, self._read_again, is_full=is_full
        )

    def finish(self) -> tuple[Receipt, ...]:
        api = self._tracker.api
        absent = {name: _reason(error) for name, error in self._absent.items()}
        self._cursor |= {"lists": api.read_lists, "is_whole": True, "absent": absent}
        self._cursor["lists_version"] = _LISTS_VERSION
        self._settle()
        return self._writer.finish(self._cursor)

    def _settle(self) -> None:
        """Move the cursors back to items that may have changed within their update time."""
        self._cursor["settled_before"] = self._settled_before()
        if not self._unsettled:
            return
        first, stamp = min(self._unsettled)
        cursors = self._cursor["marks"]
        cursors |= {name: stamp for name, cursor in cursors.items() if microseconds(cursor) > first}
        # A conditional request for an unchanged list would skip them.
        self._cursor |= {"settled_before": first, "lists": {}}

    def _settled_before(self) -> int:
        """Return the instant before which no item can change without a new update time."""
        now = self._tracker.api.guard.server_time
        return 0 if now is None else microseconds(now.isoformat()) - OVERLAP_SECONDS * 1_000_000

    def _round(self) -> bool:
        """Read every list once; return whether any brought something new."""
        changed: list[Item] = []
        is_changed = [self._read_items(n, changed) for n in self._tracker.item_lists]
        is_changed += [self._read_stream(name) for name in self._tracker.streams]
        is_changed += [self._recount(item) for item in changed]
        return any(is_changed)

    def _read_items(self, name: str, changed: list[Item]) -> bool:
        has_news = False
        cursors = self._cursor["marks"]
        for page in self._pages_of(name, self._tracker.items(name, rewound(cursors.get(name)))):
            items = [entry for entry in page if isinstance(entry, Item)]
            self._has_listed |= bool(page)
            has_news |= self._writer.add_all(
                entry for entry in page if isinstance(entry, RecordRow)
            )
            due = [item for item in items if self._is_due(item)]
            changed += due
            has_news |= self.read_details(due)
            now = self._tracker.api.guard.server_time
            if newest := newest_stamp([item.raw for item in items], now=now):
                cursors[name] = newest
            self._writer.checkpoint(self._cursor)
        return has_news

    def _is_due(self, item: Item) -> bool:
        """Return whether an item has to be read: it is new, has changed, or may yet change."""
        read = self._read.get((item.kind, item.number))
        if read is not None:
            return item.updated_at > read
        stored = self._writer.stored.updated_at(item.kind, item.number)
        is_settled = item.updated_at < self._cursor.get("settled_before", 0)
        return stored is None or item.updated_at > stored or not is_settled

    def read_details(self, items: list[Item]) -> bool:
        """Read all details of items; return whether any of them was new."""
        has_news = False
        for item, detail in self._tracker.details(items, self._writer.stored):
            self._read[item.kind, item.number] = item.updated_at
            if 0 < self._settled_before() <= item.updated_at:
                self._unsettled.add((item.updated_at, item.stamp))
            has_news |= self._write(item, detail)
            self._report("reading")
        return has_news

    def _read_again(self, items: list[Item]) -> None:
        self.read_details(items)
        for item in items:
            self._recount(item)

    def _write(self, item: Item, detail: Detail | Deletion) -> bool:
        if isinstance(detail, Deletion):
            return self._writer.mark_deleted(RECORD_OF[item.kind], str(item.number), detail)
        self._writer.stored.mark_read(item)
        return self._writer.add_detail(item.kind, item.number, detail)

    def _read_stream(self, name: str) -> bool:
        has_news = False
        streams = self._cursor["streams"]
        pages = self._tracker.stream(name, streams.get(name), self._writer.stored)
        for rows, cursor in self._pages_of(name, pages):
            has_news |= self._writer.add_all(rows)
            streams[name] = cursor
            self._report(name.replace("_", " "))
            self._writer.checkpoint(self._cursor)
        return has_news

    def _pages_of(self, name: str, pages: Iterator[Page]) -> Iterator[Page]:
        """
        Yield the pages of a list; a list that is not there has none.

        What was mined of it before is kept. Errors of single items are not caught here.
        """
        if name in self._absent:
            return
        try:
            yield from pages
        except (NotFound, Forbidden) as error:
            self._absent[name] = error

    def _recount(self, item: Item) -> bool:
        stored = self._writer.stored.members(item.kind, item.number, "comments")
        detail = self._tracker.recount(item, stored)
        return detail is not None and self._writer.add_detail(item.kind, item.number, detail)

    def _report(self, stage: str) -> None:
        left = self._tracker.api.guard.limits.left
        shown_stage = stage if left is None else f"{stage} ({left:,} requests left)"
        self._progress(shown_stage, len(self._read), 0)


def _reason(error: NotFound | Forbidden) -> str:
    return error.problem if isinstance(error, Forbidden) else str(error)
