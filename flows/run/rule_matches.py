"""What the rules of each project mean, and what of the warehouse they match."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from flows.settings.projects import RULES
from flows.settings.workspace import context_of
from warehouse.query.rule_matches import KINDS, read_matches
from warehouse.rules import PARTS

if TYPE_CHECKING:
    from datetime import date

    from flows.settings.settings import Settings
    from flows.settings.workspace import Workspace
    from warehouse.context import Project
    from warehouse.query.rule_matches import WarehouseMatches
    from warehouse.rules import Rule

MEANINGS = {
    "paths": "commits that touch it are its part of the repository",
    "branches": "what it reaches is its part of the repository",
    "labels": "of issues and change requests, those that ever had it are its part",
    "left_out_authors": "their commits and change requests do not count",
    "left_out_labels": "issues and change requests that ever had it do not count",
    "environments": "a deployment there is one to production",
    "deployment_tags": "such a tag is a deployment to production",
    "incident_labels": "an issue that ever had it is an incident",
    "incident_types": "an issue of this type is an incident",
    "incident_titles": "an issue with such a title is an incident",
    "hotfix_labels": "a merged change request that ever had it is a hotfix",
    "hotfix_titles": "a merged change request with such a title is a hotfix",
    "hotfix_branches": "a merged change request from it is a hotfix",
    "test_labels": "an issue that ever had it is a test iteration",
    "test_titles": "an issue with such a title is a test iteration",
    "started_labels": "work on an issue begins when it first has it",
}
DEPLOYMENT_MEANINGS = {
    "deployment": "what the tracker deployed is deployed, where the environment is production",
    "release": "a release that is no draft and no prerelease is a deployment",
    "tag": "a tag of deployment_tags is a deployment",
    "ledger": "what a ledger says was deployed, with success or rolled back, is a deployment",
}
# What a project goes by that lists no environments.
NO_ENVIRONMENTS = "production is what the tracker calls so, or is named production, prod or live"
# Rules that say something only beside a word of deployments.
_NEEDS = {"environments": "deployment", "deployment_tags": "tag"}
# There may well be no bots, and one of several kinds of deployments is enough.
_MAY_BE_IDLE = {"left_out_authors", "deployments"}
_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """
    One pattern of a rule.

    Shape:   matches is None without a warehouse; nearest are names that there are where it is 0.
    """

    rule: str
    pattern: str
    meaning: str
    set_in: str
    counted: str
    matches: int | None = None
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Explained:
    """One project: what it owns, when it is active, what names mean in it."""

    project: str
    title: str
    title_ko: str | None
    is_named: bool
    active_from: date | None
    active_until: date | None
    sources: tuple[str, ...]
    owns_parts: bool
    not_mined: tuple[str, ...] | None
    ledgers: tuple[str, ...]
    deployments: int | None
    incident_window_hours: int
    rules: tuple[Meaning, ...]
    unused: tuple[str, ...]


def explained(workspace: Workspace) -> list[Explained]:
    """
    Explain the rules of every project; without a warehouse, of those that the settings name.

    Errors:  SettingsError, SettingsRefused, WarehouseError.
    """
    context, settings = context_of(workspace), workspace.settings
    if not workspace.warehouse.is_file():
        return [_explained(project, settings, None) for project in context.projects]
    found = read_matches(workspace.warehouse, context)
    return [_explained(project, settings, found) for project in found.projects]


def idle(one: Explained) -> list[str]:
    """
    Name what matches nothing: of rules that somebody wrote each pattern, of others the whole rule.

    A default that finds nothing says something only where there are names to choose from.
    """
    found: list[str] = []
    for name, group in groupby(one.rules, key=lambda rule: rule.rule):
        patterns = list(group)
        missing = [rule for rule in patterns if rule.matches == 0]
        if name in _MAY_BE_IDLE or not missing:
            continue
        if missing[0].set_in != "default":
            found += [f"{name} {rule.pattern!r}" for rule in missing]
        elif len(missing) == len(patterns) and missing[0].nearest:
            found.append(name)
    return found


def _explained(project: Project, settings: Settings, found: WarehouseMatches | None) -> Explained:
    used = [rule for rule in project.rules if _says_something(rule.rule, project)]
    names = {rule.rule for rule in used}
    return Explained(
        project=project.name,
        title=project.title,
        title_ko=project.title_ko,
        is_named=any(named.name == project.name for named in settings.projects),
        active_from=project.active_from,
        active_until=project.active_until,
        sources=project.sources,
        owns_parts=project.owns_parts,
        not_mined=None
        if found is None
        else tuple(s for s in project.sources if s not in found.mined),
        ledgers=() if found is None else tuple(found.ledgers.get(project.name, ())),
        deployments=None if found is None else found.deployments.get(project.name, 0),
        incident_window_hours=project.incident_window_hours,
        rules=tuple(_meaning(project, rule, settings, found) for rule in used),
        unused=tuple(name for name in RULES if name not in names),
    )


def _says_something(name: str, project: Project) -> bool:
    words = {rule.pattern for rule in project.rules if rule.rule == "deployments"}
    return name not in _NEEDS or _NEEDS[name] in words


def _meaning(
    project: Project, rule: Rule, settings: Settings, found: WarehouseMatches | None
) -> Meaning:
    said = MEANINGS.get(rule.rule) or DEPLOYMENT_MEANINGS[rule.pattern]
    set_in = _set_in(project.name, rule.rule, settings)
    word = rule.pattern if rule.rule == "deployments" else KINDS[rule.rule][0].split()[-1]
    counted = "row" if word == "ledger" else word
    if found is None:
        return Meaning(
            rule=rule.rule, pattern=rule.pattern, meaning=said, set_in=set_in, counted=counted
        )
    matches = found.matches.get((project.name, rule.rule, rule.pattern), 0)
    names = () if matches else _nearest(project, rule, found)
    return Meaning(
        rule=rule.rule,
        pattern=rule.pattern,
        meaning=said,
        set_in=set_in,
        counted=counted,
        matches=matches,
        nearest=names,
    )


def _set_in(project: str, name: str, settings: Settings) -> str:
    """Name the section that says it; the more special one goes first."""
    named = next((one for one in settings.projects if one.name == project), None)
    if name in PARTS:
        return "projects"
    if named and name in named.rules.model_fields_set:
        return "projects.rules"
    return "rules" if name in settings.rules.model_fields_set else "default"


def _nearest(project: Project, rule: Rule, found: WarehouseMatches) -> tuple[str, ...]:
    """Choose of the names that no pattern of the rule is those most like one, or the first."""
    if rule.rule == "left_out_authors":
        return ()
    used = {other.pattern.casefold() for other in project.rules if other.rule == rule.rule}
    names = [n for kind in KINDS[rule.rule] for n in found.names.get((project.name, kind), ())]
    folded = {name.casefold(): name for name in names if name.casefold() not in used}
    near = difflib.get_close_matches(rule.pattern.casefold(), folded, n=_SHOWN, cutoff=0.5)
    return tuple(folded[name] for name in near or list(folded)[:_SHOWN])
