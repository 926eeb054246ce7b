"""Organisations and groups, as the repositories in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from flows.settings.sources import Address, address_of, logged_in, repository_of
from miners import store
from miners.errors import MiningError, SourceUnavailable
from miners.tracker.address import Host, tracker_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flows.settings.hosts import KnownHost
    from flows.settings.settings import Settings

ListGroup = Callable[[Host, str], list[str]]
_FAULT = "Run quarry doctor; if it finds nothing, this is a fault in Quarry to report"


def expanded(
    places: Sequence[Address | MiningError], hosts: Mapping[str, KnownHost], list_group: ListGroup
) -> list[Address | MiningError]:
    """
    Put the repositories of each group in its place; what is named by itself stays as it is named.

    Shape:   a group that cannot be listed is its error.
    """
    groups = [place for place in places if _is(place, "group")]
    others = [place for place in places if not _is(place, "group")]
    named = {_folded(place) for place in others if _is(place, "repository")}
    found = [member for group in groups for member in _members(group, hosts, list_group)]
    return [*others, *(member for member in found if _folded(member) not in named)]


def repositories_of(group: str, settings: Settings, base: Path, stored: Path) -> list[str]:
    """Name the repositories of a group that were ever mined, whatever they are called now."""
    prefix = f"{group}/".casefold()
    renamed = [entry for entry in settings.sources if entry.id and entry.kind != "group"]
    ids = {repository_of(e.model_copy(update={"id": None}), base): e.id for e in renamed}
    mined = {batch.receipt.source for batch in store.all_batches(stored)}
    named = {source.removesuffix(tracker_id("")): None for source in sorted(mined)}
    inside = [name for name in named if name.casefold().startswith(prefix)]
    return [*inside, *(str(ids[name]) for name in ids if name.casefold().startswith(prefix))]


def _is(place: Address | MiningError, kind: str) -> bool:
    return isinstance(place, Address) and place.entry.kind == kind


def _folded(place: Address | MiningError) -> str | None:
    """Write an address as all its spellings: hosts do not tell upper case from lower."""
    return place.identity.casefold() if isinstance(place, Address) else None


def _members(
    group: Address | MiningError, hosts: Mapping[str, KnownHost], list_group: ListGroup
) -> list[Address | MiningError]:
    if isinstance(group, MiningError):
        return [group]
    try:
        known = logged_in(group)
        paths = list_group(known.host, group.path)
        return [_member(group, known, path, hosts) for path in paths]
    except MiningError as error:
        return [SourceUnavailable(group.identity, error.problem, error.remedy)]
    except Exception as error:  # noqa: BLE001 - one source that fails never stops the others
        return [SourceUnavailable(group.identity, f"{type(error).__name__}: {error}", _FAULT)]


def _member(
    group: Address, known: KnownHost, path: str, hosts: Mapping[str, KnownHost]
) -> Address | MiningError:
    root = group.location.rstrip("/").removesuffix(group.path)
    changes = {
        "location": f"{root}{path}.git",
        "kind": "repository",
        "name": path[len(group.path) + 1 :] if path.startswith(f"{group.path}/") else path,
    }
    address = address_of(group.entry.model_copy(update=changes), Path(), hosts)
    # What may list a group may mostly read it; git has nothing else to log in with.
    may_lend = group.protocol != "ssh" and group.entry.credential_helper is None
    return replace(address, lent_token=known.host.token if may_lend else None)
