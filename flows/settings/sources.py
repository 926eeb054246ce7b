"""Resolve source entries of the settings to repositories and trackers."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flows.settings.environment import SecretRefused, secret
from flows.settings.hosts import can_be_repository, host_of, usable_token
from miners.errors import MiningError, SourceDenied
from miners.git.address import GitSource, parse_location, short_name
from miners.ledger.address import LedgerSource
from miners.tracker.address import TrackerSource, tracker_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flows.settings.hosts import KnownHost
    from flows.settings.sections import SourceSettings

_GROUP_REMEDY = 'For every repository there, add a [[sources]] entry for it with kind = "group"'


@dataclass(frozen=True)
class TrackerSkipped:
    """A tracker that is skipped because its host has no login."""

    repository: str
    host: str
    to_set: str


@dataclass(frozen=True, kw_only=True)
class SourceAddress:
    """The address of an entry, with its path at a known host if it has one."""

    entry: SourceSettings
    identity: str
    location: str
    protocol: str
    known_host: KnownHost | None
    path: str
    # A login that git may use here, although the entry names none.
    lent_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class MemberExcluded:
    """A repository of a group that its entry excludes, and why."""

    group: str
    repository: str
    reason: str


Source = GitSource | TrackerSource | LedgerSource
ResolvedSource = Source | TrackerSkipped | MemberExcluded | MiningError


def address_of(entry: SourceSettings, base: Path, hosts: Mapping[str, KnownHost]) -> SourceAddress:
    """
    Return the address of an entry.

    Errors:  SourceDenied.
    """
    identity, location, protocol = parse_location(entry.location, base)
    known_host, path = host_of(hosts, identity, protocol) or (None, "")
    return SourceAddress(
        entry=entry,
        identity=identity,
        location=location,
        protocol=protocol,
        known_host=known_host,
        path=path,
    )


def resolve_address(
    entry: SourceSettings, base: Path, hosts: Mapping[str, KnownHost]
) -> SourceAddress | MiningError:
    """Return the address of an entry, or the error that prevents it."""
    try:
        return address_of(entry, base, hosts)
    except MiningError as error:
        return error


def identity_of(source: ResolvedSource) -> str:
    """Return the identifier of a source, or of the source of an error."""
    if isinstance(source, MiningError):
        return source.source
    if isinstance(source, MemberExcluded):
        return source.repository
    return tracker_id(source.repository) if isinstance(source, TrackerSkipped) else source.id


def sources_at(
    address: SourceAddress | MemberExcluded | MiningError,
    hosts: Mapping[str, KnownHost],
    *,
    keeps_payloads: bool,
) -> list[ResolvedSource]:
    """List the repository and the tracker to mine at an address, or why there are none."""
    if isinstance(address, MiningError | MemberExcluded):
        return [address]
    if address.entry.kind == "tracker":
        return [_tracker(address, address, keeps_payloads)]
    try:
        git = _git(address)
        place = _tracked_at(address, hosts)
    except MiningError as error:
        return [error]
    return [git] if place is None else [git, _tracker(address, place, keeps_payloads)]


def repository_of(entry: SourceSettings, base: Path) -> str:
    """Return the repository of an entry, also if it cannot be mined."""
    try:
        return entry.id or parse_location(entry.location, base)[0]
    except MiningError as error:
        return error.source


def logged_in(place: SourceAddress) -> KnownHost:
    """
    Return the host of an address with the login that serves it.

    Errors:  SourceDenied if there is none.
    """
    known_host = _login_at(place)
    if not known_host.has_login:
        raise SourceDenied(
            place.location, f"there is no token for {known_host.host.name}", known_host.to_set
        )
    return known_host


def _login_at(place: SourceAddress) -> KnownHost:
    """Return the host of an address, with the token of its entry rather than its own."""
    known_host, variable = place.known_host, place.entry.token_env
    if known_host is None:
        name = place.identity.partition("/")[0] or place.location
        problem = f"{name} is a host of unknown kind"
        remedy = "Add a [[hosts]] entry with its name and kind"
        raise SourceDenied(place.location, problem, remedy)
    try:
        if token := _own_token(place):
            token = usable_token(token, f"${variable}")
            return replace(known_host, host=replace(known_host.host, token=token, app=None))
        if known_host.refusal:
            raise known_host.refusal
    except SecretRefused as refusal:
        raise SourceDenied(place.location, refusal.problem, refusal.remedy) from refusal
    return known_host


def _tracked_at(address: SourceAddress, hosts: Mapping[str, KnownHost]) -> SourceAddress | None:
    """Return the address of a repository's tracker, if it has one that can be mined."""
    tracker = address.entry.tracker
    if isinstance(tracker, str):
        # The entry's token is for the repository's host, not for another one.
        changes = {"location": tracker, "kind": "tracker", "tracker": True, "token_env": None}
        return address_of(address.entry.model_copy(update=changes), Path(), hosts)
    is_here = address.known_host is not None and can_be_repository(address.known_host, address.path)
    return address if tracker and is_here else None


