"""quarry run: mine, build and publish."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.console import (
    console,
    print_line,
    print_notes,
    print_paragraph,
    print_problems,
    published_paths,
)
from flows.cli.options import SOME_FAILED, Config, Home, Locations, require_choice, workspace_of
from flows.cli.tables import cell, new_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.table import Table

    from flows.run.job import Job
    from flows.run.run_records import Outcome, Run
    from flows.settings.workspace import Workspace
    from warehouse.query.headline import Headline

_ENGINES = ("auto", "local", "prefect")
_EXIT_CODES = {"completed": 0, "completed with failed sources": SOME_FAILED}


def run(
    locations: Locations = None,
    home: Home = None,
    config: Config = None,
    full: Annotated[
        bool, typer.Option("--full", help="Read each source from the beginning again")
    ] = False,
    engine: Annotated[
        str | None, typer.Option("--engine", help="local or prefect. Default: as configured")
    ] = None,
) -> None:
    """
    Mine, build and publish: everything new since the last run.

    The tracker of a repository is mined too, where there is a token for its host.
    """
    from flows.run.job import Job
    from warehouse.query.headline import headline

    if engine is not None:
        require_choice("--engine", engine, _ENGINES)
    workspace = workspace_of(config, home)
    ended = _run_on_engine(Job(workspace, tuple(locations or ()), full), engine)
    figures = headline(workspace.warehouse) if workspace.warehouse.exists() else []
    print_run(console(), ended, workspace, figures)
    raise typer.Exit(_EXIT_CODES.get(ended.state, 1))


def _run_on_engine(job: Job, engine: str | None) -> Run:
    from flows.cli.progress import progress_on
    from flows.pipeline import run as run_pipeline
    from flows.run.engines import LocalEngine
    from flows.settings.environment import cores, has_prefect_server

    chosen = engine or job.workspace.settings.engine
    if chosen == "prefect" or (chosen == "auto" and has_prefect_server()):
        return _run_on_prefect(job)
    with progress_on(console(stderr=True)) as progress:
        workers = job.workspace.settings.mining.sources_at_once or cores()
        return run_pipeline(job, LocalEngine(workers), progress)


def _run_on_prefect(job: Job) -> Run:
    from importlib import import_module

    from flows.cli.progress import progress_on
    from flows.orchestration.environment import prepare

    # Importing the flows imports Prefect, which takes about as long as its server's start.
    prepare(job.workspace, meanwhile=lambda: import_module("flows.nightly"))
    from flows.nightly import run_as_flow

    with progress_on(console(stderr=True)) as progress:
        return run_as_flow(job, progress)


def print_run(
    terminal: Console, run: Run, workspace: Workspace, figures: Sequence[Headline]
) -> None:
    """Print a run's sources, its last quarters, and where the files are."""
    from flows.run.run_records import COMPLETED

    terminal.print(outcome_table(run.outcomes))
    print_problems(terminal, run.outcomes)
    print_notes(terminal, run.notes)
    if figures:
        terminal.print(headline_table(figures))
    if run.problem:
        print_line(terminal, (run.problem, "red"))
        print_paragraph(terminal, "Nothing was published; what was published before is as it was.")
    elif workspace.warehouse.exists():
        print_line(terminal, published_paths(workspace))
    seconds = (run.ended_at - run.started_at).total_seconds() if run.ended_at else 0.0
    style = "green" if run.state == COMPLETED else "red"
    print_paragraph(terminal, (f"Run {run.run_id} {run.state} in {seconds:.1f} s", style))


def outcome_table(outcomes: Sequence[Outcome]) -> Table:
    """Tabulate the rows and the state of each source."""
    from flows.run.run_records import UNCHANGED
    from flows.run.summary import counts, shown_counts

    table = new_table("Sources")
    table.add_column("source", overflow="fold")
    shown = shown_counts(outcomes)
    for name in (*shown, "seconds"):
        table.add_column(name, justify="right")
    table.add_column("state")
    for outcome in outcomes:
        counted = counts(outcome)
        cells = [f"{counted[n]:,}" if not outcome.is_failed else "-" for n in shown]
        style = "red" if outcome.is_failed else "dim" if outcome.state == UNCHANGED else None
        seconds = f"{outcome.seconds:.1f}"
        table.add_row(cell(outcome.name), *cells, seconds, outcome.state, style=style)
    return table


def headline_table(figures: Sequence[Headline]) -> Table:
    """Tabulate the KPIs of the last quarters that any project has, as quarry kpi shows them."""
    from flows.run.summary import headline_figure
    from warehouse.query.headline import headline_titles

    table = new_table("Last quarters")
    table.add_column("project", overflow="fold")
    table.add_column("quarter", no_wrap=True)
    titles = headline_titles(figures)
    for title in titles.values():
        table.add_column(title, justify="right")
    for row in figures:
        table.add_row(
            cell(row.project),
            row.quarter if row.is_complete else f"{row.quarter} so far",
            *(headline_figure(row, kpi) for kpi in titles),
        )
    return table
