"""
The current snapshot of the exports.

exports/snapshots/<number>/ is one consistent set of files; exports/current is a relative symbolic
link to one of them. The previous snapshot is kept for readers that resolved the link before.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from miners.store import make_folder, sync
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from pathlib import Path

SNAPSHOTS = "snapshots"
CURRENT = "current"
KEPT = 2


def start_snapshot(exports: Path) -> Path:
    """
    Create an empty folder for the next snapshot.

    Leftovers of killed runs are removed first.
    """
    folder = exports / SNAPSHOTS
    published = _published(exports)
    for path in folder.glob("*"):
        if not path.name.isdigit() or int(path.name) > published:
            shutil.rmtree(path)
    building = folder / f"{published + 1}.building"
    make_folder(building)
    return building


def finish_snapshot(building: Path) -> Path:
    """Rename a complete snapshot to its number."""
    finished = building.with_suffix("")
    building.rename(finished)
    sync(finished.parent)
    return finished


def newest_snapshot(exports: Path) -> Path:
    """Return the folder of the newest finished snapshot, which may not be current yet."""
    numbers = _numbers(exports)
    if not numbers:
        raise WarehouseError(f"{exports}: no snapshot to publish. Run again.")
    return exports / SNAPSHOTS / str(numbers[-1])


def publish_snapshot(exports: Path) -> None:
    """Make the newest finished snapshot current, and remove all older ones but the previous."""
    newest, numbers = newest_snapshot(exports), _numbers(exports)
    link = exports / CURRENT
    if link.exists() and not link.is_symlink():
        raise WarehouseError(f"{link}: is not Quarry's link. Move it away, then run again.")
    new_link = exports / f".{CURRENT}.new"
    new_link.unlink(missing_ok=True)
    new_link.symlink_to(f"{SNAPSHOTS}/{newest.name}", target_is_directory=True)
    new_link.replace(link)
    sync(exports)
    for number in numbers[:-KEPT]:
        shutil.rmtree(exports / SNAPSHOTS / str(number))


def keep_current_alone(exports: Path) -> None:
    """Delete all snapshots but the current one, also the one that is kept for readers."""
    for path in (exports / SNAPSHOTS).glob("*"):
        if path.name != str(_published(exports)):
            shutil.rmtree(path)


def current_snapshot(exports: Path) -> Path:
    """Return the folder that the link names, whether or not it exists."""
    return exports / SNAPSHOTS / str(_published(exports))


def _published(exports: Path) -> int:
    link = exports / CURRENT
    name = link.readlink().name if link.is_symlink() else ""
    return int(name) if name.isdigit() else 0


def _numbers(exports: Path) -> list[int]:
    folder = exports / SNAPSHOTS
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    return sorted(int(name) for name in names if name.isdigit())
