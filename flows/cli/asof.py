"""How `quarry asof` shows the figures of a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from flows.cli.console import print_titled
from flows.cli.kpi import print_hint
from flows.run.summary import AMOUNTS
from warehouse.report.compose import scope_title
from warehouse.report.format.numbers import RATIO
from warehouse.report.format.style import Formatter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from rich.console import Console

    from warehouse.query.asof import AsOfFigure, FiguresAsOf


def print_as_of(terminal: Console, found: FiguresAsOf, known_at: datetime | None) -> None:
    """Print the figures of a day, and by what was known when."""
    known = f"known at {known_at:%Y-%m-%d %H:%M} UTC" if known_at else "known now"
    day = f"{found.quarter} to the end of {found.figures[0].as_of}"
    print_titled(
        terminal, f"{day}, {scope_title(found.scope, Formatter())}, as {known}", _table(found)
    )
    if not all(one.is_complete for one in found.figures):
        said = "so far: not everything was looked at since this day ended; it may still change."
        terminal.print(Text(said, style="dim"), soft_wrap=True)
    print_hint(terminal, found.scope)


def _table(found: FiguresAsOf) -> Table:
    table = Table(box=SIMPLE_HEAD)
    table.add_column("KPI", min_width=16)
    for name in ("value", "in", "out", "coverage", "from", "to"):
        table.add_column(name, justify="right", no_wrap=True)
    for one in found.figures:
        table.add_row(Text(one.title), *(Text(cell) for cell in _cells(one)))
    return table


def _cells(one: AsOfFigure) -> Iterator[str]:
    so_far = "" if one.is_complete or one.value is None else " so far"
    yield f"{AMOUNTS.figure(one.value, one.unit)}{so_far}"
    yield f"{one.n:,}"
    yield f"{one.left_out_count:,}"
    is_covered = one.coverage_ratio is None or one.coverage_ratio == 1
    yield "" if is_covered else AMOUNTS.figure(one.coverage_ratio, RATIO)
    for value in (one.min_value, one.max_value):
        yield "" if value is None else AMOUNTS.figure(value, one.unit)
