"""Compare the commits of a repository with those of a stored one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from miners import store
from miners.errors import MiningError, SourceDenied
from miners.git.address import parse_location, short_name
from miners.git.command import GitFailed
from miners.git.failures import says_absent, translate
from miners.git.history import RefSnapshot, lacks
from miners.git.mirror import Mirror

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from miners.git.address import GitSource
    from miners.git.command import SafeGit
    from miners.git.refs import RefAdvertisement
    from miners.plan import MiningPlan

Result = TypeVar("Result")


class Kinship(IntEnum):
    """How the commits of two repositories agree."""

    NONE = 0
    SHARED = 1  # a root commit or a ref
    WHOLE = 2  # one has the tip of the other's default branch, and so its whole history


@dataclass(frozen=True, kw_only=True)
class StoredRepository:
    """A repository as it was last mined: its refs with their objects, and the newest commit."""

    id: str
    name: str
    location: str
    refs: Mapping[str, str]
    tip: str | None

    @property
    def last_part(self) -> str:
        """Return the last part of its address, which a moved folder keeps."""
        return short_name(self.location)


def stored_repository(stored: Path, source: str) -> StoredRepository | None:
    """Return a repository of the store with commits; None for any other source."""
    cursor = store.sound_cursor(stored, source)
    if not cursor.get("refs"):
        return None
    snapshot = RefSnapshot.from_cursor(cursor)
    return StoredRepository(
        id=source,
        name=cursor["name"],
        location=cursor["location"],
        refs={name: ref.target for name, ref in snapshot.refs.items()},
        tip=snapshot.tip or next(iter(snapshot.tips), None),
    )


class Candidate:
    """A repository that was never mined under its address, and what it has of stored ones."""

    def __init__(self, source: GitSource, plan: MiningPlan) -> None:
        self.source, self._plan = source, plan
        self._mirror = Mirror(plan.mirrors, source, plan.host, plan.timeout_seconds)
        self._advertised: RefAdvertisement | None = None
        self._git: SafeGit | None = None

    def kinship(self, stored: StoredRepository) -> Kinship:
        """
        Return how its commits agree with those of a stored repository.

        Errors:  MiningError.
        """
        if self.source.location == stored.location:
            return Kinship.WHOLE
        targets = set(self._survey().refs.values())
        if stored.tip in targets or stored.refs.items() <= self._survey().refs.items():
            return Kinship.WHOLE
        # A host is asked for its objects only where the address suggests the same repository.
        is_near = self.source.protocol == "file" or not targets.isdisjoint(stored.refs.values())
        if not is_near and short_name(self.source.location) != stored.last_part:
            return Kinship.NONE
        if stored.tip and not self._lacks(stored.tip):
            return Kinship.WHOLE
        shares = not targets.isdisjoint(stored.refs.values()) or any(
            not self._lacks(root) for root in _roots(self._plan.store, stored.id)
        )
        return Kinship.SHARED if shares else Kinship.NONE

    def equal_refs(self, stored: StoredRepository) -> int:
        """Count the refs that have the same object in a stored repository."""
        if self.source.location == stored.location:
            return len(stored.refs)
        return len(stored.refs.items() & self._survey().refs.items())

    def leave_mirror_to(self, source: str) -> None:
        """Give the mirror of this repository to the source that it continues."""
        other = Mirror(
            self._plan.mirrors, replace(self.source, id=source), self._plan.host, timeout_seconds=0
        )
        if self._mirror.path.is_dir() and not other.path.exists():
            self._mirror.path.rename(other.path)
        self._mirror.discard()

    def _survey(self) -> RefAdvertisement:
        if self._advertised is None:
            self._advertised = _of_git(self.source.id, self._mirror.survey)
        return self._advertised

    def _lacks(self, commit: str) -> bool:
        advertised = self._survey()
        if self._git is None:
            self._git = _of_git(self.source.id, lambda: self._mirror.refresh(advertised))
        git = self._git
        return _of_git(self.source.id, lambda: lacks(git, [commit]))


def has_left(stored: StoredRepository, source: GitSource, plan: MiningPlan) -> bool:
    """
    Return whether a stored repository is no longer at its address.

    Shape:   False where the host does not respond or asks for a login: nothing is certain then.
             source lends its login, if both are on one host.
    """
    try:
        identity, location, protocol = parse_location(stored.location, Path("/"))
        is_same_host = identity.partition("/")[0] == source.id.partition("/")[0]
        secrets = source.secrets if is_same_host else {}
        old = replace(source, id=stored.id, location=location, protocol=protocol, secrets=secrets)
        mirror = Mirror(plan.mirrors, old, plan.host, plan.timeout_seconds)
        advertised = _of_git(stored.id, mirror.survey)
    except MiningError as error:
        return isinstance(error, SourceDenied) and says_absent(error)
    return set(stored.refs.values()).isdisjoint(advertised.refs.values())


def _roots(stored: Path, source: str) -> list[str]:
    rows = store.newest(stored, source, "commits")
    return rows.filter(rows["parent_hashes"] == "")["commit_hash"].to_list()


def _of_git(source: str, work: Callable[[], Result]) -> Result:
    try:
        return work()
    except GitFailed as failure:
        raise translate(source, failure) from failure
