"""quarry plan: a run's API requests, duration and disk space."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import typer

from flows.cli.console import console, print_line, print_notes, print_problems
from flows.cli.options import (
    JSON,
    SOME_FAILED,
    TABLE,
    Config,
    Home,
    Locations,
    TableOrJson,
    require_choice,
    workspace_of,
)
from flows.cli.tables import cell, new_table

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from flows.run.estimate import HostCost, RunEstimate, SourceCost

_UNIT = 1024


def plan(
    locations: Locations = None,
    output_format: TableOrJson = TABLE,
    home: Home = None,
    config: Config = None,
) -> None:
    """
    Estimate a run's API requests, duration and disk space.

    Nothing is mined and nothing is written.
    """
    from flows.run.estimate import estimate_run

    estimate = estimate_run(workspace_of(config, home), locations or ())
    print_estimate(console(), estimate, output_format)
    raise typer.Exit(SOME_FAILED if any(source.problem for source in estimate.sources) else 0)


def print_estimate(terminal: Console, estimate: RunEstimate, output_format: str) -> None:
    """
    Print the cost of a run as a table or as JSON.

    Errors:  SettingsError for an unknown format.
    """
    require_choice("--format", output_format, (TABLE, JSON))
    if output_format == JSON:
        print_line(terminal, _as_json(estimate))
        return
    if estimate.sources:
        terminal.print(_table(estimate))
    print_problems(terminal, estimate.sources)
    for host in estimate.hosts:
        print_line(terminal, _host_line(host))
    print_notes(terminal, estimate.notes)
    print_line(terminal, _total_line(estimate))


def size(count: int) -> str:
    """Write a number of bytes in the unit that suits it."""
    amount, units = float(count), ["B", "KiB", "MiB", "GiB"]
    while amount >= _UNIT and len(units) > 1:
        amount, units = amount / _UNIT, units[1:]
    return f"{amount:.0f} {units[0]}"


def _as_json(estimate: RunEstimate) -> str:
    facts = {
        "sources": [asdict(source) for source in estimate.sources],
        "hosts": [asdict(host) for host in estimate.hosts],
        "notes": estimate.notes,
        "requests": estimate.requests,
        "wait": estimate.wait,
        "bytes": estimate.bytes,
    }
    return json.dumps(facts, indent=2, default=_json_value)


def _json_value(value: object) -> object:
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _table(estimate: RunEstimate) -> Table:
    table = new_table("A run would read")
    table.add_column("source", overflow="fold")
    table.add_column("kind")
    for name in ("requests", "disk"):
        table.add_column(name, justify="right")
    table.add_column("scope")
    for source in estimate.sources:
        table.add_row(*_cells(source), style="red" if source.problem else None)
    return table


def _cells(source: SourceCost) -> tuple[Text | str, ...]:
    name = cell(source.name)
    if source.problem:
        return name, source.kind, "-", "-", "cannot be read"
    scope = "all, for the first time" if source.is_first else "what is new"
    if source.host is None:
        return name, source.kind, "", "", scope
    return name, source.kind, f"{source.requests:,}", size(source.bytes), scope


def _host_line(host: HostCost) -> str:
    limit = "no limit stated"
    if host.requests_left is not None:
        hourly = f" of {host.per_hour:,} an hour" if host.per_hour else ""
        limit = f"{host.requests_left:,}{hourly} left"
    return f"{host.host}: {host.requests:,} requests, {limit}; {_delay(host.wait)}"


def _delay(wait: timedelta) -> str:
    from flows.run.summary import AMOUNTS

    if not wait:
        return "within the limit"
    minutes = max(wait, timedelta(minutes=1))
    return f"the limit delays it by {AMOUNTS.elapsed(Decimal(minutes.total_seconds()))}"


def _total_line(estimate: RunEstimate) -> str:
    delay = f" ({_delay(estimate.wait)})" if estimate.hosts else ""
    return (
        f"Total: sources {len(estimate.sources):,}, requests {estimate.requests:,}{delay}, "
        f"disk for trackers {size(estimate.bytes)}. Nothing was written."
    )
