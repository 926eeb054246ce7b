"""The commands about quarters and days: seal and asof."""

from __future__ import annotations

import sys
from datetime import datetime  # noqa: TC003 - typer reads the annotations
from typing import Annotated

import typer

from flows.options import Config, Home, workspace_of

DAY = ["%Y-%m-%d"]
INSTANT = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


def seal(
    quarter: Annotated[str | None, typer.Argument(help="Such as 2026-Q2")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Hold every seal against its files and rows")
    ] = False,
    incomplete: Annotated[
        bool, typer.Option("--incomplete", help="Seal though not all was looked at since its end")
    ] = False,
    home: Home = None,
    config: Config = None,
) -> None:
    """
    Close a quarter: its figures never change again; what comes later becomes a restatement.

    Without a quarter, list the seals and what became of them.
    """
    from flows.sealing import audit_seals
    from flows.sealing import seal as close
    from flows.seals import print_audits, print_sealed
    from flows.terminal import console, watch_for

    workspace = workspace_of(config, home)
    if quarter and not check:
        with watch_for(console(stderr=True)) as watch:
            sealed = close(workspace, quarter, watch, is_forced=incomplete)
        print_sealed(console(), sealed)
        return
    audits = [found for found in audit_seals(workspace) if quarter in {None, found.quarter}]
    print_audits(console(), audits, quarter)
    raise typer.Exit(1 if any(found.problems for found in audits) else 0)


def asof(
    day: Annotated[datetime, typer.Argument(help="Such as 2025-06-30", formats=DAY)],
    kpi: Annotated[str | None, typer.Option("--kpi", help="Only this KPI")] = None,
    project: Annotated[
        str | None, typer.Option("--project", help="Default: all projects together")
    ] = None,
    known_at: Annotated[
        datetime | None,
        typer.Option(
            "--known-at", help="By what was known then (UTC). Default: now", formats=INSTANT
        ),
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        str, typer.Option("--format", help="table, csv, json or parquet")
    ] = "table",
    home: Home = None,
    config: Config = None,
) -> None:
    """Show the figures as they were when a day ended: of its quarter so far, and nothing later."""
    from flows.seals import write_as_of
    from flows.workspace import context_of

    workspace = workspace_of(config, home)
    write_as_of(
        workspace.warehouse,
        context_of(workspace),
        day.date(),
        known_at,
        (kpi, project),
        format,
        sys.stdout.buffer,
    )
