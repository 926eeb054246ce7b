"""How `quarry plan` shows what a run would cost: a table for people, JSON for programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from flows.cli.console import print_notes, print_problems
from flows.run.summary import AMOUNTS
from flows.settings.settings import SettingsError
from warehouse.query.formats import visible

if TYPE_CHECKING:
    from rich.console import Console

    from flows.run.estimate import Expected, HostCost, Outlook

FORMATS = ("table", "json")
_UNIT = 1024


def print_outlook(terminal: Console, found: Outlook, form: str) -> None:
    """
    Print what a run would cost.

    Errors:  SettingsError for a form that there is not.
    """
    if form not in FORMATS:
        raise SettingsError(f"--format: there is no {form!r}. Write {' or '.join(FORMATS)}.")
    if form == "json":
        terminal.print(as_json(found), soft_wrap=True, markup=False, highlight=False)
        return
    if found.sources:
        terminal.print(_table(found))
    print_problems(terminal, found.sources)
    for host in found.hosts:
        terminal.print(_host(host), soft_wrap=True, markup=False)
    print_notes(terminal, found.notes)
    terminal.print(_sum(found), soft_wrap=True, markup=False)


def as_json(found: Outlook) -> str:
    """Write what a run would cost, for programs; durations are in seconds."""
    facts = {
        "sources": [asdict(source) for source in found.sources],
        "hosts": [asdict(host) for host in found.hosts],
        "notes": found.notes,
        "requests": found.requests,
        "wait": found.wait,
        "bytes": found.bytes,
    }
    return json.dumps(facts, indent=2, default=_for_programs)


def size(count: int) -> str:
    """Write a number of bytes as people say it."""
    amount, units = float(count), ["B", "KiB", "MiB", "GiB"]
    while amount >= _UNIT and len(units) > 1:
        amount, units = amount / _UNIT, units[1:]
    return f"{amount:.0f} {units[0]}"


def _for_programs(value: object) -> object:
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _table(found: Outlook) -> Table:
    table = Table(box=SIMPLE_HEAD, title="A run would read", title_justify="left")
    table.add_column("source", overflow="fold")
    table.add_column("what")
    for name in ("requests", "disk"):
        table.add_column(name, justify="right")
    table.add_column("which")
    for source in found.sources:
        table.add_row(*_cells(source), style="red" if source.problem else None)
    return table


def _cells(source: Expected) -> tuple[Text | str, ...]:
    name = Text(visible(source.name))
    if source.problem:
        return name, source.kind, "-", "-", "cannot be read"
    which = "all, for the first time" if source.is_first else "what is new"
    if source.host is None:
        return name, source.kind, "", "", which
    return name, source.kind, f"{source.requests:,}", size(source.bytes), which


def _host(host: HostCost) -> str:
    limit = "no limit stated"
    if host.requests_left is not None:
        hourly = f" of {host.per_hour:,} an hour" if host.per_hour else ""
        limit = f"{host.requests_left:,}{hourly} left"
    return f"{host.host}: {host.requests:,} requests, {limit}; {_held_up(host.wait)}"


def _held_up(wait: timedelta) -> str:
    if not wait:
        return "within the limit"
    minutes = max(wait, timedelta(minutes=1))
    return f"the limit holds it up for {AMOUNTS.elapsed(Decimal(minutes.total_seconds()))}"


def _sum(found: Outlook) -> str:
    held_up = f" ({_held_up(found.wait)})" if found.hosts else ""
    return (
        f"In all: sources {len(found.sources):,}, requests {found.requests:,}{held_up}, "
        f"disk for trackers {size(found.bytes)}. Nothing was written."
    )
