"""Replace texts in seals, so that an interruption loses none of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl

from miners.store import sha256_of, sync, write_atomically
from warehouse.seals.seal_file import SEAL, seal_folders, seal_hash, seals_to_load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# A file that is to replace the one of its name, and the mark that all of them are written.
_NEXT = ".next"
_WRITTEN = ".rewritten"


def rewrite_seals(seals: Path, clean: Callable[[pl.DataFrame], pl.DataFrame]) -> int:
    """
    Replace the rows of all seals by those of a function; return how many seals changed.

    Shape:   their hashes, and those of the previous seal, follow. What a killed rewriting left is
             completed or removed; while a part of it is replaced, a build refuses the seal.
    Errors:  SealRefused for a damaged seal, before anything changes.
    """
    if (seals / _WRITTEN).exists():
        _replace_all(seals)
    for leftover in seals.glob(f"*/*{_NEXT}"):
        leftover.unlink()
    folders = seal_folders(seals)
    seals_to_load(folders)
    renewed: dict[str, str] = {}
    for folder in folders:
        _write_next(folder, clean, renewed)
    if renewed:
        write_atomically(seals / _WRITTEN, "")
        _replace_all(seals)
    return len(renewed)


def _write_next(
    folder: Path, clean: Callable[[pl.DataFrame], pl.DataFrame], renewed: dict[str, str]
) -> None:
    """Write what replaces the files of a seal next to them, and note its old and new hash."""
    facts = json.loads((folder / SEAL).read_text("utf-8"))
    before = json.dumps(facts)
    for name, file in facts["files"].items():
        path = folder / f"{name}.parquet"
        rows = pl.read_parquet(path)
        cleaned = clean(rows)
        if not cleaned.equals(rows):
            new = path.with_name(f"{path.name}{_NEXT}")
            cleaned.write_parquet(new, compression="zstd")
            sync(new)
            file["sha256"] = sha256_of(new)
    previous = facts["previous"].get("seal")
    if previous in renewed:
        facts["previous"]["seal"] = renewed[previous]
    if json.dumps(facts) != before:
        path = folder / f"{SEAL}{_NEXT}"
        write_atomically(path, f"{json.dumps(facts, indent=1)}\n")
        renewed[seal_hash(folder)] = sha256_of(path)


def _replace_all(seals: Path) -> None:
    for new in sorted(seals.glob(f"*/*{_NEXT}")):
        _replace(new)
    (seals / _WRITTEN).unlink()
    sync(seals)


def _replace(new: Path) -> None:
    new.rename(new.with_name(new.name.removesuffix(_NEXT)))
    sync(new.parent)
