"""Make random projects in which things happen at exact instants."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.support.git.invented_trackers import Invented
from tests.support.git.loose_objects import write_object, write_tag, write_tree
from tests.support.git.repositories import Repository

DAY = 86_400
# The first instants of quarters; a year begins with the first of them.
BOUNDS = tuple(int(datetime(2026, month, 1, tzinfo=UTC).timestamp()) for month in (1, 4, 7))
# The last poll is at the first instant of a quarter as well.
POLLED = int(datetime(2026, 10, 1, tzinfo=UTC).timestamp())
BEGAN = BOUNDS[0] - 80 * DAY
PEOPLE = ("ann", "bob", "cyd", None, "helper[bot]")
AUTHORS = (b"Ann <ann@example.org>", b"Bob <bob@example.org>", b"helper[bot] <bot@example.org>")
LABELS = ("bug", "hot", "doing", "chore", "test", "part", "v1")
# By title: the day that each is due on, and the instant when it was closed, if it was.
MILESTONES = {
    "v2": ("2026-03-31", None),
    "on time": ("2026-03-31", BOUNDS[1] - 1),
    "a second late": ("2026-03-31", BOUNDS[1]),
    "at the start": ("2026-04-01", BOUNDS[1]),
    "not yet": ("2026-10-01", None),
    "some day": (None, None),
}
WINDOW_HOURS = 72
# So many instants are the same in all projects: as forks they share commits, tags and numbers.
FORKED = 20


@dataclass
class Made(Invented):
    """A tracker under way, with a repository in which its change requests are merged."""

    repository: Any = None
    seed: int = 0
    files: dict = field(default_factory=dict)
    main: list = field(default_factory=list)
    heads: dict = field(default_factory=dict)
    tag_count: int = 0

    @classmethod
    def make(cls, folder, name, seed):
        made = cls(name=name, repository=Repository.make(folder, bare=True), seed=seed)
        made.dice = random.Random(0)
        made.now = BEGAN
        made.push()
        made.tag()
        for place, instant in enumerate(made.instants()):
            made.now = instant
            if place == FORKED:
                made.dice = random.Random(seed)
            for _ in range(made.dice.randint(3, 6)):
                made.act()
            for act in AT_INSTANTS.get(place, ()):
                getattr(made, act)()
        made.plan()
        return made

    def instants(self):
        """List exact instants, what is days or a window away from them, and some others."""
        apart = (-1, 0, 0, 1, 30 * DAY, 30 * DAY + 1, WINDOW_HOURS * 3600, WINDOW_HOURS * 3600 + 1)
        exact = [bound + seconds for bound in BOUNDS for seconds in apart]
        others = [self.dice.randrange(BEGAN, POLLED) for _ in range(25)]
        return sorted([*exact, BOUNDS[0] + 90 * DAY, POLLED - 1, *others])

    def act(self):
        """Let one thing happen."""
        what = self.dice.choice(sorted(ACTS))
        kinds = ACTS[what]
        if not kinds:
            return getattr(self, what)()
        items = [n for n in self.items if self.kind(n) in kinds]
        fitting = [n for n in items if (what not in FITS or FITS[what](self.raw(n)))]
        if fitting:
            getattr(self, what)(self.dice.choice(fitting))
        return None

    def open_issue(self):
        number = self.create("issue")
        title = self.dice.choice(["It", "It crashes", "A test"])
        body = self.dice.choice(["", f"Root cause: v{self.tag_count}\n", "Caused by: #2"])
        self.raw(number).update(title=f"{title} {number}", body=body)
        if self.dice.random() < 0.4:
            self.label(number, self.dice.choice(LABELS))
        return number

    def open_pull(self):
        self.create("pull")

    def close_issue(self, number):
        """Close an issue, some by a commit of the main branch, some as no delivery."""
        self.close(number)
        reason = self.dice.choice(["completed", "completed", "not_planned", "duplicate"])
        self.raw(number)["state_reason"] = reason
        event = self.items[number]["events"][-1]
        event |= {
            "state_reason": reason,
            "commit_id": self.dice.choice([None, self.dice.choice(self.main)]),
        }

    def reopen_issue(self, number):
        self.reopen(number)
        self.raw(number)["state_reason"] = "reopened"

    def label_any(self, number):
        self.label(number, self.dice.choice(LABELS))

    def assign(self, number):
        user = {"login": "ann", "id": 97, "type": "User"}
        if not self.raw(number)["assignees"]:
            self.raw(number)["assignees"] = [user]
            self._happen(number, "assigned", assignee=user)

    def put_on_milestone(self, number):
        held = self.raw(number).get("milestone")
        if held:
            self.raw(number)["milestone"] = None
            self._happen(number, "demilestoned", milestone={"title": held["title"]})
        else:
            title = self.dice.choice(sorted(MILESTONES))
            self.raw(number)["milestone"] = {"title": title}
            self._happen(number, "milestoned", milestone={"title": title})

    def review_it(self, number):
        self.review(number)
        verdict = self.items[number]["events"][-1]
        verdict |= {"state": self.dice.choice(["APPROVED", "COMMENTED", "CHANGES_REQUESTED"])}
        verdict |= {"commit_id": self.heads[number][-1]}

    def force_push(self, number):
        self.heads[number] = self.heads[number][:1]
        super().force_push(number)

    def draft(self, number):
        raw = self.raw(number)
        raw["draft"] = not raw["draft"]
        self._happen(number, "convert_to_draft" if raw["draft"] else "ready_for_review")

    def merge_it(self, number):
        merge = self._write(
            f"Merge pull request #{number} from ann/topic", [self.main[-1], self.heads[number][-1]]
        )
        self._advance(merge)
        self.merge(number)
        self.raw(number)["merge_commit_sha"] = merge
        self.items[number]["events"][-2]["commit_id"] = merge

    def push(self):
        """Write a commit on the main branch, some by bots, some with an AI agent's help."""
        helped = (
            "\n\nCo-authored-by: Claude <noreply@anthropic.com>" if self.dice.random() < 0.2 else ""
        )
        self._advance(self._write(f"Work{helped}", self.main[-1:]))

    def revert(self):
        taken_back = self.dice.choice(self.main)
        self._advance(self._write(f"Revert\n\nThis reverts commit {taken_back}.", self.main[-1:]))

    def import_library(self):
        """Merge a library of years ago with its history."""
        now, self.now = self.now, BEGAN - 2000 * DAY
        first = self._write("A library", [])
        self.now += DAY
        library = self._write("A fix of it", [first])
        self.now = now
        self._advance(self._write("Add 'library/'", [self.main[-1], library]))

    def pull(self):
        """Write a commit in a copy that is behind, pull the main branch into it, and push it."""
        written = self._write("Work in a copy", self.main[-3:-2])
        message = f"Merge branch 'main' of https://replay.example/{self.name}"
        self._advance(self._write(message, [written, self.main[-1]]))

    def tag(self):
        self.tag_count += 1
        name = f"v{self.tag_count}"
        by = b"Ann <ann@example.org> %d +0000" % self.now
        made = write_tag(self.repository.path, name, self.main[-1], by)
        self.repository.ref(f"refs/tags/{name}", made)

    def plan(self):
        """Let every item have the milestones as they are in the end."""
        titles = sorted(MILESTONES)
        for number in self.items:
            held = self.raw(number).get("milestone")
            if held:
                due, closed = MILESTONES[held["title"]]
                place = titles.index(held["title"]) + 1
                held |= {
                    "number": place,
                    "id": place,
                    "state": "closed" if closed else "open",
                    "due_on": due and f"{due}T07:00:00Z",
                    "closed_at": closed and _iso(closed),
                    "created_at": _iso(BEGAN),
                    "updated_at": _iso(closed or BEGAN),
                    "html_url": f"https://github.com/{self.name}/milestone/{place}",
                }

    def _commit(self, number):
        """Write a commit of a change request where its branch is; the first on the main branch."""
        parents = self.heads.setdefault(number, self.main[-1:])[-1:]
        made = self._write(f"Work on {number}", parents)
        self.heads[number] = [*self.heads[number], made]
        self.repository.ref(f"refs/pull/{number}/head", made)
        by = {"name": "Ann", "email": "ann@example.org", "date": _iso(self.now)}
        facts = {"sha": made, "author": by, "committer": by, "message": "Do it", "parents": []}
        event = {"event": "committed", "id": None, "node_id": "C", "url": f"commits/{made}"}
        facts |= {"tree": {"sha": made}, "verification": None, "html_url": f"commits/{made}"}
        self.items[number]["events"].append(event | facts)
        self.raw(number)["head"]["sha"] = made

    def _advance(self, commit):
        self.main.append(commit)
        self.repository.ref("refs/heads/main", commit)

    def _write(self, message, parents):
        """Write a commit of now; one that is no merge changes a file."""
        if len(parents) < 2:
            path = self.dice.choice(["a/x", "a/y", "b/x"]).replace("/", "-")
            self.files[path] = self.files.get(path, b"") + b"%d\n" % self.dice.randrange(100)
        author = self.dice.choice(AUTHORS) if not message.startswith("Work on") else AUTHORS[0]
        by = author + b" %d +0000" % self.now
        tree = write_tree(self.repository.path, self.files)
        raw = Repository.raw_commit(tree, parents, by, by, message.encode() + b"\n")
        return write_object(self.repository.path, "commit", raw)

    def _user(self, number):
        login = PEOPLE[number % len(PEOPLE)]
        kind = "Bot" if login and login.endswith("[bot]") else "User"
        return login and {"login": login, "id": ord(login[0]), "type": kind}


def _is_open(raw):
    return raw["state"] == "open"


def _is_closed(raw):
    return raw["state"] == "closed" and not raw.get("merged")


def _iso(seconds):
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


BOTH = ("issue", "pull")
# What may happen, and to which kinds of items.
ACTS = {
    "open_issue": (), "open_pull": (), "push": (), "tag": (), "revert": (),
    "close_issue": ("issue",), "reopen_issue": ("issue",), "put_on_milestone": ("issue",),
    "assign": ("issue",), "comment": BOTH, "label_any": BOTH,
    "review_it": ("pull",), "draft": ("pull",), "merge_it": ("pull",), "close": ("pull",),
    "reopen": ("pull",), "force_push": ("pull",),
}  # fmt: skip
# What else happens after some of the instants, by their place.
AT_INSTANTS = {24: ("import_library",), 30: ("pull",), 36: ("import_library", "pull")}
FITS = {
    **dict.fromkeys(
        ["close_issue", "review_it", "draft", "merge_it", "close", "force_push"], _is_open
    ),
    **dict.fromkeys(["reopen_issue", "reopen"], _is_closed),
}
