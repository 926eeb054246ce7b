"""Invented trackers: small dumps in the replay server's format."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

BEGUN = 1_704_067_200  # 2024-01-01T00:00:00Z
PEOPLE = ("ann", "bob", "cyd", None)
LABELS = ("bug", "easy", "later", "späť")


@dataclass
class Invented:
    """
    A tracker under way, whose clock stands at the second of its newest change.

    What happens to an item touches it: its time of update is that of the clock then.
    """

    name: str = "orchard/apples"
    now: int = BEGUN
    items: dict = field(default_factory=dict)
    gone: set = field(default_factory=set)
    _last_id: int = 1000

    def lines(self):
        """Say what every item is now, as a mirror would."""
        return [self.line(number) for number in self.items]

    def line(self, number):
        data = self.items[number]
        return {
            "kind": data["type"],
            "number": number,
            "seen_at": _iso(self.now),
            "src": "invented",
            "stale": False,
            # What was said stays as it was said, whatever happens to the item later.
            "data": json.loads(json.dumps(data)),
        }

    def create(self, kind="issue"):
        """Open an issue or a pull request; its number."""
        number = max([*self.items, *self.gone], default=0) + 1
        url = f"https://api.github.com/repos/{self.name}/{kind}s/{number}"
        raw = {
            "id": self._new_id(),
            "node_id": f"N{number}",
            "number": number,
            "url": url,
            "html_url": f"https://github.com/{self.name}/{kind}s/{number}".replace("pulls", "pull"),
            "title": f"{kind} {number}",
            "body": None if number % 5 == 0 else f"Text of {number}\r\n",
            "user": self._user(number),
            "labels": [],
            "assignees": [],
            "state": "open",
            "locked": False,
            "comments": 0,
            "created_at": _iso(self.now),
            "updated_at": _iso(self.now),
            "closed_at": None,
        }
        if kind == "pull":
            raw |= _pull(url, number)
        self.items[number] = {"type": kind, kind: raw, "events": [], "comments": []}
        if kind == "pull":
            self._commit(number)
        return number

    def touch(self, number):
        self.raw(number)["updated_at"] = _iso(self.now)

    def retitle(self, number):
        raw, old = self.raw(number), self.raw(number)["title"]
        raw["title"] = f"{old}'"
        self._happen(number, "renamed", rename={"from": old, "to": raw["title"]})

    def close(self, number):
        raw = self.raw(number)
        raw["state"], raw["closed_at"] = "closed", _iso(self.now)
        self._happen(number, "closed", state_reason="completed")

    def reopen(self, number):
        raw = self.raw(number)
        raw["state"], raw["closed_at"] = "open", None
        self._happen(number, "reopened")

    def merge(self, number):
        raw = self.raw(number)
        who = self._user(number)
        raw |= {"state": "closed", "merged": True, "merged_by": who}
        raw |= {"closed_at": _iso(self.now), "merged_at": _iso(self.now)}
        self._happen(number, "merged", actor=who, commit_id=f"{number:040x}")
        self._happen(number, "closed")

    def label(self, number, name=LABELS[0]):
        """Put a label on, or take it off where it is on."""
        raw = self.raw(number)
        held = [label["name"] for label in raw["labels"]]
        names = [other for other in held if other != name] if name in held else [*held, name]
        raw["labels"] = [_label(other) for other in names]
        what = "unlabeled" if name in held else "labeled"
        self._happen(number, what, label={"name": name, "color": "ededed"})

    def comment(self, number):
        said = self._happen(number, "commented")
        page = f"{self.raw(number)['html_url']}#issuecomment-{said['id']}"
        url = f"https://api.github.com/repos/{self.name}/issues/comments/{said['id']}"
        of = f"https://api.github.com/repos/{self.name}/issues/{number}"
        said |= {"url": url, "html_url": page, "issue_url": of, "updated_at": _iso(self.now)}
        said |= {"user": said["actor"], "body": "Said.", "author_association": "NONE"}
        self.raw(number)["comments"] += 1

    def delete_comment(self, number):
        """Take the newest comment away, where there is one."""
        if self.lose_comment(number):
            self.touch(number)

    def lose_comment(self, number):
        """Take the newest comment away, and leave the item's time of update as it was."""
        events = self.items[number]["events"]
        said = [event for event in events if event["event"] == "commented"]
        if said:
            events.remove(said[-1])
            self.raw(number)["comments"] -= 1
        return bool(said)

    def review(self, number):
        page = f"{self.raw(number)['html_url']}#review"
        verdict = self._happen(number, "reviewed")
        verdict |= {"user": verdict["actor"], "state": "APPROVED", "submitted_at": _iso(self.now)}
        verdict |= {"html_url": page, "pull_request_url": self.raw(number)["url"], "body": None}
        line = {"id": self._new_id(), "pull_request_review_id": verdict["id"], "user": None}
        line |= {"url": f"{self.raw(number)['url']}/comments", "html_url": page, "body": "Here."}
        line |= {"path": "a", "commit_id": None}
        line |= {"created_at": _iso(self.now), "updated_at": _iso(self.now)}
        self.items[number]["comments"].append(line)

    def force_push(self, number):
        """Replace the commits of a pull request by as many others and one more."""
        events = self.items[number]["events"]
        count = sum(event["event"] == "committed" for event in events)
        events[:] = [event for event in events if event["event"] != "committed"]
        for _ in range(count + 1):
            self._commit(number)
        self._happen(number, "head_ref_force_pushed", commit_id=self.raw(number)["head"]["sha"])

    def delete(self, number):
        """Remove an item from everywhere."""
        del self.items[number]
        self.gone.add(number)

    def raw(self, number):
        data = self.items[number]
        return data[data["type"]]

    def kind(self, number):
        return self.items[number]["type"]

    def _happen(self, number, what, **facts):
        event = {
            "id": self._new_id(),
            "node_id": "E",
            "event": what,
            "actor": self._user(number + self._last_id),
            "commit_id": None,
            "created_at": _iso(self.now),
            **facts,
        }
        event["url"] = f"https://api.github.com/repos/{self.name}/issues/events/{event['id']}"
        self.items[number]["events"].append(event)
        self.touch(number)
        return event

    def _commit(self, number):
        sha = f"{self._new_id():040x}"
        by = {"name": "Ann", "email": "ann@example.org", "date": _iso(self.now)}
        facts = {"sha": sha, "author": by, "committer": by, "message": "Do it", "parents": []}
        event = {"event": "committed", "id": None, "node_id": "C", "url": f"commits/{sha}"}
        facts |= {"tree": {"sha": sha}, "verification": None, "html_url": f"commits/{sha}"}
        self.items[number]["events"].append(event | facts)
        self.raw(number)["head"]["sha"] = sha

    def _new_id(self):
        self._last_id += 1
        return self._last_id

    def _user(self, number):
        login = PEOPLE[number % len(PEOPLE)]
        return login and {"login": login, "id": int.from_bytes(login.encode()[:7]), "type": "User"}


