"""What the settings call a source, as the repositories and trackers to be mined."""

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
    """A tracker that is mined as soon as there is a login for its host."""

    repository: str
    host: str
    to_set: str


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where an entry of the settings leads: to a path of a known host, perhaps."""

    entry: SourceSettings
    identity: str
    location: str
    protocol: str
    known: KnownHost | None
    path: str
    # A login that git may use here though the entry names none.
    lent_token: str | None = field(default=None, repr=False)


Source = GitSource | TrackerSource | LedgerSource
Made = Source | TrackerSkipped | MiningError


def address_of(entry: SourceSettings, base: Path, hosts: Mapping[str, KnownHost]) -> Address:
    """
    Understand where an entry leads.

    Errors:  SourceDenied.
    """
    identity, location, protocol = parse_location(entry.location, base)
    known, path = host_of(hosts, identity, protocol) or (None, "")
    return Address(
        entry=entry, identity=identity, location=location, protocol=protocol, known=known, path=path
    )


def place(
    entry: SourceSettings, base: Path, hosts: Mapping[str, KnownHost]
) -> Address | MiningError:
    """Understand where an entry leads, or say why it leads nowhere."""
    try:
        return address_of(entry, base, hosts)
    except MiningError as error:
        return error


def identity_of(made: Made) -> str:
    """Name a source, or the one that an error is about."""
    if isinstance(made, MiningError):
        return made.source
    return tracker_id(made.repository) if isinstance(made, TrackerSkipped) else made.id


def sources_at(
    address: Address | MiningError, hosts: Mapping[str, KnownHost], *, keeps_payloads: bool
) -> list[Made]:
    """List what is mined at an address: the repository, its tracker, or both, or why not."""
    if isinstance(address, MiningError):
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
    """Name the repository that an entry is about, also where it cannot be mined."""
    try:
        return entry.id or parse_location(entry.location, base)[0]
    except MiningError as error:
        return error.source


def logged_in(place: Address) -> KnownHost:
    """
    Return the host of an address with the login that serves it.

    Errors:  SourceDenied where there is none.
    """
    known = _login_at(place)
    if not known.has_login:
        raise SourceDenied(place.location, f"there is no token for {known.host.name}", known.to_set)
    return known


def _login_at(place: Address) -> KnownHost:
    """Find the host of an address, with the token of the entry itself before that of the host."""
    known, variable = place.known, place.entry.token_env
    if known is None:
        name = place.identity.partition("/")[0] or place.location
        problem = f"{name} is no host whose kind of tracker is known"
        remedy = "Add a [[hosts]] entry with its name and kind"
        raise SourceDenied(place.location, problem, remedy)
    try:
        if token := _own_token(place):
            token = usable_token(token, f"${variable}")
            return replace(known, host=replace(known.host, token=token, app=None))
        if known.refusal:
            raise known.refusal
    except SecretRefused as refusal:
        raise SourceDenied(place.location, refusal.problem, refusal.remedy) from refusal
    return known


def _tracked_at(address: Address, hosts: Mapping[str, KnownHost]) -> Address | None:
    """Find where the tracker of a repository is, if it has one that we know to mine."""
    wanted = address.entry.tracker
    if isinstance(wanted, str):
        # The entry's token is for the repository's host, and not for another one.
        changes = {"location": wanted, "kind": "tracker", "tracker": True, "token_env": None}
        return address_of(address.entry.model_copy(update=changes), Path(), hosts)
    is_here = address.known is not None and can_be_repository(address.known, address.path)
    return address if wanted and is_here else None


def _tracker(address: Address, place: Address, keeps_payloads: bool) -> Made:
    """Make the source of a tracker; one that nobody named is skipped where there is no login."""
    repository = address.entry.id or address.identity
    try:
        known = _login_at(place)
        if place.entry.kind == "repository" and not known.has_login:
            return TrackerSkipped(repository, known.host.name, known.to_set)
        if not can_be_repository(known, place.path):
            raise SourceDenied(place.location, "the address names no repository", _GROUP_REMEDY)
        known = logged_in(place)
    except MiningError as error:
        return SourceDenied(tracker_id(repository), error.problem, error.remedy)
    name = f"{address.entry.name or short_name(address.identity)} tracker"
    return TrackerSource(
        id=tracker_id(repository),
        name=name,
        host=known.host,
        path=place.path,
        repository=repository,
        keeps_payloads=keeps_payloads,
    )


def _git(address: Address) -> GitSource:
    entry, location = address.entry, address.location
    if address.known and "/" not in address.path:
        raise SourceDenied(address.identity, "the address names no repository", _GROUP_REMEDY)
    return GitSource(
        id=entry.id or address.identity,
        name=entry.name or short_name(address.identity),
        location=location,
        protocol=address.protocol,
        secrets=_authorization(address),
        credential_helper=entry.credential_helper,
        is_owner_trusted=entry.owner_is_trusted,
        extra_refs=tuple(_checked(entry.location, pattern) for pattern in entry.extra_refs),
    )


def _own_token(address: Address) -> str | None:
    variable = address.entry.token_env
    token = secret(variable) if variable else None
    if variable and not token:
        problem = f"${variable} is not set"
        raise SourceDenied(address.location, problem, "Put the token into it")
    return token


def _authorization(address: Address) -> dict[str, str]:
    """Hand a token to git by its environment, for this host only: no file or list shows it."""
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
        raise SourceDenied(
            location, f"extra_refs: {pattern!r} is no pattern of refs", "Write refs/changes/*, say"
        )
    return pattern
