"""The quarry command: its subcommands, and errors as messages."""

from __future__ import annotations

import sys
import traceback
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.asof import asof
from flows.cli.compare import compare
from flows.cli.doctor import doctor
from flows.cli.explain import explain
from flows.cli.init import init
from flows.cli.kpi import kpi
from flows.cli.ledger.check import check
from flows.cli.ledger.init import init as init_ledger
from flows.cli.options import leave
from flows.cli.plan import plan
from flows.cli.query import query
from flows.cli.reconcile import reconcile
from flows.cli.replay import replay
from flows.cli.report import report
from flows.cli.rules import rules
from flows.cli.run import run
from flows.cli.seal import seal
from flows.cli.serve import serve
from flows.cli.status import status

if TYPE_CHECKING:
    from collections.abc import Callable

_INTERRUPTED = 130
# In the order of the help text.
_COMMANDS: tuple[Callable[..., None], ...] = (
    *(init, doctor, run, plan, rules, replay, query, status, serve),
    *(kpi, report, explain, compare, reconcile, asof, seal),
)

app = typer.Typer(
    name="quarry",
    help="Mine Git repositories, issue trackers and ledgers into DuckDB, and publish one Parquet "
    "file per table and quarter.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # drawing boxes took half of the time to the help text
)
ledger = typer.Typer(
    name="ledger",
    help="Write and check a ledger: data that no other source has.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
for command in _COMMANDS:
    app.command()(command)
ledger.command()(init_ledger)
ledger.command()(check)
app.add_typer(ledger)


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
    """Take the options that belong to no command."""


def main() -> None:
    """Run the command, and exit with its code; a known error is its message alone."""
    code = _exit_code()
    if code == _INTERRUPTED:
        leave(code)  # without waiting for the threads of the run
    sys.exit(code)


def _exit_code() -> int:
    try:
        app()
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except Exception as error:  # noqa: BLE001 - the top level
        if not _is_known(error):
            traceback.print_exc()
        else:
            typer.echo(f"quarry: {error}", err=True)
        return 1
    return 0


def _is_known(error: Exception) -> bool:
    from flows.orchestration.processes import ProcessFailed
    from flows.run.lock import RunInProgress
    from flows.settings.environment import VariableRefused
    from flows.settings.settings import SettingsError
    from miners.errors import MiningError
    from warehouse.errors import WarehouseError

    known = RunInProgress | ProcessFailed | SettingsError | VariableRefused
    return isinstance(error, known | MiningError | WarehouseError)


if __name__ == "__main__":
    main()
