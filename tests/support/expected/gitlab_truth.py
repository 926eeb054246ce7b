"""Expected records of a dump of GitHub that is served as GitLab."""

from __future__ import annotations

from tests.support.expected.tracker_truth import truth

# Facts of an item that both hosts have.
ITEM = (
    *("title", "body", "author_login", "assignees", "labels", "milestone_title", "state"),
    *("comment_count", "created_at", "updated_at", "closed_at"),
)
REQUEST = ("is_draft", "base_ref", "head_ref", "head_hash", "merged_at", "merged_by_login")
EVENT = ("event_kind", "actor_login", "happened_at", "label")
# The kinds of events of which GitLab has lists, and the names of these.
LISTS = {
    "labeled": "label",
    "unlabeled": "label",
    "closed": "state",
    "reopened": "state",
    "merged": "state",
}
# The others of which it has notes.
NOTED = ("renamed", "force_pushed")
# The server's numbers of comments on lines begin here, and those of notes about events there.
LINE_COMMENTS, NOTES = 50_000_000_000, 90_000_000_000


def gitlab_truth(lines):
    """Say what must be known of items: facts by the key of their row, by record."""
    rows = truth(lines)
    merged = {
        number for (number,), row in rows.get("change_requests", {}).items() if row["merged_at"]
    }
    return {
        "issues": _some(rows, "issues", ITEM),
        "change_requests": {
            # What is merged is closed by that, whatever happens to it later.
            key: row | ({"closed_at": row["merged_at"]} if row["merged_at"] else {})
            for key, row in _some(rows, "change_requests", (*ITEM, *REQUEST)).items()
        },
        "comments": {_comment(key): row for key, row in rows.get("comments", {}).items()},
        "change_request_commits": rows.get("change_request_commits", {}),
        "item_events": dict(_events(rows.get("item_events", {}), merged)),
        "reviews": dict(_approvals(rows.get("reviews", {}))),
    }


def _some(rows, record, names):
    return {key: {name: row[name] for name in names} for key, row in rows.get(record, {}).items()}


def _comment(key):
    kind, number = key
    return key if kind == "comment" else (kind, str(LINE_COMMENTS + int(number)))


def _events(rows, merged):
    """Name the events as GitLab does; one that is merged has no event of its closing."""
    for (kind, number, name), row in rows.items():
        what = row["event_kind"]
        is_merge = what == "closed" and kind == "change_request" and number in merged
        if what in LISTS and not is_merge:
            facts = {fact: row[fact] for fact in EVENT}
            yield (kind, number, f"{LISTS[what]}:{name}"), facts
        elif what in NOTED:
            facts = {fact: row[fact] for fact in ("old_value", "new_value", "happened_at")}
            yield (kind, number, f"note:{NOTES + int(name)}"), facts


def _approvals(rows):
    """List the newest approval of each account that is still there."""
    newest = sorted(rows.items(), key=lambda pair: pair[1]["submitted_at"])
    for (number, _), row in newest:
        login = row["reviewer_login"]
        if login != "ghost":
            yield (number, f"approval:{login}"), {"reviewer_login": login, "verdict": "approved"}
