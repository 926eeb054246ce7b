"""Publish the store: load, build, check, export and swap in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from flows.run.keeping.lost_parts import lost_seal
from flows.run.lock import sole_run
from flows.run.progress import WAREHOUSE
from flows.settings.environment import clock
from flows.settings.workspace import context_of
from miners import store
from miners.store_check import is_turn, verify_part
from miners.text import shown_source
from warehouse.build.build_file import building, building_path, swap_in
from warehouse.build.checks import run_checks
from warehouse.build.failing_sources import Trial
from warehouse.build.incremental import note_build
from warehouse.build.runner import build_models
from warehouse.errors import CheckFailed, ModelFailed
from warehouse.explore.page import write_page
from warehouse.exports.current import newest_snapshot, publish_snapshot
from warehouse.exports.damage import export_damage
from warehouse.exports.fingerprint import fingerprint, is_current, stamp, stamped_on
from warehouse.exports.snapshot import Unchanged, export_snapshot
from warehouse.query.pseudonyms import pseudonym_key
from warehouse.seals.seal_file import found_folders, in_order_of_making, seals_to_load
from warehouse.seals.write import keep_seal
from warehouse.tables.batches import load_without
from warehouse.tables.held_back import (
    Failure,
    hold_back_more,
    read_held_back,
    without_held_back,
)
from warehouse.tables.sealed import load_sealed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from flows.run.progress import RunProgress
    from flows.settings.workspace import Workspace
    from miners.store import Batch
    from warehouse.build.model import Model
    from warehouse.context import Context
    from warehouse.seals.write import SealDraft
    from warehouse.tables.held_back import HeldBack


def publish(
    workspace: Workspace,
    context: Context,
    progress: RunProgress,
    *,
    draft: SealDraft | None = None,
) -> bool:
    """
    Update the warehouse and the exports from the store; return whether anything changed.

    Shape:   the draft of a seal is kept once the warehouse with it has passed its checks.
    A source with which a check or model fails is published without its newest batches.

    Errors:  StoreDamaged, WarehouseError; what was published before stays as it is.
    """
    batches = store.all_batches(workspace.store)
    if not batches:
        return False
    verify_part(batches, clock().date())
    seals = _seals(workspace, draft)
    if lost := lost_seal(workspace, seals):
        raise lost
    inputs = _inputs(workspace, context, batches, seals)
    if draft is None and _is_current(workspace, inputs):
        return False
    _build(workspace, inputs, progress, draft=draft)
    return True


def _is_current(workspace: Workspace, inputs: _Inputs) -> bool:
    """Return whether nothing changed since the last build, also not its seals and exports."""
    if not is_current(workspace.warehouse, workspace.exports, inputs.fingerprint):
        return False
    seals_to_load(inputs.seals)  # raises for a damaged one
    day = clock().date()
    return not any(export_damage(workspace.exports, is_read=lambda hashed: is_turn(hashed, day)))


def rebuild(workspace: Workspace, progress: RunProgress) -> None:
    """
    Rebuild the warehouse and the exports from the store alone.

    Errors:  RunInProgress, SettingsError, WarehouseError.
    """
    context_of(workspace)
    with sole_run(workspace.runs):
        rebuild_locked(workspace, progress)


def rebuild_locked(workspace: Workspace, progress: RunProgress) -> None:
    """
    Rebuild as rebuild does, in a home folder that is locked already.

    Errors:  SettingsError, WarehouseError.
    """
    batches, seals = store.all_batches(workspace.store), _seals(workspace)
    inputs = _inputs(workspace, context_of(workspace), batches, seals)
    _build(workspace, inputs, progress, is_fresh=True)


def held_back_notes(warehouse: Path) -> tuple[str, ...]:
    """List the sources of which the published warehouse is without the newest batches."""
    return tuple(
        f"{shown_source(held.source)}: {held.batch_count:,} of its newest batches held back, "
        f"because {held.failed} failed with them ({held.fact}). Everything else is published. "
        "Every build tries them again."
        for held in read_held_back(warehouse).values()
    )


@dataclass(frozen=True, kw_only=True)
class _Inputs:
    """What a build is made from. Receipts are read once: each source has one for every poll."""

    context: Context
    batches: Sequence[Batch]
    seals: Sequence[Path]
    key: bytes
    fingerprint: str


def _inputs(
    workspace: Workspace, context: Context, batches: Sequence[Batch], seals: Sequence[Path]
) -> _Inputs:
    key = pseudonym_key(workspace.home)
    return _Inputs(
        context=context,
        batches=batches,
        seals=seals,
        key=key,
        fingerprint=fingerprint(batches, context, seals=seals, key=key),
    )


def _build(
    workspace: Workspace,
    inputs: _Inputs,
    progress: RunProgress,
    *,
    draft: SealDraft | None = None,
    is_fresh: bool = False,
) -> None:
    """Build all there is, or without the newest batches of sources with which it fails."""
    held_back = read_held_back(workspace.warehouse) if draft else {}
    build = partial(_build_without, workspace, inputs, progress, is_fresh=is_fresh)
    while True:
        try:
            return build(draft=draft, held_back=held_back)
        except (CheckFailed, ModelFailed) as error:
            loaded = without_held_back(inputs.batches, held_back)
            failure = None if draft else _failure(workspace, inputs, loaded, error)
            published = read_held_back(workspace.warehouse)
            more = failure and hold_back_more(inputs.batches, held_back, failure, published)
            if not more:
                raise
            held_back = more


def _failure(
    workspace: Workspace,
    inputs: _Inputs,
    batches: Sequence[Batch],
    error: CheckFailed | ModelFailed,
) -> Failure:
    """Name what failed, and the sources that its rows name, or with which it fails on trial."""
    known = {batch.receipt.source for batch in batches}
    is_check = isinstance(error, CheckFailed)
    named = known & set(error.sources) if isinstance(error, CheckFailed) else set()
    trial = Trial(
        warehouse=workspace.warehouse,
        context=inputs.context,
        batches=batches,
        seals=seals_to_load(inputs.seals),
        path=error.path,
    )
    return Failure(
        failed=f"the {'check' if is_check else 'model'} {error.name}",
        fact=error.fact,
        sources=named or trial.failing_sources(),
    )


def _build_without(
    workspace: Workspace,
    inputs: _Inputs,
    progress: RunProgress,
    *,
    draft: SealDraft | None,
    is_fresh: bool,
    held_back: Mapping[str, HeldBack],
) -> None:
    with building(workspace.warehouse, is_fresh=is_fresh) as connection:
        before = stamped_on(connection, inputs.key)
        progress.stage("loading")
        load_without(connection, inputs.batches, held_back)
        load_sealed(connection, seals_to_load(inputs.seals))
        progress.stage("building")
        build = build_models(connection, inputs.context, watched=partial(_counted, progress))
        progress.stage("checking")
        run_checks(connection, build)
        note_build(connection, build)
        stamp(connection, inputs.fingerprint, inputs.key)
        unchanged = Unchanged(before, build.unchanged_tables())
    progress.stage("exporting")
    path = building_path(workspace.warehouse)
    export_snapshot(path, workspace.exports, inputs.fingerprint, unchanged=unchanged)
    write_page(newest_snapshot(workspace.exports))
    if draft:
        keep_seal(draft)
    swap_in(workspace.warehouse)
    publish_snapshot(workspace.exports)


def _counted(progress: RunProgress, models: Sequence[Model]) -> Iterator[Model]:
    """Yield the models of a build, and report how many were built before each."""
    for done, model in enumerate(models):
        progress.source(WAREHOUSE, "building", done, len(models))
        yield model


def _seals(workspace: Workspace, draft: SealDraft | None = None) -> list[Path]:
    """List the folders of all seals and of a draft, by time of sealing."""
    drafts = [draft.folder] if draft else []
    return in_order_of_making([*found_folders(workspace.seals), *drafts])
