"""
Expected KPIs of DORA in a scenario of delivery, by plain Python.

No line of this shares code with Quarry: what a KPI means was read from the prose of its definition.
A scenario has items by kind, each with words and facts; the result has words by kind and name.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property

from tests.support.expected.kpi_truth_dora_repository import (
    ScenarioFailure,
    ScenarioRepository,
    hours,
)

GRADES = ("explicit", "revert", "rollback", "hotfix", "label", "window")


class Dora:
    """The deployments of a scenario's repositories, and what failed and was repaired by them."""

    def __init__(self, scenario, at, polled_at):
        self._scenario, self._at = scenario, at
        self._repositories = {
            place: ScenarioRepository(scenario, place, at, polled_at) for place in scenario.places
        }
        given = [pair for item in scenario.items("rules") for pair in item.facts.items()]
        self._window = timedelta(hours=int(dict(given).get("window", 72)))

    def rows(self):
        """List the rows of the five KPIs: words by the name of the row, by kind."""
        repositories = self._repositories.values()
        failures = self._failures
        return {
            "frequency": {n: w for repo in repositories for n, w in repo.frequency()},
            "lead": {n: w for repo in repositories for n, w in repo.changes()},
            "fail": self._failed(failures),
            "rework": self._rework(failures),
            "recovery": {f.name: self._recovery(f) for f in failures},
        }

    @cached_property
    def _failures(self):
        found = []
        for place, repository in self._repositories.items():
            issues = [self._issue(place, item) for item in self._scenario.of("incident", place)]
            closing = {commit for issue in issues for commit in issue.closing}
            found += issues
            found += [r for r in repository.reverts(closing) if r]
        rollbacks = [r for repo in self._repositories.values() for r in repo.rollbacks()]
        for failure in found:
            self._recover(failure, rollbacks)
        for rollback in rollbacks:
            others = [f for f in found if f.blamed is rollback.blamed and f.reason == "counted"]
            rollback.reason = "duplicate" if others else "counted"
        return [*found, *rollbacks]

    def _issue(self, place, item):
        repository = self._repositories[place]
        number, *turns = item.words
        opened, *ended = map(self._at, turns)
        failure = ScenarioFailure(place, number, "issue", opened, item["reason"] or "counted")
        is_over = len(ended) % 2 == 1
        by = item["by"] if is_over else None
        failure.closing = repository.closing(by)
        failure.by = repository.repair(by)
        failure.resolved = ended[-1] if is_over else None
        blames = {grade: found for grade, found in self._blames(repository, item, failure) if found}
        failure.grade = next((grade for grade in GRADES if grade in blames), None)
        failure.blamed = blames.get(failure.grade)
        brought = [
            repository.brought_by[name] for name in failure.closing & {*repository.brought_by}
        ]
        after = [d.deployed for d in brought if d.deployed >= opened]
        failure.repaired = min(after, default=None)
        return failure

    def _blames(self, repository, item, failure):
        """Yield (grade, deployment) of all that speaks for one."""
        cause = item["cause"]
        yield "explicit", repository.brought_by.get(cause[1:]) if cause else None
        taken_back = {repository.commits[name].reverts for name in failure.closing}
        brought = [repository.brought_by[n] for n in taken_back if n in repository.brought_by]
        yield "revert", max(brought, key=lambda d: d.number, default=None)
        own = _newest(repository.deployments, failure.noticed)
        yield "hotfix", own if failure.by and repository.is_hotfix(item["by"]) else None
        labels = (item["labels"] or "").split(",")
        yield "label", next((d for d in repository.deployments[::-1] if d.tag in labels), None)
        everywhere = [d for repo in self._repositories.values() for d in repo.deployments]
        for deployment in (own, _newest(everywhere, failure.noticed)):
            if deployment and failure.noticed <= deployment.deployed + self._window:
                yield "window", deployment
                return

    def _recover(self, failure, rollbacks):
        """Find when production was well again, and by what."""
        back = [r.resolved for r in rollbacks if failure.blamed and r.blamed is failure.blamed]
        ends = [failure.repaired or failure.resolved, *back]
        failure.recovered = min((end for end in ends if end), default=None)
        if failure.kind == "issue" and failure.recovered:
            is_back = failure.recovered in back
            is_repaired = failure.recovered == failure.repaired
            failure.grade = (
                ",".join(
                    [
                        *([failure.grade] if failure.grade else []),
                        *(["rollback"] if is_back else ["repair"] if is_repaired else []),
                    ]
                )
                or None
            )

    def _recovery(self, failure):
        grade = (failure.grade,) if failure.grade else ()
        blamed = (failure.blamed.name,) if failure.blamed else ()
        reason = failure.reason
        if reason == "counted" and not failure.blamed:
            reason = "no_deployment"
        elif reason == "counted" and not failure.recovered:
            reason = "still_open"
        elif reason == "counted" and failure.recovered < failure.blamed.deployed:
            reason = "started_after_end"
        if reason != "counted":
            return (reason, *grade, *blamed)
        return (hours(failure.recovered - failure.blamed.deployed), *grade, *blamed)

    def _failed(self, failures):
        found = {}
        for failure in sorted(failures, key=lambda f: f.key):
            if failure.reason == "counted" and failure.blamed:
                found.setdefault(failure.blamed.name, (failure.grade.split(",")[0],))
        return found

    def _rework(self, failures):
        found = [(f.name, "rollback") for f in failures if f.kind == "rollback"]
        for repository in self._repositories.values():
            brought = {name: d.name for name, d in repository.brought_by.items()}
            repairs = [(name, "hotfix") for name in repository.hotfixes()]
            repairs += [(f.name, "revert") for f in failures if f.kind == "revert" and f.blamed]
            repairs += [(f.by, "incident") for f in failures if f.by]
            found += [(brought[name], grade) for name, grade in repairs if name in brought]
        return {name: (min(g for n, g in found if n == name),) for name, _ in found}


def _newest(deployments, opened):
    begun = [d for d in deployments if d.began <= opened]
    return max(begun, key=lambda d: (d.began, d.deployed), default=None)
