"""How `quarry rules` shows what names mean: a table per project for people, JSON for programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from flows.cli.console import print_facts
from flows.cli.plan import FORMATS
from flows.run.rule_matches import NO_ENVIRONMENTS, explained
from flows.settings.settings import SettingsError
from miners.text import nearest
from warehouse.query.formats import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from flows.run.rule_matches import Explained, Meaning
    from flows.settings.workspace import Workspace

# In a terminal of fewer columns, what rules mean stands below the table.
WIDE = 100


def print_rules(terminal: Console, workspace: Workspace, project: str | None, form: str) -> None:
    """
    Print the rules of every project, or of one.

    Errors:  SettingsError for a form or a project that there is not.
    """
    if form not in FORMATS:
        raise SettingsError(f"--format: there is no {form!r}. Write {' or '.join(FORMATS)}.")
    found = _chosen(explained(workspace), project)
    if form == "json":
        facts = json.dumps([asdict(one) for one in found], indent=2, default=str)
        terminal.print(facts, soft_wrap=True, markup=False, highlight=False)
        return
    for one in found:
        _print_project(terminal, one)
    if not found:
        nothing = "There is no project yet: name one under [[projects]], or run quarry run."
        terminal.print(Text(nothing), soft_wrap=True)
    elif not workspace.warehouse.is_file():
        terminal.print("What they match is known after the first quarry run.")


def _chosen(found: Sequence[Explained], project: str | None) -> Sequence[Explained]:
    chosen = [one for one in found if project in {None, one.project}]
    if project is not None and not chosen:
        hint = nearest(project, [one.project for one in found], "")
        raise SettingsError(f"--project: there is no project {project!r}{hint}")
    return chosen


def _print_project(terminal: Console, one: Explained) -> None:
    terminal.print(Text(visible(_heading(one)), style="bold"), soft_wrap=True)
    for source in one.sources:
        terminal.print(Text(f"  {_owned(source, one)}"), soft_wrap=True)
    if one.ledgers:
        told = visible(", ".join(one.ledgers))
        terminal.print(Text(f"  stands in ledgers: {told}"), soft_wrap=True)
    is_narrow = terminal.width < WIDE
    terminal.print(_table(one.rules, has_meanings=not is_narrow))
    if is_narrow:
        print_facts(terminal, _meanings(one.rules))
        terminal.print()
    for line in _remarks(one):
        terminal.print(Text(f"  {line}"), soft_wrap=True)
    terminal.print()


def _heading(one: Explained) -> str:
    titles = " / ".join(filter(None, (one.title if one.title != one.project else "", one.title_ko)))
    named = "" if one.is_named else " (no setting names it)"
    return f"{one.project}{f' - {titles}' if titles else ''}{named}"


def _owned(source: str, one: Explained) -> str:
    share = "part of " if one.owns_parts else "all of "
    is_missing = one.not_mined is not None and source in one.not_mined
    return f"owns {share}{visible(source)}{', which is not mined yet' if is_missing else ''}"


def _table(rules: Sequence[Meaning], *, has_meanings: bool) -> Table:
    has_matches = any(rule.matches is not None for rule in rules)
    table = Table(box=SIMPLE_HEAD)
    means = ["means"] if has_meanings else []
    for name in ("rule", "pattern", *means, *(["matches now"] if has_matches else ()), "set in"):
        table.add_column(name, overflow="fold", no_wrap=name in {"rule", "set in"})
    for last, rule in zip((None, *rules), rules, strict=False):
        table.add_row(
            "" if last and last.rule == rule.rule else rule.rule,
            Text(visible(rule.pattern)),
            *(["" if last and last.meaning == rule.meaning else rule.meaning] if means else []),
            *([_matches(rule)] if has_matches else []),
            Text(rule.set_in if rule.set_in == "default" else f"[{rule.set_in}]"),
            style="yellow" if rule.nearest else None,
        )
    return table


def _meanings(rules: Sequence[Meaning]) -> dict[str, str]:
    """Say of each rule what its patterns mean, where that differs one after the other."""
    told: dict[str, dict[str, None]] = {}
    for rule in rules:
        told.setdefault(rule.rule, {})[rule.meaning] = None
    return {rule: "; ".join(meanings) for rule, meanings in told.items()}


def _matches(rule: Meaning) -> Text:
    count = rule.matches or 0
    found = f"{count:,} {_plural(rule.counted, count)}"
    instead = f"; there are: {', '.join(map(visible, rule.nearest))}" if rule.nearest else ""
    return Text(found + instead)


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}es" if word.endswith("ch") else f"{word}s"


def _remarks(one: Explained) -> list[str]:
    """Say what no pattern says."""
    said = []
    if one.active_from or one.active_until:
        begins = f" from {one.active_from}" if one.active_from else ""
        ends = f" until {one.active_until}" if one.active_until else ""
        said.append(f"Active{begins}{ends}; what happened at other times does not count.")
    if any(rule.pattern == "deployment" for rule in one.rules) and "environments" in one.unused:
        said.append(f"environments: {NO_ENVIRONMENTS}.")
    said.append(
        f"incident_window_hours: where nothing tells better, an incident is laid to the newest "
        f"deployment of the {one.incident_window_hours} hours before it."
    )
    if one.deployments is not None:
        said.append(f"Deployments in the last build: {one.deployments:,}.")
    if one.unused:
        said.append(f"Not in use: {', '.join(one.unused)}.")
    return said
