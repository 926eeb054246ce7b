"""Checks of the machine, the settings, the sources and the rules."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from flows.run.keeping.home_checks import check_home_files
from flows.run.keeping.lost_parts import misplaced
from flows.run.lock import is_in_progress
from flows.run.rule_matches import project_rules, unmatched_rules
from flows.run.run_records import read_runs, unreadable_runs
from flows.run.source_checks import SetupCheck, check_sources
from flows.settings.environment import (
    host_environment,
    is_open_to_others,
    is_writable,
    write_for,
)
from flows.settings.settings import SettingsError
from flows.settings.workspace import context_of, open_workspace
from miners.git.command import GitFailed, SafeGit
from miners.store_check import damage
from miners.tracker.kinds import KINDS
from warehouse.errors import WarehouseError
from warehouse.query.formats import visible
from warehouse.query.shared_addresses import read_shared_addresses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flows.settings.workspace import Workspace

# The oldest version of git that Quarry is tested with; distributions keep it patched.
_OLDEST_GIT = (2, 39)
_LEAST_FREE_BYTES = 1 << 30
LOCK = "lock"
_SHOWN = 5


def check_setup(config: Path | None, home: Path | None) -> list[SetupCheck]:
    """Check everything that a run needs, without changing or mining anything."""
    machine = [_python(), _git()]
    try:
        workspace = open_workspace(config, home)
        write_for(workspace.settings.readable_by)
        context_of(workspace)
    except (SettingsError, WarehouseError) as error:
        return [*machine, SetupCheck(subject="settings", is_ok=False, detail=str(error))]
    machine += [_settings(workspace), _home(workspace), *_kinds(workspace)]
    if not all(check.is_ok for check in machine[2:]):
        return machine  # nothing in such a home can be read
    return [
        *machine,
        _lock(workspace),
        *_store(workspace),
        *check_home_files(workspace),
        *check_sources(workspace),
        *_rules(workspace),
        *_people(workspace),
    ]


def _python() -> SetupCheck:
    clients = (kind.library for kind in KINDS.values())
    names = ("duckdb", "polars", "GitPython", *clients, "prefect")
    libraries = ", ".join(f"{name} {version(name)}" for name in names)
    return SetupCheck(
        subject="python", is_ok=True, detail=f"{sys.version.split()[0]} with {libraries}"
    )


def _git() -> SetupCheck:
    remedy = "Install git 2.39 or later and put it on the PATH."
    try:
        text = (
            SafeGit(git_dir=Path.cwd() / ".git", host=host_environment())
            .run("version")
            .decode()
            .strip()
        )
    except GitFailed:
        return SetupCheck(subject="git", is_ok=False, detail="not found", remedy=remedy)
    numbers = re.search(r"(\d+)\.(\d+)", text)
    is_new_enough = numbers is not None and (int(numbers[1]), int(numbers[2])) >= _OLDEST_GIT
    return SetupCheck(
        subject="git", is_ok=is_new_enough, detail=text, remedy="" if is_new_enough else remedy
    )


def _settings(workspace: Workspace) -> SetupCheck:
    calendar = workspace.settings.calendar
    year = (
        f"fiscal years from month {calendar.first_month}, named by their "
        f"{calendar.naming_of_years()}, {calendar.time_zone}"
    )
    file = workspace.file or "no file, so the defaults apply (`quarry init` writes one)"
    return SetupCheck(subject="settings", is_ok=True, detail=f"{file}; {year}")


def _home(workspace: Workspace) -> SetupCheck:
    existing = next(path for path in (workspace.home, *workspace.home.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    detail = f"{workspace.home}, {free / (1 << 30):.0f} GiB free"
    if not is_writable(existing):
        return SetupCheck(
            subject="home", is_ok=False, detail=f"{existing} is not writable", remedy=_REHOME
        )
    if free < _LEAST_FREE_BYTES:
        return SetupCheck(
            subject="home", is_ok=False, detail=detail, remedy="Free at least 1 GiB there."
        )
    return _readers(workspace, detail)


_REHOME = "Make it writable, or name another folder as home in quarry.toml or with --home."


def _readers(workspace: Workspace, detail: str) -> SetupCheck:
    """Warn of a home folder that more users may read than the settings say."""
    home, readers = workspace.home, workspace.settings.readable_by
    if not home.exists() or not is_open_to_others(home, readers):
        return SetupCheck(subject="home", is_ok=True, detail=detail)
    return SetupCheck(
        subject="home",
        is_ok=True,
        detail=f"{detail}; more users than its {readers} may read it",
        remedy=f'Run chmod -R go-rwx {shlex.quote(str(home))}, or set readable_by = "everyone".',
        is_warning=True,
    )


def _kinds(workspace: Workspace) -> Iterator[SetupCheck]:
    for path in misplaced(workspace):
        kind = "file, not a folder" if path.is_file() else "folder, not a file"
        detail = f"{path}: it is a {kind}"
        remedy = "Move it away; restore what was there from a backup."
        yield SetupCheck(subject="home", is_ok=False, detail=detail, remedy=remedy)


def _lock(workspace: Workspace) -> SetupCheck:
    if is_in_progress(workspace.runs):
        return SetupCheck(subject=LOCK, is_ok=True, detail="a run is in progress", is_warning=True)
    return SetupCheck(subject=LOCK, is_ok=True, detail="no run is in progress")


def _store(workspace: Workspace) -> Iterator[SetupCheck]:
    """Read every file of the store, and every record of a run."""
    for error in damage(workspace.store):
        yield SetupCheck(
            subject="store",
            is_ok=False,
            detail=f"{error.source}: {error.problem}",
            remedy=f"{error.remedy}.",
        )
    for path in unreadable_runs(workspace.runs, read_runs(workspace.runs)):
        yield SetupCheck(
            subject="runs",
            is_ok=True,
            is_warning=True,
            detail=f"{path}: damaged, or written by a newer version of Quarry",
            remedy="Delete it, unless you go back to that version.",
        )


def _rules(workspace: Workspace) -> Iterator[SetupCheck]:
    """Check that the rules match items in the warehouse, if it exists."""
    try:
        projects = project_rules(workspace) if workspace.warehouse.is_file() else []
    except WarehouseError as error:
        yield SetupCheck(subject="rules", is_ok=False, detail=str(error))
        return
    for project in projects:
        if project.ledgers and not project.sources:
            continue  # a project of ledgers alone has no names to match
        name = visible(project.project)
        subject = f"rules of {name}"
        command = f"`quarry rules --project {shlex.quote(name)}` lists the names."
        unmatched = unmatched_rules(project)
        if unmatched:
            detail = f"nothing in the warehouse matches {visible(', '.join(unmatched))}"
            yield SetupCheck(
                subject=subject, is_ok=True, detail=detail, remedy=command, is_warning=True
            )
        if not project.deployments:
            detail = "the last build has no deployment, so its delivery figures have no data"
            remedy = f"Set deployments or environments under [rules]. {command}"
            yield SetupCheck(
                subject=subject, is_ok=True, detail=detail, remedy=remedy, is_warning=True
            )


def _people(workspace: Workspace) -> Iterator[SetupCheck]:
    """Name the addresses that make one person of many names."""
    shared = []
    with suppress(WarehouseError):  # the check of the rules names what is wrong with the file
        shared = read_shared_addresses(workspace.warehouse)
    for address in shared[:_SHOWN]:
        yield SetupCheck(
            subject="people",
            is_ok=True,
            detail=f"{visible(address.address)} is one person with {address.name_count:,} names",
            remedy="If they are several people, add it to shared_addresses under [people], or give "
            "each name an address in a .mailmap: Name <address> Name <shared address>.",
            is_warning=True,
        )
