"""The archive of a backup: a manifest with checksums, then the files."""

from __future__ import annotations

import io
import json
import tarfile
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, cast

from flows.settings.settings import SettingsError
from miners.store import make_folder, sha256_of, sync

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MANIFEST = "backup.json"
FORMAT = 1
_CHUNK = 1 << 20
_MOST_OF_A_MANIFEST = 1 << 30


class BackupDamaged(SettingsError):
    """A backup that cannot be restored, and why."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path}: {problem}. Nothing was restored. Use another backup.")


@dataclass(frozen=True)
class Archived:
    """A file of a backup: its size and its hash."""

    bytes: int
    sha256: str


def write_archive(path: Path, files: Mapping[str, Path], facts: Mapping[str, str]) -> int:
    """
    Write files under the given names into an archive, by rename, and return its size.

    Shape:   equal files and facts give equal bytes.
    """
    entries = {
        name: Archived(file.stat().st_size, sha256_of(file)) for name, file in sorted(files.items())
    }
    listed = {name: asdict(entry) for name, entry in entries.items()}
    manifest = {"format": FORMAT, **facts, "files": listed}
    new = path.with_name(f".{path.name}.new")
    try:
        new.touch(mode=0o600)
        with tarfile.open(new, "w", format=tarfile.PAX_FORMAT) as archive:
            text = json.dumps(manifest, indent=1).encode()
            archive.addfile(_entry(MANIFEST, len(text)), io.BytesIO(text))
            for name, file in sorted(files.items()):
                with file.open("rb") as content:
                    archive.addfile(_entry(name, entries[name].bytes), content)
        sync(new)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    sync(path.parent)
    return path.stat().st_size


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def unpack_archive(path: Path, folder: Path, places: frozenset[str]) -> dict[str, Archived]:
    """
    Write the files of an archive into a folder, and return their names.

    Shape:   only files whose first folder or name is one of places.
    Errors:  BackupDamaged if anything is missing, changed or of a newer version.
    """
    try:
        with tarfile.open(path, "r:") as archive:
            return _unpack(archive, path, folder, places)
    except (tarfile.TarError, EOFError) as error:
        raise BackupDamaged(path, "it is no complete backup") from error


def _unpack(
    archive: tarfile.TarFile, path: Path, folder: Path, places: frozenset[str]
) -> dict[str, Archived]:
    first = archive.next()
    wanted = _manifest(path, _content(archive, first) if first else None)
    left = dict(wanted)
    while member := archive.next():
        name = PurePosixPath(member.name)
        is_wanted = member.isreg() and member.name in left
        if not is_wanted or name.is_absolute() or ".." in name.parts or name.parts[0] not in places:
            raise BackupDamaged(path, "it contains a file that no backup has")
        target = folder / name
        _copy(_content(archive, member), target)
        expected = left.pop(member.name)
        if (target.stat().st_size, sha256_of(target)) != (expected.bytes, expected.sha256):
            raise BackupDamaged(path, f"{member.name} in it is damaged")
    if left:
        raise BackupDamaged(path, f"{min(left)} is missing in it")
    return wanted


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> BinaryIO:
    content = archive.extractfile(member)
    if content is None:
        raise tarfile.ReadError("not a file")
    return cast("BinaryIO", content)


def _manifest(path: Path, content: BinaryIO | None) -> dict[str, Archived]:
    try:
        facts = json.loads(content.read(_MOST_OF_A_MANIFEST)) if content else {}
        version = int(facts["format"])
        if version > FORMAT:
            problem = f"a newer version of Quarry wrote it, {facts.get('quarry')}"
            raise BackupDamaged(path, f"{problem}: install that version")
        return {name: Archived(**entry) for name, entry in facts["files"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BackupDamaged(path, "it is no backup of Quarry") from error


def _copy(content: BinaryIO, target: Path) -> None:
    make_folder(target.parent)
    with target.open("wb") as file:
        while chunk := content.read(_CHUNK):
            file.write(chunk)
    sync(target)
