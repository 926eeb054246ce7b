"""The commands about quarters and days: seal and asof."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from flows.cli.options import Config, Format, Home, Project, leave, workspace_of

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
    from flows.cli.console import console, watch_for
    from flows.cli.seal import print_audits, print_sealed
    from flows.run.seal import audit_seals
    from flows.run.seal import seal as close
    from warehouse.query.scope import quarter_name

    workspace = workspace_of(config, home)
    if quarter and not check:
        with watch_for(console(stderr=True)) as watch:
            sealed = close(workspace, quarter, watch, is_forced=incomplete)
        print_sealed(console(), sealed)
        return
    named = quarter and quarter_name(quarter)
    audits = [found for found in audit_seals(workspace) if named in {None, found.quarter}]
    print_audits(console(), audits, named)
    raise typer.Exit(1 if any(found.problems for found in audits) else 0)


def asof(
    day: Annotated[datetime, typer.Argument(help="Such as 2025-06-30", formats=DAY)],
    kpi: Annotated[str | None, typer.Option("--kpi", help="Only this KPI")] = None,
    project: Project = None,
    known_at: Annotated[
        datetime | None,
        typer.Option(
            "--known-at", help="By what was known then (UTC). Default: now", formats=INSTANT
        ),
    ] = None,
    format: Format = "table",  # noqa: A002 - the option's name
    home: Home = None,
    config: Config = None,
) -> None:
    """Show the figures as they were when a day ended: of its quarter so far, and nothing later."""
    from flows.cli.asof import print_as_of
    from flows.cli.console import console
    from flows.settings.environment import clock
    from flows.settings.workspace import context_of
    from warehouse.query.asof import AsOfRequest, figures_as_of, write_as_of

    workspace = workspace_of(config, home)
    known = known_at.replace(tzinfo=UTC) if known_at else None
    asked = AsOfRequest(day=day.date(), asked_at=clock(), known_at=known, kpi=kpi, project=project)
    if format == "table":
        found = figures_as_of(workspace.warehouse, context_of(workspace), asked)
        print_as_of(console(), found, known)
    else:
        out = sys.stdout.buffer
        write_as_of(workspace.warehouse, context_of(workspace), asked, format, out)
        leave(0)  # as after a query
