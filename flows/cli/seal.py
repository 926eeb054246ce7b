"""What the command about seals shows."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table

from flows.settings.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from flows.run.seal import Sealed
    from warehouse.seals.audit import Audit


def print_sealed(terminal: Console, sealed: Sealed) -> None:
    """Say what was sealed, and where it is."""
    files = sealed.seal.files
    terminal.print(
        f"{sealed.seal.quarter} is sealed: {files['figures'].rows:,} figures from "
        f"{files['evidence'].rows:,} rows.\n"
        f"Seal       {sealed.folder}\n"
        "From now on they never change; what comes later is in marts.kpi_restatements.",
        markup=False,
        soft_wrap=True,
    )


def print_audits(terminal: Console, audits: Sequence[Audit], quarter: str | None) -> None:
    """
    List the seals and what is wrong with them.

    Errors:  SettingsError for a quarter without a seal.
    """
    if quarter and not audits:
        raise SettingsError(f"{quarter} is not sealed. Seal it with quarry seal {quarter}.")
    if not audits:
        terminal.print("No quarter is sealed yet. Seal one with quarry seal 2026-Q2, say.")
        return
    table = Table(box=SIMPLE_HEAD)
    for name, justify in (("quarter", "left"), ("sealed", "left"), ("figures", "right")):
        table.add_column(name, justify="right" if justify == "right" else "left")
    for name in ("rows", "restated since"):
        table.add_column(name, justify="right")
    table.add_column("state")
    for found in audits:
        table.add_row(*_line(found))
    terminal.print(table)
    for found in audits:
        for problem in found.problems:
            said = f"{found.quarter}: {problem}. Restore its folder from a backup."
            terminal.print(said, markup=False, soft_wrap=True)


def _line(found: Audit) -> tuple[str, ...]:
    counts = (found.figure_count, found.row_count, found.restated_count)
    state = "broken" if found.problems else "holds"
    return (
        found.quarter,
        f"{datetime.fromisoformat(found.sealed_at):%Y-%m-%d %H:%M} UTC" if found.sealed_at else "",
        *("" if count is None else f"{count:,}" for count in counts),
        state if found.is_complete or found.problems else "holds, sealed incomplete",
    )
