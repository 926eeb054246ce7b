"""quarry explain: a figure's definition, SQL, rows and recalculation."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.console import (
    console,
    output,
    print_facts,
    print_line,
    print_paragraph,
    print_scope_hint,
    scope_title,
)
from flows.cli.options import (
    TABLE,
    Config,
    Format,
    Home,
    Project,
    Rows,
    Source,
    StyleFile,
    leave,
    workspace_of,
)
from flows.cli.tables import figure, new_table, print_rows, ratio, restatements_table
from warehouse.build.schemas import KPIS
from warehouse.query.formats import visible
from warehouse.sql import sql_files, sql_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from warehouse.query.environments import UncountedEnvironment
    from warehouse.query.evidence import EvidenceRow, Explanation
    from warehouse.query.figures import Figure, Kpi

_SHOWN_ENVIRONMENTS = 10


def explain(
    kpi: Annotated[str, typer.Argument(help="Such as lead_time; `quarry kpi` lists all")],
    period: Annotated[
        str | None,
        typer.Argument(
            help="Quarter such as 2026-Q2, or fiscal year. Default: the newest quarter with rows"
        ),
    ] = None,
    *,
    project: Project = None,
    source: Source = None,
    rows: Rows = 20,
    sql: Annotated[bool, typer.Option("--sql/--no-sql", help="Show the SQL")] = True,
    output_format: Format = TABLE,
    style: StyleFile = None,
    home: Home = None,
    config: Config = None,
) -> None:
    """
    Show a figure's definition, SQL, rows and recalculation.

    Counted and excluded rows are shown, with the reason of each. Where the report settings
    show another figure, that is printed too, with the reason.
    csv, json and parquet have all rows, as in figures.kpi_evidence.
    """
    from flows.settings.report_style import style_of
    from warehouse.query.evidence import EvidenceRequest, read_explanation, write_evidence_rows
    from warehouse.report.format.style import Formatter
    from warehouse.report.styled_figures import shown_in_reports

    workspace = workspace_of(config, home)
    warehouse, formatter = workspace.warehouse, Formatter(style=style_of(workspace.base, style))
    request = EvidenceRequest(kpi, period, project, source)
    if output_format != TABLE:
        write_evidence_rows(warehouse, request, output_format, output(output_format))
        leave(0)  # as after a query
    explanation = read_explanation(warehouse, request)
    shown = shown_in_reports(warehouse, explanation, formatter)
    is_right = _print_explanation(console(), explanation, shown, rows, has_sql=sql)
    raise typer.Exit(0 if is_right else 1)


def _print_explanation(
    terminal: Console, explanation: Explanation, shown: str, row_count: int, *, has_sql: bool
) -> bool:
    """Print all sections; return whether the rows give the published figure."""
    from warehouse.query.evidence import COUNTED

    _print_definition(terminal, explanation.kpi)
    _print_figure(terminal, explanation)
    if shown:
        print_paragraph(terminal, visible(shown))
    if has_sql:
        _print_sql(terminal, explanation.kpi)
    _print_counted(
        terminal, explanation, [r for r in explanation.rows if r.reason == COUNTED], row_count
    )
    _print_excluded(terminal, explanation, [r for r in explanation.rows if r.reason != COUNTED])
    _print_environments(terminal, explanation.uncounted_environments)
    is_right = _print_recalculation(terminal, explanation)
    if explanation.restatements:
        _print_heading(terminal, "Restated since it was sealed")
        terminal.print(restatements_table(explanation.restatements, explanation.kpi.unit))
    print_scope_hint(terminal, explanation.scope)
    return is_right


def _print_heading(terminal: Console, text: str) -> None:
    terminal.print()
    print_line(terminal, (visible(text), "bold"))


def _print_definition(terminal: Console, kpi: Kpi) -> None:
    span = "at the end of a quarter" if kpi.span == "quarter_end" else "over a quarter"
    kind = kpi.kind if kpi.kind == "ratio" else f"{kpi.kind}, in {kpi.unit}"
    better = "neither way is better" if kpi.better == "neither" else f"{kpi.better} is better"
    titles = " / ".join((f"{kpi.title} ({kpi.kpi})", *kpi.titles[1:]))
    print_paragraph(terminal, (titles, "bold"))
    print_paragraph(terminal, kpi.answers)
    facts = {"Judgement": kpi.judgement, "Bias": kpi.known_bias}
    facts |= {"Kind": f"{kind}; {span}; {better}", "Version": str(kpi.version)}
    print_facts(terminal, facts)


def _print_figure(terminal: Console, explanation: Explanation) -> None:
    _print_heading(terminal, f"{explanation.period.name}, {scope_title(explanation.scope)}")
    published, unit = explanation.figure, explanation.kpi.unit
    if published is None:
        print_paragraph(terminal, "No figure: nothing was mined for this period.")
        return
    states = ["sealed"] if published.is_sealed else []
    states += [] if published.is_complete or states else ["so far"]
    state = f" ({', '.join(states)})" if states else ""
    value = figure(published.value, unit)
    print_paragraph(terminal, (value, "bold"), f"{state}: {_details(published, unit)}")
    if not explanation.period.quarter and explanation.kpi.span == "quarter_end":
        last = explanation.quarters[0]
        print_paragraph(terminal, f"As of a quarter's end: the year has the figure of {last}.")
    sealed = ", ".join(sorted({row.quarter for row in explanation.rows if row.is_sealed}))
    if sealed:
        print_paragraph(terminal, f"The rows of {sealed} are sealed and never change.")
    if published.is_restated:
        now = figure(published.value_now, unit)
        print_paragraph(terminal, f"Restated since: {now} with the data known now.")


def _details(published: Figure, unit: str) -> str:
    details = f"{published.n:,} counted, {published.left_out_count:,} excluded"
    if published.coverage_ratio is not None and published.coverage_ratio < 1:
        details += f", coverage {ratio(published.coverage_ratio)}"
    if published.min_value is not None:
        low, high = figure(published.min_value, unit), figure(published.max_value, unit)
        details += f", from {low} to {high}"
    if published.target is not None:
        status = (published.target_status or "").replace("_", " ")
        details += f"; target {figure(published.target, unit)}: {status}"
    return details


def _print_sql(terminal: Console, kpi: Kpi) -> None:
    folder = sql_folder()
    path = next(path for path in sql_files(folder, KPIS) if path.stem == kpi.kpi)
    _print_heading(terminal, f"SQL: sql/{path.relative_to(folder).as_posix()}")
    print_line(terminal, (_without_header(path.read_text("utf-8")), "cyan"))


def _without_header(sql: str) -> str:
    """Return SQL without the comment at its top, which the definition has."""
    lines = sql.rstrip().splitlines()
    while lines and lines[0].startswith("--"):
        lines.pop(0)
    return "\n".join(lines)


def _print_counted(
    terminal: Console, explanation: Explanation, rows: Sequence[EvidenceRow], row_count: int
) -> None:
    _print_heading(terminal, f"Counted rows: {len(rows):,}")
    if rows and row_count:
        print_rows(terminal, explanation, rows[:row_count])
    if len(rows) > row_count:
        more = f"and {len(rows) - row_count:,} more" if row_count else "None shown"
        all_rows = f"--rows {len(rows)} shows all, --format csv writes all"
        print_paragraph(terminal, f"{more}: {all_rows}")


def _print_excluded(
    terminal: Console, explanation: Explanation, rows: Sequence[EvidenceRow]
) -> None:
    _print_heading(terminal, f"Excluded rows: {len(rows):,}")
    if not rows:
        return
    table = new_table()
    table.add_column("rows", justify="right")
    table.add_column("reason", no_wrap=True)
    table.add_column("meaning")
    for reason, count in Counter(row.reason for row in rows).most_common():
        meaning, is_gap = explanation.meanings.get(reason, ("", False))
        more = " (should count, but data is missing)" if is_gap else ""
        table.add_row(f"{count:,}", reason, f"{meaning}{more}")
    terminal.print(table)


def _print_environments(terminal: Console, environments: Sequence[UncountedEnvironment]) -> None:
    if not environments:
        return
    _print_heading(terminal, f"Environments that do not count: {len(environments):,}")
    table = new_table()
    table.add_column("deployments", justify="right")
    table.add_column("environment")
    table.add_column("project")
    for environment in environments[:_SHOWN_ENVIRONMENTS]:
        names = (visible(environment.environment), visible(environment.project))
        table.add_row(f"{environment.deployment_count:,}", *names)
    terminal.print(table)
    if len(environments) > _SHOWN_ENVIRONMENTS:
        more = len(environments) - _SHOWN_ENVIRONMENTS
        print_paragraph(terminal, f"and {more:,} more: facts.project_environments has all")
    print_paragraph(terminal, "Set environments under [rules] if deployments to one of them count.")


def _print_recalculation(terminal: Console, explanation: Explanation) -> bool:
    from warehouse.query.recalculate import is_same_figure, recalculate

    _print_heading(terminal, "Recalculated from the rows")
    recalculated = recalculate(explanation.kpi, explanation.rows)
    print_paragraph(terminal, visible(recalculated.text))
    published = explanation.figure
    if published is None:
        return True
    is_right = is_same_figure(recalculated.value, published.value)
    if is_right:
        value = figure(published.value, explanation.kpi.unit)
        print_paragraph(terminal, (f"The published figure is the same: {value}.", "green"))
    else:
        mismatch = (
            f"MISMATCH: published {published.value}, recalculated {recalculated.value}. This is a "
            "bug. Rebuild with `quarry replay`, and report it if it remains."
        )
        print_line(terminal, (mismatch, "bold red"))
    return is_right
