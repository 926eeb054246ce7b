"""Checks of the sources, and of the hosts of their trackers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flows.lazy_trackers import estimate
from flows.run.mine import absent_parts
from flows.settings.environment import clock, host_environment
from flows.settings.hosts import known_hosts
from flows.settings.sources import TrackerSkipped
from flows.settings.workspace import plan_of, resolve_sources
from miners import store
from miners.errors import MiningError
from miners.git.address import GitSource
from miners.git.command import GitFailed
from miners.git.failures import translate
from miners.git.mine import is_unchanged, require_refs, with_default_branch
from miners.git.mirror import Mirror
from miners.ledger.address import LedgerSource
from miners.ledger.mine import survey
from miners.tracker.address import TrackerSource
from warehouse.query.formats import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flows.settings.hosts import KnownHost
    from flows.settings.sources import ResolvedSource
    from flows.settings.workspace import Workspace

SOURCES = "sources"
_SURVEY_SECONDS = 60.0
_CHECK = "`quarry ledger check` lists every wrong cell."
_NEW, _NOTHING_NEW = "a run would read what is new", "nothing new since the last run"


@dataclass(frozen=True, kw_only=True)
class SetupCheck:
    """A check and its result; a warning is not a failure."""

    subject: str
    is_ok: bool
    detail: str
    remedy: str = ""
    is_warning: bool = False


def check_sources(workspace: Workspace) -> Iterator[SetupCheck]:
    """Check the access to every source and every host."""
    sources = resolve_sources(workspace)
    if not sources:
        yield SetupCheck(
            subject=SOURCES,
            is_ok=True,
            detail="none in the settings",
            remedy="Add [[sources]] to quarry.toml, or name one: `quarry run ADDRESS`",
            is_warning=True,
        )
    yield from _hosts(workspace, sources)
    for source in sources:
        if isinstance(source, MiningError):
            yield _failed(source)
        elif isinstance(source, TrackerSource):
            yield _tracker(workspace, source)
        elif isinstance(source, GitSource):
            yield _source(workspace, source)
        elif isinstance(source, LedgerSource):
            yield _ledger(workspace, source)


def _hosts(workspace: Workspace, sources: Iterable[ResolvedSource]) -> Iterator[SetupCheck]:
    """Check the hosts that the settings name, and the built-in hosts that are needed."""
    needed = {source.host.name for source in sources if isinstance(source, TrackerSource)}
    needed |= {source.host for source in sources if isinstance(source, TrackerSkipped)}
    for name, known_host in known_hosts(workspace.settings, workspace.base).items():
        if known_host.is_configured or name in needed:
            yield _host(known_host)


def _host(known_host: KnownHost) -> SetupCheck:
    host, refusal = known_host.host, known_host.refusal
    subject = f"host {host.name}"
    if refusal:
        return SetupCheck(
            subject=subject, is_ok=False, detail=refusal.problem, remedy=f"{refusal.remedy}."
        )
    if not known_host.has_login:
        return SetupCheck(
            subject=subject,
            is_ok=not known_host.is_configured,
            detail="no token; its trackers are skipped",
            remedy=f"{known_host.to_set}.",
        )
    authority = f", certificates of {host.ca_file}" if host.ca_file else ""
    login = f"login from {known_host.login}{authority}"
    return SetupCheck(subject=subject, is_ok=True, detail=f"{host.kind} at {host.api}, {login}")


def _tracker(workspace: Workspace, source: TrackerSource) -> SetupCheck:
    plan = plan_of(workspace, "doctor", clock())
    try:
        cost = estimate(source, replace(plan, timeout_seconds=_SURVEY_SECONDS))
    except MiningError as error:
        return _failed(error)
    left = "" if cost.requests_left is None else f" of {cost.requests_left:,} left"
    scope = "read all of it, for the first time" if cost.is_first else "read what is new"
    absent = absent_parts(source.id, workspace.store)
    missing = f"; not there in the last run: {absent}" if absent else ""
    detail = (
        f"it responds; a run would {scope}, with about {cost.requests:,} requests{left}{missing}"
    )
    return SetupCheck(subject=visible(source.id), is_ok=True, detail=detail)


def _source(workspace: Workspace, source: GitSource) -> SetupCheck:
    mirror = Mirror(workspace.mirrors, source, host_environment(), _SURVEY_SECONDS)
    try:
        offer = with_default_branch(source, mirror.survey(), workspace.store)
        last = store.latest(workspace.store, source.id)
        cursor = store.cursor(workspace.store, last) if last else {}
        require_refs(source, offer, cursor)
    except GitFailed as failure:
        return _failed(translate(source.id, failure))
    except MiningError as error:
        return _failed(error)
    if last is None:
        scope = "a run would read all of it, for the first time"
    elif is_unchanged(source, offer, cursor):
        scope = _NOTHING_NEW
    else:
        scope = _NEW
    return SetupCheck(
        subject=visible(source.id), is_ok=True, detail=f"{len(offer.refs):,} refs; {scope}"
    )


def _ledger(workspace: Workspace, source: LedgerSource) -> SetupCheck:
    try:
        reading, is_new = survey(source, plan_of(workspace, "doctor", clock()))
    except MiningError as error:
        return _failed(error)
    subject = visible(source.id)
    if reading.unreadable:
        name, unread = next(iter(reading.unreadable.items()))
        problem = f"{visible(name)}: {unread.problem}"
        return SetupCheck(subject=subject, is_ok=False, detail=problem, remedy=_CHECK)
    count, rejected = len(reading.rows), len(reading.rejected)
    rows = (
        f"{count:,} row{'' if count == 1 else 's'}{f', {rejected:,} rejected' if rejected else ''}"
    )
    detail = f"{rows}; {_NEW if is_new else _NOTHING_NEW}"
    if rejected:
        return SetupCheck(
            subject=subject, is_ok=True, detail=detail, remedy=_CHECK, is_warning=True
        )
    return SetupCheck(subject=subject, is_ok=True, detail=detail)


def _failed(error: MiningError) -> SetupCheck:
    remedy = f"{error.remedy}."
    return SetupCheck(
        subject=visible(error.source), is_ok=False, detail=error.problem, remedy=remedy
    )
