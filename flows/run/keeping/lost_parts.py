"""Parts of a home folder that are lost, or of another kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.run.lock import lock_path
from miners.errors import StoreDamaged
from miners.store import has_batches
from warehouse.errors import SealRefused
from warehouse.seals.seal_file import read_seal
from warehouse.tables.sealed import sealed_quarters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from flows.settings.workspace import Workspace


def lost_store(workspace: Workspace) -> StoreDamaged | None:
    """Return the error for a deleted store: mining again loses what hosts deleted since."""
    if not workspace.warehouse.exists() or has_batches(workspace.store):
        return None
    problem = f"it has no batch, but {workspace.warehouse} was built from one"
    remedy = "Restore it from a backup, or delete that file to mine every source from the start"
    return StoreDamaged(str(workspace.store), problem, remedy)


def lost_seal(workspace: Workspace, found: Iterable[Path]) -> SealRefused | None:
    """Return the error for a seal that the published warehouse has, but not the home."""
    lost = sealed_quarters(workspace.warehouse) - {read_seal(folder).quarter for folder in found}
    if not lost:
        return None
    return SealRefused(
        f"{workspace.seals / min(lost)}: the seal is missing",
        "Restore the folder from a backup, or run `quarry replay` to publish that quarter "
        "without a seal",
    )


def misplaced(workspace: Workspace) -> Iterator[Path]:
    """List the paths of a home folder where there is a file for a folder, or the reverse."""
    folders = (workspace.home, workspace.store, workspace.mirrors, workspace.exports)
    for folder in (*folders, workspace.runs, workspace.seals, workspace.reports):
        if folder.exists() and not folder.is_dir():
            yield folder
    for file in (workspace.warehouse, lock_path(workspace.runs)):
        if file.is_dir():
            yield file
