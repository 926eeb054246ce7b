"""Compare figures with other systems' definitions over the same rows."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from warehouse.errors import QueryFailed
from warehouse.query.formats import either
from warehouse.query.preset_entries import preset_entries
from warehouse.query.query import fetch_as, open_for_queries, require_format, write_result
from warehouse.query.scope import (
    ALL,
    KnownQuarter,
    Period,
    Scope,
    choose_period,
    choose_scope,
    known_quarters,
)
from warehouse.sql import sql_folder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import duckdb

# A preset returns rows of a repository, or of a whole project (*); the kind of the metric says
# how rows become a figure, and without_rows what the figure is where there are none.
COMPARED = """
    with measured as (
        {rows}
    ),
    metrics as (
        select unnest($5, recursive := true)
    ),
    theirs as (
        select
            measured.metric,
            measured.project,
            measured.source,
            measured.quarter,
            count(*) as n,
            case any_value(metrics.kind)
                when 'count' then count(*)
                when 'sum' then sum(measured.value)
                when 'mean' then avg(measured.value)
                when 'median' then median(measured.value)
                when 'lower median' then quantile_disc(measured.value, 0.5)
            end as value
        from measured
        inner join metrics on measured.metric = metrics.name
        group by measured.metric, measured.project, measured.source, measured.quarter
    )
    select
        ours.project,
        ours.source,
        ours.quarter,
        ours.kpi,
        kpis.title,
        kpis.unit,
        ours.value as our_value,
        ours.n as our_n,
        metrics.metric,
        round(coalesce(theirs.value, metrics.without_rows) / kpis.unit_size, 6) as their_value,
        coalesce(theirs.n, 0) as their_n,
        round(their_value - ours.value, 6) as difference,
        metrics.definition,
        metrics.why
    from metrics
    inner join marts.dim_kpis as kpis on metrics.kpi = kpis.kpi
    inner join marts.kpi_quarterly as ours on metrics.kpi = ours.kpi
    left join theirs
        on
            metrics.name = theirs.metric
            and ours.project = theirs.project
            and ours.source = theirs.source
            and ours.quarter = theirs.quarter
    where
        ours.project = coalesce($1, nullif(ours.project, '*'))
        and ours.source = $2
        and ours.fiscal_year = $3
        and ours.quarter = coalesce($4, ours.quarter)
    order by ours.project, kpis.position, ours.kpi, metrics.position, ours.quarter_starts_on
"""


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A metric of another system, its KPI, and how its rows become a figure."""

    name: str
    position: int
    kpi: str
    metric: str
    kind: str
    without_rows: int | None
    definition: str
    why: str


@dataclass(frozen=True)
class Preset:
    """Another system, and which of its versions: its metrics, and the select of their rows."""

    title: str
    imitates: str
    metrics: tuple[Metric, ...]
    rows: str


@dataclass(frozen=True, kw_only=True)
class ComparedFigure:
    """
    A KPI in a quarter by Quarry's and by another system's definition; None is no data.

    Units:   values and their difference are in the KPI's unit.
    """

    project: str
    source: str
    quarter: str
    kpi: str
    title: str
    unit: str
    our_value: float | None
    our_n: int
    metric: str
    their_value: float | None
    their_n: int
    difference: float | None
    definition: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The figures of a preset in a quarter, or in each quarter of a year."""

    title: str
    imitates: str
    scope: Scope
    period: Period
    rows: tuple[ComparedFigure, ...]


@dataclass(frozen=True)
class ComparisonRequest:
    """A comparison as a user names it; None selects the default."""

    preset: str | None
    period: str | None = None
    project: str | None = None
    source: str | None = None


def presets(folder: Path | None = None) -> dict[str, Preset]:
    """Return the presets by name."""
    sql = folder or sql_folder()
    entries = preset_entries(sql)
    return {name: _preset(sql / "presets" / name, entry) for name, entry in entries.items()}


def compare(warehouse: Path, request: ComparisonRequest) -> Comparison:
    """
    Compare figures with a preset's; by default in the newest complete quarter.

    Errors:  WarehouseMissing; QueryFailed for an unknown name or period.
    """
    preset = _chosen(request.preset)
    with open_for_queries(warehouse) as connection:
        scope, period = _resolve(connection, request)
        parameters = _parameters(preset, scope, period)
        rows = fetch_as(ComparedFigure, connection, _sql(preset), parameters)
        return Comparison(
            title=preset.title,
            imitates=preset.imitates,
            scope=scope,
            period=period,
            rows=tuple(rows),
        )


def write_comparison(
    warehouse: Path,
    request: ComparisonRequest,
    format: str,  # noqa: A002 - its name on the command line
    out: BinaryIO,
) -> None:
    """
    Write the comparison in a format.

    Errors:  those of compare; QueryFailed for an unknown format.
    """
    require_format(format)
    preset = _chosen(request.preset)
    with open_for_queries(warehouse) as connection:
        scope, period = _resolve(connection, request)
        write_result(connection, _sql(preset), format, out, _parameters(preset, scope, period))


def _preset(folder: Path, entry: Mapping[str, Any]) -> Preset:
    metrics = (
        Metric(**{"name": name, "position": position, "kpi": name, "without_rows": None, **facts})
        for position, (name, facts) in enumerate(entry["metrics"].items())
    )
    selects = (f"(\n{path.read_text('utf-8')})" for path in sorted(folder.glob("*.sql")))
    rows = "\nunion all by name\n".join(selects)
    return Preset(entry["name"], entry["imitates"], tuple(metrics), rows)


def _chosen(name: str | None) -> Preset:
    known = presets()
    if name is None or name.lower() not in known:
        problem = "missing" if name is None else f"unknown value {name!r}"
        raise QueryFailed(f"--preset: {problem}.", f"Use {either(tuple(known))}.")
    return known[name.lower()]


def _resolve(
    connection: duckdb.DuckDBPyConnection, request: ComparisonRequest
) -> tuple[Scope, Period]:
    scope = choose_scope(connection, request.project, request.source)
    periods = known_quarters(connection, scope)
    return scope, choose_period(request.period, periods) if request.period else _newest(periods)


def _sql(preset: Preset) -> str:
    return COMPARED.format(rows=preset.rows)


def _parameters(preset: Preset, scope: Scope, period: Period) -> list[object]:
    # Other systems have no figures over all projects: each project is compared separately.
    project = None if scope.project == ALL else scope.project
    metrics = [asdict(metric) for metric in preset.metrics]
    return [project, scope.source, period.fiscal_year, period.quarter, metrics]


def _newest(quarters: Sequence[KnownQuarter]) -> Period:
    complete = [quarter for quarter in quarters if quarter.is_complete] or quarters
    return Period(complete[-1].fiscal_year, complete[-1].quarter)
