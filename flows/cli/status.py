"""quarry status: the last runs, and each source's state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.cli.console import console, print_line, print_notes, print_paragraph
from flows.cli.options import Config, Count, Home, workspace_of
from flows.cli.tables import cell, new_table
from warehouse.query.formats import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.table import Table

    from flows.run.run_records import Run
    from flows.run.source_health import SourceHealth
    from flows.settings.workspace import Workspace


def status(
    home: Home = None,
    config: Config = None,
    count: Count = 10,
) -> None:
    """Show the last runs and each source's state."""
    print_status(console(), workspace_of(config, home), count)


def print_status(terminal: Console, workspace: Workspace, count: int) -> None:
    """Print the last runs and each source's health."""
    from flows.run.progress import progress_lines
    from flows.run.run_records import unreadable_runs
    from flows.run.source_health import of_known_sources, recorded_runs, source_health

    runs = recorded_runs(workspace)
    for path in unreadable_runs(workspace.runs, runs):
        line = f"{path}: damaged, or written by a newer version of Quarry. It can be deleted."
        print_line(terminal, (visible(line), "yellow"))
    if not runs:
        print_paragraph(terminal, "No run yet. Start one with `quarry run`.")
        return
    terminal.print(_runs_table(runs[:count]))
    for line in progress_lines(workspace.runs, runs[0]):
        print_line(terminal, visible(line))
    healths = source_health(of_known_sources(workspace, runs))
    terminal.print(_health_table(healths))
    for health in healths:
        if health.last.problem:
            line = f"{health.name}: {health.last.problem}. {health.last.remedy}."
            print_line(terminal, (visible(line), "red"))
    print_notes(terminal, runs[0].notes)
    if runs[0].problem:
        print_line(terminal, (f"The last run failed: {visible(runs[0].problem)}", "red"))


def _runs_table(runs: Sequence[Run]) -> Table:
    from flows.run.run_records import COMPLETED, RUNNING
    from flows.run.summary import SUMMED, shown_counts, sums

    table = new_table("Runs")
    shown = [n for n in SUMMED if n in shown_counts(o for run in runs for o in run.outcomes)]
    for name in ("started (UTC)", "state", "sources", *shown, "seconds"):
        table.add_column(name, justify="left" if name in {"started (UTC)", "state"} else "right")
    for run in runs:
        seconds = (run.ended_at - run.started_at).total_seconds() if run.ended_at else None
        table.add_row(
            f"{run.started_at:%Y-%m-%d %H:%M:%S}",
            cell(run.state, "green" if run.state in {COMPLETED, RUNNING} else "red"),
            f"{len(run.outcomes):,}",
            *(f"{count:,}" for count in (sums(run.outcomes)[name] for name in shown)),
            "" if seconds is None else f"{seconds:.1f}",
        )
    return table


def _health_table(healths: Sequence[SourceHealth]) -> Table:
    table = new_table("Sources")
    table.add_column("source", overflow="fold")
    for name in ("last state", "last success (UTC)", "failures in a row"):
        table.add_column(name)
    for health in healths:
        success = health.last_success_at
        table.add_row(
            cell(health.name),
            cell(health.last.state, "red" if health.last.is_failed else "green"),
            f"{success:%Y-%m-%d %H:%M:%S}" if success else "never",
            str(health.failures_in_a_row) if health.failures_in_a_row else "",
        )
    return table
