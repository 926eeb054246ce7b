"""Expected issues and change requests, from a tracker's dump."""

from __future__ import annotations

import json
import lzma
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase

from tests.support.expected.kpi_truth_git import kind_of
from tests.support.expected.tracker_truth import names_a_commit_elsewhere

_STATES = {"closed": "closed", "reopened": "open"}
# A move closes an issue itself, a moment before or after.
_MOMENT = 60
# What an event records: the attribute, the part of it that names it, and whether it was set.
_SET = {
    "labeled": ("label", "name", True),
    "unlabeled": ("label", "name", False),
    "milestoned": ("milestone", "title", True),
    "demilestoned": ("milestone", "title", False),
    "assigned": ("assignee", "login", True),
    "unassigned": ("assignee", "login", False),
}
_UNHEARD = {"mentioned", "subscribed", "unsubscribed", "committed", "reviewed", "line-commented"}


@dataclass
class DumpState:
    """One state of an issue: from when to when, and what began and ended it."""

    state: str
    begins: int
    turn: str
    event: dict | None
    number: int
    ends: int | None = None
    ended_by: str | None = None


@dataclass
class DumpItem:
    """An issue or change request: its object, its events, its account, and what became of it."""

    number: int
    raw: dict
    events: list
    opened: int
    author: str
    states: list = field(default_factory=list)
    left: int | None = None
    labels: dict = field(default_factory=dict)
    milestones: list = field(default_factory=list)
    assigned: int | None = None
    touched: list = field(default_factory=list)
    response: int | None = None
    line_comments: list = field(default_factory=list)

    @property
    def closings(self):
        return [state for state in self.states if state.state == "closed"]

    @property
    def lasting(self):
        """The closing that no reopening ended."""
        return next((one for one in self.closings if one.ended_by != "reopened"), None)


def second(text):
    return int(datetime.fromisoformat(text).timestamp()) if text else None


def login(user):
    return user["login"] if user else "ghost"


def read_tracker(folder, kinds):
    """Read the newest of each item of a dump: issues, pulls, and the kind of each account."""
    newest = {}
    for name in ("snapshot", "updates"):
        packed = folder / f"{name}.jsonl.xz"
        with lzma.open(packed, "rt") if packed.exists() else packed.with_suffix("").open() as lines:
            newest |= {entry["number"]: entry["data"] for entry in map(json.loads, lines)}
    accounts = _accounts(newest.values(), kinds)
    found = {"issue": {}, "pull": {}}
    for number, data in sorted(newest.items()):
        found[data["type"]][number] = _item(number, data, accounts)
    return found["issue"], found["pull"], accounts


def _accounts(items, kinds):
    bots, seen = set(), set()
    for data in items:
        recorded = [data[data["type"]], *data["events"], *(data.get("comments") or [])]
        for user in (raw.get(name) for raw in recorded for name in ("user", "actor")):
            seen.add(login(user))
            if user and (user.get("type") == "Bot" or user["login"].endswith("[bot]")):
                bots.add(user["login"])
    found = {"ghost": "ghost"}
    for name in seen - {"ghost"}:
        kind = kind_of([f"{name} <{name}@users.noreply.github.com>"], kinds)
        found[name] = "bot" if kind == "person" and name in bots else kind
    return found


def _item(number, data, accounts):
    raw = data[data["type"]]
    heard = [e for e in data["events"] if e["event"] not in {"commented", *_UNHEARD} and e["id"]]
    item = DumpItem(number, raw, data["events"], second(raw["created_at"]), login(raw.get("user")))
    heard.sort(key=lambda event: (event["created_at"], event["id"]))
    item.line_comments = data.get("comments") or []
    item.labels = _labels(item, heard)
    item.milestones = _intervals(item, heard, "milestone")
    item.assigned = min(
        (begin for _, begin, _ in _intervals(item, heard, "assignee")), default=None
    )
    item.touched, item.response = _touches(item, heard, accounts)
    _record_states(item, heard)
    return item


def _touches(item, heard, accounts):
    comments = [
        (login(e.get("user")), second(e["created_at"]))
        for e in item.events
        if e["event"] == "commented"
    ]
    own = (e for e in heard if not names_a_commit_elsewhere(e))
    acts = [(login(e.get("actor")), second(e["created_at"])) for e in own]
    touched = [when for who, when in comments + acts if accounts[who] not in {"bot", "ai_agent"}]
    answers = [
        when
        for who, when in comments
        if who != item.author and accounts[who] in {"person", "ghost"} and when >= item.opened
    ]
    return touched, min(answers, default=None)


