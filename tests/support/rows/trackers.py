"""Trackers as literal rows, written like a miner's."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

from miners.batch import BatchWriter
from miners.records import INSTANT, RECORDS
from tests.support.rows.row_histories import instant, micros

JAN, FEB, MAR = "2024-01-10T00:00", "2024-02-10T00:00", "2024-03-10T00:00"
APR, MAY, JUN = "2024-04-10T00:00", "2024-05-10T00:00", "2024-06-10T00:00"
REPOSITORY = "github.com/o/r"
TRACKER = f"{REPOSITORY}#tracker"
OPENED = JAN
# What a row says where a test has nothing to say about it.
DEFAULTS = {
    "trackers": {
        "tracker_kind": "github",
        "tracker_id": "1",
        "default_branch": "main",
        "is_archived": False,
        "has_issues": True,
    },
    "issues": {"author_login": "ann", "author_kind": "person", "state": "open"},
    "change_requests": {
        "author_login": "ann",
        "author_kind": "person",
        "state": "open",
        "is_draft": False,
        "base_ref": "main",
    },
    "item_events": {"item_kind": "issue", "actor_login": "ann", "actor_kind": "person"},
    "comments": {"comment_kind": "comment", "item_kind": "issue", "author_kind": "person"},
    "reviews": {"reviewer_kind": "person", "verdict": "commented"},
}
ITEM = {
    "title": "It",
    "assignees": [],
    "labels": [],
    "is_locked": False,
    "comment_count": 0,
    "created_at": OPENED,
}


@dataclass
class TrackerRows:
    """What one look at one tracker found; items are named by their numbers."""

    source: str = TRACKER
    looked_at: datetime = datetime(2024, 8, 1, tzinfo=UTC)
    rows: dict = field(default_factory=dict)
    event_count: int = 0

    def add(self, record, /, **facts):
        own = self._place() if record == "trackers" else {}
        known = {**DEFAULTS.get(record, {}), **own, **facts}
        fields = RECORDS[record].fields
        assert known.keys() <= {f.name for f in fields}, known
        row = tuple(_value(f, known.get(f.name)) for f in fields)
        self.rows.setdefault(record, []).append(row)

    def issue(self, number, *events, **facts):
        """Add an issue and its events, each (kind, when) or (kind, when, {more})."""
        self._item("issues", "issue", {"issue_number": number}, number, events, facts)

    def change_request(self, number, *events, **facts):
        key = {"change_request_number": number}
        self._item("change_requests", "change_request", key, number, events, facts)

    def event(self, number, kind, at, item_kind="issue", **facts):
        self.event_count += 1
        known = {"event_id": str(self.event_count), "native_kind": kind, **facts}
        self.add(
            "item_events",
            item_kind=item_kind,
            item_number=number,
            event_kind=kind,
            happened_at=at,
            **known,
        )

    def comment(self, number, login, at, **facts):
        known = {"comment_id": f"c{len(self.rows.get('comments', []))}", "created_at": at, **facts}
        self.add("comments", item_number=number, author_login=login, **known)

    def review(self, number, login, at, verdict="commented", **facts):
        known = {"review_id": f"r{len(self.rows.get('reviews', []))}", "submitted_at": at, **facts}
        self.add(
            "reviews",
            change_request_number=number,
            reviewer_login=login,
            verdict=verdict,
            **known,
        )

    def commit(self, number, name, at, position=1, **facts):
        known = {"author_name": "Ann", "author_email": "ann@example.org", "committed_at": at}
        self.add(
            "change_request_commits",
            change_request_number=number,
            commit_hash=name,
            position=position,
            authored_at=at,
            **{**known, **facts},
        )

    def deleted(self, record, key, fate="deleted", *, is_gone=True):
        self.add("tombstones", record=record, record_key=key, is_gone=is_gone, fate=fate)

    def write(self, store, *, is_partial=False):
        with BatchWriter(store, self.source, "run", self.looked_at) as batch:
            for record, rows in self.rows.items():
                batch.add(record, rows)
            return batch.finish({}, is_partial=is_partial)

    def found(self, store, **facts):
        """Write everything with the tracker itself, as a first look does."""
        self.add("trackers", **facts)
        return self.write(store)

    def _place(self):
        repository = self.source.removesuffix("#tracker")
        path = repository.partition("/")[2]
        return {"path": path, "url": f"https://{repository}", "repository": repository}

    def _item(self, record, item_kind, key, number, events, facts):
        known = {**ITEM, "item_id": f"{item_kind}-{number}", **facts}
        known.setdefault("updated_at", _last_change(known, events))
        self.add(record, **key, **known)
        for kind, at, *more in events:
            self.event(number, kind, at, item_kind, **(more[0] if more else {}))


def look(day):
    """Name the instant of a look on a day such as 2024-08-01."""
    return instant(day)


def _last_change(facts, events):
    """Guess when the tracker changed an item last: with the last thing that happened to it."""
    own = [facts.get(name) for name in ("created_at", "closed_at", "merged_at")]
    return max(at for at in [*own, *(at for _, at, *_ in events)] if at)


def _value(column, value):
    if isinstance(value, list):
        return json.dumps(value)
    return micros(value) if column.type == INSTANT else value
