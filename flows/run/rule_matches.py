"""The rules of each project, their meanings and matches."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from flows.settings.projects import RULES
from flows.settings.workspace import context_of
from warehouse.query.rule_matches import KINDS, read_matches
from warehouse.rules import LEFT_OUT_TYPES, PARTS, TYPES

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
    "environment_groups": "one commit deployed to several of them is one deployment",
    "deployment_tags": "such a tag is a deployment to production",
    "incident_labels": "an issue that ever had it is an incident",
    TYPES: "an issue of this type counts",
    LEFT_OUT_TYPES: "an issue of this type does not count",
    "incident_types": "an issue of this type is an incident",
    "incident_titles": "an issue with such a title is an incident",
    "hotfix_labels": "a merged change request that ever had it is a hotfix",
    "hotfix_titles": "a merged change request with such a title is a hotfix",
    "hotfix_branches": "a merged change request from it is a hotfix",
    "test_labels": "an issue that ever had it is a test iteration",
    "test_titles": "an issue with such a title is a test iteration",
    "generated": "the lines of such a file do not count",
    "started_labels": "work on an issue begins when it first has it",
}
DEPLOYMENT_MEANINGS = {
    "deployment": "a deployment of the tracker counts if its environment is production",
    "release": "a release that is no draft and no pre-release is a deployment",
    "tag": "a final tag of deployment_tags is a deployment",
    "prerelease": "such as 1.2-rc.1 or 1.2b3: a release or tag like any other",
    "ledger": "a deployment of a ledger counts if it succeeded or was rolled back",
}
# The environments of a project that lists none.
NO_ENVIRONMENTS = (
    "production is as the tracker marks it, or named production, prod or live, also with more "
    "behind a sign or space"
)
# Rules that apply only with a value of deployments.
_NEEDS = {
    "environments": "deployment",
    "environment_groups": "deployment",
    "deployment_tags": "tag",
}
# A project may have no bots, generated files or special types, and one of several kinds of
# deployments is enough.
_MAY_MATCH_NOTHING = {"left_out_authors", "deployments", "generated", TYPES, LEFT_OUT_TYPES}
_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class RuleMatch:
    """
    One pattern of a rule, and how many items it matches.

    Shape:   matches is None without a warehouse; nearest are names in the warehouse if it is 0.
    """

    rule: str
    pattern: str
    meaning: str
    set_in: str
    counted: str
    matches: int | None = None
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ProjectRules:
    """A project with its sources, its active dates and its rules."""

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
    rules: tuple[RuleMatch, ...]
    unused: tuple[str, ...]


def project_rules(workspace: Workspace) -> list[ProjectRules]:
    """
    List the rules of every project; without a warehouse, of the projects in the settings.

    Errors:  SettingsError, SettingsRefused, WarehouseError.
    """
    context, settings = context_of(workspace), workspace.settings
    if not workspace.warehouse.is_file():
        return [_project_rules(project, settings, None) for project in context.projects]
    matches = read_matches(workspace.warehouse, context)
    return [_project_rules(project, settings, matches) for project in matches.projects]


def unmatched_rules(project: ProjectRules) -> list[str]:
    """
    List each pattern of the settings that matches nothing, and each such default rule.

    A default is listed only if the project has names that it could match.
    """
    unmatched: list[str] = []
    for name, group in groupby(project.rules, key=lambda rule: rule.rule):
        patterns = list(group)
        missing = [rule for rule in patterns if rule.matches == 0]
        if name in _MAY_MATCH_NOTHING or not missing:
            continue
        if missing[0].set_in != "default":
            unmatched += [f"{name} {rule.pattern!r}" for rule in missing]
        elif len(missing) == len(patterns) and missing[0].nearest:
            unmatched.append(name)
    return unmatched


def _project_rules(
    project: Project, settings: Settings, matches: WarehouseMatches | None
) -> ProjectRules:
    used = [rule for rule in project.rules if _applies(rule.rule, project)]
    names = {rule.rule for rule in used}
    return ProjectRules(
        project=project.name,
        title=project.title,
        title_ko=project.title_ko,
        is_named=any(named.name == project.name for named in settings.projects),
        active_from=project.active_from,
        active_until=project.active_until,
        sources=project.sources,
        owns_parts=project.owns_parts,
        not_mined=_not_mined(project, matches),
        ledgers=tuple(matches.ledgers.get(project.name, ())) if matches else (),
        deployments=matches.deployments.get(project.name, 0) if matches else None,
        incident_window_hours=project.incident_window_hours,
        rules=tuple(_rule_match(project, rule, settings, matches) for rule in used),
        unused=tuple(name for name in RULES if name not in names),
    )


def _not_mined(project: Project, matches: WarehouseMatches | None) -> tuple[str, ...] | None:
    if matches is None:
        return None
    return tuple(source for source in project.sources if source not in matches.mined)


def _applies(name: str, project: Project) -> bool:
    deployments = {rule.pattern for rule in project.rules if rule.rule == "deployments"}
    return name not in _NEEDS or _NEEDS[name] in deployments


def _rule_match(
    project: Project, rule: Rule, settings: Settings, matches: WarehouseMatches | None
) -> RuleMatch:
    item = rule.pattern if rule.rule == "deployments" else KINDS[rule.rule][0].split()[-1]
    match = RuleMatch(
        rule=rule.rule,
        pattern=rule.pattern,
        meaning=MEANINGS.get(rule.rule) or DEPLOYMENT_MEANINGS[rule.pattern],
        set_in=_set_in(project.name, rule.rule, settings),
        counted="row" if item == "ledger" else item,
    )
    if matches is None:
        return match
    count = matches.matches.get((project.name, rule.rule, rule.pattern), 0)
    return replace(match, matches=count, nearest=() if count else _nearest(project, rule, matches))


def _set_in(project: str, name: str, settings: Settings) -> str:
    """Return the section that sets a rule; the more special section overrides."""
    named = next((entry for entry in settings.projects if entry.name == project), None)
    if name in PARTS:
        return "projects"
    name = TYPES if name == LEFT_OUT_TYPES else name
    if named and name in named.rules.model_fields_set:
        return "projects.rules"
    return "rules" if name in settings.rules.model_fields_set else "default"


def _nearest(project: Project, rule: Rule, matches: WarehouseMatches) -> tuple[str, ...]:
    """List the names most similar to a pattern that no other pattern of the rule matches."""
    if rule.rule in {"left_out_authors", "generated"}:
        return ()
    used = {other.pattern.casefold() for other in project.rules if other.rule == rule.rule}
    kinds = KINDS[rule.rule]
    names = [name for kind in kinds for name in matches.names.get((project.name, kind), ())]
    folded = {name.casefold(): name for name in names if name.casefold() not in used}
    near = difflib.get_close_matches(rule.pattern.casefold(), folded, n=_SHOWN, cutoff=0.5)
    return tuple(folded[name] for name in near or list(folded)[:_SHOWN])
