"""quarry rules: each project's rules, and how many items they match."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.console import console, print_facts, print_line, print_paragraph
from flows.cli.options import JSON, TABLE, Config, Home, TableOrJson, require_choice, workspace_of
from flows.cli.tables import cell, new_table
from miners.text import nearest
from warehouse.query.formats import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from flows.run.rule_matches import ProjectRules, RuleMatch
    from flows.settings.workspace import Workspace

# In a terminal of fewer columns, the meanings are printed below the table.
WIDE = 100


def rules(
    project: Annotated[str | None, typer.Option("--project", help="Default: every project")] = None,
    output_format: TableOrJson = TABLE,
    home: Home = None,
    config: Config = None,
) -> None:
    """Show each project's rules and how many items they match."""
    print_rules(console(), workspace_of(config, home), project, output_format)


def print_rules(
    terminal: Console, workspace: Workspace, project: str | None, output_format: str
) -> None:
    """
    Print the rules of one project or of all.

    Errors:  SettingsError for an unknown format or project.
    """
    from flows.run.rule_matches import project_rules

    require_choice("--format", output_format, (TABLE, JSON))
    projects = _chosen(project_rules(workspace), project)
    if output_format == JSON:
        facts = [asdict(rules_of_project) for rules_of_project in projects]
        print_line(terminal, json.dumps(facts, indent=2, default=str))
        return
    for rules_of_project in projects:
        _print_project(terminal, rules_of_project)
    if not projects:
        print_line(terminal, "No project yet. Name one under [[projects]], or use `quarry run`.")
    elif not workspace.warehouse.is_file():
        print_paragraph(terminal, "The matches are known after the first `quarry run`.")


def _chosen(projects: Sequence[ProjectRules], name: str | None) -> Sequence[ProjectRules]:
    from flows.settings.settings import SettingsError

    chosen = [project for project in projects if name in {None, project.project}]
    if name is not None and not chosen:
        hint = nearest(name, [project.project for project in projects], "")
        raise SettingsError(f"--project: unknown project {name!r}{hint}")
    return chosen


def _print_project(terminal: Console, project: ProjectRules) -> None:
    print_line(terminal, (visible(_heading(project)), "bold"))
    for source in project.sources:
        print_line(terminal, f"  {_ownership(source, project)}")
    if project.ledgers:
        ledgers = visible(", ".join(project.ledgers))
        print_line(terminal, f"  in ledgers: {ledgers}")
    is_narrow = terminal.width < WIDE
    terminal.print(_table(project.rules, has_meanings=not is_narrow))
    if is_narrow:
        print_facts(terminal, _meanings(project.rules))
        terminal.print()
    for line in _remarks(project):
        print_line(terminal, f"  {line}")
    terminal.print()


def _heading(project: ProjectRules) -> str:
    title = project.title if project.title != project.project else ""
    titles = " / ".join(filter(None, (title, project.title_ko)))
    named = "" if project.is_named else " (not in the settings)"
    return f"{project.project}{f' - {titles}' if titles else ''}{named}"


def _ownership(source: str, project: ProjectRules) -> str:
    share = "part of " if project.owns_parts else "all of "
    is_missing = project.not_mined is not None and source in project.not_mined
    return f"owns {share}{visible(source)}{', not mined yet' if is_missing else ''}"


def _table(rules: Sequence[RuleMatch], *, has_meanings: bool) -> Table:
    has_matches = any(rule.matches is not None for rule in rules)
    table = new_table()
    means = ["means"] if has_meanings else []
    for name in ("rule", "pattern", *means, *(["matches now"] if has_matches else ()), "set in"):
        table.add_column(name, overflow="fold", no_wrap=name in {"rule", "set in"})
    for last, rule in zip((None, *rules), rules, strict=False):
        table.add_row(
            "" if last and last.rule == rule.rule else rule.rule,
            cell(rule.pattern),
            *(["" if last and last.meaning == rule.meaning else rule.meaning] if means else []),
            *([_matches(rule)] if has_matches else []),
            cell(rule.set_in if rule.set_in == "default" else f"[{rule.set_in}]"),
            style="yellow" if rule.nearest else None,
        )
    return table


def _meanings(rules: Sequence[RuleMatch]) -> dict[str, str]:
    """Join the different meanings of each rule's patterns."""
    meanings: dict[str, dict[str, None]] = {}
    for rule in rules:
        meanings.setdefault(rule.rule, {})[rule.meaning] = None
    return {rule: "; ".join(texts) for rule, texts in meanings.items()}


def _matches(rule: RuleMatch) -> Text:
    count = rule.matches or 0
    matches = f"{count:,} {_plural(rule.counted, count)}"
    instead = f"; existing: {', '.join(map(visible, rule.nearest))}" if rule.nearest else ""
    return cell(matches + instead)


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}es" if word.endswith("ch") else f"{word}s"


def _remarks(project: ProjectRules) -> list[str]:
    """List what no pattern shows."""
    from flows.run.rule_matches import NO_ENVIRONMENTS

    remarks = []
    if project.active_from or project.active_until:
        begins = f" from {project.active_from}" if project.active_from else ""
        ends = f" until {project.active_until}" if project.active_until else ""
        remarks.append(f"Active{begins}{ends}; nothing at other times counts.")
    has_deployments = any(rule.pattern == "deployment" for rule in project.rules)
    if has_deployments and "environments" in project.unused:
        remarks.append(f"environments: {NO_ENVIRONMENTS}.")
    remarks.append(
        "incident_window_hours: an incident without a named deployment is attributed to the newest "
        f"deployment of the {project.incident_window_hours} hours before it."
    )
    if project.deployments is not None:
        remarks.append(f"Deployments in the last build: {project.deployments:,}.")
    if project.unused:
        remarks.append(f"Not in use: {', '.join(project.unused)}.")
    return remarks
