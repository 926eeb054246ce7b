"""
Records of issue trackers, the same for every kind.

Lists of names are sorted JSON arrays. A payload is the response as received, in JSON; null if the
settings do not keep it.
"""

from __future__ import annotations

from miners.records.schema import BOOLEAN, INSTANT, INTEGER, TEXT, Field, Record

PAYLOAD = Field("payload", TEXT, "The response as received, in JSON; null if not kept.")
_ACCOUNT_KIND = "person, bot or ghost, as the tracker states"


# Where the payloads of each kind of tracker have the account of a role.
_ACCOUNT_PATHS = {
    "author": ("$.user.id", "$.author.id"),
    "actor": ("$.actor.id", "$.user.id", "$.author.id"),
    "reviewer": ("$.user.id", "$.author.id"),
}


def _account(role: str, who: str) -> tuple[Field, Field, Field]:
    return (
        Field(f"{role}_login", TEXT, f"Account {who}; ghost once the account is deleted."),
        Field(
            f"{role}_id",
            TEXT,
            "The host's identifier of that account, which survives a rename; null if not stated.",
            _ACCOUNT_PATHS[role],
        ),
        Field(f"{role}_kind", TEXT, f"Kind of that account: {_ACCOUNT_KIND}."),
    )


def _item_fields(number: str) -> tuple[Field, ...]:
    """Return the fields that issues and change requests have in common."""
    return (
        Field(number, INTEGER, "Number that people use for it in this repository."),
        Field("item_id", TEXT, "The tracker's own identifier, which survives a transfer."),
        Field("url", TEXT, "Page of it for people."),
        Field("title", TEXT, "Title."),
        Field("body", TEXT, "Text it was opened with; null if there is none."),
        *_account("author", "that opened it"),
        Field("assignees", TEXT, "Accounts it is assigned to, as a JSON array."),
        Field("labels", TEXT, "Names of its labels, as a JSON array."),
        Field("milestone_id", TEXT, "The tracker's identifier of its milestone; null if none."),
        Field("milestone_title", TEXT, "Title of its milestone; null if none."),
        Field("state", TEXT, "open or closed, by the tracker's own field."),
        Field("is_locked", BOOLEAN, "Whether its discussion is locked."),
        Field("comment_count", INTEGER, "Comments that the tracker counts."),
        Field("created_at", INSTANT, "When it was opened (UTC)."),
        Field("updated_at", INSTANT, "When the tracker last changed it (UTC)."),
        Field("closed_at", INSTANT, "When it was last closed, by its own field (UTC); else null."),
        Field("closed_by_login", TEXT, "Account that closed it last; null if not stated."),
    )


TRACKERS = Record(
    name="trackers",
    meaning="A repository's issue tracker as observed.",
    key=(),
    is_versioned=True,
    fields=(
        Field("tracker_kind", TEXT, "Kind of its host, as in the settings."),
        Field("tracker_id", TEXT, "The repository's identifier at its host; survives a rename."),
        Field("path", TEXT, "Owner and name at its host."),
        Field("url", TEXT, "Page of the repository for people."),
        Field("repository", TEXT, "Source of the Git repository whose work it tracks."),
        Field("default_branch", TEXT, "Name of the default branch; null if not stated."),
        Field("visibility", TEXT, "public, internal or private; null if not stated."),
        Field("is_archived", BOOLEAN, "Whether it is read-only."),
        Field("has_issues", BOOLEAN, "Whether it has issues."),
        Field("created_at", INSTANT, "When the repository was created (UTC)."),
    ),
)

ISSUES = Record(
    name="issues",
    meaning="An issue as observed.",
    key=("issue_number",),
    is_versioned=True,
    fields=(
        *_item_fields("issue_number"),
        Field("state_reason", TEXT, "Why it is in its state, as the tracker states; else null."),
        Field("issue_type", TEXT, "Its type where the tracker has types; else null."),
        Field(
            "parent",
            TEXT,
            "Address or identifier of the issue that it is a part of; null if none is stated.",
            ("$.parent_issue_url",),
        ),
        Field("is_confidential", BOOLEAN, "Whether only members may see it."),
        Field("moved_to", TEXT, "Where it was moved, as the tracker states; else null."),
        PAYLOAD,
    ),
)

