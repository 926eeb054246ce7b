"""What `quarry status` shows: the last runs, and how each source fares."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from flows.cli.console import console, print_notes
from flows.run.run_records import COMPLETED, CRASHED, RUNNING, is_held, read_runs
from flows.run.summary import SUMMED, shown_counts, sums
from warehouse.query.formats import visible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from rich.console import Console

    from flows.run.run_records import Outcome, Run
    from flows.settings.workspace import Workspace


@dataclass(frozen=True)
class Health:
    """How one source fared over the recorded runs."""

    name: str
    last: Outcome
    last_well_at: datetime | None
    failures_in_a_row: int


def print_status(workspace: Workspace, count: int) -> None:
    """Print the last runs and each source's health."""
    terminal = console()
    runs = known_runs(workspace)
    if not runs:
        terminal.print("No run yet. Start one with quarry run.")
        return
    terminal.print(_runs_table(runs[:count]))
    healths = source_health(runs)
    terminal.print(_health_table(healths))
    for health in healths:
        if health.last.problem:
            said = f"{health.name}: {health.last.problem}. {health.last.remedy}."
            terminal.print(Text(visible(said), style="red"))
    print_notes(terminal, runs[0].notes)
    _print_problem(terminal, runs[0])


def known_runs(workspace: Workspace) -> list[Run]:
    """Read the records of runs, newest first; one that was killed shows as crashed at once."""
    if not workspace.runs.is_dir():
        return []
    is_at_work = is_held(workspace.runs)
    return [
        replace(run, state=CRASHED) if run.state == RUNNING and not is_at_work else run
        for run in read_runs(workspace.runs)
    ]


def source_health(runs: Sequence[Run]) -> list[Health]:
    """Sum up each source over runs that stand newest first."""
    seen: dict[str, list[tuple[Run, Outcome]]] = {}
    for run in runs:
        for outcome in run.outcomes:
            seen.setdefault(outcome.source, []).append((run, outcome))
    return [_health(history) for _, history in sorted(seen.items())]


def _health(history: Sequence[tuple[Run, Outcome]]) -> Health:
    well = [index for index, (_, outcome) in enumerate(history) if not outcome.is_failed]
    first_well = well[0] if well else len(history)
    last_well_at = history[first_well][0].started_at if well else None
    return Health(history[0][1].name, history[0][1], last_well_at, first_well)


def _runs_table(runs: Sequence[Run]) -> Table:
    table = Table(box=SIMPLE_HEAD, title="Runs", title_justify="left")
    shown = [n for n in SUMMED if n in shown_counts(o for run in runs for o in run.outcomes)]
    for name in ("started (UTC)", "state", "sources", *shown, "seconds"):
        table.add_column(name, justify="left" if name in {"started (UTC)", "state"} else "right")
    for run in runs:
        seconds = (run.ended_at - run.started_at).total_seconds() if run.ended_at else None
        table.add_row(
            f"{run.started_at:%Y-%m-%d %H:%M:%S}",
            Text(run.state, style="green" if run.state in {COMPLETED, RUNNING} else "red"),
            f"{len(run.outcomes):,}",
            *(f"{count:,}" for count in (sums(run.outcomes)[name] for name in shown)),
            "" if seconds is None else f"{seconds:.1f}",
        )
    return table


def _health_table(healths: Sequence[Health]) -> Table:
    table = Table(box=SIMPLE_HEAD, title="Sources", title_justify="left")
    table.add_column("source", overflow="fold")
    for name in ("last time", "last read well (UTC)", "failures in a row"):
        table.add_column(name)
    for health in healths:
        well = health.last_well_at
        table.add_row(
            Text(visible(health.name)),
            Text(health.last.state, style="red" if health.last.is_failed else "green"),
            f"{well:%Y-%m-%d %H:%M:%S}" if well else "never",
            str(health.failures_in_a_row) if health.failures_in_a_row else "",
        )
    return table


def _print_problem(terminal: Console, run: Run) -> None:
    if run.problem:
        terminal.print(Text(f"The last run failed: {visible(run.problem)}", style="red"))
