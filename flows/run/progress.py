"""Progress callbacks of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.run.run_records import Outcome


class RunProgress(Protocol):
    """Receives the progress of a run: a terminal, a log, a Prefect server."""

    def planned(self, source_count: int, notes: Sequence[str]) -> None: ...

    def source(self, name: str, stage: str, done: int, total: int) -> None: ...

    def finished(self, outcome: Outcome) -> None: ...

    def stage(self, name: str) -> None: ...