CHANGE_REQUESTS = Record(
    name="change_requests",
    meaning="A pull request or merge request as observed.",
    key=("change_request_number",),
    is_versioned=True,
    fields=(
        *_item_fields("change_request_number"),
        Field("is_draft", BOOLEAN, "Whether it is marked as not ready."),
        Field("base_ref", TEXT, "Branch it is to be merged into."),
        Field("base_hash", TEXT, "Commit of that branch when last compared; null if not stated."),
        Field("head_ref", TEXT, "Branch it comes from; null if not stated."),
        Field("head_hash", TEXT, "Newest commit of it; null if not stated."),
        Field("head_repository", TEXT, "Repository it comes from; null once that is deleted."),
        Field("requested_reviewers", TEXT, "Accounts asked for a review now, as a JSON array."),
        Field("ready_at", INSTANT, "When it was first ready for review; null if not stated."),
        Field("merged_at", INSTANT, "When it was merged, by its own field (UTC); else null."),
        Field("merged_by_login", TEXT, "Account that merged it; null if not merged or not stated."),
        Field("merge_commit_hash", TEXT, "Merge commit by its own field, which is often stale."),
        Field("squash_commit_hash", TEXT, "Squashed commit by its own field; null if not stated."),
        Field("native_state", TEXT, "State in the tracker's own word.", ("$.state",)),
        PAYLOAD,
    ),
)

ITEM_EVENTS = Record(
    name="item_events",
    meaning="An event of an issue or a change request.",
    key=("item_kind", "item_number", "event_id"),
    is_versioned=True,
    fields=(
        Field("item_kind", TEXT, "issue or change_request."),
        Field("item_number", INTEGER, "Number of the issue or change request."),
        Field("event_id", TEXT, "The tracker's identifier of the event, unique per item."),
        Field(
            "event_kind",
            TEXT,
            "closed, reopened, merged, labeled, unlabeled, milestoned, demilestoned, assigned, "
            "unassigned, renamed, transferred_in, transferred_out, converted, force_pushed, "
            "ready, draft, review_requested, review_request_removed, review_dismissed, "
            "referenced, referenced_elsewhere (by a commit of another owner's repository, such as "
            "a fork), locked, unlocked, pinned, unpinned, head_deleted, head_restored, "
            "base_changed, duplicate or other.",
        ),
        Field("native_kind", TEXT, "The tracker's own word for it."),
        *_account("actor", "that did it"),
        Field("happened_at", INSTANT, "When it happened (UTC)."),
        Field("label", TEXT, "Label that was added or removed; else null."),
        Field("milestone_title", TEXT, "Milestone that was set or removed; else null."),
        Field("subject_login", TEXT, "Account assigned or asked for a review; else null."),
        Field("old_value", TEXT, "Value before (title, branch); null if not stated."),
        Field("new_value", TEXT, "Value after (title, branch); null if not stated."),
        Field("commit_hash", TEXT, "Commit that did it or was referred to; else null."),
        Field("closing_item_id", TEXT, "item_id of the change request that did it; else null."),
        Field("state_reason", TEXT, "Reason that a closing states; else null."),
        PAYLOAD,
    ),
)

REVIEWS = Record(
    name="reviews",
    meaning="A verdict on a change request.",
    key=("change_request_number", "review_id"),
    is_versioned=True,
    fields=(
        Field("change_request_number", INTEGER, "Number of the change request."),
        Field("review_id", TEXT, "The tracker's identifier of the review."),
        *_account("reviewer", "that reviewed"),
        Field("verdict", TEXT, "approved, changes_requested, commented, dismissed or pending."),
        Field("submitted_at", INSTANT, "When it was given (UTC); null if not stated."),
        Field("commit_hash", TEXT, "Commit that was reviewed; null if not stated."),
        PAYLOAD,
    ),
)

COMMENTS = Record(
    name="comments",
    meaning="A comment on an issue or a change request, or on a line of its change.",
    key=("comment_kind", "comment_id"),
    is_versioned=True,
    fields=(
        Field("comment_kind", TEXT, "comment, or review_comment where it is on a line."),
        Field("comment_id", TEXT, "The tracker's identifier of the comment."),
        Field("item_kind", TEXT, "issue or change_request."),
        Field("item_number", INTEGER, "Number of the issue or change request."),
        *_account("author", "that wrote it"),
        Field("created_at", INSTANT, "When it was written (UTC)."),
        Field("updated_at", INSTANT, "When it was last changed (UTC)."),
        Field("review_id", TEXT, "Review it belongs to; else null."),
        PAYLOAD,
    ),
)

CHANGE_REQUEST_COMMITS = Record(
    name="change_request_commits",
    meaning="A commit of a change request, as its tracker lists it.",
    key=("change_request_number", "commit_hash"),
    is_versioned=True,
    fields=(
        Field("change_request_number", INTEGER, "Number of the change request."),
        Field("commit_hash", TEXT, "Object name of the commit, in hexadecimal."),
        Field("position", INTEGER, "Place among its commits, oldest first, from 1."),
        Field("author_name", TEXT, "Author's name as recorded."),
        Field("author_email", TEXT, "Author's e-mail address as recorded."),
        Field("authored_at", INSTANT, "When it was written (UTC); null if not usable."),
        Field("committed_at", INSTANT, "When it was committed (UTC); null if not usable."),
    ),
)
