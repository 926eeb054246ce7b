"""Checks of the machine, the settings, and access to each source."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from flows.lazy_trackers import estimate
from flows.run.rule_matches import explained, idle
from flows.run.run_records import is_held
from flows.settings.environment import clock, host_environment, is_writable
from flows.settings.hosts import known_hosts
from flows.settings.settings import SettingsError
from flows.settings.sources import TrackerSkipped
from flows.settings.workspace import context_of, open_workspace, plan_of, resolve_sources
from miners import store
from miners.errors import MiningError
from miners.git.address import GitSource
from miners.git.command import GitFailed, SafeGit
from miners.git.failures import translate
from miners.git.mine import is_unchanged
from miners.git.mirror import Mirror
from miners.ledger.address import LedgerSource
from miners.ledger.mine import survey
from miners.tracker.address import TrackerSource
from miners.tracker.kinds import KINDS
from warehouse.errors import WarehouseError
from warehouse.query.formats import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flows.settings.hosts import KnownHost
    from flows.settings.sources import Made
    from flows.settings.workspace import Workspace

# The oldest line of git that this is tried with; distributions keep it patched.
_OLDEST_GIT = (2, 39)
_LEAST_FREE_BYTES = 1 << 30
_SURVEY_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class SetupCheck:
    """A check and its result; a warning is no failure."""

    subject: str
    is_ok: bool
    detail: str
    remedy: str = ""
    is_warning: bool = False


def check_setup(config: Path | None, home: Path | None) -> list[SetupCheck]:
    """Check everything that a run needs, without changing or mining anything."""
    machine = [_python(), _git()]
    try:
        workspace = open_workspace(config, home)
        context_of(workspace)
    except (SettingsError, WarehouseError) as error:
        return [*machine, SetupCheck(subject="settings", is_ok=False, detail=str(error))]
    return [
        *machine,
        _settings(workspace),
        _home(workspace),
        _lock(workspace),
        *_sources(workspace),
        *_rules(workspace),
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
        said = (
            SafeGit(git_dir=Path.cwd() / ".git", host=host_environment())
            .run("version")
            .decode()
            .strip()
        )
    except GitFailed:
        return SetupCheck(subject="git", is_ok=False, detail="not found", remedy=remedy)
    numbers = re.search(r"(\d+)\.(\d+)", said)
    is_new_enough = numbers is not None and (int(numbers[1]), int(numbers[2])) >= _OLDEST_GIT
    return SetupCheck(
        subject="git", is_ok=is_new_enough, detail=said, remedy="" if is_new_enough else remedy
    )


def _settings(workspace: Workspace) -> SetupCheck:
    calendar = workspace.settings.calendar
    year = f"fiscal years from month {calendar.first_month}, {calendar.time_zone}"
    where = workspace.file or "none, so the defaults hold (quarry init writes one)"
    return SetupCheck(subject="settings", is_ok=True, detail=f"{where}; {year}")


def _home(workspace: Workspace) -> SetupCheck:
    existing = next(path for path in (workspace.home, *workspace.home.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    found = f"{workspace.home}, {free / (1 << 30):.0f} GiB free"
    if not is_writable(existing):
        return SetupCheck(
            subject="home", is_ok=False, detail=f"{existing} is not writable", remedy=_REHOME
        )
    if free < _LEAST_FREE_BYTES:
        return SetupCheck(
            subject="home", is_ok=False, detail=found, remedy="Free at least 1 GiB there."
        )
    return SetupCheck(subject="home", is_ok=True, detail=found)


_REHOME = "Make it writable, or name another folder as home in quarry.toml or with --home."


def _lock(workspace: Workspace) -> SetupCheck:
    found = "a run is at work" if is_held(workspace.runs) else "no run is at work"
    return SetupCheck(subject="lock", is_ok=True, detail=found)


def _sources(workspace: Workspace) -> Iterator[SetupCheck]:
    sources = resolve_sources(workspace)
    if not sources:
        yield SetupCheck(
            subject="sources", is_ok=True, detail="none named; quarry run takes them as well"
        )
    yield from _hosts(workspace, sources)
    for source in sources:
        if isinstance(source, MiningError):
            yield _refused(source)
        elif isinstance(source, TrackerSource):
            yield _tracker(workspace, source)
        elif isinstance(source, GitSource):
            yield _source(workspace, source)
        elif isinstance(source, LedgerSource):
            yield _ledger(workspace, source)


def _hosts(workspace: Workspace, sources: Iterable[Made]) -> Iterator[SetupCheck]:
    """Look at the hosts that the settings name, and at the built-in ones that are needed."""
    needed = {source.host.name for source in sources if isinstance(source, TrackerSource)}
    needed |= {source.host for source in sources if isinstance(source, TrackerSkipped)}
    for name, known in known_hosts(workspace.settings, workspace.base).items():
        if known.is_configured or name in needed:
            yield _host(known)


def _host(known: KnownHost) -> SetupCheck:
    name, host = f"host {known.host.name}", known.host
    if known.refusal:
        return SetupCheck(
            subject=name,
            is_ok=False,
            detail=known.refusal.problem,
            remedy=f"{known.refusal.remedy}.",
        )
    if not known.has_login:
        found = "no token; trackers there are skipped"
        return SetupCheck(
            subject=name, is_ok=not known.is_configured, detail=found, remedy=f"{known.to_set}."
        )
    authority = f", certificates of {host.ca_file}" if host.ca_file else ""
    return SetupCheck(
        subject=name,
        is_ok=True,
        detail=f"{host.kind} at {host.api}, login from {known.login}{authority}",
    )


def _tracker(workspace: Workspace, source: TrackerSource) -> SetupCheck:
    plan = plan_of(workspace, "doctor", clock())
    try:
        found = estimate(source, replace(plan, timeout_seconds=_SURVEY_SECONDS))
    except MiningError as error:
        return _refused(error)
    left = "" if found.requests_left is None else f" of {found.requests_left:,} left"
    would = "read it for the first time, all of it" if found.is_first else "read what is new"
    said = f"it answers; a run would {would}, with about {found.requests:,} requests{left}"
    return SetupCheck(subject=visible(source.id), is_ok=True, detail=said)


def _source(workspace: Workspace, source: GitSource) -> SetupCheck:
    mirror = Mirror(workspace.mirrors, source, host_environment(), _SURVEY_SECONDS)
    try:
        offer = mirror.survey()
    except GitFailed as failure:
        return _refused(translate(source.id, failure))
    except MiningError as error:
        return _refused(error)
    before = store.latest(workspace.store, source.id)
    if before is None:
        would = "a run would read it for the first time, all of it"
    elif is_unchanged(source, offer, store.cursor(workspace.store, before)):
        would = "nothing new since the last run"
    else:
        would = "a run would read what is new"
    return SetupCheck(
        subject=visible(source.id), is_ok=True, detail=f"{len(offer.refs):,} refs; {would}"
    )


def _ledger(workspace: Workspace, source: LedgerSource) -> SetupCheck:
    try:
        reading, is_new = survey(source, plan_of(workspace, "doctor", clock()))
    except MiningError as error:
        return _refused(error)
    if reading.unreadable:
        name, unread = next(iter(reading.unreadable.items()))
        return SetupCheck(
            subject=visible(source.id),
            is_ok=False,
            detail=f"{visible(name)}: {unread.problem}",
            remedy=_CHECK,
        )
    would = "a run would read what is new" if is_new else "nothing new since the last run"
    aside = f", {len(reading.rejected):,} set aside" if reading.rejected else ""
    count = len(reading.rows)
    found = f"{count:,} row{'' if count == 1 else 's'}{aside}; {would}"
    return SetupCheck(
        subject=visible(source.id),
        is_ok=True,
        detail=found,
        remedy=_CHECK if aside else "",
        is_warning=bool(aside),
    )


_CHECK = "quarry ledger check names every wrong cell."


def _rules(workspace: Workspace) -> Iterator[SetupCheck]:
    """Look at what the rules match in the last build, where there is one."""
    try:
        projects = explained(workspace) if workspace.warehouse.is_file() else []
    except WarehouseError as error:
        yield SetupCheck(subject="rules", is_ok=False, detail=str(error))
        return
    for project in projects:
        if project.ledgers and not project.sources:
            continue  # its ledger says what happened; there are no names to match
        name = visible(project.project)
        subject = f"rules of {name}"
        look = f"quarry rules --project {shlex.quote(name)} shows what there is."
        missing = idle(project)
        if missing:
            found = f"nothing in the warehouse matches {visible(', '.join(missing))}"
            yield SetupCheck(
                subject=subject, is_ok=True, detail=found, remedy=look, is_warning=True
            )
        if not project.deployments:
            found = "the last build found no deployment, so its delivery figures have no data"
            say = f"Say under [rules] what is one: deployments, environments. {look}"
            yield SetupCheck(subject=subject, is_ok=True, detail=found, remedy=say, is_warning=True)


def _refused(error: MiningError) -> SetupCheck:
    remedy = f"{error.remedy}."
    return SetupCheck(
        subject=visible(error.source), is_ok=False, detail=error.problem, remedy=remedy
    )
