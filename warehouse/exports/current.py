"""
Which snapshot of the exports is the current one.

exports/snapshots/<number>/ is one consistent set of files; exports/current is a relative symbolic
link to one of them. A reader who resolved the link keeps reading: the snapshot before the current
one stays.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from miners.store import sync
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from pathlib import Path

SNAPSHOTS = "snapshots"
CURRENT = "current"
KEPT = 2


def start_snapshot(exports: Path) -> Path:
    """
    Make an empty folder for the next snapshot.

    What runs that were killed left behind is removed first.
    """
    folder = exports / SNAPSHOTS
    published = _published(exports)
    for path in folder.glob("*"):
        if not path.name.isdigit() or int(path.name) > published:
            shutil.rmtree(path)
    aside = folder / f"{published + 1}.building"
    aside.mkdir(parents=True)
    return aside


def finish_snapshot(aside: Path) -> Path:
    """Give a snapshot that is whole and on the disk its number."""
    finished = aside.with_suffix("")
    aside.rename(finished)
    sync(finished.parent)
    return finished


def publish_snapshot(exports: Path) -> None:
    """Make the newest finished snapshot the current one, and remove all but the one before it."""
    numbers = _numbers(exports)
    if not numbers:
        raise WarehouseError(f"{exports}: there is no snapshot to publish. Run again.")
    link = exports / CURRENT
    if link.exists() and not link.is_symlink():
        raise WarehouseError(f"{link}: is not Quarry's link. Move it away, then run again.")
    aside = exports / f".{CURRENT}.new"
    aside.unlink(missing_ok=True)
    aside.symlink_to(f"{SNAPSHOTS}/{numbers[-1]}", target_is_directory=True)
    aside.replace(link)
    sync(exports)
    for number in numbers[:-KEPT]:
        shutil.rmtree(exports / SNAPSHOTS / str(number))


def current_snapshot(exports: Path) -> Path:
    """Name the folder behind the link, whether or not it is there."""
    return exports / SNAPSHOTS / str(_published(exports))


def _published(exports: Path) -> int:
    link = exports / CURRENT
    name = link.readlink().name if link.is_symlink() else ""
    return int(name) if name.isdigit() else 0


def _numbers(exports: Path) -> list[int]:
    folder = exports / SNAPSHOTS
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    return sorted(int(name) for name in names if name.isdigit())
