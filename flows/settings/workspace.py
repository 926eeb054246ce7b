"""A home folder and its settings, for miners and warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from flows.lazy_trackers import list_group
from flows.settings.entries import entries_of, entry_of, named_in
from flows.settings.environment import clock, host_environment
from flows.settings.groups import expand_groups, repositories_of
from flows.settings.hosts import known_hosts
from flows.settings.known import each_once
from flows.settings.ledgers import LEDGER, ledger_of, ledgers_of
from flows.settings.mailmap import mailmap_entries
from flows.settings.projects import rules_of
from flows.settings.settings import FILE_NAME, SettingsError, load_settings
from flows.settings.sources import identity_of, repository_of, resolve_address, sources_at
from miners.address import UnusableAddress, resolve_path
from miners.errors import SourceDenied
from miners.known_sources import read_known_sources
from miners.plan import MiningPlan
from miners.tracker.address import tracker_id
from miners.tracker.kinds import KINDS
from warehouse.context import Context, IdentityRule, Project, Target, TrackerKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from flows.settings.sections import SourceSettings
    from flows.settings.settings import Settings
    from flows.settings.sources import ResolvedSource


@dataclass(frozen=True)
class Workspace:
    """The settings of one installation, and where its files are."""

    settings: Settings
    file: Path | None
    base: Path
    home: Path

    @property
    def store(self) -> Path:
        return self.home / "store"

    @property
    def mirrors(self) -> Path:
        return self.home / "mirrors"

    @property
    def warehouse(self) -> Path:
        return self.home / "quarry.duckdb"

    @property
    def exports(self) -> Path:
        return self.home / "exports"

    @property
    def seals(self) -> Path:
        return self.home / "seals"

    @property
    def reports(self) -> Path:
        return self.home / "reports"

    @property
    def runs(self) -> Path:
        return self.home / "runs"


def open_workspace(config: Path | None, home: Path | None) -> Workspace:
    """
    Open the settings and the home folder; paths in a file are relative to its folder.

    Errors:  SettingsError.
    """
    if config is not None and not config.is_file():
        raise SettingsError(f"{config}: the file does not exist. Write one with `quarry init`.")
    path = config or Path(FILE_NAME)
    if path.exists() and not path.is_file():
        raise SettingsError(f"{path}: it is no file. Move it away, or name another with --config.")
    file = path.resolve() if path.is_file() else None
    settings = load_settings(file, {"home": home.absolute()} if home else {})
    base = file.parent if file else Path.cwd()
    return Workspace(settings, file, base, _home(base, settings.home))


def _home(base: Path, home: Path) -> Path:
    try:
        return resolve_path(base, str(home))
    except UnusableAddress as error:
        raise SettingsError(f"home: {error}. Correct the path.") from None


def plan_of(workspace: Workspace, run_id: str, observed_at: datetime) -> MiningPlan:
    """Return what a mining needs to know, except its source."""
    mining = workspace.settings.mining
    return MiningPlan(
        store=workspace.store,
        mirrors=workspace.mirrors,
        run_id=run_id,
        observed_at=observed_at,
        host=host_environment(),
        fallback_encoding=mining.fallback_encoding,
        timeout_seconds=mining.source_timeout_minutes * 60,
    )


def resolve_sources(workspace: Workspace, locations: Iterable[str] = ()) -> list[ResolvedSource]:
    """
    List the sources at the given locations, or all of the settings, with groups expanded.

    Shape:   one entry per source; an address that cannot be used is its error, for the run to
             report, and a tracker without a login is TrackerSkipped.
    """
    settings = workspace.settings
    hosts = known_hosts(settings, workspace.base)
    entries, unknown = _entries(workspace, locations)
    named = [resolve_address(e, base, hosts) for e, base in entries if e.kind != LEDGER]
    plan = plan_of(workspace, "listing", clock())
    addresses = expand_groups(named, hosts, partial(list_group, plan=plan))
    keeps_payloads = settings.mining.keep_payloads
    sources = [s for a in addresses for s in sources_at(a, hosts, keeps_payloads=keeps_payloads)]
    sources += [ledger_of(e, base, settings) for e, base in entries if e.kind == LEDGER]
    known = read_known_sources(workspace.store)
    return [*unknown, *each_once(sources, known)]


def context_of(workspace: Workspace) -> Context:
    """
    Return the calendar, the projects, their targets and the people for the warehouse.

    Errors:  SettingsError, SettingsRefused.
    """
    settings = workspace.settings
    patterns = [("ai_agent", p) for p in settings.people.ai_agents]
    patterns += [("bot", p) for p in settings.people.bots]
    return Context(
        calendar=settings.calendar.calendar(),
        projects=tuple(_projects(workspace)),
        identity_rules=tuple(IdentityRule(kind, pattern) for kind, pattern in patterns),
        ai_marks=settings.people.ai_marks,
        mailmap=tuple(mailmap_entries(settings.people.mailmap, workspace.base)),
        shared_addresses=settings.people.shared_addresses,
        rules=rules_of(settings.rules),
        targets=tuple(_targets(settings)),
        tracker_kinds=tracker_kinds(),
        is_confidential_shown=settings.exports.confidential,
        are_addresses_shown=settings.exports.addresses,
    )


def tracker_kinds() -> tuple[TrackerKind, ...]:
    """Return the facts of the tracker kinds that queries need."""
    return tuple(
        TrackerKind(
            tracker_kind=name,
            commit_path=kind.commit_path,
            public_host=kind.public_host,
            noreply_domain=kind.noreply_domain,
            noreply_separator=kind.noreply_separator,
            part_type=kind.part_type,
            has_environment_tiers=kind.has_environment_tiers,
            has_request_sign=kind.has_request_sign,
        )
        for name, kind in KINDS.items()
    )


def _entries(
    workspace: Workspace, locations: Iterable[str]
) -> tuple[list[tuple[SourceSettings, Path]], list[SourceDenied]]:
    """List the entries of some locations, and the errors of those that name no source."""
    found = entries_of(workspace.settings, workspace.base, workspace.store, locations)
    unknown = [entry for entry in found if isinstance(entry, SourceDenied)]
    return [entry for entry in found if not isinstance(entry, SourceDenied)], unknown


def configured_sources(workspace: Workspace) -> set[str]:
    """Return the identities of all sources of the settings, without asking any host."""
    settings, base = workspace.settings, workspace.base
    names = {name for text in named_in(settings) for name in _owned(workspace, text)}
    known = read_known_sources(workspace.store)
    ledgers = {known.source(identity_of(ledger)) for ledger in ledgers_of(settings, base)}
    return names | {tracker_id(name) for name in names} | ledgers


def _projects(workspace: Workspace) -> Iterable[Project]:
    for project in workspace.settings.projects:
        owned = [name for text in project.sources for name in _owned(workspace, text)]
        rules = workspace.settings.rules.with_own(project.rules)
        yield Project(
            name=project.name,
            title=project.title or project.name,
            sources=tuple(dict.fromkeys(owned)),
            title_ko=project.title_ko,
            active_from=project.active_from,
            active_until=project.active_until,
            rules=(*rules_of(project), *rules_of(rules)),
            incident_window_hours=rules.incident_window_hours,
        )


def _targets(settings: Settings) -> Iterable[Target]:
    for target in settings.targets:
        yield Target(
            kpi=target.kpi,
            fiscal_year=target.year,
            target=target.in_unit(target.target),
            project=target.project,
            quarter=target.quarter_of_year,
            near=None if target.near is None else target.in_unit(target.near),
            accepted_until=target.accepted_until,
        )


def _owned(workspace: Workspace, text: str) -> list[str]:
    entry, base = entry_of(workspace.settings, text), workspace.base
    named = repository_of(entry, base)
    if entry.kind != "group":
        return [read_known_sources(workspace.store).source(named)]
    return repositories_of(named, workspace.settings, base, workspace.store)
