"""Expected changes, reverts and rollbacks of a repository of a scenario."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from tests.support.expected.kpi_truth_dora_deployments import Delivered, considered


@dataclass
class ScenarioFailure:
    """An incident: of which kind, when it was noticed and ended, and what is blamed for it."""

    place: str
    name: str
    kind: str
    noticed: datetime
    reason: str
    resolved: datetime | None = None
    repaired: datetime | None = None
    blamed: Delivered | None = None
    grade: str | None = None
    recovered: datetime | None = None
    closing: set = field(default_factory=set)
    by: str | None = None

    @property
    def key(self):
        """The place of its identifier in their order: hashes, then addresses."""
        own = {"issue": f"{self.place}#{self.name}", "rollback": f"{self.place}/{self.name}"}
        return own.get(self.kind, "")


class ScenarioRepository:
    """The commits of a repository, and the deployments that brought them."""

    def __init__(self, scenario, place, at, polled_at):
        self._scenario, self._place, self._at = scenario, place, at
        self.commits = {}
        self.main = None
        for item in scenario.of("commit", place):
            self._add(item)
        self.considered = considered(scenario, place, at, polled_at, self.commits)
        counted = [d for d in self.considered if d.reason == "counted"]
        self.deployments = sorted(counted, key=lambda d: (d.deployed, d.began, d.name))
        for number, deployment in enumerate(self.deployments, 1):
            deployment.number = number

    def _add(self, item):
        parents = [item["from"] or self.main, item["merge"]]
        self.commits[item.name] = ScenarioCommit(
            name=item.name,
            at=self._at(item.words[1]),
            written=self._at(item["written"] or item.words[1]),
            parents=[p for p in parents if p and p != "none"],
            subject=item["subject"] or f"Work_{item.name}",
            reverts=item["reverts"],
            picks=item["picks"],
        )
        self.main = self.main if "off" in item.words else item.name

    def below(self, name):
        """List a commit and all before it."""
        found, waiting = set(), [name] if name else []
        while waiting:
            commit = waiting.pop()
            if commit not in found:
                found.add(commit)
                waiting += self.commits[commit].parents
        return found

    @cached_property
    def landed(self):
        return self.below(self.main)

    @cached_property
    def reached_by(self):
        """Say which deployment first reached each commit, by ancestry."""
        found = {}
        for deployment in self.deployments:
            for name in self.below(deployment.commit):
                found.setdefault(name, deployment)
        return found

    @cached_property
    def brought_by(self):
        """Say which deployment brought each change: the first of it and its copies."""
        found = dict(self.reached_by)
        for copy, originals in self.copies.items():
            for original in originals:
                both = [self.reached_by[n] for n in (copy, original) if n in self.reached_by]
                both += [found[original]] if original in found else []
                found |= {original: min(both, key=lambda d: d.number)} if both else {}
        return found

    @cached_property
    def copies(self):
        """Name the commits of the main branch that each commit off it is a copy of."""
        found = {}
        for one in self.commits.values():
            for other in self.commits.values():
                is_apart = one.name not in self.landed and other.name in self.landed
                is_same = (one.written, one.subject) == (other.written, other.subject)
                if is_apart and len(one.parents) < 2 and (one.picks == other.name or is_same):
                    found.setdefault(one.name, []).append(other.name)
        return found

    def frequency(self):
        for deployment in self.considered:
            why = deployment.reason
            yield deployment.name, () if why == "counted" else (why,)

    def changes(self):
        """Yield each change with its time, or why it has none, and its deployment."""
        for name, commit in self.commits.items():
            brought = self.brought_by.get(name)
            if self.deployments and (name in self.landed or brought):
                related = (brought.name,) if brought else ()
                yield name, (self._lead(commit, brought), *related)

    def _lead(self, commit, brought):
        if len(commit.parents) > 1:
            return "merge"
        if commit.name in self.copies:
            return "duplicate"
        if brought is None:
            return "no_deployment"
        if brought.number == 1:
            return "before_first_deployment"
        return hours(brought.deployed - self._started(commit))

    def _started(self, commit):
        """Say when work began: that of a squashed request with its own first commit."""
        for item in self._scenario.of("request", self._place):
            own = [part.rpartition("@") for part in (item["written"] or "").split(",")]
            is_squash = not any(name in self.commits for name, _, _ in own)
            if item["as"] == commit.name and is_squash:
                return min(self._at(at) for _, _, at in own)
        return commit.written

    def reverts(self, closing):
        """Yield a failure for each revert that landed or was deployed."""
        for commit in self.commits.values():
            is_there = commit.name in self.landed or commit.name in self.reached_by
            is_own = is_there and commit.name not in self.copies
            if commit.reverts and is_own and not self._is_reapply(commit):
                yield self._revert(commit, closing)

    def _is_reapply(self, commit):
        return self.commits[commit.reverts].reverts is not None

    def _revert(self, commit, closing):
        was = self.brought_by.get(commit.reverts)
        enders = [commit.name, *(c.name for c in self.commits.values() if c.reverts == commit.name)]
        own = [self.brought_by[name] for name in enders if name in self.brought_by]
        ended = min(own, key=lambda d: d.number, default=None)
        failure = ScenarioFailure(self._place, commit.name, "revert", commit.at, "not_deployed")
        if was and (ended is None or was.number < ended.number):
            failure.blamed, failure.grade = was, "revert"
            failure.resolved = ended and ended.deployed
            failure.reason = "duplicate" if commit.name in closing else "counted"
        return failure

    def rollbacks(self):
        """Yield a failure for each deployment of an older commit to the same environment."""
        before = {}
        for deployment in self.deployments:
            newer = before.get(deployment.where)
            before[deployment.where] = deployment
            is_older = newer and deployment.commit in self.below(newer.commit) - {newer.commit}
            if deployment.where and is_older:
                at = deployment.deployed
                failure = ScenarioFailure(
                    self._place, deployment.name, "rollback", at, "counted", resolved=at
                )
                failure.blamed, failure.grade, failure.recovered = newer, "rollback", at
                yield failure

    def closing(self, by):
        """List the commits that closed an issue: one, or what a change request landed."""
        request = self._request(by)
        names = {request["as"]} if request else {by}
        return names & self.commits.keys()

    def repair(self, by):
        request = self._request(by)
        return request["as"] if request else by

    def is_hotfix(self, by):
        request = self._request(by)
        return bool(request) and "hotfix" in (request["labels"] or "")

    def hotfixes(self):
        items = self._scenario.of("request", self._place)
        return [item["as"] for item in items if "hotfix" in (item["labels"] or "") and item["as"]]

    def _request(self, by):
        """Find a change request that is named, or whose merge is."""
        items = self._scenario.of("request", self._place)
        return next((item for item in items if by and by in {f"!{item.name}", item["as"]}), None)


@dataclass(frozen=True, kw_only=True)
class ScenarioCommit:
    name: str
    at: datetime
    written: datetime
    parents: list
    subject: str
    reverts: str | None
    picks: str | None


def hours(elapsed):
    return f"{elapsed / timedelta(hours=1):g}h"
