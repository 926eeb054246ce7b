"""Mine a Git repository: refresh its mirror, read and write new commits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from miners import store
from miners.batch import BatchWriter
from miners.errors import SourceDenied, SourceUnavailable
from miners.git import rows
from miners.git.changes import read_changes
from miners.git.command import GitFailed
from miners.git.default_branch import choose_default_branch
from miners.git.failures import is_damage, translate
from miners.git.history import RefSnapshot, compare, read_snapshot
from miners.git.mirror import Mirror
from miners.git.notes import ai_notes
from miners.git.refs import AI_NOTES_REF
from miners.tracker.address import TRACKER_BRANCH, tracker_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import polars as pl

    from miners.git.address import GitSource
    from miners.git.command import SafeGit
    from miners.git.history import Difference
    from miners.git.refs import RefAdvertisement
    from miners.plan import MiningPlan, Progress
    from miners.store import Receipt


def mine_git(source: GitSource, plan: MiningPlan, progress: Progress) -> Receipt:
    """
    Mine what is new in one Git repository and write it as one batch.

    Shape:   the batch's receipt; one without files when nothing is new.
    Errors:  MiningError; nothing of a failed mining is kept.
    """
    try:
        return _mine(source, plan, progress)
    except GitFailed as failure:
        raise translate(source.id, failure) from failure


def _mine(source: GitSource, plan: MiningPlan, progress: Progress) -> Receipt:
    mirror = Mirror(plan.mirrors, source, plan.host, plan.timeout_seconds)
    progress("polling", 0, 0)
    advertised = with_default_branch(source, mirror.survey(), plan.store)
    before = store.latest(plan.store, source.id)
    cursor = store.cursor(plan.store, before) if before else {}
    require_refs(source, advertised, cursor)
    if before and not plan.is_full and is_unchanged(source, advertised, cursor):
        with BatchWriter(plan.store, source.id, plan.run_id, plan.observed_at) as batch:
            return batch.finish_unchanged()
    progress("fetching", 0, 0)
    try:
        return _read(mirror, advertised, cursor, plan, progress)
    except GitFailed as failure:
        if not is_damage(failure) and mirror.is_readable():
            raise
        # The mirror may be what is damaged: a new one shows whether the source is.
        mirror.discard()
        progress("fetching again", 0, 0)
        return _read(mirror, advertised, cursor, plan, progress)


def with_default_branch(
    source: GitSource, advertised: RefAdvertisement, stored: Path
) -> RefAdvertisement:
    """
    Add the default branch, also by what the tracker of a source said when it was last mined.

    Errors:  SourceDenied if it is not clear.
    """
    tracked = store.latest(stored, tracker_id(source.id))
    branch = store.cursor(stored, tracked).get(TRACKER_BRANCH) if tracked else None
    return replace(advertised, default=choose_default_branch(advertised, source, branch))


def require_refs(
    source: GitSource, advertised: RefAdvertisement, cursor: Mapping[str, Any]
) -> None:
    """
    Refuse a source that had commits and has none: it is rather broken than emptied.

    Errors:  SourceDenied.
    """
    if cursor.get("refs") and not advertised.refs:
        raise SourceDenied(source.id, "it has no commit any more", _EMPTIED)


_EMPTIED = (
    "Restore it, or correct its address; if it was emptied on purpose, remove it from quarry.toml: "
    "what was mined is kept"
)


def is_unchanged(source: GitSource, advertised: RefAdvertisement, cursor: dict[str, Any]) -> bool:
    """Return whether a source has the refs and the default branch of a cursor."""
    targets = {name: target for name, (target, _) in cursor["refs"].items()}
    return (
        targets == advertised.refs
        # Versions before 0.3 did not read them.
        and rows.ATTRIBUTES in cursor
        and cursor.get("head_branch") == advertised.head_branch
        and (cursor["default_branch"], cursor.get("default_branch_evidence"))
        == (advertised.default.ref, advertised.default.evidence)
        and (cursor["name"], cursor["location"]) == (source.name, source.location)
    )


def _read(
    mirror: Mirror,
    advertised: RefAdvertisement,
    cursor: dict[str, Any],
    plan: MiningPlan,
    progress: Progress,
) -> Receipt:
    source, git = mirror.source, mirror.refresh(advertised)
    now = read_snapshot(git, mirror.patterns, advertised)
    if missing := advertised.refs.keys() - now.refs.keys() - mirror.broken:
        problem = f"{min(missing)} was advertised and not fetched"
        raise SourceUnavailable(source.id, problem, "The next run tries again")
    before = RefSnapshot.from_cursor(cursor)
    files = rows.TipFiles.read(git, now.tip)
    difference = compare(git, before, now, _stored_commits(source, plan), is_full=plan.is_full)
    with BatchWriter(plan.store, source.id, plan.run_id, plan.observed_at) as batch:
        batch.add("repositories", [rows.repository(source, advertised.object_format, now, files)])
        batch.add("refs", rows.refs(before, now))
        batch.add_frame("reachability", rows.reachability(difference))
        if files.mailmap and files.mailmap != cursor.get("mailmap"):
            batch.add("mailmap_entries", rows.mailmap_entries(git, files.mailmap))
        if files.attributes != cursor.get(rows.ATTRIBUTES):
            batch.add("path_attributes", files.attribute_rows)
        if before.refs.get(AI_NOTES_REF) != now.refs.get(AI_NOTES_REF) or plan.is_full:
            stored = store.newest(plan.store, source.id, "ai_notes")
            batch.add("ai_notes", ai_notes(git, now.refs.get(AI_NOTES_REF), stored))
        for record, row in rows.tags(git, now.tags_since(before), plan.fallback_encoding):
            batch.add(record, [row])
        _read_commits(git, difference, plan, batch, progress)
        named = {"name": source.name, "location": source.location}
        found = {"faults": dict(sorted(mirror.faults.items())), "broken": sorted(mirror.broken)}
        return batch.finish(now.to_cursor() | named | files.to_cursor() | found)


def _stored_commits(source: GitSource, plan: MiningPlan) -> Callable[[str], set[str]]:
    """Return a function that reads the stored commits of a scope when they are needed."""

    def reachable(scope: str) -> set[str]:
        rows = store.newest(plan.store, source.id, "reachability")
        return set(rows.filter(is_reachable=True, scope=scope)["commit_hash"])

    return reachable


def _read_commits(
    git: SafeGit, difference: Difference, plan: MiningPlan, batch: BatchWriter, progress: Progress
) -> None:
    single = difference.added.filter(~difference.is_merge)

    def take(files: pl.DataFrame, done: int) -> None:
        batch.add_frame("commit_files", files)
        progress("reading", done, len(single))

    # git compares files while this process decodes the metadata.
    with ThreadPoolExecutor(1) as pool:
        changes = pool.submit(read_changes, git, single, plan.workers, take)
        for record, row in rows.commits(git, difference.added, plan.fallback_encoding):
            batch.add(record, [row])
        changes.result()
