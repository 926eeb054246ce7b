"""
Rows of projects, issues and merge requests of GitLab.

Source:  docs.gitlab.com/api/projects, /api/issues, /api/merge_requests
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from miners.gitlab.accounts import account, assignees, label_names, login, logins
from miners.tracker.fields import (
    flag,
    identifier,
    instant,
    malformed,
    needed_instant,
    needed_number,
    needed_text,
    number,
    optional_identifier,
    part,
    payload,
    row,
    text,
)
from miners.tracker.protocol import CHANGE_REQUEST, ISSUE, RECORD_OF, Item, record_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from miners.tracker.address import TrackerSource
    from miners.tracker.fields import Raw, Row
    from miners.tracker.protocol import RecordRow

    Facts = dict[str, object]

# A merge request is locked while it is being merged, which may fail.
_STATES = {"opened": "open", "closed": "closed", "merged": "closed", "locked": "open"}


def tracker_row(source: TrackerSource, raw: Raw) -> Row:
    """Return the row of a project."""
    return row(
        "trackers",
        {
            "tracker_kind": source.host.kind,
            "tracker_id": identifier(raw),
            "path": needed_text(raw, "path_with_namespace"),
            "url": text(raw, "web_url"),
            "repository": source.repository,
            "default_branch": text(raw, "default_branch"),
            "visibility": text(raw, "visibility"),
            "is_archived": flag(raw, "archived"),
            "has_issues": flag(raw, "issues_enabled"),
            "created_at": instant(raw, "created_at"),
        },
    )


def item(kind: str, raw: Raw) -> Item:
    """Return the item of an entry of a list of issues or merge requests."""
    return Item(
        kind=kind,
        number=needed_number(raw, "iid"),
        updated_at=needed_instant(raw, "updated_at"),
        created_at=needed_instant(raw, "created_at"),
        stamp=needed_text(raw, "updated_at"),
        raw=raw,
        comment_count=number(raw, "user_notes_count"),
    )


def issue(raw: Raw, *, is_kept: bool) -> RecordRow:
    """Return the row of an issue."""

    def rest() -> Facts:
        duplicate_of = text(part(raw, "_links"), "closed_as_duplicate_of")
        return {
            "closed_at": instant(raw, "closed_at"),
            "closed_by_login": login(raw, "closed_by"),
            "state_reason": "duplicate" if duplicate_of else None,
            "issue_type": text(raw, "issue_type"),
            "parent": None,
            "is_confidential": flag(raw, "confidential"),
            "moved_to": optional_identifier(raw, "moved_to_id"),
            "payload": payload(raw, is_kept=is_kept),
        }

    return _item_row(ISSUE, raw, rest)


def change_request(raw: Raw, path: str, *, is_kept: bool) -> RecordRow:
    """Return the row of a merge request of the project of this path."""

    def rest() -> Facts:
        closed_at, merged_at = instant(raw, "closed_at"), instant(raw, "merged_at")
        is_draft, merged_by = flag(raw, "draft"), merger(raw)
        return {
            "closed_at": merged_at if closed_at is None else closed_at,
            "closed_by_login": login(raw, "closed_by") or merged_by,
            "is_draft": flag(raw, "work_in_progress") if is_draft is None else is_draft,
            "base_ref": text(raw, "target_branch"),
            "base_hash": text(part(raw, "diff_refs"), "base_sha"),
            "head_ref": text(raw, "source_branch"),
            "head_hash": text(raw, "sha"),
            "head_repository": _head_repository(raw, path),
            "requested_reviewers": logins(raw, "reviewers"),
            "ready_at": instant(raw, "prepared_at"),
            "merged_at": merged_at,
            "merged_by_login": merged_by,
            "merge_commit_hash": text(raw, "merge_commit_sha"),
            "squash_commit_hash": text(raw, "squash_commit_sha"),
            "native_state": text(raw, "state"),
            "payload": payload(raw, is_kept=is_kept),
        }

    return _item_row(CHANGE_REQUEST, raw, rest)


def merger(raw: Raw) -> str | None:
    """Return the login of who merged it; GitLab 14.7 replaced merged_by by merge_user."""
    return login(raw, "merge_user") or login(raw, "merged_by")


def _item_row(kind: str, raw: Raw, rest: Callable[[], Facts]) -> RecordRow:
    def facts() -> Facts:
        milestone = part(raw, "milestone")
        return {
            f"{kind}_number": needed_number(raw, "iid"),
            "item_id": identifier(raw),
            "url": text(raw, "web_url"),
            "title": needed_text(raw, "title"),
            "body": text(raw, "description"),
            **account(raw, "author", "author"),
            "assignees": assignees(raw),
            "labels": label_names(raw),
            "milestone_id": identifier(milestone) if milestone else None,
            "milestone_title": text(milestone, "title"),
            "state": _state(raw),
            "is_locked": flag(raw, "discussion_locked") or False,
            "comment_count": number(raw, "user_notes_count"),
            "created_at": needed_instant(raw, "created_at"),
            "updated_at": needed_instant(raw, "updated_at"),
            **rest(),
        }

    return record_row(RECORD_OF[kind], str(raw.get("iid")), facts, kind, raw.get("iid"))


def _state(raw: Raw) -> str:
    state = needed_text(raw, "state")
    if state not in _STATES:
        raise malformed(raw, f"state is {state!r}")
    return _STATES[state]


def _head_repository(raw: Raw, path: str) -> str | None:
    """Return the path of the source project, which GitLab states for this project only."""
    of = number(raw, "source_project_id")
    if of is None:
        return None
    return path if of == number(raw, "target_project_id") else str(of)
