"""How `quarry explain` shows a figure: its definition, its SQL, its rows, and the sum by hand."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from flows.evidence_rows import print_rows
from flows.kpi_table import print_hint, whose
from flows.terminal import print_facts, visible_lines
from flows.wording import difference, figure
from warehouse.evidence import COUNTED
from warehouse.formats import visible
from warehouse.sql import sql_folder
from warehouse.working_out import agree, work_out

if TYPE_CHECKING:
    from rich.console import Console

    from warehouse.evidence import Explained
    from warehouse.figures import Figure, Kpi


def print_explained(
    terminal: Console, found: Explained, row_count: int, *, has_sql: bool = True
) -> bool:
    """Print all that is behind a figure; whether its rows make the published figure."""
    _print_definition(terminal, found.kpi)
    _print_figure(terminal, found)
    if has_sql:
        _heading(terminal, f"The SQL: sql/kpis/{found.kpi.kpi}.sql")
        path = sql_folder() / "kpis" / f"{found.kpi.kpi}.sql"
        terminal.print(Text(_body(path.read_text("utf-8")), style="cyan"), soft_wrap=True)
    _print_rows_in(terminal, found, row_count)
    _print_rows_out(terminal, found)
    is_right = _print_sum(terminal, found)
    if found.restatements:
        _print_restatements(terminal, found)
    print_hint(terminal, found.scope)
    return is_right


def _heading(terminal: Console, text: str) -> None:
    terminal.print()
    terminal.print(Text(text, style="bold"), soft_wrap=True)


def _print_definition(terminal: Console, kpi: Kpi) -> None:
    terminal.print(Text(f"{kpi.title} ({kpi.kpi}) / {kpi.title_ko}", style="bold"))
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


def _print_figure(terminal: Console, found: Explained) -> None:
    _heading(terminal, f"{found.period.name}, {whose(found.scope)}")
    published = found.figure
    if published is None:
        terminal.print("Nothing was mined for it then: there is no figure, not zero.")
        return
    states = ["sealed"] if published.is_sealed else []
    states += [] if published.is_complete or states else ["so far"]
    state = f" ({', '.join(states)})" if states else ""
    value = figure(published.value, found.kpi.unit)
    terminal.print(Text.assemble((value, "bold"), f"{state}: {_counted(found, published)}"))
    if not found.period.quarter and found.kpi.span == "quarter_end":
        terminal.print(f"It tells of an end: the year's is that of {found.quarters[0]}.")
    sealed = sorted({row.quarter for row in found.rows if row.is_sealed})
    if sealed:
        terminal.print(f"The rows of {', '.join(sealed)} are those of the seal; they never change.")
    if published.is_restated:
        now = figure(published.value_now, found.kpi.unit)
        terminal.print(f"Restated since: by all that is known now it is {now}.")


def _counted(found: Explained, published: Figure) -> str:
    said = f"{published.n:,} in, {published.left_out_count:,} out"
    if published.coverage_ratio is not None and published.coverage_ratio < 1:
        said += f", coverage {figure(published.coverage_ratio, 'ratio')}"
    if published.min_value is not None:
        low, high = (figure(v, found.kpi.unit) for v in (published.min_value, published.max_value))
        said += f", from {low} to {high}"
    if published.target is not None:
        said += f"; target {figure(published.target, found.kpi.unit)}: {published.target_status}"
    return said


def _print_rows_in(terminal: Console, found: Explained, row_count: int) -> None:
    rows = [row for row in found.rows if row.reason == COUNTED]
    _heading(terminal, f"Rows in: {len(rows):,}")
    if rows and row_count:
        print_rows(terminal, found, rows[:row_count])
    if len(rows) > row_count:
        more = f"and {len(rows) - row_count:,} more" if row_count else "None shown"
        terminal.print(f"{more}: --rows {len(rows)} shows all, --format csv writes them")


def _print_rows_out(terminal: Console, found: Explained) -> None:
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


def _print_sum(terminal: Console, found: Explained) -> bool:
    _heading(terminal, "By hand, from the rows")
    worked_out = work_out(found.kpi, found.rows)
    terminal.print(Text(visible(worked_out.text)))
    published = found.figure
    if published is None:
        return True
    is_right = agree(worked_out.value, published.value)
    if is_right:
        said = f"The published figure is the same: {figure(published.value, found.kpi.unit)}."
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


def _print_restatements(terminal: Console, found: Explained) -> None:
    _heading(terminal, "Restated since it was sealed")
    table = Table(box=SIMPLE_HEAD)
    for name in ("quarter", "cause"):
        table.add_column(name, no_wrap=True)
    for name in ("was", "is", "difference", "came", "went", "changed"):
        table.add_column(name, justify="right")
    for one in found.restatements:
        amounts = (figure(v, found.kpi.unit) for v in (one.was_value, one.is_value))
        counts = (one.came_count, one.went_count, one.changed_count)
        changed = difference(one.difference, found.kpi.unit, beside=one.is_value)
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
