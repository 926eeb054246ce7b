"""Expected deployments of a scenario, counted or excluded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

ENDED = {"failed": "failed", "canceled": "canceled", "running": "not_finished"}
PRODUCTION = re.compile(r"(production|prod|live)([-/ ].*)?")
EARLY = re.compile(r"rc\d*$|beta|alpha")


@dataclass(eq=False)
class Delivered:
    """A deployment: what it brought, from when to when, where, and why it counts or not."""

    name: str
    kind: str
    commit: str
    began: datetime
    deployed: datetime
    reason: str
    tag: str | None = None
    where: str | None = None
    environment: str | None = None
    number: int = 0


def considered(scenario, place, at, polled_at, commits):
    """List all that a project calls a deployment of a repository."""
    given = [pair for item in scenario.items("rules") for pair in item.facts.items()]
    rules = {name: patterns.split(",") for name, patterns in given}
    kinds = rules.get("deployments", ["deployment"])
    found = []
    if "deployment" in kinds:
        found += _deployments(scenario.of("deploy", place), rules, at)
    if "release" in kinds:
        found += _releases(scenario.of("release", place), at)
    if "tag" in kinds:
        seen = polled_at if scenario.items("poll") else None
        found += _tags(scenario.of("tag", place), rules, at, seen, commits)
    for deployment in found:
        if deployment.reason == "counted" and deployment.deployed > polled_at:
            deployment.reason = "after_last_poll"
    _mark_duplicates(found)
    return found


def _deployments(items, rules, at):
    for item in items:
        number, commit, began = item.words
        name = item["to"] or "production"
        is_named = any(fnmatchcase(name, p) for p in rules.get("environments", ()))
        is_production = item["tier"] == "yes" or PRODUCTION.fullmatch(name)
        if not (is_named if "environments" in rules else is_production):
            continue
        groups = [p for p in rules.get("environment_groups", ()) if fnmatchcase(name, p)]
        reason = "deleted" if item["deleted"] else ENDED.get(item["status"], "counted")
        ended = at(item["ended"] or began)
        where = groups[0] if groups else name
        found = Delivered(number, "deployment", commit, at(began), ended, reason, item["ref"])
        found.where, found.environment = where, name if groups else None
        yield found


def _releases(items, at):
    for item in items:
        tag, commit, released, *flags = item.words
        if "draft" not in flags:
            is_early = "pre" in flags or EARLY.search(tag)
            reason = "deleted" if item["deleted"] else "prerelease" if is_early else "counted"
            yield Delivered(tag, "release", commit, at(released), at(released), reason, tag)


def _tags(items, rules, at, seen, commits):
    for item in items:
        tag, commit = item.words
        if any(fnmatchcase(tag, p) for p in rules["deployment_tags"]):
            made = at(item["at"]) if item["at"] else seen or commits[commit].at
            reason = "prerelease" if EARLY.search(tag) else "counted"
            yield Delivered(f"tag/{tag}", "tag", commit, made, made, reason, tag)


def _mark_duplicates(found):
    """A release of what is deployed, or one commit again in a group of environments, is one."""
    deployed = [d for d in found if d.kind == "deployment" and d.reason == "counted"]
    known = {d.commit for d in deployed} | {d.tag for d in deployed}
    met = set()
    for delivery in sorted(found, key=lambda d: d.deployed):
        if delivery.reason != "counted":
            continue
        if delivery.kind != "deployment":
            is_again = {delivery.commit, delivery.tag} & (known - {None})
        else:
            times = _times(deployed, delivery)
            key = delivery.environment and (delivery.where, delivery.commit, times)
            is_again = key in met if key else False
            met |= {key} if key else set()
        delivery.reason = "duplicate" if is_again else "counted"


def _times(deployed, delivery):
    """Count how often its commit had come to its environment before."""
    return sum(
        d.environment == delivery.environment
        and d.commit == delivery.commit
        and d.deployed < delivery.deployed
        for d in deployed
    )
