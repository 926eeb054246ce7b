"""
Rows of comments, and of events that only system notes state.

A system note is the only trace of an assignment, a new title, a draft marked as ready and more; of
closings too if they are older than GitLab 13.2. Its words depend on the release.

Source:  gitlab.com/gitlab-org/gitlab, app/services/system_notes
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from miners.gitlab.accounts import account
from miners.gitlab.events import event
from miners.tracker.fields import flag, identifier, needed_instant, payload, text
from miners.tracker.protocol import record_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from miners.gitlab.events import Owner
    from miners.tracker.fields import Raw
    from miners.tracker.protocol import RecordRow

    Facts = dict[str, object]

APPROVED, UNAPPROVED, CHANGES_REQUESTED = "approved", "unapproved", "requested changes"
_HASH = r"[0-9a-f]{40}(?:[0-9a-f]{24})?"
_BY = rf"(?: (?:via|by) (?:commit (?:\S*@)?(?P<commit>{_HASH})|(?:[a-z ]+ )?(?P<new>\S+)))?"
_NOT_READY = r"(?:this merge request )?as (?:a )?\*\*(?:draft|work in progress)\*\*"
_RETARGETED = r"deleted the `(?P<old>.*)` branch\. .* now targets the `(?P<new>.*)` branch"
# Words, kind of event and kind of note; the named groups are its values.
_RULES = (
    (rf"(?:status changed to )?closed{_BY}", "closed", "closed"),
    (rf"(?:status changed to )?reopened{_BY}", "reopened", "reopened"),
    (rf"(?:status changed to )?merged{_BY}", "merged", "merged"),
    (r"changed title from \*\*(?P<old>.*)\*\* to \*\*(?P<new>.*)\*\*", "renamed", "title"),
    (rf"marked {_NOT_READY}(?: from .*)?", "draft", "draft"),
    (rf"unmarked {_NOT_READY}|marked this merge request as \*\*ready\*\*", "ready", "ready"),
    (rf"added \d+ (?:new )?commits?\b(?:.*start_sha=(?P<old>{_HASH}))?.*", "other", "commits"),
    (r"moved to (?P<new>\S+)", "transferred_out", "moved"),
    (r"moved from (?P<old>\S+)", "transferred_in", "moved"),
    (r"promoted to epic (?P<new>\S+)", "converted", "promoted"),
    # The name of a project with its group: a fork, or another project of another group.
    (rf"mentioned in commit \S+/\S+@(?P<commit>{_HASH})", "referenced_elsewhere", "mentioned"),
    (rf"mentioned in commit (?:\S*@)?(?P<commit>{_HASH})", "referenced", "mentioned"),
    (r"mentioned in (?:[a-z ]+ )?(?P<new>\S+)", "referenced", "mentioned"),
    (r"marked this [a-z ]+ as a duplicate of (?P<new>\S+)", "duplicate", "duplicate"),
    (r"changed target branch from `(?P<old>.*)` to `(?P<new>.*)`", "base_changed", "branch"),
    (_RETARGETED, "base_changed", "branch"),
    (r"deleted source branch `(?P<old>.*)`", "head_deleted", "branch"),
    (r"restored source branch `(?P<new>.*)`", "head_restored", "branch"),
    (r"locked (?:the discussion in )?this .*", "locked", "locked"),
    (r"unlocked (?:the discussion in )?this .*", "unlocked", "unlocked"),
    (r"(?:changed milestone|milestone changed) to (?P<new>.*)", "milestoned", "milestone"),
    (r"(?:removed milestone|milestone removed).*", "demilestoned", "milestone"),
    (r"approved this merge request", "other", APPROVED),
    (r"unapproved this merge request", "review_dismissed", UNAPPROVED),
    (r"requested changes", "other", CHANGES_REQUESTED),
)
_PATTERNS = [
    (re.compile(words, re.IGNORECASE | re.DOTALL), kind, native) for words, kind, native in _RULES
]
_PEOPLE_KINDS = {
    "assigned to": ("assigned", "assignee"),
    "unassigned": ("unassigned", "assignee"),
    "requested review from": ("review_requested", "reviewer"),
    "removed review request for": ("review_request_removed", "reviewer"),
}
_PEOPLE = re.compile(
    rf"\b({'|'.join(_PEOPLE_KINDS)})(?: from)? ((?:@[\w.-]*[\w-](?:, and |, | and )?)+)"
)
_LOGIN = re.compile(r"@([\w.-]*[\w-])")
# GitLab marks the differences between two titles: {-old-} and {+new+}.
_MARKS = re.compile(r"\{([-+])(.*?)\1\}", re.DOTALL)
# A name follows the sign %; digits without quotes may be a number as well as a name.
_MILESTONE = re.compile(r'\S*?%(?:"(?P<quoted>.+)"|(?P<bare>\S*[^\d\s]\S*))')


def note(raw: Raw, owner: Owner) -> Iterator[RecordRow]:
    """Yield the row of a comment, or those of the events in a system note."""
    if raw.get("system") is not True:
        yield _comment(raw, owner)
        return
    events = _events_in(_body(raw))
    for position, facts in enumerate(events, 1):
        event_id = f"note:{raw.get('id')}" + (f":{position}" if len(events) > 1 else "")
        yield event(owner, event_id, raw, partial(_event_facts, raw, facts))


def approval_notes(notes: list[Raw]) -> Iterator[tuple[str, Raw]]:
    """Yield the notes of approvals, withdrawals and requested changes, oldest first."""
    for raw in notes:
        if raw.get("system") is True:
            for facts in _events_in(_body(raw)):
                if facts["native_kind"] in {APPROVED, UNAPPROVED, CHANGES_REQUESTED}:
                    yield str(facts["native_kind"]), raw


def _comment(raw: Raw, owner: Owner) -> RecordRow:
    comment_kind = "review_comment" if raw.get("type") == "DiffNote" else "comment"

    def facts() -> Facts:
        flag(raw, "system")
        return {
            "comment_kind": comment_kind,
            "comment_id": identifier(raw),
            "item_kind": owner.kind,
            "item_number": owner.number,
            **account(raw, "author", "author"),
            "created_at": needed_instant(raw, "created_at"),
            "updated_at": needed_instant(raw, "updated_at"),
            "review_id": None,
            "payload": payload(raw, is_kept=owner.is_kept),
        }

    key = f"{comment_kind}/{raw.get('id')}"
    return record_row("comments", key, facts, owner.kind, owner.number)


def _events_in(body: str) -> list[Facts]:
    """Return the events in a system note; unknown words are an event of kind other."""
    if _PEOPLE.match(body):
        return [
            {"event_kind": kind, "native_kind": native, "subject_login": login}
            for phrase, people in _PEOPLE.findall(body)
            for kind, native in [_PEOPLE_KINDS[phrase]]
            for login in _LOGIN.findall(people)
        ]
    for words, kind, native in _PATTERNS:
        if match := words.fullmatch(body):
            return [{"event_kind": kind, "native_kind": native} | _values(kind, match)]
    return [{"event_kind": "other", "native_kind": "note"}]


def _values(kind: str, match: re.Match[str]) -> Facts:
    groups = match.groupdict()
    old, new = groups.get("old"), groups.get("new")
    if kind == "renamed":
        old, new = (_MARKS.sub(r"\2", str(title)) for title in (old, new))
    named = _MILESTONE.fullmatch(new or "") if kind == "milestoned" else None
    return {
        "old_value": old,
        "new_value": new,
        "commit_hash": groups.get("commit"),
        "milestone_title": (named["quoted"] or named["bare"]) if named else None,
    }


def _body(raw: Raw) -> str:
    body = raw.get("body")
    return body.strip() if isinstance(body, str) else ""


def _event_facts(raw: Raw, events: Facts) -> Facts:
    text(raw, "body")
    identifier(raw)
    return {
        **events,
        **account(raw, "author", "actor"),
        "happened_at": needed_instant(raw, "created_at"),
    }