def write_dataset(folder, name, snapshot, updates=(), snapshot_at=None):
    """Write lines as a dump; it begins with the last line of the snapshot unless said otherwise."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = {"snapshot": list(snapshot), "updates": list(updates)}
    at = snapshot_at or max(line["seen_at"] for line in parts["snapshot"])
    manifest = {"name": name, "snapshot_at": at}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    for part, lines in parts.items():
        written = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (folder / f"{part}.jsonl").write_text(written, "utf-8")
    return folder


def _pull(url, number):
    side = {"user": None, "repo": None}
    return {
        "issue_url": url.replace("pulls", "issues"),
        "comments_url": f"{url.replace('pulls', 'issues')}/comments",
        "diff_url": f"{url}.diff",
        "patch_url": f"{url}.patch",
        "merged": False,
        "merged_at": None,
        "merge_commit_sha": f"{number:040x}",
        "draft": number % 3 == 0,
        "requested_reviewers": [],
        "head": side | {"label": "ann:topic", "ref": "topic", "sha": "0" * 40},
        "base": side | {"label": "orchard:main", "ref": "main", "sha": "1" * 40},
    }


def _label(name):
    facts = {"id": sum(name.encode()), "name": name, "color": "ededed", "default": False}
    return facts | {"node_id": "L", "url": f"labels/{name}", "description": None}


def _iso(seconds):
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
