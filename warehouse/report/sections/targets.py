"""Section on targets, custom goals, and goals of the next year."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from warehouse.query.scope import ALL
from warehouse.report.blocks import Cell, Column, Heading, ReportTable, TableRow
from warehouse.report.figure_status import STATUSES, TONES, figure_cell
from warehouse.report.format.language import in_words
from warehouse.report.format.names import project_title
from warehouse.report.format.numbers import custom_unit
from warehouse.report.period_columns import period_columns
from warehouse.report.sections.dashboard import wanted_kpis
from warehouse.report.sections.definitions import BETTER
from warehouse.report.styled import styled_targets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from warehouse.query.figures import Kpi
    from warehouse.report.blocks import Block
    from warehouse.report.format.style import Formatter
    from warehouse.report.queries.breakdowns import TargetResult
    from warehouse.report.queries.goals import Goal, MeasuredGoal
    from warehouse.report.queries.report_data import ReportData


def targets(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Yield tables of the targets of KPIs, the custom goals, and the goals of the next year."""
    yield from _targets(data, formatter)
    yield from _custom_goals(data, formatter)
    yield from _next(data, formatter)


def _targets(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Yield a table of targets and results, with the day until which a miss is accepted."""
    kpis = {kpi.kpi: kpi for kpi in wanted_kpis(data.kpis, formatter)}
    rows: dict[tuple[str, str], dict[str, TargetResult]] = {}
    for result in styled_targets(data, formatter):
        if result.kpi in kpis:
            rows.setdefault((result.kpi, result.project), {})[result.period] = result
    if not rows:
        return
    of_targets = (period for results in rows.values() for period in results)
    periods = tuple(dict.fromkeys((*data.year.periods, *of_targets)))
    yield ReportTable(
        name="targets",
        caption=formatter.text("Targets and results"),
        columns=(
            Column(formatter.text("KPI"), kind="text"),
            Column(formatter.text("Project"), kind="text"),
            Column(formatter.text("Target")),
            *period_columns(periods, data, formatter),
            Column(formatter.text("Accepted until")),
        ),
        rows=tuple(
            _target_row(kpis[kpi], results, periods, formatter)
            for (kpi, _), results in rows.items()
        ),
    )


def _target_row(
    kpi: Kpi, results: Mapping[str, TargetResult], periods: Sequence[str], formatter: Formatter
) -> TableRow:
    numbers = formatter.numbers(kpi)
    newest = list(results.values())[-1]
    project = formatter.language.pick(newest.title, newest.title_ko)
    return TableRow(
        (
            Cell(text=formatter.title(kpi)),
            Cell(text=formatter.text("all projects") if newest.project == ALL else project),
            figure_cell(newest.target, kpi.unit, numbers),
            *(
                _result_cell(kpi, results.get(period), newest.target, formatter)
                for period in periods
            ),
            _day_cell(newest, formatter),
        )
    )


def _result_cell(
    kpi: Kpi, result: TargetResult | None, target_of_row: float, formatter: Formatter
) -> Cell:
    """Return the cell of a result, with its target where it differs from that of the row."""
    if result is None:
        return Cell(text="")
    numbers = formatter.numbers(kpi)
    if result.value is None:
        return Cell(text=numbers.no_data, tone="quiet")
    status = formatter.text(STATUSES[result.status])
    other_target = (
        "" if result.target == target_of_row else f" {numbers.figure(result.target, kpi.unit)}"
    )
    return replace(
        figure_cell(result.value, kpi.unit, numbers),
        status=f"{status}{other_target}",
        tone=TONES.get(result.status, ""),
    )


def _day_cell(goal: TargetResult | Goal, formatter: Formatter) -> Cell:
    day = goal.accepted_until
    return Cell(text="" if day is None else formatter.language.day(day), value=day, unit="day")


def _custom_goals(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Yield a table of the custom goals and their measurements; not measured is not missed."""
    goals = data.goals.custom
    if not goals:
        return
    yield Heading(formatter.text("Custom goals"))
    columns = *_columns(formatter), Column(formatter.text("Measured"))
    rows = [
        (*_goal_cells(goal, data, formatter), _measurement_cell(goal, data, formatter))
        for goal in goals
    ]
    yield _table(
        "own_targets",
        formatter.text("Custom goals with measurements"),
        columns,
        rows,
        goals=goals,
        formatter=formatter,
    )


def _columns(formatter: Formatter) -> Iterator[Column]:
    """Yield the columns of a goal: title, project, period, target and direction."""
    for text in (formatter.text("Goal"), formatter.text("Project"), formatter.text("Period")):
        yield Column(text, kind="text")
    yield Column(formatter.text("Target"))
    yield Column(formatter.text("Direction"), kind="text")


def _table(
    name: str,
    caption: str,
    columns: tuple[Column, ...],
    rows: Sequence[tuple[Cell, ...]],
    *,
    goals: Sequence[Goal],
    formatter: Formatter,
) -> ReportTable:
    """Return a table of goals, with the day until which a miss is accepted where any has one."""
    if not any(goal.accepted_until for goal in goals):
        return ReportTable(
            name=name,
            caption=caption,
            columns=columns,
            rows=tuple(TableRow(cells) for cells in rows),
        )
    columns = *columns, Column(formatter.text("Accepted until"))
    with_days = zip(rows, goals, strict=True)
    return ReportTable(
        name=name,
        caption=caption,
        columns=columns,
        rows=tuple(TableRow((*cells, _day_cell(goal, formatter))) for cells, goal in with_days),
    )


def _goal_cells(goal: Goal, data: ReportData, formatter: Formatter) -> tuple[Cell, ...]:
    """Return the cells of a custom goal."""
    title = goal.title or in_words(goal.kpi)
    return (
        Cell(text=formatter.language.pick(title, goal.title_ko)),
        Cell(text=_project_name(goal.project, data, formatter)),
        Cell(text=formatter.language.period(goal.period)),
        Cell(
            text=formatter.plain_numbers.measure(goal.target, goal.unit),
            value=goal.target,
            unit=custom_unit(goal.unit),
        ),
        Cell(text=_direction(goal, formatter)),
    )


def _direction(goal: Goal, formatter: Formatter) -> str:
    return formatter.text(BETTER[goal.better]) if goal.better else ""


def _project_name(project: str | None, data: ReportData, formatter: Formatter) -> str:
    if project is None or project == ALL:
        return formatter.text("all projects")
    return project_title(project, data, formatter)


def _measurement_cell(goal: MeasuredGoal, data: ReportData, formatter: Formatter) -> Cell:
    if goal.value is None:
        return Cell(text=formatter.text("not measured"), tone="quiet")
    project = goal.measured_in
    is_named = project is not None and project not in data.ledger.unnamed
    return Cell(
        text=formatter.plain_numbers.measure(goal.value, goal.unit),
        value=goal.value,
        unit=custom_unit(goal.unit),
        note=project_title(project, data, formatter) if project and is_named else "",
        status=formatter.text(STATUSES[goal.status]) if goal.status in TONES else "",
        tone=TONES.get(goal.status, ""),
    )


def _next(data: ReportData, formatter: Formatter) -> Iterator[Block]:
    """Yield a table of the goals of the next year."""
    kpis = {kpi.kpi: kpi for kpi in wanted_kpis(data.kpis, formatter)}
    targets = [goal for goal in data.goals.next_targets if goal.kpi in kpis]
    rows = [
        *(_target_cells(goal, kpis[goal.kpi], data, formatter) for goal in targets),
        *(_goal_cells(goal, data, formatter) for goal in data.goals.next_custom),
    ]
    if not rows:
        return
    yield Heading(formatter.text("Goals for the next year"))
    year = formatter.language.year(data.period.fiscal_year + 1)
    caption = formatter.text("Goals for {year}", year=year)
    goals = (*targets, *data.goals.next_custom)
    yield _table(
        "next_targets", caption, tuple(_columns(formatter)), rows, goals=goals, formatter=formatter
    )


def _target_cells(goal: Goal, kpi: Kpi, data: ReportData, formatter: Formatter) -> tuple[Cell, ...]:
    """Return the cells of a target of a KPI, in the columns of a goal."""
    return (
        Cell(text=formatter.title(kpi)),
        Cell(
            text=formatter.text("each project")
            if goal.project is None
            else _project_name(goal.project, data, formatter)
        ),
        Cell(text=formatter.language.period(goal.period)),
        Cell(
            text=formatter.numbers(kpi).figure(goal.target, kpi.unit),
            value=goal.target,
            unit=kpi.unit,
        ),
        Cell(text=_direction(goal, formatter)),
    )