def _record_states(item, heard):
    gone = [second(e["created_at"]) for e in heard if e["event"] == "converted_to_discussion"]
    item.left = max(gone, default=None)
    turns = [(item.opened, "open", "opened", None)]
    for event in heard:
        when = second(event["created_at"])
        state = _STATES.get(event["event"])
        is_heard = state and (item.left is None or when < item.left - _MOMENT)
        if is_heard and state != turns[-1][1]:
            turn = "closed" if state == "closed" else "reopened"
            turns.append((max(when, item.opened), state, turn, event))
    if item.left is None and item.raw["state"] == "closed" and turns[-1][1] == "open":
        turns.append((second(item.raw["closed_at"]), "closed", "closed", None))
    for number, ((when, state, turn, event), after) in enumerate(
        zip(turns, [*turns[1:], None], strict=True), start=1
    ):
        ends, ended_by = (after[0], after[2]) if after else (item.left, item.left and "moved_out")
        item.states.append(DumpState(state, when, turn, event, number, ends, ended_by))


def _labels(item, heard):
    """Say since when an item first had each label that it ever had, by the label in lower case."""
    first = {}
    for name, begin, _ in _intervals(item, heard, "label"):
        first[name.lower()] = min(begin, first.get(name.lower(), begin))
    return first


def _intervals(item, heard, attribute):
    """List (value, from, to) of an attribute: first by events, then by the fields."""
    changes, now = _recorded_events(heard, attribute), _named(item.raw, attribute)
    updated = second(item.raw["updated_at"])
    found = []
    for value in changes.keys() | now:
        recorded = changes.get(value, [])
        turns = [(max(when, item.opened), is_set) for when, is_set in recorded]
        if not turns or not turns[0][1]:
            turns.insert(0, (item.opened, True))
        if recorded and recorded[-1][1] != (value in now) and updated > recorded[-1][0]:
            turns.append((updated, value in now))
        found += [(value, *span) for span in _spans(turns)]
    return found


def _spans(turns):
    """Yield from when to when it was set; what is still set has no end."""
    begin = None
    for when, is_set in turns:
        if is_set and begin is None:
            begin = when
        elif not is_set and begin is not None:
            yield begin, when
            begin = None
    if begin is not None:
        yield begin, None


def _recorded_events(heard, attribute):
    """List (when, whether it was set) of each value of an attribute that events name."""
    changes, milestone = defaultdict(list), None
    for event in heard:
        of, part_name, is_set = _SET.get(event["event"], (None, None, None))
        if of != attribute:
            continue
        value, when = event[of][part_name], second(event["created_at"])
        if attribute == "milestone" and is_set:
            if milestone not in {None, value}:
                changes[milestone].append((when, False))
            milestone = value
        changes[value].append((when, is_set))
    return changes


def _named(raw, attribute):
    if attribute == "label":
        return {label["name"] for label in raw["labels"]}
    if attribute == "assignee":
        return {user["login"] for user in raw.get("assignees") or []}
    return {raw["milestone"]["title"]} if raw.get("milestone") else set()


def milestones(items):
    """Find the newest object of each milestone by its number."""
    newest = {}
    for item in items:
        found = item.raw.get("milestone")
        if found and found["updated_at"] >= newest.get(found["number"], found)["updated_at"]:
            newest[found["number"]] = found
    return newest.values()


class Rules:
    """The rules of a project, read again: patterns with * over lower case, titles by expression."""

    def __init__(self, rules):
        self._rules = defaultdict(list)
        for name, pattern in rules:
            self._rules[name].append(pattern)

    def of(self, rule):
        return self._rules[rule]

    def fits(self, rule, name):
        return any(fnmatchcase(name.lower(), pattern.lower()) for pattern in self._rules[rule])

    def labelled(self, rule, item):
        """Say since when an item had a label of a rule; None if it never had."""
        return min((at for name, at in item.labels.items() if self.fits(rule, name)), default=None)

    def titled(self, rule, item):
        return any(re.search(p, item.raw["title"], re.IGNORECASE) for p in self._rules[rule])
