"""List, rename, forget, join and separate the sources of a home folder."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from flows.run.lock import sole_run
from flows.run.publish import rebuild_locked
from flows.run.run_records import read_runs, write_run
from flows.settings.settings import SettingsError
from flows.settings.workspace import configured_sources, context_of
from miners import store
from miners.errors import SourceDenied
from miners.git.address import parse_location, short_name
from miners.known_sources import read_known_sources, write_known_sources
from miners.ledger.address import ledger_id
from miners.text import nearest
from miners.tracker.address import tracker_id

if TYPE_CHECKING:
    from datetime import datetime

    from flows.run.progress import RunProgress
    from flows.settings.workspace import Workspace

REPOSITORY, TRACKER, LEDGER = "repository", "tracker", "ledger"
_LIST = "`quarry sources` lists all sources"


@dataclass(frozen=True, kw_only=True)
class KeptSource:
    """A source of the store or of the settings; what was never mined has no observation."""

    source: str
    name: str
    kind: str
    location: str
    is_configured: bool
    batch_count: int
    first_observed_at: datetime | None
    last_observed_at: datetime | None


@dataclass(frozen=True)
class ForgottenSource:
    """What was deleted with a source."""

    sources: tuple[str, ...]
    batch_count: int
    is_sealed: bool


def list_sources(workspace: Workspace) -> list[KeptSource]:
    """List all sources of the store and of the settings, by name."""
    configured = configured_sources(workspace)
    stored = store.sources(workspace.store)
    repositories = [name for name in configured if not name.endswith(tracker_id(""))]
    listed = [_kept(workspace, name, configured) for name in {*stored, *repositories}]
    return sorted(listed, key=lambda source: (source.name.casefold(), source.source))


def rename_source(workspace: Workspace, text: str, name: str) -> str:
    """
    Give a repository another name, and return its identity; the next run publishes it.

    Errors:  RunInProgress; SettingsError for an unknown source, or one that the settings name.
    """
    with sole_run(workspace.runs):
        source = _find(workspace, text)
        if source.endswith((ledger_id(""), tracker_id(""))):
            raise SettingsError(f"{source}: only a repository is renamed. Its entry has its name.")
        if any(s.name and text in {s.name, s.location, s.id} for s in workspace.settings.sources):
            raise SettingsError(f"{source}: quarry.toml names it. Change `name` there.")
        if any(k.name == name and k.source != source for k in list_sources(workspace)):
            raise SettingsError(f"{name}: another source has this name. Choose a different one.")
        known = read_known_sources(workspace.store)
        write_known_sources(workspace.store, known.named(source, name))
        return source


def forget_source(workspace: Workspace, text: str, progress: RunProgress) -> ForgottenSource:
    """
    Delete a source with its tracker, all that was mined of it, and its figures.

    Shape:   a sealed quarter keeps its figures, and shows the difference as a restatement.
    Errors:  RunInProgress; SettingsError for an unknown source, or one of the settings.
    """
    context_of(workspace)
    with sole_run(workspace.runs):
        source = _find(workspace, text)
        if source in configured_sources(workspace):
            raise SettingsError(
                f"{source}: quarry.toml names it, and the next run would mine it again. Remove it "
                "there first."
            )
        forgotten = _delete(workspace, source)
        known = read_known_sources(workspace.store)
        write_known_sources(workspace.store, known.without(source))
        _publish(workspace, progress)
        is_sealed = workspace.seals.is_dir() and any(workspace.seals.iterdir())
        return replace(forgotten, is_sealed=is_sealed)


def join_moved(workspace: Workspace, old: str, new: str, progress: RunProgress) -> str:
    """
    State that an address continues a source; what was mined under the address is deleted.

    Errors:  RunInProgress; SettingsError for an unknown source.
    """
    context_of(workspace)
    with sole_run(workspace.runs):
        source, identity = _find(workspace, old), _identity(workspace, new)
        if source == identity:
            raise SettingsError(f"{source}: this is one address. Name the former and the new one.")
        if source in configured_sources(workspace):
            raise SettingsError(
                f"{source}: quarry.toml still names it. Remove it there, if {new} replaces it."
            )
        known = read_known_sources(workspace.store).continuing(identity, source)
        write_known_sources(workspace.store, known)
        if _delete(workspace, identity).batch_count:
            _publish(workspace, progress)
        return source


def separate_source(workspace: Workspace, text: str) -> str:
    """
    State that an address is a source of its own, although it has commits of another one.

    Errors:  RunInProgress; SettingsError for what is no address.
    """
    with sole_run(workspace.runs):
        identity = _identity(workspace, text)
        known = read_known_sources(workspace.store)
        write_known_sources(workspace.store, known.apart(identity))
        return identity


def _kept(workspace: Workspace, source: str, configured: set[str]) -> KeptSource:
    cursor = store.sound_cursor(workspace.store, source)
    batches = store.batches(workspace.store, source)
    kind = TRACKER if source.endswith(tracker_id("")) else REPOSITORY
    kind = LEDGER if source.endswith(ledger_id("")) else kind
    bare = source.removesuffix(tracker_id("")).removesuffix(ledger_id(""))
    facts = cursor if kind == REPOSITORY else cursor.get("state", {})
    given = read_known_sources(workspace.store).names.get(bare)
    return KeptSource(
        source=source,
        name=given or facts.get("name") or short_name(bare),
        kind=kind,
        location=facts.get("location") or bare,
        is_configured=source in configured,
        batch_count=len(batches),
        first_observed_at=batches[0].receipt.observed_at if batches else None,
        last_observed_at=batches[-1].receipt.observed_at if batches else None,
    )


def _find(workspace: Workspace, text: str) -> str:
    """Return the source of a name or an address."""
    listed = list_sources(workspace)
    matches = {s.source for s in listed if text in {s.source, s.name, s.location}}
    if len({s.removesuffix(tracker_id("")) for s in matches}) == 1:
        return min(matches, key=len)
    if matches:
        raise SettingsError(f"{text}: several sources have this name: {', '.join(sorted(matches))}")
    identity = _identity(workspace, text, is_new=False)
    if any(source.source == identity for source in listed):
        return identity
    names = {name for source in listed for name in (source.name, source.source)}
    hint = nearest(text, names, "")
    raise SettingsError(f"{text}: there is no such source{hint or '.'} {_LIST}.")


def _identity(workspace: Workspace, text: str, *, is_new: bool = True) -> str:
    """Return the identity of an address; one that the store knows by another is that one."""
    ids = {source.id for source in workspace.settings.sources if source.id}
    if text in ids:
        identity = text
    else:
        try:
            identity = parse_location(text, Path.cwd())[0]
        except SourceDenied as error:
            raise SettingsError(str(error)) from None
    return identity if is_new else read_known_sources(workspace.store).source(identity)


def _delete(workspace: Workspace, source: str) -> ForgottenSource:
    """Delete the batches, mirrors and outcomes of a source and of its tracker."""
    stored = store.sources(workspace.store)
    names = [name for name in stored if name == source or name.startswith(tracker_id(source))]
    count = sum(len(store.batches(workspace.store, name)) for name in names)
    for name in names:
        _remove(store.source_folder(workspace.store, name), workspace.home)
    _remove(store.source_folder(workspace.mirrors, source).with_suffix(".git"), workspace.home)
    deleted = {*names, source, tracker_id(source)}
    for run in read_runs(workspace.runs):
        kept = tuple(outcome for outcome in run.outcomes if outcome.source not in deleted)
        if kept != run.outcomes:
            write_run(workspace.runs, replace(run, outcomes=kept))
    return ForgottenSource(tuple(names), count, is_sealed=False)


def _remove(folder: Path, home: Path) -> None:
    """Delete a folder of the store or the mirrors, of which a killed command leaves no part."""
    if folder.exists():
        leaving = home / f".{folder.name}.leaving"
        folder.rename(leaving)
        shutil.rmtree(leaving)


def _publish(workspace: Workspace, progress: RunProgress) -> None:
    if store.has_batches(workspace.store):
        rebuild_locked(workspace, progress)
    else:
        # Nothing is left of which there are figures.
        workspace.warehouse.unlink(missing_ok=True)
        shutil.rmtree(workspace.exports, ignore_errors=True)
