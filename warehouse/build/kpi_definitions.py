"""
Definitions of KPIs, read from the headers of sql/kpis.

A KPI is a select of its evidence rows, each with the reason why it is counted or excluded.
Everything else is the same for all KPIs.
"""

# ruff: noqa: S608 - what is put into SQL here is our own names
from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from miners.records import Field
from warehouse.build.model import read_models
from warehouse.build.schemas import KPIS
from warehouse.errors import ContractViolated, ModelFailed
from warehouse.tables.evidence_columns import EVIDENCE
from warehouse.tables.settings import SettingsTable, write_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import duckdb

    from warehouse.build.model import Model

Kind = Literal["count", "sum", "distinct", "ratio", "mean", "median", "longest", "half"]
# Data that must be mined before an empty quarter is zero; evidence: the KPI's first row.
Needs = Literal["commits", "tracker", "requests", "issues", "work", "deployments", "evidence"]
Span = Literal["quarter", "quarter_end"]

# A count of no rows is zero; a mean or a ratio of no rows is unknown.
ADDITIVE = frozenset({"count", "sum", "distinct"})
PERCENT, RATIO, COUNT = "%", "ratio", "count"
SECONDS = {"hours": 3600, "days": 86400}
BIAS = "Bias: "

DEFINITIONS = SettingsTable(
    "kpis",
    "A KPI and how its rows become a figure.",
    (
        Field("kpi", "varchar", "Name."),
        Field("position", "integer", "Position in a list of all KPIs."),
        Field("title", "varchar", "Title in English."),
        Field("title_ko", "varchar", "Title in Korean; null if none is stated."),
        Field("unit", "varchar", "Unit of its figures."),
        Field("accepted_units", "varchar[]", "Names of that unit that a ledger may use."),
        Field("unit_size", "bigint", "Number of the rows' units in one unit of the figure."),
        Field("kind", "varchar", "How rows become a figure."),
        Field("value_without_rows", "bigint", "Figure of a quarter without rows: 0 or null."),
        Field("span", "varchar", "Whether it measures a quarter or its end."),
        Field("better", "varchar", "higher, lower or neither."),
        Field("needs", "varchar", "Data that must be mined for it."),
        Field("version", "integer", "Version of the definition."),
        Field("answers", "varchar", "The question that it answers."),
        Field("judgement", "varchar", "Decisions about doubtful cases."),
        Field("known_bias", "varchar", "In which direction it may mislead."),
        Field("definition_hash", "varchar", "Hash of its SQL and of all its inputs."),
    ),
)
REASONS = SettingsTable(
    "reasons",
    "Reason why a row is counted or excluded.",
    (
        Field("reason", "varchar", "Code."),
        Field("meaning", "varchar", "In English."),
        Field("meaning_ko", "varchar", "In Korean."),
        Field("is_gap", "boolean", "Whether the row should count but a value is unknown."),
    ),
)


@dataclass(frozen=True, kw_only=True)
class Definition:
    """The definition of a KPI: its names, meaning, and how rows become a figure."""

    kpi: str
    position: int
    title: str
    title_ko: str | None
    unit: str
    accepted_units: list[str]
    unit_size: int
    kind: Kind
    value_without_rows: int | None
    span: Span
    better: Literal["higher", "lower", "neither"]
    needs: Needs
    version: int
    answers: str
    judgement: str
    known_bias: str
    definition_hash: str


@dataclass(frozen=True)
class Reason:
    """The reason why a row is counted or excluded."""

    reason: str
    meaning: str
    meaning_ko: str
    is_gap: bool


def kpis_of(models: Iterable[Model]) -> list[Model]:
    """Return the models that are KPIs."""
    return [model for model in models if model.schema == KPIS]


