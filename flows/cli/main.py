"""The quarry command."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.cli_kpis import compare, explain, kpi
from flows.cli.cli_quarters import asof, seal
from flows.cli.cli_reconcile import reconcile
from flows.cli.ledger.commands import ledger
from flows.cli.options import Config, Home, leave, workspace_of
from flows.cli.report import report

# Everything heavy is imported by the command that needs it: --help answers at once.
if TYPE_CHECKING:
    from flows.run.job import Job
    from flows.run.run_records import Run
    from flows.settings.workspace import Workspace

app = typer.Typer(
    name="quarry",
    help="Mine Git repositories, issue trackers and ledgers into DuckDB, and publish one Parquet "
    "file per table and quarter.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # half of the time to the help text went into drawing boxes
)

LOCATIONS = "URLs, paths or names of sources. Default: all of quarry.toml"
_INTERRUPTED = 130
_SOME_FAILED = 3
_EXIT_CODES = {"completed": 0, "completed with failed sources": _SOME_FAILED}


def _print_version(is_wanted: bool) -> None:
    if is_wanted:
        from importlib.metadata import version

        typer.echo(f"quarry {version('quarry')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Show the version and exit", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Take what belongs to no command."""


def main() -> None:
    """Run the command; an error that we know is its message and nothing else."""
    code = _exit_code()
    if code == _INTERRUPTED:
        leave(code)  # not waiting for the threads of the run
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
    from flows.settings.template import write_settings_file

    typer.echo(write_settings_file(config))


@app.command()
def doctor(home: Home = None, config: Config = None) -> None:
    """Check machine, settings, hosts and sources; say what to mend."""
    from flows.cli.doctor import examine, print_findings

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

    The tracker of a repository is mined too, where there is a token for its host.
    """
    from flows.run.job import Job

    workspace = workspace_of(config, home)
    ended = _run_on(Job(workspace, tuple(locations or ()), full), engine)
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
    from flows.cli.console import console
    from flows.cli.plan import print_outlook
    from flows.run.estimate import outlook

    found = outlook(workspace_of(config, home), locations or ())
    print_outlook(console(), found, format)
    raise typer.Exit(_SOME_FAILED if any(source.problem for source in found.sources) else 0)


@app.command()
def rules(
    project: Annotated[str | None, typer.Option("--project", help="Default: every project")] = None,
    format: Annotated[  # noqa: A002 - the option's name
        str, typer.Option("--format", help="table or json")
    ] = "table",
    home: Home = None,
    config: Config = None,
) -> None:
    """Explain what each project owns, what names mean in it, and what they match now."""
    from flows.cli.console import console
    from flows.cli.rules import print_rules

    print_rules(console(), workspace_of(config, home), project, format)


@app.command()
def replay(home: Home = None, config: Config = None) -> None:
    """Build everything anew from the store, without any source."""
    from flows.cli.console import console, places, watch_for
    from flows.run.publish import rebuild

    workspace = workspace_of(config, home)
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
    from warehouse.query.query import query as answer

    text = sys.stdin.read() if sql == "-" else sql
    answer(workspace_of(config, home).warehouse, text, format, sys.stdout.buffer)
    leave(0)  # DuckDB 2.0 complains about itself when a Parquet answer's interpreter is taken down


@app.command()
def status(
    home: Home = None,
    config: Config = None,
    count: Annotated[int, typer.Option("--count", help="How many runs to show")] = 10,
) -> None:
    """Show the last runs and how each source fares."""
    from flows.cli.status import print_status

    print_status(workspace_of(config, home), count)


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
    from flows.serve.serve import serve as bring_up

    bring_up(workspace_of(config, home), cron=cron, port=port)


for command in (kpi, report, explain, compare, reconcile, asof, seal):
    app.command()(command)
app.add_typer(ledger)


def _run_on(job: Job, engine: str | None) -> Run:
    from flows.cli.console import console, watch_for
    from flows.pipeline import run as run_pipeline
    from flows.run.engines import LocalEngine
    from flows.settings.environment import cores, has_prefect_server

    chosen = engine or job.workspace.settings.engine
    if chosen == "prefect" or (chosen == "auto" and has_prefect_server()):
        from flows.orchestration.environment import prepare

        prepare(job.workspace)
        from flows.nightly import run_as_flow

        with watch_for(console(stderr=True)) as watch:
            return run_as_flow(job, watch)
    with watch_for(console(stderr=True)) as watch:
        workers = job.workspace.settings.mining.sources_at_once or cores()
        return run_pipeline(job, LocalEngine(workers), watch)


def _report(ended: Run, workspace: Workspace) -> None:
    from flows.cli.console import console, print_run
    from warehouse.query.query import headline

    figures = headline(workspace.warehouse) if workspace.warehouse.exists() else []
    print_run(console(), ended, workspace, figures)


def _is_known(error: Exception) -> bool:
    from flows.orchestration.processes import ChildFailed
    from flows.run.run_records import AnotherRun
    from flows.settings.settings import SettingsError
    from miners.errors import MiningError
    from warehouse.errors import WarehouseError

    return isinstance(
        error, AnotherRun | ChildFailed | SettingsError | MiningError | WarehouseError
    )


if __name__ == "__main__":
    main()
