"""
Expected records of a tracker's dump, read without Quarry's code.

A line of a dump is one item as its mirror saw it: the object itself, its timeline and, of a pull
request, its review comments.
"""

from __future__ import annotations

import json
import lzma
from datetime import datetime

# Who watches what is no work, and is not mined.
SILENT = {"mentioned", "subscribed", "unsubscribed"}
NO_EVENTS = SILENT | {"commented", "committed", "reviewed", "line-commented"}
KIND = {"issue": "issue", "pull": "change_request"}
# The words of GitHub that have another name here, and those that are kept under their own.
RENAMED = {
    "head_ref_force_pushed": "force_pushed",
    "ready_for_review": "ready",
    "convert_to_draft": "draft",
    "head_ref_deleted": "head_deleted",
    "head_ref_restored": "head_restored",
    "base_ref_changed": "base_changed",
    "automatic_base_change_succeeded": "base_changed",
    "transferred": "transferred_in",
    "converted_to_discussion": "converted",
    "marked_as_duplicate": "duplicate",
    "cross-referenced": "referenced",
}
KEPT = {
    "assigned",
    "closed",
    "demilestoned",
    "labeled",
    "locked",
    "merged",
    "milestoned",
    "pinned",
    "referenced",
    "renamed",
    "reopened",
    "review_dismissed",
    "review_request_removed",
    "review_requested",
    "unassigned",
    "unlabeled",
    "unlocked",
    "unpinned",
}


def lines_of(folder, name):
    """Read the lines of a part of a dump, packed or not."""
    packed, plain = folder / f"{name}.jsonl.xz", folder / f"{name}.jsonl"
    if packed.exists():
        with lzma.open(packed, "rb") as file:
            yield from file
    elif plain.exists():
        with plain.open("rb") as file:
            yield from file


def state_at(folder, moment=None):
    """Find the line of each item that holds at a moment; the newest one without a moment."""
    newest = {}
    for name in ("snapshot", "updates"):
        for raw in lines_of(folder, name):
            line = json.loads(raw)
            seen_at = instant(line["seen_at"])
            is_later = line["number"] not in newest or seen_at >= newest[line["number"]][0]
            if is_later and (moment is None or seen_at <= moment):
                newest[line["number"]] = seen_at, line
    return [line for _, line in newest.values()]


def truth(lines):
    """Say what must be known of items: facts by the key of their row, by record."""
    rows = {}
    for line in lines:
        data = line["data"]
        kind, number = KIND[data["type"]], line["number"]
        raw = data[data["type"]]
        is_pull = kind == "change_request"
        facts = _item(raw, data["events"]) | (_pull(raw, data["events"]) if is_pull else {})
        rows.setdefault(f"{kind}s", {})[(number,)] = facts
        for record, key, part in _parts(kind, number, data):
            assert key not in rows.setdefault(record, {}), (record, key)
            rows[record][key] = part
    return rows


def differences(expected, live):
    """List what is missing, what is too much, and every fact that is another one."""
    found = []
    for record in sorted(expected):
        there, wanted = live.get(record, {}), expected[record]
        found += [(record, key, "missing") for key in sorted(wanted.keys() - there.keys())]
        found += [(record, key, "too much") for key in sorted(there.keys() - wanted.keys())]
        for key in wanted.keys() & there.keys():
            for name, value in wanted[key].items():
                if there[key][name] != value:
                    found.append((record, key, name, there[key][name], value))
    return found


def instant(text):
    return datetime.fromisoformat(text) if text else None


def _login(user):
    return user["login"] if user else "ghost"


def _sorted_json(values):
    return json.dumps(sorted(values), ensure_ascii=False)


def _item(raw, events):
    milestone = raw.get("milestone") or {}
    closings = [event for event in events if event["event"] == "closed"]
    closed_by = raw.get("closed_by")
    if closed_by is None and raw["state"] == "closed" and closings:
        closed_by = closings[-1].get("actor")
    return {
        "item_id": str(raw["id"]),
        "title": raw["title"],
        "body": raw.get("body"),
        "author_login": _login(raw.get("user")),
        "assignees": _sorted_json(user["login"] for user in raw.get("assignees") or []),
        "labels": _sorted_json(label["name"] for label in raw["labels"]),
        "milestone_id": str(milestone["id"]) if milestone else None,
        "milestone_title": milestone.get("title"),
        "state": raw["state"],
        "is_locked": raw["locked"],
        "comment_count": raw["comments"],
        "created_at": instant(raw["created_at"]),
        "updated_at": instant(raw["updated_at"]),
        "closed_at": instant(raw.get("closed_at")),
        "closed_by_login": closed_by["login"] if closed_by else None,
    } | ({} if "head" in raw else {"state_reason": raw.get("state_reason")})


