"""From the store to what is published: load, build, check, export, and swap in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.run.run_records import sole_run
from flows.settings.workspace import context_of
from miners import store
from warehouse.build.build_file import building, building_path, swap_in
from warehouse.build.checks import run_checks
from warehouse.build.incremental import note_build
from warehouse.build.runner import build_models
from warehouse.exports.current import publish_snapshot
from warehouse.exports.fingerprint import fingerprint, is_current, stamp
from warehouse.exports.snapshot import export_snapshot
from warehouse.seals.seal_file import seals_to_load
from warehouse.tables.batches import load_batches
from warehouse.tables.sealed import load_sealed

if TYPE_CHECKING:
    from flows.run.progress import Watch
    from flows.settings.workspace import Workspace
    from warehouse.context import Context


def publish(workspace: Workspace, context: Context, watch: Watch) -> bool:
    """
    Bring the warehouse and the exports up to the store; tell whether anything was to be done.

    Errors:  WarehouseError, with what was published before left as it is.
    """
    if not store.all_batches(workspace.store):
        return False
    stamped = fingerprint(workspace.store, context, seals=workspace.seals)
    if is_current(workspace.warehouse, workspace.exports, stamped):
        return False
    _build(workspace, context, stamped, watch)
    return True


def rebuild(workspace: Workspace, watch: Watch) -> None:
    """
    Build the warehouse and the exports from the store alone, as if there were none.

    Errors:  AnotherRun, SettingsError, WarehouseError.
    """
    context = context_of(workspace)
    with sole_run(workspace.runs):
        stamped = fingerprint(workspace.store, context, seals=workspace.seals)
        _build(workspace, context, stamped, watch, is_fresh=True)


def _build(
    workspace: Workspace, context: Context, stamped: str, watch: Watch, *, is_fresh: bool = False
) -> None:
    with building(workspace.warehouse, is_fresh=is_fresh) as connection:
        watch.stage("loading")
        load_batches(connection, workspace.store)
        load_sealed(connection, seals_to_load(workspace.seals))
        watch.stage("building")
        build = build_models(connection, context)
        watch.stage("checking")
        run_checks(connection, build)
        note_build(connection, build)
        stamp(connection, stamped)
    watch.stage("exporting")
    export_snapshot(building_path(workspace.warehouse), workspace.exports, stamped)
    swap_in(workspace.warehouse)
    publish_snapshot(workspace.exports)
