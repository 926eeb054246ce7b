"""The quarry command."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

# Everything heavy is imported by the command that needs it: --help answers at once.
if TYPE_CHECKING:
    from flows.pipeline import Job
    from flows.runs import Run
    from flows.workspace import Workspace

app = typer.Typer(
    name="quarry",
    help="Mine Git repositories and issue trackers into DuckDB, and publish one Parquet file per "
    "table and quarter.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # half of the time to the help text went into drawing boxes
)

Home = Annotated[
    Path | None, typer.Option("--home", help="Folder that holds everything. Default: data")
]
Config = Annotated[
    Path | None, typer.Option("--config", help="Settings file. Default: quarry.toml, if there")
]
LOCATIONS = "URLs, paths or names of sources. Default: all of quarry.toml"
_INTERRUPTED = 130
_SOME_FAILED = 3
_EXIT_CODES = {"completed": 0, "completed with failed sources": _SOME_FAILED}


def main() -> None:
    """Run the command; an error that we know is its message and nothing else."""
    code = _exit_code()
    if code == _INTERRUPTED:
        _leave(code)  # not waiting for the threads of the run
    sys.exit(code)


def _exit_code() -> int:
    try:
        app()
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except Exception as error:  # noqa: BLE001 - the end of the line
        if not _is_known(error):
            traceback.print_exc()
        else:
            typer.echo(f"quarry: {error}", err=True)
        return 1
    return 0


@app.command()
def init(
    config: Annotated[Path, typer.Option("--config", help="File to write")] = Path("quarry.toml"),
) -> None:
    """Write a commented quarry.toml and say what to fill in."""
    from flows.init import write_settings_file

    typer.echo(write_settings_file(config))


@app.command()
def doctor(home: Home = None, config: Config = None) -> None:
    """Check machine, settings, hosts and sources; say what to mend."""
    from flows.doctor import examine, print_findings

    findings = examine(config, home)
    print_findings(findings)
    raise typer.Exit(0 if all(finding.is_well for finding in findings) else 1)


@app.command()
def run(
    locations: Annotated[list[str] | None, typer.Argument(help=LOCATIONS)] = None,
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

    Of a repository on GitHub or GitLab the tracker is mined too, where there is a token for it.
    """
    from flows.pipeline import Job

    workspace = _workspace(config, home)
    job = Job(workspace, tuple(locations or ()), full)
    ended = _run_on(job, engine)
    _report(ended, workspace)
    raise typer.Exit(_EXIT_CODES.get(ended.state, 1))


@app.command()
def plan(
    locations: Annotated[list[str] | None, typer.Argument(help=LOCATIONS)] = None,
    format: Annotated[  # noqa: A002 - the option's name
        str, typer.Option("--format", help="table or json")
    ] = "table",
    home: Home = None,
    config: Config = None,
) -> None:
    """Say before a run how many requests, how long and how much disk; write nothing."""
    from flows.outlook import print_outlook
    from flows.planning import outlook
    from flows.terminal import console

    found = outlook(_workspace(config, home), locations or ())
    print_outlook(console(), found, format)
    raise typer.Exit(_SOME_FAILED if any(source.problem for source in found.sources) else 0)


@app.command()
def replay(home: Home = None, config: Config = None) -> None:
    """Build everything anew from the store, without any source."""
    from flows.pipeline import rebuild
    from flows.terminal import console, places, watch_for

    workspace = _workspace(config, home)
    with watch_for(console(stderr=True)) as watch:
        rebuild(workspace, watch)
    typer.echo(places(workspace))


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help="One select; - reads it from standard input")],
    format: Annotated[  # noqa: A002 - the option's name
        str, typer.Option("--format", help="table, csv, json or parquet")
    ] = "table",
    home: Home = None,
    config: Config = None,
) -> None:
    """Answer a question from the warehouse, read-only."""
    from warehouse.query import query as answer

    text = sys.stdin.read() if sql == "-" else sql
    answer(_workspace(config, home).warehouse, text, format, sys.stdout.buffer)
    _leave(0)  # DuckDB 2.0 complains about itself when a Parquet answer's interpreter is taken down


@app.command()
def status(
    home: Home = None,
    config: Config = None,
    count: Annotated[int, typer.Option("--count", help="How many runs to show")] = 10,
) -> None:
    """Show the last runs and how each source fares."""
    from flows.status import print_status

    print_status(_workspace(config, home), count)


@app.command()
def serve(
    home: Home = None,
    config: Config = None,
    cron: Annotated[
        str, typer.Option("--cron", help="When to run, in the settings' time zone")
    ] = "15 2 * * *",
    port: Annotated[
        int, typer.Option("--port", help="Port on this machine, or the next free one")
    ] = 4200,
) -> None:
    """Run every night: Prefect server, schedule and worker."""
    from flows.serve import serve as bring_up

    bring_up(_workspace(config, home), cron=cron, port=port)


def _run_on(job: Job, engine: str | None) -> Run:
    from flows.engines import LocalEngine
    from flows.pipeline import run as run_pipeline
    from flows.settings import cores, has_prefect_server
    from flows.terminal import console, watch_for

    settings = job.workspace.settings
    chosen = engine or settings.engine
    if chosen == "prefect" or (chosen == "auto" and has_prefect_server()):
        from flows.prefect_environment import prepare

        prepare(job.workspace)
        from flows.nightly import run_as_flow

        with watch_for(console(stderr=True)) as watch:
            return run_as_flow(job, watch)
    with watch_for(console(stderr=True)) as watch:
        workers = settings.mining.sources_at_once or cores()
        return run_pipeline(job, LocalEngine(workers), watch)


def _report(ended: Run, workspace: Workspace) -> None:
    from flows.terminal import console, print_run
    from warehouse.query import headline

    figures = headline(workspace.warehouse) if workspace.warehouse.exists() else []
    print_run(console(), ended, workspace, figures)


def _workspace(config: Path | None, home: Path | None) -> Workspace:
    from flows.workspace import open_workspace

    return open_workspace(config, home)


def _leave(code: int) -> NoReturn:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _is_known(error: Exception) -> bool:
    from flows.children import ChildFailed
    from flows.runs import AnotherRun
    from flows.settings import SettingsError
    from miners.errors import MiningError
    from warehouse.errors import WarehouseError

    known = AnotherRun | ChildFailed | SettingsError | MiningError | WarehouseError
    return isinstance(error, known)


if __name__ == "__main__":
    main()
