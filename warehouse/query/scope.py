"""Resolve projects, sources and periods; suggest the closest match."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.errors import QueryFailed
from warehouse.query.names import choose

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

ALL = "*"
QUARTER = re.compile(r"(\d{4})[- ]?[Qq]([1-4])")
YEAR = re.compile(r"\d{4}")
# A ledger is a source like a repository.
OWNED = """
    select project, source, repository_name from facts.project_repositories
    union all
    select project, source, ledgers.name
    from staging.ledger_projects
    inner join staging.ledgers using (source)
    order by all
"""
# Quarters with figures, and those in which a ledger has rows that are part of no KPI.
PERIODS = """
    with known as (
        select quarter, fiscal_year, quarter_starts_on as starts_on, is_complete
        from marts.kpi_quarterly
        where project = $1 and source = $2 and ($3 is null or kpi = $3)

        union all

        select
            quarters.quarter, quarters.fiscal_year, quarters.starts_on,
            looks.last_observed_at >= quarters.ends_at as is_complete
        from intermediate.ledger_days as days
        inner join staging.batches as looks using (source)
        inner join settings.quarters as quarters
            on
                days.named_on >= quarters.starts_on
                and days.named_on < quarters.ends_before
                and (days.is_reported or looks.last_observed_at >= quarters.starts_at)
        where $3 is null and ($1 = '*' or days.project in ($1, '*')) and $2 in ('*', days.source)
    )
    select quarter, fiscal_year, bool_and(is_complete) as is_complete
    from known
    group by quarter, fiscal_year, starts_on
    order by starts_on
"""


@dataclass(frozen=True)
class Scope:
    """The project and source of a query, * for all; known lists the existing projects."""

    project: str
    source: str
    known: tuple[str, ...]
    is_chosen: bool


@dataclass(frozen=True)
class KnownQuarter:
    """A quarter with figures."""

    quarter: str
    fiscal_year: int
    is_complete: bool


@dataclass(frozen=True)
class Period:
    """A quarter, or a year where the quarter is None."""

    fiscal_year: int
    quarter: str | None

    @property
    def name(self) -> str:
        return self.quarter or str(self.fiscal_year)


def period_before(period: Period) -> Period:
    """Return the quarter before a quarter, or the year before a year."""
    if period.quarter is None:
        return Period(period.fiscal_year - 1, None)
    number = int(period.quarter[-1])
    year = period.fiscal_year if number > 1 else period.fiscal_year - 1
    return Period(year, f"{year}-Q{number - 1 or 4}")


def year_before_of(period: Period) -> Period:
    """Return the same quarter of the year before, or the year before."""
    year = period.fiscal_year - 1
    return Period(year, period.quarter and f"{year}-{period.quarter[5:]}")


def choose_scope(
    connection: duckdb.DuckDBPyConnection, project: str | None, source: str | None
) -> Scope:
    """
    Resolve a project and a repository; by default the only project, else all.

    Errors:  QueryFailed for an unknown project or repository.
    """
    owned = connection.execute(OWNED).fetchall()
    known = tuple(dict.fromkeys(row[0] for row in owned))
    if project not in {None, ALL}:
        chosen = choose("project", project or "", known)
    else:
        chosen = known[0] if len(known) == 1 and project is None else ALL
    if source is None:
        return Scope(chosen, ALL, known, project is not None)
    return _of_repository(owned, chosen, source, known)


def known_quarters(
    connection: duckdb.DuckDBPyConnection, scope: Scope, kpi: str | None = None
) -> list[KnownQuarter]:
    """
    List the quarters with figures or, without a KPI, with rows of a ledger, oldest first.

    Errors:  QueryFailed where there are none.
    """
    rows = connection.execute(PERIODS, [scope.project, scope.source, kpi]).fetchall()
    if not rows:
        what = f"{kpi} of {_whose(scope)}" if kpi else _whose(scope)
        raise QueryFailed(
            f"there are no figures of {what} yet.",
            "Mine what it needs with `quarry run`; `quarry rules` explains what counts.",
        )
    return [KnownQuarter(*row) for row in rows]


def choose_period(text: str, quarters: Sequence[KnownQuarter], kpi: str = "") -> Period:
    """
    Parse a quarter or a fiscal year that has figures, or those of a KPI.

    Errors:  QueryFailed suggests the closest one.
    """
    if QUARTER.fullmatch(text):
        return _quarter(quarter_name(text), quarters, kpi)
    if YEAR.fullmatch(text):
        return Period(choose_year(text, quarters, kpi), None)
    raise QueryFailed(
        f"{text!r} is neither a quarter nor a year.",
        f"Write one such as {quarters[-1].quarter} or {quarters[-1].fiscal_year}.",
    )


def quarter_name(text: str, year: str = "") -> str:
    """Normalise the name of a quarter such as 2026q2, or q2 of a year; any other text stays."""
    if year and re.fullmatch("[Qq]?[1-4]", text):
        return f"{year}-Q{text[-1]}"
    quarter = QUARTER.fullmatch(text)
    return f"{quarter[1]}-Q{quarter[2]}" if quarter else text


def choose_year(text: str, quarters: Sequence[KnownQuarter], kpi: str = "") -> int:
    """
    Parse a fiscal year that has figures, or those of a KPI.

    Errors:  QueryFailed suggests the closest one.
    """
    years = sorted({quarter.fiscal_year for quarter in quarters})
    if not YEAR.fullmatch(text):
        raise QueryFailed(f"{text!r} is not a year.", f"Write one such as {years[-1]}.")
    if int(text) in years:
        return int(text)
    near = min(years, key=lambda year: abs(year - int(text)))
    raise QueryFailed(
        f"there are no figures of {_in(text, kpi)}.",
        f"The nearest with figures is {near}. There are: {', '.join(map(str, years))}.",
    )


def _in(period: str, kpi: str) -> str:
    return f"{kpi} in {period}" if kpi else period


def _quarter(name: str, quarters: Sequence[KnownQuarter], kpi: str) -> Period:
    by_name = {quarter.quarter: quarter for quarter in quarters}
    if name in by_name:
        return Period(by_name[name].fiscal_year, name)
    near = quarters[0] if name < quarters[0].quarter else quarters[-1]
    raise QueryFailed(
        f"there are no figures of {_in(name, kpi)}.",
        f"The nearest with figures is {near.quarter}: "
        f"there are {quarters[0].quarter} to {quarters[-1].quarter}.",
    )


def _of_repository(
    owned: Sequence[Sequence[str]], project: str, name: str, known: tuple[str, ...]
) -> Scope:
    mine = [row for row in owned if project in {ALL, row[0]}]
    short = {row[1] for row in mine if name in {row[2], row[1].rpartition("/")[2]}}
    source = short.pop() if len(short) == 1 else choose("source", name, {r[1] for r in mine})
    projects = sorted(row[0] for row in mine if row[1] == source)
    if len(projects) > 1:
        raise QueryFailed(
            f"{source} belongs to several projects.",
            f"Choose one with --project: {', '.join(projects)}.",
        )
    return Scope(projects[0], source, known, is_chosen=True)


def _whose(scope: Scope) -> str:
    if scope.source != ALL:
        return f"{scope.source} in {scope.project}"
    return "all projects" if scope.project == ALL else f"project {scope.project}"