def define(model: Model, reads: Iterable[Model]) -> Definition:
    """
    Return the definition of a KPI from its header; reads are all models that it depends on.

    Errors:  ModelFailed names the missing or invalid line.
    """
    facts, prose = model.header.facts, model.header.prose
    unit = _said(model, "unit")
    return Definition(
        kpi=model.name,
        position=int(_said(model, "position")),
        title=_said(model, "title"),
        title_ko=facts.get("title_ko"),
        unit=unit,
        accepted_units=accepted_units(model),
        unit_size=SECONDS.get(unit, 1),
        kind=_one_of(model, "kind", Kind),
        value_without_rows=0 if facts["kind"] in ADDITIVE else None,
        span=_one_of(model, "span", Span) if "span" in facts else "quarter",
        better=_one_of(model, "better", Literal["higher", "lower", "neither"]),
        needs=_one_of(model, "needs", Needs),
        version=int(_said(model, "version")),
        answers=model.header.title,
        judgement=" ".join(text for text in prose if not text.startswith(BIAS)),
        known_bias=" ".join(text.removeprefix(BIAS) for text in prose if text.startswith(BIAS)),
        definition_hash=_hash([model, *reads]),
    )


def accepted_units(model: Model) -> list[str]:
    """List the names of a KPI's unit that a ledger may use, such as percent for a ratio."""
    unit, kind = _said(model, "unit"), _said(model, "kind")
    others = {"ratio": [PERCENT], "count": [COUNT], "distinct": [COUNT], "sum": [COUNT]}
    return [unit, *others.get(kind, [])]


def write_definitions(
    connection: duckdb.DuckDBPyConnection, definitions: Sequence[Definition], reasons: Path
) -> None:
    """Write settings.kpis and settings.reasons."""
    write_table(connection, DEFINITIONS, definitions)
    write_table(connection, REASONS, read_reasons(reasons))


def read_reasons(path: Path) -> list[Reason]:
    """Read the reasons with their meanings."""
    if not path.is_file():
        return []
    entries: Mapping[str, Mapping[str, str | bool]] = tomllib.loads(path.read_text("utf-8"))
    return [
        Reason(code, str(entry["en"]), str(entry["ko"]), bool(entry.get("is_gap", False)))
        for code, entry in entries.items()
    ]


def evidence_select(kpis: Sequence[Model]) -> str:
    """Return the union of all KPIs' rows; a column that a KPI omits is null."""
    columns = ", ".join(f"null::{kind} as {name}" for name, kind in EVIDENCE)
    none = f"select null::varchar as kpi, {columns} where false"
    rows = (f"select '{model.name}' as kpi, * from {model.table}" for model in kpis)
    return "\nunion all by name\n".join([none, *rows])


def require_evidence(table: str, columns: Mapping[str, str]) -> None:
    """
    Refuse a column that is no evidence column, which would be lost silently.

    Errors:  ContractViolated.
    """
    allowed = {"kpi", *(name for name, _ in EVIDENCE)}
    for name in columns.keys() - allowed:
        raise ContractViolated(table, name, f"one of {', '.join(sorted(allowed))}", "another")


def _said(model: Model, word: str) -> str:
    if word not in model.header.facts:
        raise ModelFailed(model.path, f"expected a line `-- {word}: …` in its header")
    return model.header.facts[word]


def _one_of(model: Model, word: str, choice: object) -> Any:  # noqa: ANN401 - a literal
    value, allowed = _said(model, word), get_args(choice)
    if value not in allowed:
        raise ModelFailed(
            model.path, f"{word}: expected one of {', '.join(allowed)}, found {value}"
        )
    return value


def _hash(models: Iterable[Model]) -> str:
    texts = sorted(f"{model.table}\n{model.sql}" for model in models)
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


def units_of(kpi: str) -> list[str]:
    """Return the unit names of one KPI, its own first; none if no model is of it."""
    return kpi_units().get(kpi, [])


def kpi_units() -> dict[str, list[str]]:
    """Return the unit names that a ledger may use, by KPI."""
    return {model.name: accepted_units(model) for model in kpis_of(read_models())}
