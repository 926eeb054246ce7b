"""
Read and verify the seal files of a quarter.

seals/2026-Q2/ holds figures, evidence, looks and definitions as Parquet and, written last,
seal.json with the hash of each and of everything they were made from.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from miners.store import sha256_of
from warehouse.errors import SealRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

SEAL = "seal.json"
# Of seals; those without one are of the first.
FORMAT = 1


@dataclass(frozen=True)
class SealedFile:
    """One file of a seal."""

    sha256: str
    rows: int


@dataclass(frozen=True, kw_only=True)
class Seal:
    """
    The metadata of a seal: hashes of its inputs and of its files.

    Units:   instants are ISO 8601 in UTC. previous names the seal made before it, and its hash.
    """

    quarter: str
    starts_at: str
    ends_at: str
    time_zone: str
    sealed_at: str
    is_complete: bool
    store_hash: str
    definitions_hash: str
    calendar_hash: str
    rules_hash: str
    identities_hash: str
    duckdb_version: str
    previous: Mapping[str, str]
    files: Mapping[str, SealedFile]


def read_seal(folder: Path) -> Seal:
    """
    Read seal.json of a seal.

    Errors:  SealRefused if it cannot be read, or a newer version wrote it.
    """
    try:
        said: dict[str, Any] = json.loads((folder / SEAL).read_text("utf-8"))
        written_as = said.pop("format", FORMAT)
        if written_as == FORMAT:
            files = {name: SealedFile(**file) for name, file in said.pop("files").items()}
            return Seal(**said, files=files)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is empty or damaged"
        raise SealRefused(
            f"{folder / SEAL} cannot be read: {reason}", "Restore the folder from a backup"
        ) from error
    raise SealRefused(
        f"{folder / SEAL}: a newer version of Quarry wrote it (format {written_as}, not {FORMAT})",
        "Run that version, or a later one",
    )


def require_unsealed(seals: Path, quarter: str) -> None:
    """
    Refuse a quarter that has a seal.

    Errors:  SealRefused.
    """
    if (seals / quarter).exists():
        raise SealRefused(
            f"{quarter} is sealed already",
            "A quarter is sealed once; `quarry seal --check` shows what changed since",
        )


def seal_folders(seals: Path) -> list[Path]:
    """List the folders of all seals by time of sealing."""
    return in_order_of_making(found_folders(seals))


def in_order_of_making(folders: Iterable[Path]) -> list[Path]:
    """Sort the folders of seals by time of sealing; SealRefused for an unreadable one."""
    return sorted(folders, key=_made)


def _made(folder: Path) -> tuple[str, str]:
    # By the quarter, not by the folder: a draft has another name until it is kept.
    seal = read_seal(folder)
    return seal.sealed_at, seal.quarter


def found_folders(seals: Path) -> list[Path]:
    """List the folders of all seals by name, readable or not; drafts are hidden folders."""
    found = (path.parent for path in seals.glob(f"*/{SEAL}"))
    return sorted(folder for folder in found if not folder.name.startswith("."))


def seal_hash(folder: Path) -> str:
    """Hash seal.json, which has the hashes of all other files."""
    return sha256_of(folder / SEAL)


def seals_to_load(folders: Iterable[Path]) -> list[tuple[Path, Sequence[str]]]:
    """
    List some seals with their rows of sealed.seals.

    Errors:  SealRefused for a file that changed since it was sealed.
    """
    return [(folder, _row(folder)) for folder in folders]


def damage(folder: Path) -> list[str]:
    """List the files of a seal that changed since it was sealed, with the difference."""
    seal, found = read_seal(folder), []
    for name, sealed in seal.files.items():
        path = folder / f"{name}.parquet"
        if not path.is_file():
            found.append(f"{path.name} is missing")
        elif sha256_of(path) != sealed.sha256:
            found.append(f"{path.name} was changed")
    return found


def _row(folder: Path) -> Sequence[str]:
    seal, broken = read_seal(folder), damage(folder)
    if broken:
        raise SealRefused(
            f"{folder}: the seal is damaged: {', '.join(broken)}",
            "Restore the folder from a backup",
        )
    return (
        *(seal.quarter, seal.sealed_at, seal_hash(folder), seal.store_hash),
        *(seal.calendar_hash, seal.rules_hash, seal.identities_hash),
    )
