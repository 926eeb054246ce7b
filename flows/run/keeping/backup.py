"""Back up a home folder, and restore it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from flows.run.keeping.archive import unpack_archive, write_archive
from flows.run.lock import sole_run
from flows.settings.environment import clock
from flows.settings.settings import FILE_NAME, SettingsError
from miners.store import KEY_FILE, make_folder, sync
from miners.store_check import damage

if TYPE_CHECKING:
    from pathlib import Path

    from flows.settings.workspace import Workspace

STORE, SEALS, SETTINGS = "store", "seals", "settings"
# What nothing else can be made from; the store is last, because with it a home folder counts.
_OF_HOME = (KEY_FILE, SEALS, STORE)
_RESTORING = ".restoring"
_STYLE = "report.toml"


@dataclass(frozen=True)
class Backup:
    """A written or restored backup: its files and their bytes, and where settings were put."""

    file_count: int
    byte_count: int
    settings: tuple[Path, ...] = ()


def back_up(workspace: Workspace, path: Path) -> Backup:
    """
    Write the store, the seals, the key of the pseudonyms and the settings into one file.

    Errors:  RunInProgress; StoreDamaged, because a backup of it would replace a better one;
             SettingsError where there is nothing to back up.
    """
    with sole_run(workspace.runs):
        for error in damage(workspace.store):
            raise error
        files = {**_files_of_home(workspace.home), **_files_of_settings(workspace)}
        if not any(name.startswith(f"{STORE}/") for name in files):
            raise SettingsError(f"{workspace.store}: no store to back up. Run `quarry run` first.")
        make_folder(path.absolute().parent)
        facts = {"quarry": version("quarry"), "made_at": clock().isoformat()}
        return Backup(len(files), write_archive(path.absolute(), files, facts))


def _files_of_home(home: Path) -> dict[str, Path]:
    """List what is to be kept, without what a killed run left unfinished."""
    paths = [
        path
        for top in _OF_HOME
        for path in (home / top, *(home / top).rglob("*"))
        if path.is_file()
    ]
    named = {path.relative_to(home): path for path in paths}
    return {
        name.as_posix(): path
        for name, path in named.items()
        if not any(part.startswith(".") for part in name.parts)
    }


def _files_of_settings(workspace: Workspace) -> dict[str, Path]:
    named = {
        f"{SETTINGS}/{FILE_NAME}": workspace.file,
        f"{SETTINGS}/{_STYLE}": workspace.base / _STYLE,
    }
    return {name: path for name, path in named.items() if path and path.is_file()}


def restore(workspace: Workspace, path: Path) -> Backup:
    """
    Restore a backup into a home folder without a store, and check every file before.

    Shape:   settings that exist are kept; those of the backup are put next to them.
    Errors:  BackupDamaged; RunInProgress; SettingsError where the home folder has a history.
    """
    home = workspace.home
    if not path.is_file():
        raise SettingsError(f"{path}: the file does not exist. Name a file of `quarry backup`.")
    with sole_run(workspace.runs):
        unpacked = home / _RESTORING
        is_interrupted = unpacked.exists() and not (home / STORE).exists()
        if not is_interrupted and any((home / top).exists() for top in (STORE, SEALS)):
            raise SettingsError(
                f"{home}: has a store or seals already, which a backup does not replace. Name "
                "another folder with --home, or move these away."
            )
        shutil.rmtree(unpacked, ignore_errors=True)
        files = unpack_archive(path, unpacked, frozenset({*_OF_HOME, SETTINGS}))
        written = tuple(_put_settings(unpacked / SETTINGS, workspace))
        for top in _OF_HOME:
            _put(unpacked / top, home / top)
        shutil.rmtree(unpacked)
    return Backup(len(files), sum(file.bytes for file in files.values()), written)


def _put(source: Path, target: Path) -> None:
    """Rename into place what a backup has; what an interrupted restore left there is replaced."""
    if not source.exists():
        return
    if target.is_dir():
        shutil.rmtree(target)
    source.rename(target)
    sync(target.parent)


def _put_settings(folder: Path, workspace: Workspace) -> list[Path]:
    """Copy the settings of a backup; next to those that are there already and differ."""
    written = []
    for source in sorted(folder.iterdir()) if folder.is_dir() else ():
        target = workspace.base / source.name
        if target.exists() and target.read_bytes() == source.read_bytes():
            continue
        if target.exists():
            target = target.with_suffix(".restored.toml")
        shutil.copyfile(source, target)
        sync(target)
        written.append(target)
    return written
