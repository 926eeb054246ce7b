"""How `quarry explain` shows a figure: its definition, its SQL, its rows, and the sum by hand."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from flows.cli.console import fits, print_facts, visible_lines
from flows.cli.kpi import print_hint
from flows.cli.tables import drawn
from flows.run.summary import AMOUNTS
from warehouse.build.schemas import KPIS
from warehouse.query.evidence import COUNTED
from warehouse.query.formats import visible
from warehouse.query.recalculate import is_same_figure, recalculate
from warehouse.query.scope import ALL
from warehouse.report.compose import scope_title
from warehouse.report.format.numbers import RATIO
from warehouse.report.format.style import Formatter
from warehouse.report.rows_table import common_folder, rows_table
from warehouse.sql import sql_files, sql_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from warehouse.query.evidence import EvidenceRow, Explanation
    from warehouse.query.figures import Figure, Kpi
    from warehouse.report import blocks


def print_explained(
    terminal: Console, found: Explanation, row_count: int, *, has_sql: bool = True
) -> bool:
    """Print all that is behind a figure; whether its rows make the published figure."""
    _print_definition(terminal, found.kpi)
    _print_figure(terminal, found)
    if has_sql:
        _print_sql(terminal, found.kpi)
    _print_rows_in(terminal, found, row_count)
    _print_rows_out(terminal, found)
    is_right = _print_sum(terminal, found)
    if found.restatements:
        _print_restatements(terminal, found)
    print_hint(terminal, found.scope)
    return is_right


def _print_sql(terminal: Console, kpi: Kpi) -> None:
    folder = sql_folder()
    path = next(path for path in sql_files(folder, KPIS) if path.stem == kpi.kpi)
    _heading(terminal, f"The SQL: sql/{path.relative_to(folder).as_posix()}")
    terminal.print(Text(_body(path.read_text("utf-8")), style="cyan"), soft_wrap=True)


def _heading(terminal: Console, text: str) -> None:
    terminal.print()
    terminal.print(Text(visible(text), style="bold"), soft_wrap=True)


def _print_definition(terminal: Console, kpi: Kpi) -> None:
    titles = " / ".join((f"{kpi.title} ({kpi.kpi})", *kpi.titles[1:]))
    terminal.print(Text(titles, style="bold"))
    terminal.print(kpi.answers, markup=False)
    told = {
        "Judgement": kpi.judgement,
        "Bias": kpi.known_bias,
        "Kind": f"{_kind(kpi)}; {_span(kpi)}; {_better(kpi)}",
        "Version": str(kpi.version),
    }
    print_facts(terminal, told)


def _kind(kpi: Kpi) -> str:
    return kpi.kind if kpi.kind == "ratio" else f"{kpi.kind}, in {kpi.unit}"


def _span(kpi: Kpi) -> str:
    return "at the end of a quarter" if kpi.span == "quarter_end" else "over a quarter"


def _better(kpi: Kpi) -> str:
    return "neither way is better" if kpi.better == "neither" else f"{kpi.better} is better"


def _print_figure(terminal: Console, found: Explanation) -> None:
    _heading(terminal, f"{found.period.name}, {scope_title(found.scope, Formatter())}")
    published = found.figure
    if published is None:
        terminal.print("Nothing was mined for it then: there is no figure, not zero.")
        return
    states = ["sealed"] if published.is_sealed else []
    states += [] if published.is_complete or states else ["so far"]
    state = f" ({', '.join(states)})" if states else ""
    value = AMOUNTS.figure(published.value, found.kpi.unit)
    terminal.print(Text.assemble((value, "bold"), f"{state}: {_counted(found, published)}"))
    if not found.period.quarter and found.kpi.span == "quarter_end":
        terminal.print(f"It tells of an end: the year's is that of {found.quarters[0]}.")
    sealed = sorted({row.quarter for row in found.rows if row.is_sealed})
    if sealed:
        terminal.print(f"The rows of {', '.join(sealed)} are those of the seal; they never change.")
    if published.is_restated:
        now = AMOUNTS.figure(published.value_now, found.kpi.unit)
        terminal.print(f"Restated since: by all that is known now it is {now}.")


def _counted(found: Explanation, published: Figure) -> str:
    said = f"{published.n:,} in, {published.left_out_count:,} out"
    if published.coverage_ratio is not None and published.coverage_ratio < 1:
        said += f", coverage {AMOUNTS.figure(published.coverage_ratio, RATIO)}"
    if published.min_value is not None:
        low, high = (
            AMOUNTS.figure(v, found.kpi.unit) for v in (published.min_value, published.max_value)
        )
        said += f", from {low} to {high}"
    if published.target is not None:
        target = AMOUNTS.figure(published.target, found.kpi.unit)
        said += f"; target {target}: {published.target_status}"
    return said


def _print_rows_in(terminal: Console, found: Explanation, row_count: int) -> None:
    rows = [row for row in found.rows if row.reason == COUNTED]
    _heading(terminal, f"Rows in: {len(rows):,}")
    if rows and row_count:
        _print_rows(terminal, found, rows[:row_count])
    if len(rows) > row_count:
        more = f"and {len(rows) - row_count:,} more" if row_count else "None shown"
        terminal.print(f"{more}: --rows {len(rows)} shows all, --format csv writes them")


def _print_rows(terminal: Console, found: Explanation, rows: Sequence[EvidenceRow]) -> None:
    """Print rows; where addresses have no room, what they have in common stands once above."""
    table, common = drawn(_rows_table(found, rows)), common_folder(rows)
    if common and not fits(terminal, table):
        terminal.print(Text(f"What is below {visible(common)}"), soft_wrap=True)
        table = drawn(_rows_table(found, rows, common))
    terminal.print(table)


def _rows_table(
    found: Explanation, rows: Sequence[EvidenceRow], common: str = ""
) -> blocks.ReportTable:
    has_sources = found.scope.source == ALL and len({row.source for row in found.rows}) > 1
    zone = ZoneInfo(found.time_zone)
    return rows_table(found.kpi, rows, zone, Formatter(), has_sources=has_sources, common=common)


def _print_rows_out(terminal: Console, found: Explanation) -> None:
    reasons = Counter(row.reason for row in found.rows if row.reason != COUNTED)
    _heading(terminal, f"Rows out: {reasons.total():,}")
    if not reasons:
        return
    table = Table(box=SIMPLE_HEAD)
    table.add_column("rows", justify="right")
    table.add_column("reason", no_wrap=True)
    table.add_column("meaning")
    for reason, count in reasons.most_common():
        meaning, is_gap = found.meanings.get(reason, ("", False))
        more = " (should count, but not enough is known)" if is_gap else ""
        table.add_row(f"{count:,}", reason, f"{meaning}{more}")
    terminal.print(table)


def _print_sum(terminal: Console, found: Explanation) -> bool:
    _heading(terminal, "By hand, from the rows")
    worked_out = recalculate(found.kpi, found.rows)
    terminal.print(Text(visible(worked_out.text)))
    published = found.figure
    if published is None:
        return True
    is_right = is_same_figure(worked_out.value, published.value)
    if is_right:
        said = (
            f"The published figure is the same: {AMOUNTS.figure(published.value, found.kpi.unit)}."
        )
        terminal.print(Text(said, style="green"))
    else:
        terminal.print(
            Text(
                f"THE PUBLISHED FIGURE IS ANOTHER: {published.value}, but these rows make "
                f"{worked_out.value}. This must never be. Build again with `quarry replay`; "
                "if it stays so, report it.",
                style="bold red",
            ),
            soft_wrap=True,
        )
    return is_right


def _print_restatements(terminal: Console, found: Explanation) -> None:
    _heading(terminal, "Restated since it was sealed")
    table = Table(box=SIMPLE_HEAD)
    for name in ("quarter", "cause"):
        table.add_column(name, no_wrap=True)
    for name in ("was", "is", "difference", "came", "went", "changed"):
        table.add_column(name, justify="right")
    for one in found.restatements:
        amounts = (AMOUNTS.figure(v, found.kpi.unit) for v in (one.was_value, one.is_value))
        counts = (one.came_count, one.went_count, one.changed_count)
        changed = AMOUNTS.difference(one.difference, found.kpi.unit, one.is_value)
        table.add_row(
            one.quarter, one.cause, *amounts, changed, *(f"{count:,}" for count in counts)
        )
    terminal.print(table)


def _body(sql: str) -> str:
    """Leave out the comment at its head, which the definition has said already."""
    lines = sql.rstrip().splitlines()
    while lines and lines[0].startswith("--"):
        lines.pop(0)
    return visible_lines("\n".join(lines))
