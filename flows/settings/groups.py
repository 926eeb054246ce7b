"""Expand organisations and groups to their repositories."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from flows.settings.sources import (
    MemberExcluded,
    SourceAddress,
    address_of,
    logged_in,
    repository_of,
)
from miners import store
from miners.errors import MiningError, SourceUnavailable
from miners.known_sources import read_known_sources
from miners.tracker.address import Host, ListedRepository, tracker_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flows.settings.hosts import KnownHost
    from flows.settings.sections import SourceSettings
    from flows.settings.settings import Settings

ListGroup = Callable[[Host, str], list[ListedRepository]]
Member = SourceAddress | MemberExcluded | MiningError
_FAULT = "Run `quarry doctor`; if it finds nothing, this is a fault in Quarry to report"


def expand_groups(
    addresses: Sequence[SourceAddress | MiningError],
    hosts: Mapping[str, KnownHost],
    list_group: ListGroup,
) -> list[Member]:
    """
    Replace each group by its repositories, except those that have an entry of their own.

    Shape:   a group that cannot be listed is its error; what its entry excludes comes last.
    """
    groups = [address for address in addresses if _is(address, "group")]
    others = [address for address in addresses if not _is(address, "group")]
    named = {_folded(address) for address in others if _is(address, "repository")}
    members = [member for group in groups for member in _members(group, hosts, list_group)]
    unnamed = (member for member in members if _folded(member) not in named)
    return [*others, *sorted(unnamed, key=lambda member: isinstance(member, MemberExcluded))]


def repositories_of(group: str, settings: Settings, base: Path, stored: Path) -> list[str]:
    """List the repositories of a group that were ever mined, also renamed ones."""
    prefix = f"{group}/".casefold()
    renamed = [entry for entry in settings.sources if entry.id and entry.kind != "group"]
    ids = {repository_of(e.model_copy(update={"id": None}), base): e.id for e in renamed}
    mined = set(store.sources(stored))
    named = {source.removesuffix(tracker_id("")): None for source in sorted(mined)}
    known = read_known_sources(stored)
    moved = dict.fromkeys(known.continued)
    inside = [known.source(n) for n in {**named, **moved} if n.casefold().startswith(prefix)]
    own = [known.source(str(ids[n])) for n in ids if n.casefold().startswith(prefix)]
    return list(dict.fromkeys([*inside, *own]))


def _is(address: Member, kind: str) -> bool:
    return isinstance(address, SourceAddress) and address.entry.kind == kind


def _folded(address: Member) -> str | None:
    """Return an address in lower case, which hosts do not distinguish from upper case."""
    if isinstance(address, MemberExcluded):
        return address.repository.casefold()
    return address.identity.casefold() if isinstance(address, SourceAddress) else None


def _members(
    group: SourceAddress | MiningError, hosts: Mapping[str, KnownHost], list_group: ListGroup
) -> list[Member]:
    if isinstance(group, MiningError):
        return [group]
    try:
        known_host = logged_in(group)
        listed = list_group(known_host.host, group.path)
        return [_member(group, known_host, repository, hosts) for repository in listed]
    except MiningError as error:
        return [SourceUnavailable(group.identity, error.problem, error.remedy)]
    except Exception as error:  # noqa: BLE001 - one source that fails never stops the others
        return [SourceUnavailable(group.identity, f"{type(error).__name__}: {error}", _FAULT)]


def _member(
    group: SourceAddress,
    known_host: KnownHost,
    listed: ListedRepository,
    hosts: Mapping[str, KnownHost],
) -> Member:
    path = listed.path
    root = group.location.rstrip("/").removesuffix(group.path)
    name = path[len(group.path) + 1 :] if path.startswith(f"{group.path}/") else path
    if reason := exclusion(group.entry, listed, name):
        return MemberExcluded(group.identity, f"{known_host.host.name}/{path}", reason)
    changes = {"location": f"{root}{path}.git", "kind": "repository", "name": name}
    address = address_of(group.entry.model_copy(update=changes), Path(), hosts)
    # A token that lists a group can usually read it; git has no other login.
    may_lend = group.protocol != "ssh" and group.entry.credential_helper is None
    return replace(address, lent_token=known_host.host.token if may_lend else None)


def exclusion(entry: SourceSettings, listed: ListedRepository, name: str) -> str | None:
    """Return why a group's entry excludes a repository, or None; name is the path in the group."""
    if listed.is_fork and not entry.forks:
        return "fork"
    if listed.is_mirror and not entry.mirrors:
        return "mirror"
    if listed.is_archived and not entry.archived:
        return "archived"
    if entry.include and not _matches(name, entry.include):
        return "not in include"
    return "in exclude" if _matches(name, entry.exclude) else None


def _matches(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name.casefold(), pattern.casefold()) for pattern in patterns)
