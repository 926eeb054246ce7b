"""
How a quarter is closed: its figures and rows as files, and a seal over them that never changes.

seals/2026-Q2/ holds figures, evidence, looks and definitions as Parquet and, written last,
seal.json with the hash of each and of everything they were made from.
"""

# ruff: noqa: S608 - what is put into SQL here is our own names, or quoted
from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from miners.store import sha256_of, sync
from warehouse.connection import open_for_reading
from warehouse.errors import SealRefused
from warehouse.export import SAME_BYTES
from warehouse.sealed import FILES
from warehouse.sql import literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from warehouse.context import Quarter

SEAL = "seal.json"
SELECTS = {
    "figures": "select {columns} from steps.kpi_published where quarter = {quarter}",
    "evidence": "select {columns} from facts.kpi_evidence where quarter = {quarter}",
    "looks": "select {quarter} as quarter, source, last_observed_at as observed_at "
    "from staging.batches",
    "definitions": "select {quarter} as quarter, kpi, definition_hash from settings.kpis",
}
# Who is taken for whom, and for what.
IDENTITIES = """
    select identities.source, identity_name, identity_email, people.person_id, person_kind
    from facts.identities
    inner join facts.people using (person_id)
    order by all
"""


@dataclass(frozen=True)
class SealedFile:
    """One file of a seal."""

    sha256: str
    rows: int


@dataclass(frozen=True)
class Seal:
    """
    What a quarter's figures were made from, and what they are.

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


def write_seal(
    warehouse: Path,
    seals: Path,
    quarter: Quarter,
    *,
    sealed_at: datetime,
    store_hash: str,
) -> Seal:
    """
    Write the seal of a quarter from the published warehouse; folder by rename, so whole or not.

    Errors:  SealRefused if the quarter is sealed already.
    """
    folder = seals / quarter.quarter
    if folder.exists():
        raise SealRefused(
            f"{quarter.quarter} is sealed already",
            "A seal is never made twice; `quarry seal --check` shows what became of it since",
        )
    aside = seals / f".{quarter.quarter}.building"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    with open_for_reading(warehouse) as connection:
        for setting in SAME_BYTES:
            connection.execute(setting)
        files = {name: _write(connection, aside, name, quarter) for name in FILES}
        hashes = _hashes(connection)
        is_complete = _is_complete(connection, quarter)
    seal = Seal(
        quarter.quarter,
        quarter.starts_at.isoformat(),
        quarter.ends_at.isoformat(),
        quarter.time_zone,
        sealed_at.isoformat(),
        is_complete,
        store_hash,
        duckdb_version=duckdb.__version__,
        previous=_previous(seals),
        files=files,
        **hashes,
    )
    _finish(aside, folder, seal)
    return seal


def read_seal(folder: Path) -> Seal:
    """
    Read a seal's own words.

    Errors:  SealRefused if they cannot be read.
    """
    try:
        said: dict[str, Any] = json.loads((folder / SEAL).read_text("utf-8"))
        files = {name: SealedFile(**file) for name, file in said.pop("files").items()}
        return Seal(**said, files=files)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise SealRefused(
            f"{folder / SEAL} cannot be read: {error}", "Restore the folder from a backup"
        ) from error


def seal_folders(seals: Path) -> list[Path]:
    """List the folders of all seals, in the order in which they were made."""
    return in_order_of_making(found_folders(seals))


def in_order_of_making(folders: Iterable[Path]) -> list[Path]:
    """Sort the folders of seals by when they were sealed; SealRefused for an unreadable one."""
    return sorted(folders, key=lambda folder: (read_seal(folder).sealed_at, folder.name))


def found_folders(seals: Path) -> list[Path]:
    """List the folders of all seals by their names, whether they can be read or not."""
    return sorted(path.parent for path in seals.glob(f"*/{SEAL}")) if seals.is_dir() else []


def seal_hash(folder: Path) -> str:
    """Hash a seal's own words, which hold the hashes of everything else."""
    return sha256_of(folder / SEAL)


def seals_to_load(seals: Path) -> list[tuple[Path, Sequence[str]]]:
    """
    List the seals with their rows of sealed.seals, in the order of their making.

    Errors:  SealRefused for a file that is not as it was sealed.
    """
    return [(folder, _row(folder)) for folder in seal_folders(seals)]


def damage(folder: Path) -> list[str]:
    """Name the files of a seal that are not as they were sealed, and how."""
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
            f"{folder}: the seal is broken: {', '.join(broken)}", "Restore the folder from a backup"
        )
    return (
        *(seal.quarter, seal.sealed_at, seal_hash(folder), seal.store_hash),
        *(seal.calendar_hash, seal.rules_hash, seal.identities_hash),
    )


def _write(
    connection: duckdb.DuckDBPyConnection, folder: Path, name: str, quarter: Quarter
) -> SealedFile:
    columns, order = FILES[name]
    names = ", ".join(column for column, _ in columns)
    select = SELECTS[name].format(columns=names, quarter=literal(quarter.quarter))
    path = folder / f"{name}.parquet"
    typed = ", ".join(f"{column}::{kind} as {column}" for column, kind in columns)
    copied = connection.execute(
        f"copy (select {typed} from ({select}) order by {', '.join(order)}) "
        f"to {literal(str(path))} (format parquet, compression zstd)"
    ).fetchone()
    sync(path)
    return SealedFile(sha256_of(path), int(copied[0]) if copied else 0)


def _hashes(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    definitions = connection.execute("select kpi, definition_hash from settings.kpis order by all")
    defined = _hash(definitions.fetchall())
    hashes = "select name, settings_hash from settings.setting_hashes"
    said = dict(connection.execute(hashes).fetchall())
    return {
        "definitions_hash": defined,
        "calendar_hash": said["calendar"],
        "rules_hash": said["rules"],
        "identities_hash": _hash(connection.execute(IDENTITIES).fetchall()),
    }


def _is_complete(connection: duckdb.DuckDBPyConnection, quarter: Quarter) -> bool:
    row = connection.execute(
        "select bool_and(is_complete) from steps.source_quarters where quarter = $1",
        [quarter.quarter],
    ).fetchone()
    return bool(row and row[0])


def _previous(seals: Path) -> dict[str, str]:
    folders = seal_folders(seals)
    return {"quarter": folders[-1].name, "seal": seal_hash(folders[-1])} if folders else {}


def _finish(aside: Path, folder: Path, seal: Seal) -> None:
    path = aside / SEAL
    path.write_text(f"{json.dumps(asdict(seal), indent=1)}\n", encoding="utf-8")
    sync(path)
    sync(aside)
    aside.rename(folder)
    sync(folder.parent)


def _hash(rows: object) -> str:
    return hashlib.sha256(repr(rows).encode()).hexdigest()
