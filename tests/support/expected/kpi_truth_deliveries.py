"""Expected deployments and incidents, and their attribution."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.support.expected.kpi_truth_requests import closers

GRADES = ("explicit", "revert", "hotfix", "label", "window")
_CAUSE = re.compile(
    r"^\W*(?:root cause|caused by|deployment)\W*:\W*(\S+)", re.IGNORECASE | re.MULTILINE
)
_REVERTED = re.compile(r"This reverts commit ([0-9a-f]{40,64})")
_REVERTED_REQUEST = re.compile(r"^Reverts [\w.@:/-]*[#!](\d{1,9})\b", re.MULTILINE)


@dataclass
class ExpectedIncident:
    """An incident: from when to when, why it counts or not, and its deployment."""

    key: object
    noticed: int
    started: int | None
    resolved: int | None
    reason: str
    number: int | None
    grade: str | None
    # When what repaired it was deployed, or else its end.
    recovered: int | None


class Deliveries:
    """The deployments of a project in the order of time, by numbers from 1, and its incidents."""

    def __init__(self, history, issues, requests, rules, window_hours):
        self._history, self._issues, self._requests = history, issues, requests
        self._rules, self._window = rules, window_hours * 3600
        kept = [tag for tag in history.tags if rules.fits("deployment_tags", tag[0])]
        self.deployments = sorted(kept, key=lambda tag: (tag[2], tag[0]))
        self.brought_by = self._brought_by()
        self._closers = closers(requests)
        self.hotfixes = {n for n, request in requests.items() if self._is_hotfix(request)}
        self.reverts = self._reverts()
        self.incidents = self._incidents()

    def at(self, number):
        return self.deployments[number - 1][2]

    def closed_by(self, issue):
        """Name what closed an issue for good: a change request and a commit, if known."""
        event = issue.lasting.event if issue.lasting else None
        commit = event["commit_id"] if event else None
        return self._closers.get(commit) if commit else None, commit

    def is_incident(self, issue):
        return self._rules.labelled("incident_labels", issue) is not None or self._rules.titled(
            "incident_titles", issue
        )

    def rework(self):
        """Number the deployments that brought a repair."""
        commits = [self._requests[n].commit for n in self.hotfixes]
        commits += [name for name, (was, _) in self.reverts.items() if was]
        for issue in filter(self.is_incident, self._issues.values()):
            number, commit = self.closed_by(issue)
            landed = self._requests[number].commit if number else None
            commits.append(landed or commit)
        return {self.brought_by[name] for name in commits if name in self.brought_by}

    def _brought_by(self):
        found = {}
        for number, (_, commit, _, _) in enumerate(self.deployments, start=1):
            for name in self._history.below(commit):
                found.setdefault(name, number)
        return found

    def _is_hotfix(self, request):
        item = request.item
        return request.commit is not None and (
            self._rules.labelled("hotfix_labels", item) is not None
            or self._rules.titled("hotfix_titles", item)
            or self._rules.fits("hotfix_branches", item.raw["head"]["ref"])
        )

    def _reverted(self, name):
        """List the commits that a revert takes back."""
        body = self._history.commits[name].body if name in self._history.commits else ""
        if match := _REVERTED.search(body):
            return [match[1]]
        match = _REVERTED_REQUEST.search(body)
        request = self._requests.get(int(match[1])) if match else None
        return [request.commit] if request and request.commit else []

    def _reverts(self):
        """Say of each revert that landed which deployment it takes back, and which ended it."""
        reverts = {n: r for n in self._history.commits if (r := self._reverted(n))}
        reapplies = {n: r for n, r in reverts.items() if r[0] in reverts}
        found = {}
        for name in (self._history.landed & reverts.keys()) - reapplies.keys():
            enders = [name, *(n for n, reverted in reapplies.items() if reverted == [name])]
            own = min((self.brought_by[n] for n in enders if n in self.brought_by), default=None)
            was = min(
                (self.brought_by[n] for n in reverts[name] if n in self.brought_by), default=None
            )
            found[name] = (was if was and (own is None or was < own) else None, own)
        return found

    def _incidents(self):
        issues = [issue for issue in self._issues.values() if self.is_incident(issue)]
        closing = set()
        for issue in issues:
            number, commit = self.closed_by(issue)
            closing |= {commit, *(self._landed_by(number) if number else ())}
        found = [self._of_issue(issue) for issue in issues]
        for name, (was, own) in self.reverts.items():
            reason = "duplicate" if name in closing else "counted"
            started, resolved = was and self.at(was), own and self.at(own)
            grade = "revert" if was else None
            reason = reason if was else "not_deployed"
            noticed = self._history.commits[name].committed
            found.append(
                ExpectedIncident(name, noticed, started, resolved, reason, was, grade, resolved)
            )
        return found

    def _landed_by(self, number):
        request = self._requests[number]
        return {request.commit, *request.own} if request.commit else set()

    def _of_issue(self, issue):
        is_open = issue.left is None and issue.states[-1].state == "open"
        told = issue.raw.get("state_reason")
        reason = told if told in {"duplicate", "not_planned"} else "counted"
        reason = "moved" if issue.left is not None else reason
        if self._rules.labelled("left_out_labels", issue) is not None:
            reason = "left_out_label"
        blames = {grade: number for grade, number in self._blames(issue) if number}
        grade = next((grade for grade in GRADES if grade in blames), None)
        resolved = issue.lasting.begins if issue.lasting and not is_open else None
        repaired = self._repaired(issue)
        recovered = resolved if repaired is None else repaired
        times = {"noticed": issue.opened, "started": issue.opened, "resolved": resolved}
        return ExpectedIncident(
            **{"key": issue.number, **times, "recovered": recovered},
            reason=reason,
            number=blames.get(grade),
            grade=grade,
        )

    def _repaired(self, issue):
        """Say when the first deployment since it was opened brought what closed it."""
        number, commit = self.closed_by(issue)
        ends = {commit, *(self._landed_by(number) if number else ())}
        brought = (self.at(self.brought_by[name]) for name in ends if name in self.brought_by)
        return min((at for at in brought if at >= issue.opened), default=None)

    def _blames(self, issue):
        """Yield (grade, number of the newest deployment) of all that speaks for one."""
        number, commit = self.closed_by(issue)
        before = [n for n, tag in enumerate(self.deployments, 1) if tag[2] <= issue.opened]
        newest = max(before, default=None)
        yield "explicit", self._named(issue)
        ends = {commit, *(self._landed_by(number) if number else ())} - {None}
        taken_back = [r for name in ends for r in self._reverted(name)] if ends else []
        yield "revert", max((self.brought_by.get(r, 0) for r in taken_back), default=0)
        yield "hotfix", newest if number in self.hotfixes else None
        named = {label["name"] for label in issue.raw["labels"]}
        yield (
            "label",
            max((n for n, tag in enumerate(self.deployments, 1) if tag[0] in named), default=0),
        )
        if newest and issue.opened - self.at(newest) <= self._window:
            yield "window", newest

    def _named(self, issue):
        match = _CAUSE.search(issue.raw.get("body") or "")
        cause = match[1].rstrip(".,;)") if match else None
        numbers = [n for n, tag in enumerate(self.deployments, 1) if tag[0] == cause]
        if cause and (request := re.search(r"[#!](\d{1,9})$", cause)):
            known = self._requests.get(int(request[1]))
            numbers.append(self.brought_by.get(known.commit, 0) if known else 0)
        if cause and (short := re.search(r"\b([0-9a-f]{7,64})$", cause)):
            numbers += [n for name, n in self.brought_by.items() if name.startswith(short[1])]
        return max(numbers, default=0)
