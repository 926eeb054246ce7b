"""
Rows of repositories, issues and pull requests of GitHub.

Source:  docs.github.com/rest/issues, /rest/pulls, /rest/issues/timeline
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from miners.github.accounts import account
from miners.tracker.fields import (
    flag,
    identifier,
    instant,
    key_of,
    malformed,
    names,
    needed_instant,
    needed_number,
    needed_text,
    number,
    part,
    parts,
    payload,
    row,
    text,
)
from miners.tracker.protocol import CHANGE_REQUEST, ISSUE, RECORD_OF, Item, RecordRow, record_row

if TYPE_CHECKING:
    from miners.tracker.address import TrackerSource
    from miners.tracker.fields import Raw, Row


def tracker_row(source: TrackerSource, raw: Raw) -> Row:
    """Return the row of a repository."""
    return row(
        "trackers",
        {
            "tracker_kind": source.host.kind,
            "tracker_id": identifier(raw),
            "path": needed_text(raw, "full_name"),
            "url": text(raw, "html_url"),
            "repository": source.repository,
            "default_branch": text(raw, "default_branch"),
            "visibility": text(raw, "visibility"),
            "is_archived": flag(raw, "archived"),
            "has_issues": flag(raw, "has_issues"),
            "created_at": instant(raw, "created_at"),
        },
    )


def kind_of(raw: Raw) -> str:
    """Return whether an entry of the list of issues is an issue or a pull request."""
    return CHANGE_REQUEST if raw.get("pull_request") else ISSUE


def item(raw: Raw) -> Item:
    """Return the item of an entry of the list of issues."""
    return Item(
        kind=kind_of(raw),
        number=needed_number(raw, "number"),
        updated_at=needed_instant(raw, "updated_at"),
        created_at=needed_instant(raw, "created_at"),
        stamp=needed_text(raw, "updated_at"),
        raw=raw,
        comment_count=number(raw, "comments"),
    )


def issue(raw: Raw, *, is_kept: bool) -> RecordRow:
    """Return the row of an issue."""
    return _item_row(
        ISSUE,
        raw,
        lambda: {
            "state_reason": text(raw, "state_reason"),
            "issue_type": text(part(raw, "type"), "name"),
            "parent": text(raw, "parent_issue_url"),
            "is_confidential": False,
            "moved_to": None,
            "payload": payload(raw, is_kept=is_kept),
        },
    )


def change_request(raw: Raw, stub: Raw, merging: Raw, *, is_kept: bool) -> RecordRow:
    """
    Return the row of a pull request.

    Only its entry among the issues counts the comments. Its merge event states who merged it, which
    lists of pull requests do not.
    """

    def rest() -> dict[str, Any]:
        base, head = part(raw, "base"), part(raw, "head")
        return {
            "is_draft": flag(raw, "draft"),
            "base_ref": text(base, "ref"),
            "base_hash": text(base, "sha"),
            "head_ref": text(head, "ref"),
            "head_hash": text(head, "sha"),
            "head_repository": text(part(head, "repo"), "full_name"),
            "requested_reviewers": names(
                text(u, "login") for u in parts(raw, "requested_reviewers")
            ),
            "ready_at": None,
            "merged_at": instant(raw, "merged_at"),
            "merged_by_login": text(part(merging, "actor"), "login"),
            "merge_commit_hash": text(raw, "merge_commit_sha"),
            "squash_commit_hash": None,
            "native_state": text(raw, "state"),
            "payload": payload(raw, is_kept=is_kept),
        }

    from_stub = {"comments": stub.get("comments"), "closed_by": stub.get("closed_by")}
    return _item_row(CHANGE_REQUEST, raw | from_stub, rest)


def _item_row(kind: str, raw: Raw, rest: Any) -> RecordRow:
    key = key_of(raw, "number")

    def facts() -> dict[str, Any]:
        milestone, closed_by = part(raw, "milestone"), part(raw, "closed_by")
        return {
            f"{kind}_number": needed_number(raw, "number"),
            "item_id": identifier(raw),
            "url": text(raw, "html_url"),
            "title": needed_text(raw, "title"),
            "body": text(raw, "body"),
            **account(raw, "user", "author"),
            "assignees": names(text(user, "login") for user in parts(raw, "assignees")),
            "labels": names(text(label, "name") for label in parts(raw, "labels")),
            "milestone_id": identifier(milestone) if milestone else None,
            "milestone_title": text(milestone, "title"),
            "state": _state(raw),
            "is_locked": flag(raw, "locked"),
            "comment_count": number(raw, "comments"),
            "created_at": needed_instant(raw, "created_at"),
            "updated_at": needed_instant(raw, "updated_at"),
            "closed_at": instant(raw, "closed_at"),
            "closed_by_login": text(closed_by, "login"),
            **rest(),
        }

    return record_row(RECORD_OF[kind], key, facts, kind, raw.get("number"))


def _state(raw: Raw) -> str:
    state = needed_text(raw, "state")
    if state not in {"open", "closed"}:
        raise malformed(raw, f"state is {state!r}")
    return state
