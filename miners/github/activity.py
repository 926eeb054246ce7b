"""
Rows of events, reviews, commits and comments of GitHub.

Source:  docs.github.com/rest/issues/events, /rest/issues/timeline, /rest/pulls/reviews
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from miners.github.accounts import account
from miners.tracker.fields import (
    encodable,
    identifier,
    instant,
    key_of,
    malformed,
    needed_instant,
    needed_number,
    needed_text,
    number,
    part,
    payload,
    text,
)
from miners.tracker.protocol import CHANGE_REQUEST, ISSUE, RecordRow, record_row

if TYPE_CHECKING:
    from miners.tracker.fields import Raw

# GitHub's name and Quarry's. Subscriptions and mentions are no work.
EVENT_KINDS = {
    "assigned": "assigned",
    "automatic_base_change_succeeded": "base_changed",
    "base_ref_changed": "base_changed",
    "closed": "closed",
    "convert_to_draft": "draft",
    "converted_to_discussion": "converted",
    "cross-referenced": "referenced",
    "demilestoned": "demilestoned",
    "head_ref_deleted": "head_deleted",
    "head_ref_force_pushed": "force_pushed",
    "head_ref_restored": "head_restored",
    "labeled": "labeled",
    "locked": "locked",
    "marked_as_duplicate": "duplicate",
    "merged": "merged",
    "milestoned": "milestoned",
    "pinned": "pinned",
    "ready_for_review": "ready",
    "referenced": "referenced",
    "renamed": "renamed",
    "reopened": "reopened",
    "review_dismissed": "review_dismissed",
    "review_request_removed": "review_request_removed",
    "review_requested": "review_requested",
    "transferred": "transferred_in",
    "unassigned": "unassigned",
    "unlabeled": "unlabeled",
    "unlocked": "unlocked",
    "unpinned": "unpinned",
}
_SILENT = frozenset({"mentioned", "subscribed", "unsubscribed"})
# These are in other lists, or become other records.
_OTHERWISE = frozenset({"commented", "committed", "reviewed", "line-commented"})
_VERDICTS = frozenset({"approved", "changes_requested", "commented", "dismissed", "pending"})


def event(raw: Raw, kind: str, of: int, *, is_kept: bool) -> RecordRow | None:
    """Return the row of an event; None for one that is no work or is in another list."""
    native = str(raw.get("event"))
    if native in _SILENT | _OTHERWISE:
        return None
    identity = raw.get("id") or f"{native}:{_source_id(raw)}:{raw.get('created_at')}"
    event_id = encodable(str(identity))

    def facts() -> dict[str, Any]:
        rename = part(raw, "rename")
        subject = part(raw, "assignee") or part(raw, "requested_reviewer")
        return {
            "item_kind": kind,
            "item_number": of,
            "event_id": event_id,
            "event_kind": _event_kind(raw),
            "native_kind": needed_text(raw, "event"),
            **account(raw, "actor", "actor"),
            "happened_at": needed_instant(raw, "created_at"),
            "label": text(part(raw, "label"), "name"),
            "milestone_title": text(part(raw, "milestone"), "title"),
            "subject_login": text(subject, "login"),
            "old_value": text(rename, "from"),
            "new_value": text(rename, "to"),
            "commit_hash": text(raw, "commit_id"),
            "closing_item_id": None,
            "state_reason": text(raw, "state_reason"),
            # The list of a repository's events repeats the whole issue in each.
            "payload": payload({k: raw[k] for k in raw if k != "issue"}, is_kept=is_kept),
        }

    return record_row("item_events", f"{kind}/{of}/{event_id}", facts, kind, of)


def _event_kind(raw: Raw) -> str:
    kind = EVENT_KINDS.get(needed_text(raw, "event"), "other")
    owner, mentioning = _owner(raw.get("url")), _owner(raw.get("commit_url"))
    is_elsewhere = bool(owner and mentioning and owner != mentioning)
    return "referenced_elsewhere" if kind == "referenced" and is_elsewhere else kind


def _owner(url: object) -> str | None:
    """Return the owner of the repository that an address of the API is in."""
    found = re.search(r"/repos/([^/]+)/", url) if isinstance(url, str) else None
    return found[1].casefold() if found else None


def _source_id(raw: Raw) -> str:
    source = raw.get("source")
    issue = source.get("issue") if isinstance(source, dict) else None
    return str(issue.get("id", "")) if isinstance(issue, dict) else ""


def review(raw: Raw, of: int, *, is_kept: bool) -> RecordRow:
    """Return the row of a review."""
    return record_row(
        "reviews",
        f"{of}/{key_of(raw)}",
        lambda: {
            "change_request_number": of,
            "review_id": identifier(raw),
            **account(raw, "user", "reviewer"),
            "verdict": _verdict(raw),
            "submitted_at": instant(raw, "submitted_at"),
            "commit_hash": text(raw, "commit_id"),
            "payload": payload(raw, is_kept=is_kept),
        },
        CHANGE_REQUEST,
        of,
    )


def _verdict(raw: Raw) -> str:
    """Return the state of a review, which lists write in capitals and timelines do not."""
    state = needed_text(raw, "state").lower()
    return state if state in _VERDICTS else "commented"


def commit(raw: Raw, of: int, position: int) -> RecordRow:
    """Return the row of a commit of a pull request."""

    def facts() -> dict[str, Any]:
        author, committer = part(raw, "author"), part(raw, "committer")
        return {
            "change_request_number": of,
            "commit_hash": needed_text(raw, "sha"),
            "position": position,
            "author_name": text(author, "name"),
            "author_email": text(author, "email"),
            "authored_at": instant(author, "date"),
            "committed_at": instant(committer, "date"),
        }

    key = f"{of}/{key_of(raw, 'sha')}"
    return record_row("change_request_commits", key, facts, CHANGE_REQUEST, of)


def comment(raw: Raw, comment_kind: str, *, is_kept: bool) -> RecordRow:
    """Return the row of a comment, on an item or on a line of its change."""
    is_on_line = comment_kind == "review_comment"
    page = str(raw.get("html_url"))
    kind = CHANGE_REQUEST if is_on_line or "/pull/" in page else ISSUE
    where = str(raw.get("pull_request_url" if is_on_line else "issue_url"))
    of = where.rpartition("/")[2]
    return record_row(
        "comments",
        f"{comment_kind}/{key_of(raw)}",
        lambda: {
            "comment_kind": comment_kind,
            "comment_id": identifier(raw),
            "item_kind": kind,
            "item_number": _number_at_end(raw, of),
            **account(raw, "user", "author"),
            "created_at": needed_instant(raw, "created_at"),
            "updated_at": needed_instant(raw, "updated_at"),
            "review_id": _text_of(number(raw, "pull_request_review_id")),
            "payload": payload(raw, is_kept=is_kept),
        },
        kind,
        int(of) if of.isdecimal() else None,
    )


def _text_of(value: int | None) -> str | None:
    return None if value is None else str(value)


def _number_at_end(raw: Raw, of: str) -> int:
    if not of.isdecimal():
        raise malformed(raw, "its item is not stated")
    return needed_number(raw | {"number": int(of)}, "number")
