"""Check and repair the files of a home folder."""

from __future__ import annotations

import shutil
import stat
from typing import TYPE_CHECKING

from flows.run.keeping.lost_parts import lost_seal, lost_store
from flows.run.lock import is_in_progress, sole_run
from flows.run.publish import rebuild_locked
from flows.run.source_checks import SetupCheck
from miners.errors import MiningError
from miners.forgotten import read_forgotten
from miners.store import KEY_FILE, has_batches
from miners.store_check import damage as store_damage
from warehouse.errors import SealRefused, WarehouseError
from warehouse.exports.current import CURRENT
from warehouse.exports.damage import export_damage
from warehouse.query.pseudonyms import pseudonym_key
from warehouse.query.published import unreadable
from warehouse.seals.seal_file import damage, found_folders

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flows.run.progress import RunProgress
    from flows.settings.workspace import Workspace

_FIX = "`quarry doctor --fix` does it"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
# What killed processes leave: it is never read, and the next of its kind replaces it.
_LEFTOVERS = (
    *(
        ".*.new",
        "*.building",
        "*.building.wal",
        "*.compact",
        ".restoring",
        "runs/.*.new",
        "reports/**/.*.new",
    ),
    *("exports/.*.new", "exports/snapshots/*.building", "seals/.*.building"),
    *("store/.*.new", "store/*/*/.*.new", f".{KEY_FILE}.*", ".*.leaving"),
)


def check_home_files(workspace: Workspace) -> Iterator[SetupCheck]:
    """Check store, seals, key, warehouse and exports; yield what is wrong, and how to repair it."""
    if lost := lost_store(workspace):
        yield SetupCheck(
            subject="store",
            is_ok=False,
            detail=f"{lost.source}: {lost.problem}",
            remedy=f"{lost.remedy}.",
        )
    yield from _seals(workspace)
    yield from _key(workspace)
    yield from _forgetting(workspace)
    for problem in _made_again(workspace):
        remedy = f"Build it again from the store: {_FIX}, and so does `quarry replay`."
        yield SetupCheck(subject="warehouse", is_ok=False, detail=problem, remedy=remedy)
    left = [] if is_in_progress(workspace.runs) else _leftovers(workspace.home)
    if left:
        detail = f"{len(left):,} left by processes that were killed, such as {left[0]}"
        remedy = f"Delete them: {_FIX}."
        yield SetupCheck(subject="files", is_ok=True, is_warning=True, detail=detail, remedy=remedy)


def fix_home(workspace: Workspace, progress: RunProgress) -> list[str]:
    """
    Repair what can be made again, and list what was done.

    Shape:   neither store nor seals change: what they lost is in a backup alone.
    Errors:  RunInProgress; those of a build.
    """
    if not workspace.home.is_dir():
        return []
    with sole_run(workspace.runs):
        return list(_fixed(workspace, progress))


def _fixed(workspace: Workspace, progress: RunProgress) -> Iterator[str]:
    for path in _leftovers(workspace.home):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        yield f"deleted {path}"
    key = workspace.home / KEY_FILE
    if key.exists() and key.stat().st_mode & _OTHERS:
        key.chmod(0o600)
        yield f"{key}: only its owner may read it now"
    problems = list(_made_again(workspace))
    if problems and has_batches(workspace.store) and not any(store_damage(workspace.store)):
        _wal(workspace).unlink(missing_ok=True)
        rebuild_locked(workspace, progress)
        yield f"built {workspace.warehouse} and the exports from the store"


def _seals(workspace: Workspace) -> Iterator[SetupCheck]:
    found, sound = found_folders(workspace.seals), []
    for folder in found:
        remedy = "Restore the folder from a backup; `quarry restore` names its files."
        try:
            problems = damage(folder)
        except SealRefused as refused:
            problems = [f"{refused.problem}"]
            remedy = f"{refused.remedy}."
        if problems:
            detail = f"{folder}: {', '.join(problems)}"
            yield SetupCheck(subject="seals", is_ok=False, detail=detail, remedy=remedy)
        else:
            sound.append(folder)
    if sound == found and (lost := lost_seal(workspace, found)):
        detail, remedy = lost.problem, f"{lost.remedy}."
        yield SetupCheck(subject="seals", is_ok=False, detail=detail, remedy=remedy)


def _key(workspace: Workspace) -> Iterator[SetupCheck]:
    path = workspace.home / KEY_FILE
    if not path.exists():
        return
    try:
        pseudonym_key(workspace.home)
    except WarehouseError as error:
        yield SetupCheck(subject="key", is_ok=False, detail=str(error))
        return
    if path.stat().st_mode & _OTHERS:
        detail = f"{path}: other users of this machine may read it"
        remedy = f"Run chmod 600 on it: {_FIX}."
        yield SetupCheck(subject="key", is_ok=True, is_warning=True, detail=detail, remedy=remedy)


def _forgetting(workspace: Workspace) -> Iterator[SetupCheck]:
    try:
        is_pending = read_forgotten(workspace.store).is_pending
    except MiningError as error:
        yield SetupCheck(subject="forgotten people", is_ok=False, detail=str(error))
        return
    if is_pending:
        yield SetupCheck(
            subject="forgotten people",
            is_ok=False,
            detail="a person is not forgotten completely, because the command was interrupted",
            remedy="Run the same `quarry forget` again.",
        )


def _wal(workspace: Workspace) -> Path:
    return workspace.warehouse.with_name(f"{workspace.warehouse.name}.wal")


def _made_again(workspace: Workspace) -> Iterator[str]:
    """List what is wrong with the warehouse and the exports."""
    if _wal(workspace).exists():
        yield f"{_wal(workspace)}: no process of Quarry writes it, and readers would apply it"
    elif workspace.warehouse.exists() and (problem := unreadable(workspace.warehouse)):
        yield f"{workspace.warehouse}: cannot be read: {problem}"
    if (workspace.exports / CURRENT).is_symlink():
        yield from (f"{path}: {problem}" for path, problem in export_damage(workspace.exports))


def _leftovers(home: Path) -> list[Path]:
    return sorted({path for pattern in _LEFTOVERS for path in home.glob(pattern)})
