"""How `quarry explain` shows a figure: its definition, its SQL, its rows, and the sum by hand."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from flows.kpi_table import print_hint, whose
from flows.terminal import print_facts, visible_lines
from flows.wording import HOURS, difference, figure
from warehouse.choices import ALL
from warehouse.evidence import COUNTED
from warehouse.formats import visible
from warehouse.sql import sql_folder
from warehouse.working_out import agree, tenths, work_out

if TYPE_CHECKING:
    from rich.console import Console

    from warehouse.evidence import Explained, Row
    from warehouse.figures import Figure, Kpi

# A hash is told apart by its beginning.
HASH_LENGTH, SHORT_HASH = (40, 64), 12
COUNTS = ("count", "distinct")


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
    if not rows or not row_count:
        return
    shown = rows[:row_count]
    has_sources = found.scope.source == ALL and len({row.source for row in rows}) > 1
    has_people = any(row.person not in {None, row.place} for row in shown)
    has_grades = any(row.grade for row in shown)
    table = Table(box=SIMPLE_HEAD)
    for name, is_there in (("repository", has_sources), ("what", True), ("who", has_people)):
        if is_there:
            table.add_column(name, overflow="fold")
    table.add_column(f"when ({found.time_zone})", no_wrap=True)
    if has_grades:
        table.add_column("grade", overflow="fold")
    if found.kpi.kind not in COUNTS:
        table.add_column(_value_name(found.kpi), justify="right", no_wrap=True)
    zone = ZoneInfo(found.time_zone)
    for row in shown:
        cells = _cells(found.kpi, row, zone)
        there = (has_sources, True, has_people, True, has_grades, found.kpi.kind not in COUNTS)
        table.add_row(
            *(Text(cell) for cell, is_there in zip(cells, there, strict=True) if is_there)
        )
    terminal.print(table)
    if len(rows) > row_count:
        more = len(rows) - row_count
        terminal.print(f"and {more:,} more: --rows {len(rows)} shows all, --format csv writes them")


def _cells(kpi: Kpi, row: Row, zone: ZoneInfo) -> tuple[str, ...]:
    when = row.happened_at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if row.happened_at else ""
    named = visible(row.source), visible(_short(row.place)), visible(row.person or "")
    return (*named, when, row.grade or "", _value(kpi, row))


def _short(place: str) -> str:
    is_hash = len(place) in HASH_LENGTH and all(sign in "0123456789abcdef" for sign in place)
    return place[:SHORT_HASH] if is_hash else place


def _value_name(kpi: Kpi) -> str:
    return {"ratio": "counts as", "half": "amount"}.get(kpi.kind, kpi.unit)


def _value(kpi: Kpi, row: Row) -> str:
    if kpi.kind == "ratio":
        return f"{row.numerator or 0:,} of {row.denominator or 0:,}"
    if row.value is None:
        return ""
    return tenths(row.value / kpi.unit_size) if kpi.unit in HOURS else f"{row.value:,}"


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
        terminal.print(Text("The published figure is the same.", style="green"))
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
