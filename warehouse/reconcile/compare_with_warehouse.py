"""Compare the figures of a report with the warehouse."""

from __future__ import annotations

import shlex
from collections import defaultdict
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from warehouse.query.figures import read_kpis
from warehouse.query.query import open_for_queries
from warehouse.query.scope import ALL, Scope, choose_scope
from warehouse.reconcile.findings import FigureResult, Reconciliation, State, place_of
from warehouse.reconcile.kpi_aliases import kpis_by_name
from warehouse.reconcile.parse.intervals import exactly, explained_by, written
from warehouse.reconcile.parse.numbers import unit_in
from warehouse.reconcile.parse.periods import period_in
from warehouse.reconcile.parse.statements import is_summary
from warehouse.reconcile.parse.units import MEASURED
from warehouse.reconcile.parse.vocabulary import names
from warehouse.reconcile.published_figures import PublishedFigures
from warehouse.report.format.style import Style

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    import duckdb

    from warehouse.query.figures import Figure, Kpi
    from warehouse.reconcile.findings import Place
    from warehouse.reconcile.parse.document import ParsedDocument
    from warehouse.reconcile.parse.statements import Name, Statement

DEFAULT_STYLE = Style()
_HUNDRED = 100
_HOURS = {"h": 1, "d": 24}
_KPI_HOURS = {"hours": 1, "days": 24}
_DIGITS = 9  # significant digits of a double
PROJECTS = """
    select project, unnest([project, title, title_ko]) as name
    from settings.projects
    union
    select project, project as name from facts.project_repositories
"""


@dataclass(frozen=True)
class WarehouseFigures:
    """The KPIs, projects and published figures of a warehouse."""

    scope: Scope
    kpis_by_name: Mapping[Name, Kpi]
    projects: Mapping[Name, str]
    published: PublishedFigures


def compare_with_warehouse(
    reconciliation: Reconciliation,
    warehouse: Path,
    project: str | None,
    style: Style = DEFAULT_STYLE,
) -> Reconciliation:
    """
    Add the agreements with and the differences to the warehouse to a reconciliation.

    Shape:   figures that name no project belong to the chosen one, by default the only one or
             all; the custom report settings apply to the warehouse's figures.
    Errors:  WarehouseMissing; QueryFailed for an unknown project.
    """
    with open_for_queries(warehouse) as connection:
        figures = _read(connection, project, style)
        compared = _compare(reconciliation, figures)
    return replace(
        reconciliation,
        results=tuple(_merged(reconciliation.results, compared)),
        scope=figures.scope,
        compared_count=len(compared),
    )


def _compare(
    reconciliation: Reconciliation, figures: WarehouseFigures
) -> dict[Place, FigureResult]:
    compared: dict[Place, FigureResult] = {}
    unknown = _unknown_projects(reconciliation.report.document, figures.projects)
    for statement in reconciliation.report.statements:
        result = None if id(statement.section) in unknown else _result_of(statement, figures)
        if result:
            compared.setdefault(place_of(statement.figure), result)
    return compared


def _read(
    connection: duckdb.DuckDBPyConnection, project: str | None, style: Style
) -> WarehouseFigures:
    kpis = tuple(read_kpis(connection))
    return WarehouseFigures(
        choose_scope(connection, project, None),
        kpis_by_name(kpis),
        _projects(connection.execute(PROJECTS).fetchall()),
        PublishedFigures(connection, style),
    )


def _projects(rows: Iterable[tuple[str, str | None]]) -> dict[Name, str]:
    """Return the project of each name; a name of several projects is omitted."""
    candidates: dict[Name, set[str]] = defaultdict(set)
    for project, text in rows:
        for name in names(text or ""):
            candidates[name].add(project)
    return {
        name: next(iter(projects)) for name, projects in candidates.items() if len(projects) == 1
    }


