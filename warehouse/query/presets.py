"""Our figures beside those of other systems: the same rows under another definition."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from warehouse.errors import QueryFailed
from warehouse.query.query import asking, require_format, write_answer
from warehouse.query.scope import (
    ALL,
    Known,
    Period,
    Scope,
    choose,
    choose_period,
    choose_scope,
    known_periods,
)
from warehouse.sql import sql_folder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import duckdb

# Presets give rows of a repository, or of all that a project has (*): how they become a figure
# their metric says. What there was nothing of is told where the metric has a word for it.
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
    order by ours.project, kpis.position, metrics.position, ours.quarter_starts_on
"""


@dataclass(frozen=True)
class Metric:
    """A metric of another system, the KPI that it stands beside, and how its rows make a figure."""

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
    """Another system: its metrics, and the select that gives their rows."""

    title: str
    metrics: tuple[Metric, ...]
    rows: str


@dataclass(frozen=True)
class Compared:
    """
    A KPI in a quarter, by our definition and by another's; None is no data.

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


@dataclass(frozen=True)
class Comparison:
    """What a preset makes of our rows in a quarter, or in each quarter of a year."""

    title: str
    scope: Scope
    period: Period
    rows: tuple[Compared, ...]


@dataclass(frozen=True)
class Compare:
    """What is to be compared, as somebody writes it; None for what is left to the default."""

    preset: str | None
    period: str | None = None
    project: str | None = None
    source: str | None = None


def presets(folder: Path | None = None) -> dict[str, Preset]:
    """Read the presets, by their names."""
    sql = folder or sql_folder()
    told = tomllib.loads((sql / "presets.toml").read_text("utf-8"))
    return {name: _preset(sql / "presets" / name, said) for name, said in told.items()}


def compare(warehouse: Path, asked: Compare) -> Comparison:
    """
    Compare our figures with a preset's: by default in the newest quarter that is complete.

    Errors:  WarehouseMissing; QueryFailed for a name or time that there is not.
    """
    preset = _chosen(asked.preset)
    with asking(warehouse) as connection:
        scope, period = _settled(connection, asked)
        rows = connection.execute(_sql(preset), _which(preset, scope, period)).fetchall()
        return Comparison(preset.title, scope, period, tuple(Compared(*row) for row in rows))


def write_comparison(
    warehouse: Path,
    asked: Compare,
    format: str,  # noqa: A002 - its name on the command line
    out: BinaryIO,
) -> None:
    """
    Write the comparison for programs.

    Errors:  those of compare; QueryFailed for a format that there is not.
    """
    require_format(format)
    preset = _chosen(asked.preset)
    with asking(warehouse) as connection:
        scope, period = _settled(connection, asked)
        write_answer(connection, _sql(preset), format, out, _which(preset, scope, period))


def _preset(folder: Path, said: Mapping[str, Any]) -> Preset:
    metrics = (
        Metric(**{"name": name, "position": position, "kpi": name, "without_rows": None, **facts})
        for position, (name, facts) in enumerate(said["metrics"].items())
    )
    selects = (f"(\n{path.read_text('utf-8')})" for path in sorted(folder.glob("*.sql")))
    return Preset(said["name"], tuple(metrics), "\nunion all by name\n".join(selects))


def _chosen(name: str | None) -> Preset:
    known = presets()
    if name is None:
        raise QueryFailed("compare with which system?", f"Write --preset {', '.join(known)}.")
    return known[choose("preset", name, known)]


def _settled(connection: duckdb.DuckDBPyConnection, asked: Compare) -> tuple[Scope, Period]:
    scope = choose_scope(connection, asked.project, asked.source)
    periods = known_periods(connection, scope)
    return scope, choose_period(asked.period, periods) if asked.period else _newest(periods)


def _sql(preset: Preset) -> str:
    return COMPARED.format(rows=preset.rows)


def _which(preset: Preset, scope: Scope, period: Period) -> list[object]:
    # Other systems know nothing of all projects together: each stands for itself.
    project = None if scope.project == ALL else scope.project
    metrics = [asdict(metric) for metric in preset.metrics]
    return [project, scope.source, period.fiscal_year, period.quarter, metrics]


def _newest(known: Sequence[Known]) -> Period:
    complete = [one for one in known if one.is_complete] or known
    return Period(complete[-1].fiscal_year, complete[-1].quarter)
