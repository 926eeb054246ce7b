"""
Rows of reviews and commits of merge requests of GitLab.

Source:  docs.gitlab.com/api/merge_request_approvals, /api/merge_requests#commits
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from miners.errors import MalformedRecord
from miners.gitlab.accounts import account
from miners.gitlab.notes import APPROVED, CHANGES_REQUESTED, UNAPPROVED, approval_notes
from miners.tracker.fields import (
    GHOST,
    encodable,
    instant,
    needed_text,
    parts,
    payload,
    text,
)
from miners.tracker.protocol import CHANGE_REQUEST, record_row, reject

if TYPE_CHECKING:
    from collections.abc import Callable

    from miners.gitlab.events import Owner
    from miners.tracker.fields import Raw
    from miners.tracker.protocol import RecordRow

    Facts = dict[str, object]


def reviews(approvals: Raw | None, notes: list[Raw], owner: Owner) -> list[RecordRow]:
    """
    Return the rows of all verdicts: current and withdrawn approvals, and requested changes.

    If the server states no approvals, the notes state which are current. An approval that was
    withdrawn, or reset by a push, and given again is a review of its own.
    """
    approval_by: dict[str, Raw] = {}
    current: dict[str, Raw] = {}
    requests: list[Raw] = []
    earlier: list[Raw] = []
    for kind, note in approval_notes(notes):
        who = _login(note, "author")
        if kind == CHANGES_REQUESTED:
            requests.append(note)
        elif kind == APPROVED:
            earlier += [approval_by[who]] if who in approval_by else []
            approval_by[who] = current[who] = note
        elif kind == UNAPPROVED:
            current.pop(who, None)
    try:
        list_page = None if approvals is None else parts(approvals, "approved_by")
    except MalformedRecord as error:
        return [reject("reviews", str(owner.number), error)]
    if list_page is not None:
        current = {_login(approval, "user"): approval for approval in list_page}
    return [
        *(_approval(who, raw, approval_by.get(who), owner) for who, raw in current.items()),
        *(_withdrawn(who, raw, owner) for who, raw in approval_by.items() if who not in current),
        *(_of_note(raw, owner, "changes_requested") for raw in requests),
        *(_of_note(raw, owner, "dismissed") for raw in earlier),
    ]


def commit(raw: Raw, position: int, owner: Owner) -> RecordRow:
    """Return the row of a commit of a merge request."""
    return record_row(
        "change_request_commits",
        f"{owner.number}/{raw.get('id')}",
        lambda: {
            "change_request_number": owner.number,
            "commit_hash": needed_text(raw, "id"),
            "position": position,
            "author_name": text(raw, "author_name"),
            "author_email": text(raw, "author_email"),
            "authored_at": instant(raw, "authored_date"),
            "committed_at": instant(raw, "committed_date"),
        },
        CHANGE_REQUEST,
        owner.number,
    )


def _approval(who: str, raw: Raw, note: Raw | None, owner: Owner) -> RecordRow:
    """Return the row of a current approval; before GitLab 17 only a note states its time."""
    is_note = "user" not in raw and "author" in raw

    def facts() -> Facts:
        given_at = instant(raw, "created_at" if is_note else "approved_at")
        if given_at is None and note is not None:
            given_at = instant(note, "created_at")
        return {
            **account(raw, "author" if is_note else "user", "reviewer"),
            "verdict": "approved",
            "submitted_at": given_at,
        }

    return _review(f"approval:{who}", raw, owner, facts)


def _withdrawn(who: str, note: Raw, owner: Owner) -> RecordRow:
    return _review(f"approval:{who}", note, owner, lambda: _facts_of_note(note, "dismissed"))


def _of_note(note: Raw, owner: Owner, verdict: str) -> RecordRow:
    return _review(f"note:{note.get('id')}", note, owner, lambda: _facts_of_note(note, verdict))


def _facts_of_note(note: Raw, verdict: str) -> Facts:
    return {
        **account(note, "author", "reviewer"),
        "verdict": verdict,
        "submitted_at": instant(note, "created_at"),
    }


def _review(review_id: str, raw: Raw, owner: Owner, facts: Callable[[], Facts]) -> RecordRow:
    return record_row(
        "reviews",
        f"{owner.number}/{review_id}",
        lambda: {
            "change_request_number": owner.number,
            "review_id": encodable(review_id),
            **facts(),
            "commit_hash": None,
            "payload": payload(raw, is_kept=owner.is_kept),
        },
        CHANGE_REQUEST,
        owner.number,
    )


def _login(raw: Raw, name: str) -> str:
    """Return the login for a key; an account that is none is rejected with its row."""
    user = raw.get(name)
    username = user.get("username") if isinstance(user, dict) else None
    return username if isinstance(username, str) else GHOST
