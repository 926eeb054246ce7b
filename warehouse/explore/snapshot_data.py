"""Data of the page to explore figures, from a snapshot."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import duckdb

from warehouse.connection import SAFE
from warehouse.explore.texts import counters, quarter_titles, texts
from warehouse.report.format.language import LANGUAGES, Language
from warehouse.sql import literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

# Newest quarters are in the page as long as all their rows are not more than this.
MOST_ROWS = 10_000
# The tables that the page reads.
TABLES = ("dim_kpis", "dim_reasons", "issues", "kpi_evidence", "kpi_quarterly", "projects")
Rows = list[tuple[Any, ...]]
# The subjects of a quarter, and its rows.
QuarterEvidence = dict[str, list[Any]]

KPIS = """
    select kpi, title, title_ko, answers, unit, kind from {dim_kpis} order by position, kpi
"""
PROJECTS = "select project, project_title, project_title_ko from {projects} order by project"
REASONS = "select reason, meaning, meaning_ko from {dim_reasons} order by reason"
FIGURES = """
    select
        kpi, project, source, quarter_label,
        round(value, 6), round(value_now, 6), n, left_out_count, numerator, denominator,
        is_sealed::int + 2 * is_complete::int + 4 * is_restated::int
    from {kpi_quarterly}
    where kpi in (select kpi from {kpi_quarterly} where value is not null)
    order by kpi, project, source, quarter_label
"""
COUNTS = """
    select quarter_label, count(*) from {kpi_evidence}
    where quarter_label is not null
    group by quarter_label
    order by quarter_label desc
"""
# A confidential item is counted, but neither named nor linked.
EVIDENCE = """
    with confidential as (
        select replace(tracker_source, '#tracker', '') || '#' || issue_number as subject_id
        from {issues}
        where is_confidential
    ),
    listed as (
        select
            evidence.* replace (
                if(hidden.subject_id is null, evidence.subject_id, 'confidential') as subject_id,
                if(hidden.subject_id is null, evidence.subject_url, null) as subject_url,
                if(hidden.subject_id is null, evidence.person, null) as person
            )
        from {kpi_evidence} as evidence
        left join confidential as hidden on evidence.subject_id = hidden.subject_id
        where evidence.quarter_label in (select unnest($1::varchar[]))
    )
    select
        quarter_label, kpi, project, source, subject_id, subject_url, person,
        epoch(happened_at)::bigint, reason, grade, numerator, denominator, value,
        counts_in_repository::int + 2 * counts_in_project::int + 4 * counts_in_all::int
    from listed
    order by all
"""


def page_data(snapshot: Path) -> dict[str, Any]:
    """
    Return the data of the page: every figure, and the evidence of the newest quarters.

    Shape:   figures and evidence name KPIs, projects, repositories and quarters by their number.
    """
    with duckdb.connect(config=SAFE) as connection:
        figures = _rows(connection, FIGURES, snapshot)
        names = _Names(connection, snapshot, figures)
        recent = _recent(_rows(connection, COUNTS, snapshot))
        return {
            "kpis": names.kpis,
            "projects": names.projects,
            "sources": [[source, source, None] for source in names.sources],
            "quarters": [[name, *quarter_titles(name)] for name in names.quarters],
            "reasons": {row[0]: list(row[1:]) for row in _rows(connection, REASONS, snapshot)},
            "figures": [names.figure(row) for row in figures],
            "evidence": _evidence(connection, snapshot, names, recent),
            "texts": texts(),
            "counters": counters(),
        }


def quarter_evidence(snapshot: Path, quarter: str) -> QuarterEvidence:
    """Return the evidence of one quarter; no rows of a quarter that the snapshot does not have."""
    with duckdb.connect(config=SAFE) as connection:
        names = _Names(connection, snapshot, _rows(connection, FIGURES, snapshot))
        return _evidence(connection, snapshot, names, [quarter])[quarter]


class _Names:
    """The names of a snapshot, and their numbers."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, snapshot: Path, rows: Rows) -> None:
        found = {row[0] for row in rows}
        self.kpis = [_kpi(row) for row in _rows(connection, KPIS, snapshot) if row[0] in found]
        titles = {row[0]: row[1:] for row in _rows(connection, PROJECTS, snapshot)}
        projects = sorted({row[1] for row in rows})
        self.projects = [[name, *titles.get(name, (name, None))] for name in projects]
        self.sources = sorted({row[2] for row in rows})
        self.quarters = sorted({row[3] for row in rows})
        lists = [kpi["kpi"] for kpi in self.kpis], projects, self.sources, self.quarters
        self._numbers = [{name: number for number, name in enumerate(names)} for names in lists]

    def figure(self, row: Sequence[Any]) -> list[Any]:
        """Return a figure with the numbers of its names."""
        return [*self._numbered(row[:4]), *row[4:]]

    def evidence(self, rows: Iterable[Sequence[Any]]) -> QuarterEvidence:
        """Return the rows of a quarter. Several KPIs have rows of the same subject."""
        subjects: dict[tuple[str, str | None], int] = {}
        listed = []
        for row in rows:
            _, kpi, project, source, subject, url, person, at, reason, grade, *values, flags = row
            number = subjects.setdefault((subject, url), len(subjects))
            names = self._numbered((kpi, project, source))
            listed.append([*names, number, person, at, reason, grade, values, flags])
        return {"subjects": list(subjects), "rows": listed}

    def has(self, row: Sequence[Any]) -> bool:
        """Return whether a row of evidence belongs to a figure of the page."""
        return all(name in numbers for name, numbers in zip(row[1:4], self._numbers, strict=False))

    def _numbered(self, names: Sequence[str]) -> list[int]:
        return [numbers[name] for name, numbers in zip(names, self._numbers, strict=False)]


def _kpi(row: Sequence[Any]) -> dict[str, Any]:
    kpi, title, title_ko, question, unit, kind = row
    questions = [Language(code).text(question) for code in LANGUAGES]
    return {
        "kpi": kpi,
        "title": [title, title_ko],
        "question": questions,
        "unit": unit,
        "kind": kind,
    }


def _recent(counts: Iterable[tuple[str, int]]) -> list[str]:
    """Return the newest quarters whose rows together fit into the page."""
    quarters, total = [], 0
    for quarter, count in counts:
        total += count
        if total > MOST_ROWS:
            break
        quarters.append(quarter)
    return quarters


def _evidence(
    connection: duckdb.DuckDBPyConnection, snapshot: Path, names: _Names, quarters: list[str]
) -> dict[str, QuarterEvidence]:
    rows = [row for row in _rows(connection, EVIDENCE, snapshot, quarters) if names.has(row)]
    found = {quarter: list(group) for quarter, group in groupby(rows, itemgetter(0))}
    return {quarter: names.evidence(found.get(quarter, [])) for quarter in sorted(quarters)}


def _rows(
    connection: duckdb.DuckDBPyConnection, query: str, snapshot: Path, *parameters: object
) -> Rows:
    class Tables(dict[str, str]):
        def __missing__(self, table: str) -> str:
            files = literal(str(snapshot / table / "**" / "*.parquet"))
            return f"read_parquet({files}, hive_partitioning = false)"

    return connection.execute(query.format_map(Tables()), list(parameters)).fetchall()
