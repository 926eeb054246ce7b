"""Audit seals: files, figures recalculated from rows, order, restatements."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import duckdb

from warehouse.connection import open_for_reading
from warehouse.errors import SealRefused
from warehouse.seals.seal_file import (
    damage,
    found_folders,
    in_order_of_making,
    read_seal,
    seal_hash,
)
from warehouse.sql import literal

if TYPE_CHECKING:
    from pathlib import Path

# Figures of repositories, recalculated from the rows of the seal.
RECOUNTED = """
    with counted as (
        select
            kpi, project, source,
            count(*) as row_count,
            count(*) filter (where reason = 'counted') as counted_count,
            sum(numerator) filter (where reason = 'counted') as numerator,
            sum(denominator) filter (where reason = 'counted') as denominator
        from (
            select null::varchar as counts_in where false
            union all by name
            select * from read_parquet({evidence})
        )
        where coalesce(starts_with(counts_in, 'repository'), true)
        group by kpi, project, source
    )
    select figures.kpi, figures.project, figures.source
    from read_parquet({figures}) as figures
    left join counted using (kpi, project, source)
    where figures.source != '*' and (
        figures.row_count != coalesce(counted.row_count, 0)
        or figures.counted_count != coalesce(counted.counted_count, 0)
        or figures.numerator is distinct from counted.numerator::bigint
        or figures.denominator is distinct from counted.denominator::bigint
    )
    order by all
"""
RESTATED = """
    select count(*) from marts.kpi_quarterly where is_restated and quarter = $1
"""


@dataclass(frozen=True, kw_only=True)
class Audit:
    """The audit of one seal: problems is empty if it is valid; the rest if it is readable."""

    quarter: str
    sealed_at: str | None = None
    is_complete: bool = False
    figure_count: int | None = None
    row_count: int | None = None
    restated_count: int | None = None
    problems: tuple[str, ...] = ()
    remedy: str = "Restore its folder from a backup"


def audit(warehouse: Path, seals: Path) -> list[Audit]:
    """Audit all seals by time of sealing; unreadable ones come last."""
    found = found_folders(seals)
    lost = {folder: refused for folder in found if (refused := _unreadable(folder))}
    folders = in_order_of_making([folder for folder in found if folder not in lost])
    chained = {
        after: _chain(before, after)
        for before, after in pairwise(folders)
        if read_seal(after).previous.get("quarter") not in {folder.name for folder in lost}
    }
    held = [_audit(warehouse, folder, chained.get(folder, [])) for folder in folders]
    return held + [
        Audit(quarter=folder.name, problems=(refused.problem,), remedy=refused.remedy)
        for folder, refused in lost.items()
    ]


def _unreadable(folder: Path) -> SealRefused | None:
    try:
        read_seal(folder)
    except SealRefused as refused:
        return refused
    return None


def _audit(warehouse: Path, folder: Path, chain: list[str]) -> Audit:
    seal, problems = read_seal(folder), [*damage(folder), *chain]
    if not problems:
        problems += _recount(folder)
    return Audit(
        quarter=seal.quarter,
        sealed_at=seal.sealed_at,
        is_complete=seal.is_complete,
        figure_count=seal.files["figures"].rows,
        row_count=seal.files["evidence"].rows,
        restated_count=_restated(warehouse, seal.quarter),
        problems=tuple(problems),
    )


def _chain(before: Path, after: Path) -> list[str]:
    previous = read_seal(after).previous
    if previous == {"quarter": before.name, "seal": seal_hash(before)}:
        return []
    return [f"it was made after another seal than the present {before.name}"]


def _recount(folder: Path) -> list[str]:
    files = {name: literal(str(folder / f"{name}.parquet")) for name in ("figures", "evidence")}
    with duckdb.connect() as connection:
        rows = connection.execute(RECOUNTED.format(**files)).fetchall()
    return [
        f"{kpi} of {project} in {source} does not follow from its rows"
        for kpi, project, source in rows
    ]


def _restated(warehouse: Path, quarter: str) -> int:
    with open_for_reading(warehouse) as connection:
        row = connection.execute(RESTATED, [quarter]).fetchone()
    return int(row[0]) if row else 0