def _pull(raw, events):
    head, base = raw["head"], raw["base"]
    mergings = [event for event in events if event["event"] == "merged" and raw.get("merged_at")]
    merged_by = mergings[0].get("actor") if mergings else None
    return {
        "is_draft": raw["draft"],
        "base_ref": base["ref"],
        "base_hash": base["sha"],
        "head_ref": head["ref"],
        "head_hash": head["sha"],
        "head_repository": (head.get("repo") or {}).get("full_name"),
        "requested_reviewers": _sorted_json(u["login"] for u in raw["requested_reviewers"]),
        "merged_at": instant(raw.get("merged_at")),
        "merged_by_login": merged_by["login"] if merged_by else None,
        "merge_commit_hash": raw.get("merge_commit_sha"),
    }


def _parts(kind, number, data):
    commits = 0
    for event in data["events"]:
        what = event["event"]
        if what == "commented":
            yield "comments", ("comment", str(event["id"])), _comment(event, kind, number)
        elif what == "reviewed":
            yield "reviews", (number, str(event["id"])), _review(event)
        elif what == "committed":
            commits += 1
            yield "change_request_commits", (number, event["sha"]), _commit(event, commits)
        elif what not in NO_EVENTS and (name := _event_id(event, kind)):
            yield "item_events", (kind, number, name), _event(event)
    for comment in data.get("comments") or []:
        key = "review_comment", str(comment["id"])
        yield "comments", key, _comment(comment, kind, number)


def _comment(raw, kind, number):
    return {
        "item_kind": kind,
        "item_number": number,
        "author_login": _login(raw.get("user")),
        "created_at": instant(raw["created_at"]),
        "updated_at": instant(raw["updated_at"]),
    }


def _review(raw):
    return {
        "reviewer_login": _login(raw.get("user")),
        "verdict": raw["state"].lower(),
        "submitted_at": instant(raw.get("submitted_at")),
        "commit_hash": raw.get("commit_id"),
    }


def _commit(raw, position):
    return {
        "position": position,
        "author_name": raw["author"]["name"],
        "author_email": raw["author"]["email"],
        "authored_at": instant(raw["author"]["date"]),
        "committed_at": instant(raw["committer"]["date"]),
    }


def _event_id(raw, kind):
    """Name an event; a reference has no number, and is in timelines alone."""
    if raw.get("id") or kind == "issue":
        return str(raw["id"]) if raw.get("id") else None
    return f"{raw['event']}:{raw['source']['issue']['id']}:{raw['created_at']}"


def _event_kind(raw):
    """Translate an event; a commit of another owner, such as a fork's, mentions from elsewhere."""
    if names_a_commit_elsewhere(raw):
        return "referenced_elsewhere"
    return raw["event"] if raw["event"] in KEPT else RENAMED.get(raw["event"], "other")


def names_a_commit_elsewhere(raw):
    """Return whether a commit of another owner, such as a fork's, mentions the item."""
    addresses = [raw.get("commit_url"), raw.get("url")]
    if raw["event"] != "referenced" or not all(addresses):
        return False
    owners = {address.partition("/repos/")[2].split("/")[0].lower() for address in addresses}
    return len(owners) > 1


def _event(raw):
    rename = raw.get("rename") or {}
    return {
        "native_kind": raw["event"],
        "event_kind": _event_kind(raw),
        "actor_login": _login(raw.get("actor")),
        "happened_at": instant(raw["created_at"]),
        "label": (raw.get("label") or {}).get("name"),
        "milestone_title": (raw.get("milestone") or {}).get("title"),
        "old_value": rename.get("from"),
        "new_value": rename.get("to"),
        "commit_hash": raw.get("commit_id"),
    }