def _unknown_projects(document: ParsedDocument, projects: Mapping[Name, str]) -> set[int]:
    """Return the sections of unknown projects: siblings of the sections of known ones."""
    unknown: set[int] = set()
    for section in document.sections:
        siblings = [sibling for sibling in document.sections if sibling.parent is section.parent]
        named = [
            sibling
            for sibling in siblings
            if any(name in projects for name in names(sibling.title))
        ]
        is_of_all = is_summary(section, document.title) or period_in(section.title) is not None
        is_below = section.parent is not None and id(section.parent) in unknown
        if is_below or (named and section not in named and not is_of_all):
            unknown.add(id(section))
    return unknown


def _merged(
    results: Iterable[FigureResult], compared: Mapping[Place, FigureResult]
) -> Iterator[FigureResult]:
    """Yield the results of the report, merged with those of the warehouse."""
    merged: set[Place] = set()
    for result in results:
        place = place_of(result.figure)
        compared_result = compared.get(place)
        if compared_result is None or place in merged:
            yield result
            continue
        merged.add(place)
        if result.state is State.CONTRADICTS:
            yield result
            yield from [compared_result] if compared_result.state is State.DIFFERS else []
        elif compared_result.state is State.DIFFERS or result.state is State.NOT_CHECKED:
            yield replace(compared_result, title=result.title)
        else:
            yield result


def _result_of(statement: Statement, figures: WarehouseFigures) -> FigureResult | None:
    kpi, project = _kpi_and_project(statement, figures)
    if not kpi or not project or not statement.period.year:
        return None
    year, part = statement.period.year, statement.period.part
    period = f"{year}-{part}" if part else str(year)
    figure = figures.published.find(kpi.kpi, project, year, part)
    value = _value(statement, kpi, figure) if figure else None
    if figure is None or value is None:
        return None
    roundings = explained_by(statement.figure, exactly(value))
    is_same = bool(roundings) and statement.figure.over in {None, figure.denominator}
    expected = written(statement.figure, value)
    if statement.figure.over:
        expected = f"{figure.numerator}/{figure.denominator}"
    project_option = "" if project == ALL else f" --project {shlex.quote(project)}"
    return FigureResult(
        figure=statement.figure,
        title=statement.title,
        state=(State.AGREES if is_same else State.DIFFERS),
        says=statement.figure.text,
        should_be=expected,
        rule="warehouse",
        working=period if project == ALL else f"{period}, {project}",
        kpi=kpi,
        command=f"quarry explain {kpi.kpi} {period}{project_option}",
    )


def _kpi_and_project(
    statement: Statement, figures: WarehouseFigures
) -> tuple[Kpi | None, str | None]:
    """Return the KPI and project of a statement, from its own names or those above it."""
    kpis, known_projects = figures.kpis_by_name, figures.projects
    own = next((kpis[name] for name in statement.names if name in kpis), None)
    above = next((kpis[name] for name in statement.of if name in kpis), None)
    of_headings = [name for title in reversed(statement.section.path) for name in names(title)]
    project_names = (*statement.names, *statement.of, *of_headings)
    projects = [known_projects[name] for name in project_names if name in known_projects]
    if own and not statement.of:
        return own, projects[0] if projects else figures.scope.project
    return own or above, projects[0] if projects else None


def _value(statement: Statement, kpi: Kpi, published: Figure) -> Fraction | None:
    """Return a published figure in the unit of a statement; None where units do not fit."""
    figure, value = statement.figure, round(Fraction(published.value or 0), _DIGITS)
    unit = figure.unit or unit_in(statement.title)
    if kpi.unit == "ratio":
        if figure.over:
            return None if published.numerator is None else Fraction(published.numerator)
        return value * _HUNDRED if unit == "%" else None
    if figure.over:
        return None
    if kpi.unit in _KPI_HOURS:
        return value * _KPI_HOURS[kpi.unit] / _HOURS[unit] if unit in _HOURS else None
    return None if unit in MEASURED or figure.is_signed else value
