"""The quarry command: its subcommands, and errors as messages."""

from __future__ import annotations

import io
import signal
import sys
import traceback
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from flows.cli.asof import asof
from flows.cli.compare import compare
from flows.cli.doctor import doctor
from flows.cli.explain import explain
from flows.cli.init import init
from flows.cli.keeping.backup import backup
from flows.cli.keeping.forget import forget
from flows.cli.keeping.restore import restore
from flows.cli.keeping.sources import sources
from flows.cli.kpi import kpi
from flows.cli.ledger.check import check
from flows.cli.ledger.init import init as init_ledger
from flows.cli.options import leave
from flows.cli.pages.explore import explore
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

# The code with which typer ends a command that is interrupted.
_INTERRUPTED = 130
# In the order of the help text.
_COMMANDS: tuple[Callable[..., None], ...] = (
    *(init, doctor, run, plan, rules, replay, query, status, serve),
    *(kpi, report, explore, explain, compare, reconcile, asof, seal),
    *(backup, restore, forget),
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
app.add_typer(sources)


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
    _show_what_the_locale_lacks()
    signals = [signal.SIGINT]
    signal.signal(signal.SIGTERM, lambda number, _: _interrupt(signals, number))
    code = _exit_code()
    if code == _INTERRUPTED:
        typer.echo(f"quarry: interrupted. {_RESUMES}", err=True)
        leave(128 + signals[-1])  # as shells do, without waiting for the threads of the run
    sys.exit(code)


def _show_what_the_locale_lacks() -> None:
    """Print characters that the encoding of the output lacks as escapes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


_RESUMES = "What was published before is as it was; the next run resumes from the last batch."


def _interrupt(signals: list[signal.Signals], number: int) -> NoReturn:
    """End a command as Ctrl-C does, but remember by which signal."""
    signals.append(signal.Signals(number))
    raise KeyboardInterrupt


def _exit_code() -> int:
    try:
        app()
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except Exception as error:  # noqa: BLE001 - the top level
        message = _message_of(error)
        if message is None:
            traceback.print_exc()
        else:
            typer.echo(f"quarry: {message}", err=True)
        return 1
    return 0


def _message_of(error: Exception) -> str | None:
    """Return the message of an error that users, hosts or the machine cause."""
    if isinstance(error, OSError):
        from warehouse.connection import machine_failure

        return str(machine_failure(error) or error)
    return str(error) if _is_known(error) else None


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
