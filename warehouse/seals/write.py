"""Write a quarter's seal: frozen Parquet and a hash manifest."""

# ruff: noqa: S608 - what is put into SQL here is our own names, or quoted
from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from miners.store import make_folder, sha256_of, sync
from warehouse.connection import open_for_reading
from warehouse.seals.seal_file import (
    FORMAT,
    SEAL,
    Seal,
    SealedFile,
    require_unsealed,
    seal_folders,
    seal_hash,
)
from warehouse.sql import SAME_BYTES, literal
from warehouse.tables.sealed import FILES

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from warehouse.calendar import Quarter

SELECTS = {
    "figures": "select {columns} from figures.kpi_published where quarter = {quarter}",
    "evidence": "select {columns} from figures.kpi_evidence where quarter = {quarter}",
    "looks": "select {quarter} as quarter, source, last_observed_at as observed_at "
    "from staging.batches",
    "definitions": "select {quarter} as quarter, kpi, definition_hash from settings.kpis",
    "projects": "select {quarter} as quarter, project, settings_hash "
    "from intermediate.project_setting_hashes",
}
# The settings that decide identities and kinds of persons.
IDENTITIES = """
    select identities.source, identity_name, identity_email, people.person_id, person_kind
    from facts.identities
    inner join facts.people using (person_id)
    order by all
"""


@dataclass(frozen=True)
class SealDraft:
    """A written seal that counts only once it is kept."""

    seal: Seal
    folder: Path


def draft_seal(
    warehouse: Path,
    seals: Path,
    quarter: Quarter,
    *,
    sealed_at: datetime,
    store_hash: str,
) -> SealDraft:
    """
    Write the seal of a quarter from the published warehouse into a folder that no build reads.

    Errors:  SealRefused if the quarter is sealed already.
    """
    require_unsealed(seals, quarter.quarter)
    building = seals / f".{quarter.quarter}.building"
    shutil.rmtree(building, ignore_errors=True)
    make_folder(building)
    with open_for_reading(warehouse) as connection:
        published = _freeze(connection, building, quarter)
    seal = Seal(
        quarter=quarter.quarter,
        starts_at=quarter.starts_at.isoformat(),
        ends_at=quarter.ends_at.isoformat(),
        time_zone=quarter.time_zone,
        sealed_at=sealed_at.isoformat(),
        store_hash=store_hash,
        duckdb_version=duckdb.__version__,
        previous=_previous(seals),
        **published,
    )
    _finish(building, seal)
    return SealDraft(seal, building)


def keep_seal(draft: SealDraft) -> Path:
    """Make a draft the seal of its quarter, atomically, and return its folder."""
    folder = draft.folder.with_name(draft.seal.quarter)
    draft.folder.rename(folder)
    sync(folder.parent)
    return folder


def discard_seal(draft: SealDraft) -> None:
    """Delete a draft that is not to be kept."""
    shutil.rmtree(draft.folder, ignore_errors=True)


def _freeze(
    connection: duckdb.DuckDBPyConnection, folder: Path, quarter: Quarter
) -> dict[str, Any]:
    """Write the published rows of a quarter as files, and return the seal."""
    for setting in SAME_BYTES:
        connection.execute(setting)
    return {
        "files": {name: _write(connection, folder, name, quarter) for name in FILES},
        "is_complete": _is_complete(connection, quarter),
        **_hashes(connection),
    }


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
        "select bool_and(is_complete) from intermediate.source_quarters where quarter = $1",
        [quarter.quarter],
    ).fetchone()
    return bool(row and row[0])


def _previous(seals: Path) -> dict[str, str]:
    folders = seal_folders(seals)
    return {"quarter": folders[-1].name, "seal": seal_hash(folders[-1])} if folders else {}


def _finish(building: Path, seal: Seal) -> None:
    path = building / SEAL
    path.write_text(
        f"{json.dumps(asdict(seal) | {'format': FORMAT}, indent=1)}\n", encoding="utf-8"
    )
    sync(path)
    sync(building)


def _hash(rows: object) -> str:
    return hashlib.sha256(repr(rows).encode()).hexdigest()
