"""The figures of a report beside what the warehouse has."""

from __future__ import annotations

import shlex
from collections import defaultdict
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from warehouse.query.figures import read_kpis
from warehouse.query.query import open_for_queries
from warehouse.query.scope import ALL, Scope, choose_scope
from warehouse.reconcile.findings import Finding, Report, State, place_of
from warehouse.reconcile.kpi_aliases import meanings
from warehouse.reconcile.parse.intervals import exactly, explained_by, written
from warehouse.reconcile.parse.numbers import unit_in
from warehouse.reconcile.parse.periods import period_in
from warehouse.reconcile.parse.statements import is_summary
from warehouse.reconcile.parse.units import MEASURED
from warehouse.reconcile.parse.vocabulary import names
from warehouse.reconcile.published_figures import Published
from warehouse.report.format.style import Style

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    import duckdb

    from warehouse.query.figures import Figure, Kpi
    from warehouse.reconcile.findings import Place
    from warehouse.reconcile.parse.document import Document
    from warehouse.reconcile.parse.statements import Name, Statement

USUAL = Style()
_HUNDRED = 100
_HOURS = {"h": 1, "d": 24}
_KPI_HOURS = {"hours": 1, "days": 24}
_DIGITS = 9  # of a double that are worth something
PROJECTS = """
    select project, unnest([project, title, title_ko]) as name
    from settings.projects
    union
    select project, project as name from facts.project_repositories
"""


@dataclass(frozen=True)
class Warehouse:
    """What of the warehouse a report can be compared with."""

    scope: Scope
    meanings: Mapping[Name, Kpi]
    projects: Mapping[Name, str]
    published: Published


def beside_warehouse(
    report: Report, warehouse: Path, project: str | None, style: Style = USUAL
) -> Report:
    """
    Add to a report where its figures differ from the warehouse's, and where they agree.

    Shape:   what names no project is of the chosen one, by default the only one or all together;
             the warehouse's figures are formed as the style of the house says.
    Errors:  WarehouseMissing; QueryFailed for a project that there is not.
    """
    with open_for_queries(warehouse) as connection:
        read = _read(connection, project, style)
        compared = _compare(report, read)
    return replace(
        report,
        findings=tuple(_merged(report.findings, compared)),
        scope=read.scope,
        compared_count=len(compared),
    )


def _compare(report: Report, read: Warehouse) -> dict[Place, Finding]:
    compared: dict[Place, Finding] = {}
    unknown = _unknown_projects(report.reading.document, read.projects)
    for one in report.reading.statements:
        found = None if id(one.section) in unknown else _compared(one, read)
        if found:
            compared.setdefault(place_of(one.figure), found)
    return compared


def _read(connection: duckdb.DuckDBPyConnection, project: str | None, style: Style) -> Warehouse:
    kpis = tuple(read_kpis(connection))
    return Warehouse(
        choose_scope(connection, project, None),
        meanings(kpis),
        _projects(connection.execute(PROJECTS).fetchall()),
        Published(connection, kpis, style),
    )


def _projects(rows: Iterable[tuple[str, str | None]]) -> dict[Name, str]:
    """Say which project each name means; one that could mean several means none."""
    found: dict[Name, set[str]] = defaultdict(set)
    for project, said in rows:
        for name in names(said or ""):
            found[name].add(project)
    return {name: next(iter(known)) for name, known in found.items() if len(known) == 1}


def _unknown_projects(document: Document, projects: Mapping[Name, str]) -> set[int]:
    """Find what stands under a heading beside those of projects, and is of none that is known."""
    found: set[int] = set()
    for section in document.sections:
        beside = [one for one in document.sections if one.parent is section.parent]
        named = [one for one in beside if any(name in projects for name in names(one.title))]
        is_of_all = is_summary(section, document.title) or period_in(section.title) is not None
        is_below = section.parent is not None and id(section.parent) in found
        if is_below or (named and section not in named and not is_of_all):
            found.add(id(section))
    return found


def _merged(findings: Iterable[Finding], compared: Mapping[Place, Finding]) -> Iterator[Finding]:
    """Put what the warehouse says beside what the report says of itself."""
    told: set[Place] = set()
    for one in findings:
        place = place_of(one.figure)
        beside = compared.get(place)
        if beside is None or place in told:
            yield one
            continue
        told.add(place)
        if one.state is State.CONTRADICTS:
            yield one
            yield from [beside] if beside.state is State.DIFFERS else []
        elif beside.state is State.DIFFERS or one.state is State.NOT_CHECKED:
            yield replace(beside, title=one.title)
        else:
            yield one


def _compared(one: Statement, read: Warehouse) -> Finding | None:
    kpi, project = _meant(one, read)
    if not kpi or not project or not one.period.year:
        return None
    year, part = one.period.year, one.period.part
    period = f"{year}-{part}" if part else str(year)
    known = read.published.find(kpi.kpi, project, year, part)
    value = _value(one, kpi, known) if known else None
    if known is None or value is None:
        return None
    ways = explained_by(one.figure, exactly(value))
    is_same = bool(ways) and one.figure.over in {None, known.denominator}
    said = written(one.figure, value)
    if one.figure.over:
        said = f"{known.numerator}/{known.denominator}"
    whose = "" if project == ALL else f" --project {shlex.quote(project)}"
    return Finding(
        one.figure,
        one.title,
        (State.AGREES if is_same else State.DIFFERS),
        one.figure.text,
        said,
        "warehouse",
        period if project == ALL else f"{period}, {project}",
        kpi=kpi,
        command=f"quarry explain {kpi.kpi} {period}{whose}",
    )


def _meant(one: Statement, read: Warehouse) -> tuple[Kpi | None, str | None]:
    """Find the KPI and the project that a statement is of: both are named by it or above it."""
    own = next((read.meanings[name] for name in one.names if name in read.meanings), None)
    above = next((read.meanings[name] for name in one.of if name in read.meanings), None)
    projects = [read.projects[name] for name in (*one.names, *one.of) if name in read.projects]
    headed = [name for title in reversed(one.section.path) for name in names(title)]
    projects += [read.projects[name] for name in headed if name in read.projects]
    if own and not one.of:
        return own, projects[0] if projects else read.scope.project
    return own or above, projects[0] if projects else None


def _value(one: Statement, kpi: Kpi, known: Figure) -> Fraction | None:
    """Put what the warehouse has in the unit of a figure; None where it measures another thing."""
    figure, value = one.figure, round(Fraction(known.value or 0), _DIGITS)
    unit = figure.unit or unit_in(one.title)
    if kpi.unit == "ratio":
        if figure.over:
            return None if known.numerator is None else Fraction(known.numerator)
        return value * _HUNDRED if unit == "%" else None
    if figure.over:
        return None
    if kpi.unit in _KPI_HOURS:
        return value * _KPI_HOURS[kpi.unit] / _HOURS[unit] if unit in _HOURS else None
    return None if unit in MEASURED or figure.is_signed else value
