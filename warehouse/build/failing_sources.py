"""Find the sources with whose rows a model or check fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.build.build_file import building
from warehouse.build.checks import read_by, read_checks, run_these
from warehouse.build.model import read_models
from warehouse.build.runner import build_models
from warehouse.errors import CheckFailed, ModelFailed
from warehouse.tables.batches import load
from warehouse.tables.held_back import owner
from warehouse.tables.sealed import load_sealed

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from miners.store import Batch
    from warehouse.context import Context


@dataclass(frozen=True, kw_only=True)
class Trial:
    """Build one model or check, with the batches of some sources, in a file of its own."""

    warehouse: Path
    context: Context
    batches: Sequence[Batch]
    # As load_sealed takes them.
    seals: Sequence[tuple[Path, Sequence[str]]]
    # The file of the model or check; nothing is known of what has none.
    path: Path | None

    def failing_sources(self) -> frozenset[str]:
        """
        Return the sources with whose rows the model fails.

        Shape:   none if it fails without any row; several that fail only together are all named.
        Errors:  MachineFailed.
        """
        owners = sorted({owner(batch.receipt.source) for batch in self.batches})
        if self.path is None or self.fails_with(()):
            return frozenset()
        failing = frozenset(self._among(owners))
        return frozenset(
            b.receipt.source for b in self.batches if owner(b.receipt.source) in failing
        )

    def fails_with(self, owners: Collection[str]) -> bool:
        """Return whether the model fails with the batches of these repositories and ledgers."""
        batches = [batch for batch in self.batches if owner(batch.receipt.source) in owners]
        try:
            with building(self.warehouse, is_fresh=True) as connection:
                load(connection, batches)
                load_sealed(connection, self.seals)
                self._build(connection)
        except (ModelFailed, CheckFailed):
            return True
        return False

    def _among(self, owners: Sequence[str]) -> Sequence[str]:
        """Return those with which it fails, of some with which it fails."""
        middle = len(owners) // 2
        halves = [half for half in (owners[:middle], owners[middle:]) if half]
        failing = [half for half in halves if len(owners) > 1 and self.fails_with(half)]
        return [name for half in failing for name in self._among(half)] or owners

    def _build(self, connection: DuckDBPyConnection) -> None:
        checks = [check for check in read_checks() if check.path == self.path]
        tables = {model.table for model in read_models() if model.path == self.path}
        tables |= read_by(connection, checks)
        build_models(connection, self.context, only=tables)
        run_these(connection, checks)
