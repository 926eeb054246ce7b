"""Identity and name of resolved sources as the store has them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flows.settings.sources import TrackerSkipped, identity_of
from miners.errors import SourceDenied
from miners.git.address import GitSource, short_name
from miners.ledger.address import LedgerSource
from miners.tracker.address import TrackerSource, tracker_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flows.settings.sources import ResolvedSource
    from miners.known_sources import KnownSources


def each_once(sources: Iterable[ResolvedSource], known: KnownSources) -> list[ResolvedSource]:
    """
    List each source once, as the store knows it.

    Shape:   an address whose history another address continues is an error: both would write it.
    """
    listed: list[ResolvedSource] = []
    own: dict[str, str] = {}
    for source in sources:
        identity, stored = identity_of(source), as_known(source, known)
        name = identity_of(stored)
        if name not in own:
            own[name] = identity
            listed.append(stored)
        elif own[name] != identity and isinstance(source, GitSource):
            listed.append(_taken(identity, own[name]))
    return listed


def as_known(source: ResolvedSource, known: KnownSources) -> ResolvedSource:
    """Return a source with the identity whose history it continues, and its name in the store."""
    if isinstance(source, GitSource):
        identity = known.source(source.id)
        is_unnamed = source.name == short_name(source.id)
        name = known.names.get(identity, source.name) if is_unnamed else source.name
        return replace(source, id=identity, name=name)
    if isinstance(source, LedgerSource):
        return replace(source, id=known.source(source.id))
    if isinstance(source, TrackerSource):
        repository = known.source(source.repository)
        return replace(source, repository=repository, id=tracker_id(repository))
    if isinstance(source, TrackerSkipped):
        return replace(source, repository=known.source(source.repository))
    return source


def _taken(identity: str, other: str) -> SourceDenied:
    problem = f"{other} continues the history of the repository that was here"
    return SourceDenied(identity, problem, "If this is another one, give its entry an id")
