"""Check that every source was polled after a quarter's end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.connection import open_for_reading

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

_MINED = "select source from staging.batches order by source"
_FIGURES = "select distinct quarter from marts.kpi_quarterly"
_COUNTS = (
    "select count(*) from figures.kpi_published where quarter = $1",
    "select count(*) from figures.kpi_evidence where quarter = $1",
)
_SEEN = "select source from staging.batches where last_observed_at >= $1"


def incomplete_sources(warehouse: Path, ends_at: datetime, sources: Iterable[str]) -> list[str]:
    """
    List the sources that were not polled since an instant, so that data before it may be missing.

    Errors:  WarehouseMissing.
    """
    with open_for_reading(warehouse) as connection:
        seen = {source for (source,) in connection.execute(_SEEN, [ends_at]).fetchall()}
    return [source for source in sources if source not in seen]


def mined_sources(warehouse: Path) -> list[str]:
    """
    List all sources that were ever mined.

    Errors:  WarehouseMissing.
    """
    with open_for_reading(warehouse) as connection:
        return [source for (source,) in connection.execute(_MINED).fetchall()]


def counts_to_seal(warehouse: Path, quarter: str) -> tuple[int, int]:
    """
    Count the figures of a quarter and their rows.

    Errors:  WarehouseMissing.
    """
    with open_for_reading(warehouse) as connection:
        figures, rows = (connection.execute(text, [quarter]).fetchone() for text in _COUNTS)
    return (figures[0] if figures else 0, rows[0] if rows else 0)


def quarters_with_figures(warehouse: Path) -> set[str]:
    """
    List the quarters with any figure.

    Errors:  WarehouseMissing.
    """
    with open_for_reading(warehouse) as connection:
        return {quarter for (quarter,) in connection.execute(_FIGURES).fetchall()}
