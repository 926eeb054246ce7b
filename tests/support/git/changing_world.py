"""Random repositories, trackers, ledger and settings that change every night."""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from miners.store import source_folder
from tests.support.git.random_histories import RandomHistory
from tests.support.git.repositories import DAY_ONE, MinedHome, Repository, git
from tests.support.rows.ledgers import Ledger
from tests.support.rows.trackers import TrackerRows
from warehouse.calendar import Calendar
from warehouse.context import Context, IdentityRule, MailmapEntry, Project, Target
from warehouse.rules import rule

RULES = (
    rule("left_out_authors", "bot"),
    rule("deployments", "tag"),
    rule("deployment_tags", "v*"),
    rule("incident_labels", "incident"),
)
TASKS = "task_id,project,planned_on,started_on,completed_on\n"


@dataclass
class ChangingItem:
    """An issue or a change request in its latest state."""

    number: int
    kind: str
    created_at: str
    facts: dict = field(default_factory=lambda: {"state": "open"})
    events: list = field(default_factory=list)

    def turn(self, kind, at, **facts):
        self.events.append((kind, at))
        self.facts |= facts


@dataclass
class ChangingWorld:
    """What there is to mine, the home in which it is mined, and the settings."""

    home: MinedHome
    dice: random.Random
    histories: list
    ledger: Ledger
    context: Context = field(default_factory=Context)
    day: int = 0
    items: dict = field(default_factory=dict)
    event_count: int = 0
    tasks: list = field(default_factory=list)

    @classmethod
    def make(cls, folder, seed):
        dice = random.Random(seed)
        repositories = [Repository.make(folder / f"repository-{n}", bare=True) for n in range(3)]
        for repository in repositories:
            repository.seconds -= 250 * 24 * 3600
        histories = [RandomHistory(repository, dice) for repository in repositories]
        return cls(MinedHome(folder / "home"), dice, histories, Ledger(folder / "home"))

    @property
    def first(self):
        return str(self.histories[0].repository.path)

    @property
    def fork(self):
        """A copy of the first repository."""
        return self.home.path.parent / "fork"

    @property
    def store(self):
        return self.home.path / "store"

    @property
    def now(self):
        return DAY_ONE + timedelta(days=self.day)

    def at(self, days_before=0):
        return (self.now - timedelta(days=days_before)).strftime("%Y-%m-%dT%H:%M")

    def begin(self):
        for history in self.histories:
            history.step()
            self.home.mine(history.repository.path, day=self.day)
        git(self.fork.parent, "clone", "--quiet", "--mirror", self.first, str(self.fork))
        self.home.mine(self.fork, day=self.day)
        self.track(0)
        self.keep_ledger()

    def next_night(self):
        """Let some things happen, and name them."""
        self.day += self.dice.randint(1, 30)
        names = self.dice.sample(sorted(MOVES), self.dice.randint(1, 3))
        for name in names:
            MOVES[name](self)
        return names

    def commit(self):
        history = self.dice.choice(self.histories)
        history.step()
        self.look(history)

    def look(self, history=None):
        path = (history or self.dice.choice(self.histories)).repository.path
        self.home.mine(path, day=self.day)
        if str(path) == self.first:
            self.home.mine(self.fork, day=self.day)
            # What the fork has is a poll behind.
            git(self.fork, "fetch", "--quiet", "origin")

    def track(self, which=None):
        """Look at the tracker of a repository in which some items came or turned."""
        which = self.dice.randrange(2) if which is None else which
        repository = str(self.histories[which].repository.path)
        items = self.items.setdefault(which, [])
        count = self.event_count
        tracker = TrackerRows(f"{repository}#tracker", self.now, event_count=count)
        for _ in range(self.dice.randint(1, 4)):
            item = self._turned(items)
            tell = tracker.issue if item.kind == "issue" else tracker.change_request
            tell(item.number, *item.events, created_at=item.created_at, **item.facts)
            item.events = []
        if self.dice.random() < 0.5:
            number = self.dice.choice(items).number
            tracker.comment(number, "bob", self.at(), comment_id=f"c{self.day}-{which}")
        if self.dice.random() < 0.2:
            tracker.deleted("issues", str(self.dice.choice(items).number))
        self.event_count = tracker.event_count
        tracker.found(self.store, repository=repository, path=f"o/{which}")

    def _turned(self, items):
        open_ones = [item for item in items if item.facts["state"] == "open"]
        if not open_ones or self.dice.random() < 0.4:
            kind = self.dice.choice(["issue", "change_request"])
            items.append(ChangingItem(len(items) + 1, kind, self.at(self.dice.randint(1, 40))))
            return items[-1]
        item = self.dice.choice(open_ones)
        ends = {"state": "closed", "closed_at": self.at()}
        if self.dice.random() < 0.3:
            item.facts |= {"labels": ["incident"]}
        elif item.kind == "issue":
            item.turn("closed", self.at(), **ends)
        else:
            history = self.histories[self.dice.randrange(2)]
            item.turn("merged", self.at(), **ends, merged_at=self.at())
            item.facts["merge_commit_hash"] = history.head_commit
        return item

    def keep_ledger(self):
        started = self.now.date() - timedelta(days=self.dice.randint(5, 60))
        self.tasks.append(f"t{len(self.tasks)},app,{started},{started},{self.now.date()}\n")
        if self.dice.random() < 0.3:
            self.tasks.pop(0)
        self.ledger.write("tasks.csv", TASKS + "".join(self.tasks))
        self.ledger.minings = self.day + 300
        self.ledger.mine()

    def forget_source(self):
        gone = self.dice.choice(self.histories).repository.path
        shutil.rmtree(source_folder(self.store, str(gone)), ignore_errors=True)

    def rename_project(self):
        first, second, _ = (str(history.repository.path) for history in self.histories)
        both = (first, second, str(self.fork))
        name = f"app{self.dice.randrange(3)}"
        parts = (rule("paths", "f1"),) if self.dice.random() < 0.3 else ()
        projects = (
            Project(
                name=name,
                title=name.title(),
                sources=(first,),
                active_from=date(2023, 11, 1),
                rules=RULES,
            ),
            Project(name="both", title="Both", sources=both, rules=(*RULES, *parts)),
        )
        self.context = replace(self.context, projects=projects[: self.dice.randint(1, 2)])

    def know_people(self):
        person = self.dice.randrange(5)
        same = MailmapEntry(
            line_number=1,
            proper_name="Somebody",
            proper_email="p0@example.org",
            commit_name=None,
            commit_email=f"p{person}@example.org",
        )
        bots = IdentityRule("bot", rf"p{self.dice.randrange(5)}@")
        self.context = replace(self.context, mailmap=(same,), identity_rules=(bots,))

    def change_calendar(self):
        calendar = Calendar(first_month=self.dice.choice([1, 4]))
        self.context = replace(self.context, calendar=calendar)

    def set_target(self):
        target = Target(kpi="commits", fiscal_year=2024, target=float(self.dice.randrange(50)))
        self.context = replace(self.context, targets=(target,))

    def nothing(self):
        """Nothing is polled."""


MOVES = {
    "commit": ChangingWorld.commit,
    "commit again": ChangingWorld.commit,
    "look": ChangingWorld.look,
    "track": ChangingWorld.track,
    "ledger": ChangingWorld.keep_ledger,
    "forget a source": ChangingWorld.forget_source,
    "project": ChangingWorld.rename_project,
    "people": ChangingWorld.know_people,
    "calendar": ChangingWorld.change_calendar,
    "target": ChangingWorld.set_target,
    "nothing": ChangingWorld.nothing,
}
