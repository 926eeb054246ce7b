"""Invent scenarios of delivery, each from a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from tests.warehouse.kpis.delivery.scenarios.reading import Scenario, ScenarioItem

PLACES = ("production", "production", "production", "prod-eu", "staging")
STATUSES = ("success", "success", "success", "success", "failed", "running")
MINUTES = 28 * 24 * 60


def invented(seed):
    """Invent what happened in one or two repositories of a project."""
    chance = random.Random(seed)
    scenario = Scenario(f"Seed {seed}", "invented")
    scenario.lines["rules"] = [ScenarioItem((), {"window": chance.choice(["24", "72"])})]
    repositories = [_Repository(chance, scenario, "app")]
    if chance.random() < 0.5:
        repositories.append(_Repository(chance, scenario, "ops"))
    for minute in sorted(chance.sample(range(MINUTES), 22 * len(repositories))):
        chance.choice(repositories).happen(minute)
    return scenario


@dataclass
class _Repository:
    chance: random.Random
    scenario: Scenario
    place: str
    main: list = field(default_factory=list)
    others: list = field(default_factory=list)
    facts: dict = field(default_factory=dict)

    def happen(self, minute):
        if not self.main:
            return self._commit(minute, {})
        acts = (self._work, self._work, self._branch, self._merge, self._revert, self._pick)
        acts += (self._deploy, self._deploy, self._deploy, self._incident, self._hotfix)
        return self.chance.choice(acts)(minute)

    def _work(self, minute):
        self._commit(minute, {})

    def _branch(self, minute):
        self._commit(minute, {"from": self.chance.choice(self.main + self.others)}, "off")

    def _merge(self, minute):
        if self.others:
            self._commit(minute, {"merge": self.others[-1], "subject": "Merge_it"})

    def _revert(self, minute):
        """Take back a commit, or bring back what was taken back."""
        plain = [n for n in self.main + self.others if "merge" not in self.facts[n]]
        was = self.chance.choice(plain)
        if not self.facts[was].get("reverts"):
            self._commit(minute, {"reverts": was, "subject": f'Revert_"Work_{was}"'})
        elif not self.facts[self.facts[was]["reverts"]].get("reverts"):
            self._commit(minute, {"reverts": was, "subject": f'Reapply_"Work_{was}"'})

    def _pick(self, minute):
        """Copy a commit of the main branch to another one."""
        name = self.chance.choice(self.main)
        facts = self.facts[name]
        if "merge" not in facts:
            same = {key: facts[key] for key in ("subject", "reverts") if key in facts}
            base = {"from": self.main[0], "picks": name, "written": facts["written"]}
            self._commit(minute, base | {"subject": f"Work_{name}"} | same, "off")

    def _commit(self, minute, facts, *flags):
        name = f"{self.place[0]}{len(self.facts)}"
        facts = {"written": _at(minute), "in": self.place} | facts
        self.facts[name] = facts
        (self.others if flags else self.main).append(name)
        self._add("commit", (name, _at(minute), *flags), facts)

    def _deploy(self, minute):
        newest = self.main[-1] if self.chance.random() < 0.6 else None
        commit = newest or self.chance.choice(self.main + self.others)
        facts = {
            "to": self.chance.choice(PLACES),
            "status": self.chance.choice(STATUSES),
            "ended": _at(minute + self.chance.choice([0, 30, 100])),
        }
        # An incident and a rollback have other names.
        number = str(len(self.scenario.items("deploy")) + 1001)
        self._add("deploy", (number, commit, _at(minute)), facts)

    def _incident(self, minute):
        number = str(len(self.scenario.items("incident")) + 1)
        turns = [minute + hours * 60 + 7 for hours in self.chance.choice([(), (5,), (9, 20, 31)])]
        facts = {"reason": self.chance.choice([None, None, None, "duplicate", "not_planned"])}
        commit = self.chance.choice(self.main + self.others)
        facts[self.chance.choice(["by", "cause", "nothing"])] = commit
        if "cause" in facts:
            facts["cause"] = f"@{commit}"
        self._add("incident", (number, *map(_at, [minute, *turns])), facts)

    def _hotfix(self, minute):
        """Merge a change request that repairs, and at times close an incident with it."""
        number = str(100 + len(self.scenario.items("request")))
        self._commit(minute, {})
        own = f"own{number}@{_at(max(0, minute - 90))}"
        facts = {"merged": _at(minute), "as": self.main[-1], "labels": "hotfix", "written": own}
        self._add("request", (number, _at(max(0, minute - 60))), facts)
        if self.chance.random() < 0.7:
            began = str(len(self.scenario.items("incident")) + 1)
            times = (_at(max(0, minute - 70)), _at(minute + 1))
            self._add("incident", (began, *times), {"by": f"!{number}"})

    def _add(self, kind, words, facts):
        item = ScenarioItem(words, {k: v for k, v in (facts | {"in": self.place}).items() if v})
        self.scenario.lines.setdefault(kind, []).append(item)


def _at(minute):
    day, rest = divmod(minute, 24 * 60)
    return f"{day + 1:02}T{rest // 60:02}:{rest % 60:02}"
