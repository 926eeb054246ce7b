"""
Rows of events of issues and merge requests of GitLab.

Source:  docs.gitlab.com/api/resource_state_events, /api/resource_label_events,
         /api/resource_milestone_events
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from miners.gitlab.accounts import account
from miners.records.tracker import ITEM_EVENTS
from miners.tracker.fields import (
    encodable,
    identifier,
    instant,
    malformed,
    needed_instant,
    needed_text,
    part,
    payload,
    text,
)
from miners.tracker.protocol import CHANGE_REQUEST, ISSUE, record_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from miners.tracker.fields import Raw
    from miners.tracker.protocol import Item, RecordRow

    Facts = dict[str, object]

# GitLab 13.2 wrote reopened as opened; locked is a state during a merge.
_STATE_KINDS = {
    "closed": "closed",
    "merged": "merged",
    "opened": "reopened",
    "reopened": "reopened",
}
_LABEL_KINDS = {"add": "labeled", "remove": "unlabeled"}
_MILESTONE_KINDS = {"add": "milestoned", "remove": "demilestoned"}
_EVENT_KIND = [field.name for field in ITEM_EVENTS.fields].index("event_kind")
_UNSTATED: Facts = {
    "label": None,
    "milestone_title": None,
    "subject_login": None,
    "old_value": None,
    "new_value": None,
    "commit_hash": None,
    "closing_item_id": None,
    "state_reason": None,
}


@dataclass(frozen=True)
class Owner:
    """The issue or merge request that a row belongs to."""

    kind: str
    number: int
    is_kept: bool


def event(owner: Owner, event_id: str, raw: Raw, facts: Callable[[], Facts]) -> RecordRow:
    """Return the row of an event from its payload and its values."""
    return record_row(
        "item_events",
        f"{owner.kind}/{owner.number}/{event_id}",
        lambda: {
            "item_kind": owner.kind,
            "item_number": owner.number,
            "event_id": encodable(event_id),
            **_UNSTATED,
            **facts(),
            "payload": payload(raw, is_kept=owner.is_kept),
        },
        owner.kind,
        owner.number,
    )


def state_event(raw: Raw, owner: Owner) -> RecordRow:
    """Return the row of a closing, reopening or merging."""

    def facts() -> Facts:
        native, closing = needed_text(raw, "state"), "source_merge_request_id"
        return {
            "event_kind": _STATE_KINDS.get(native, "other"),
            "native_kind": native,
            **_who_and_when(raw),
            "commit_hash": text(raw, "source_commit"),
            "closing_item_id": None if raw.get(closing) is None else identifier(raw, closing),
        }

    return event(owner, f"state:{raw.get('id')}", raw, facts)


def label_event(raw: Raw, owner: Owner) -> RecordRow:
    """Return the row of a label added or removed; a label deleted since has no name."""

    def facts() -> Facts:
        return {
            **_action(raw, _LABEL_KINDS, "label"),
            **_who_and_when(raw),
            "label": text(part(raw, "label"), "name"),
        }

    return event(owner, f"label:{raw.get('id')}", raw, facts)


def milestone_event(raw: Raw, owner: Owner) -> RecordRow:
    """Return the row of a milestone set or removed."""

    def facts() -> Facts:
        return {
            **_action(raw, _MILESTONE_KINDS, "milestone"),
            **_who_and_when(raw),
            "milestone_title": text(part(raw, "milestone"), "title"),
        }

    return event(owner, f"milestone:{raw.get('id')}", raw, facts)


def events_of_fields(item: Item, events: list[RecordRow], owner: Owner) -> list[RecordRow]:
    """Return the events that only an item's fields state: a merge, a move."""
    raw, kinds = (
        item.raw,
        {rows.values[_EVENT_KIND] for rows in events if rows.record == "item_events"},
    )
    if item.kind == CHANGE_REQUEST and raw.get("merged_at") and "merged" not in kinds:
        return [event(owner, "field:merged", {}, lambda: _merging(raw))]
    is_moved = item.kind == ISSUE and raw.get("moved_to_id") is not None
    if is_moved and "transferred_out" not in kinds:
        return [event(owner, "field:moved", {}, lambda: _move(raw))]
    return []


def _merging(raw: Raw) -> Facts:
    merger = "merge_user" if raw.get("merge_user") else "merged_by"
    return {
        "event_kind": "merged",
        "native_kind": "merged_at",
        **account(raw, merger, "actor"),
        "happened_at": needed_instant(raw, "merged_at"),
        "commit_hash": text(raw, "merge_commit_sha") or text(raw, "squash_commit_sha"),
    }


def _move(raw: Raw) -> Facts:
    closed_at = instant(raw, "closed_at")
    return {
        "event_kind": "transferred_out",
        "native_kind": "moved_to_id",
        **account(raw, "closed_by", "actor"),
        "happened_at": needed_instant(raw, "updated_at") if closed_at is None else closed_at,
        "new_value": identifier(raw, "moved_to_id"),
    }


def _who_and_when(raw: Raw) -> Facts:
    identifier(raw)
    return {**account(raw, "user", "actor"), "happened_at": needed_instant(raw, "created_at")}


def _action(raw: Raw, kinds: dict[str, str], of: str) -> Facts:
    action = needed_text(raw, "action")
    if action not in kinds:
        raise malformed(raw, f"action is {action!r}")
    return {"event_kind": kinds[action], "native_kind": f"{of} {action}"}
