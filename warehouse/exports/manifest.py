"""The manifest of a snapshot: its files and their hashes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MANIFEST = "manifest.json"
# Of manifests; those without one are of the first.
FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class ExportedFile:
    """
    One Parquet file of a snapshot.

    content_hash is over the rows, sha256 over the file; quarter is None for a table in one file.
    """

    table: str
    quarter: str | None
    path: str
    rows: int
    bytes: int
    sha256: str
    schema_version: str
    content_hash: str


@dataclass(frozen=True)
class Manifest:
    """The inputs of a snapshot, its writer, and its files."""

    fingerprint: str
    duckdb_version: str
    files: tuple[ExportedFile, ...]


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Write a manifest; equal snapshots give equal bytes."""
    facts = {"format": FORMAT} | asdict(manifest)
    path.write_text(f"{json.dumps(facts, indent=1)}\n", encoding="utf-8")


def read_manifest(path: Path) -> Manifest | None:
    """Return a manifest, or None where it is missing, unreadable or of a newer version."""
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        if facts.pop("format", FORMAT) != FORMAT:
            return None
        files = tuple(ExportedFile(**file) for file in facts.pop("files"))
        return Manifest(files=files, **facts)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def by_path(files: Sequence[ExportedFile]) -> dict[str, ExportedFile]:
    return {file.path: file for file in files}