def _tracker(address: SourceAddress, place: SourceAddress, keeps_payloads: bool) -> ResolvedSource:
    """Return the source of a tracker; an implicit tracker without a login is skipped."""
    repository = address.entry.id or address.identity
    try:
        known_host = _login_at(place)
        if place.entry.kind == "repository" and not known_host.has_login:
            return TrackerSkipped(repository, known_host.host.name, known_host.to_set)
        if not can_be_repository(known_host, place.path):
            raise SourceDenied(place.location, "the address names no repository", _GROUP_REMEDY)
        known_host = logged_in(place)
    except MiningError as error:
        return SourceDenied(tracker_id(repository), error.problem, error.remedy)
    name = f"{address.entry.name or short_name(address.identity)} tracker"
    return TrackerSource(
        id=tracker_id(repository),
        name=name,
        host=known_host.host,
        path=place.path,
        repository=repository,
        keeps_payloads=keeps_payloads,
    )


def _git(address: SourceAddress) -> GitSource:
    entry = address.entry
    if address.known_host and "/" not in address.path:
        raise SourceDenied(address.identity, "the address names no repository", _GROUP_REMEDY)
    return GitSource(
        id=entry.id or address.identity,
        name=entry.name or short_name(address.identity),
        location=address.location,
        protocol=address.protocol,
        secrets=_authorization(address),
        credential_helper=entry.credential_helper,
        is_owner_trusted=entry.owner_is_trusted,
        extra_refs=tuple(_checked(entry.location, pattern) for pattern in entry.extra_refs),
        default_branch=entry.default_branch,
    )


def _own_token(address: SourceAddress) -> str | None:
    variable = address.entry.token_env
    token = secret(variable) if variable else None
    if variable and not token:
        problem = f"${variable} is not set"
        raise SourceDenied(address.location, problem, "Put the token into it")
    return token


def _authorization(address: SourceAddress) -> dict[str, str]:
    """Return variables that give git a token for this host only, in no file or argument."""
    token = _own_token(address) or address.lent_token
    if token is None:
        return {}
    url = urlsplit(address.location)
    if url.scheme not in {"https", "http"}:
        raise SourceDenied(address.location, "a token only serves https", "Remove token_env")
    encoded = base64.b64encode(f"{address.entry.token_user}:{token}".encode()).decode()
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"http.{url.scheme}://{url.netloc}/.extraHeader",
        "GIT_CONFIG_VALUE_0": f"Authorization: Basic {encoded}",
    }


def _checked(location: str, pattern: str) -> str:
    if not re.fullmatch(r"refs/[\w./*-]+", pattern) or pattern.count("*") > 1:
        problem = f"extra_refs: {pattern!r} is not a pattern of refs"
        raise SourceDenied(location, problem, "Write a pattern such as refs/changes/*")
    return pattern
