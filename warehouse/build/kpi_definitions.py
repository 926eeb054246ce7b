"""
The KPIs: what each file of sql/kpis says of itself, and the one view over the rows of all.

A KPI is a select of the rows that it looks at, each with the reason why it counts or does not.
Everything else about it is the same for all.
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
from warehouse.tables.settings import Table, write_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import duckdb

    from warehouse.build.model import Model

Kind = Literal["count", "sum", "distinct", "ratio", "mean", "median", "longest", "half"]
# What has to be mined before an empty quarter is a zero; evidence: the KPI's own first row.
Needs = Literal["commits", "tracker", "work", "deployments", "evidence"]
Span = Literal["quarter", "quarter_end"]

# Of nothing there are none; a mean or a share of nothing is unknown.
ADDITIVE = frozenset({"count", "sum", "distinct"})
PERCENT, COUNT = "%", "count"
SECONDS = {"hours": 3600, "days": 86400}
BIAS = "Bias: "

DEFINITIONS = Table(
    "kpis",
    "A KPI and how its rows become a figure.",
    (
        Field("kpi", "varchar", "Name."),
        Field("position", "integer", "Place in a list of all."),
        Field("title", "varchar", "Title in English."),
        Field("title_ko", "varchar", "Title in Korean."),
        Field("unit", "varchar", "Unit of its figures."),
        Field("told_units", "varchar[]", "What a ledger may call that unit."),
        Field("unit_size", "bigint", "How many of what the rows hold make one unit."),
        Field("kind", "varchar", "How rows become a figure."),
        Field("value_without_rows", "bigint", "Its figure where nothing happened: 0, or null."),
        Field("span", "varchar", "Whether it tells of a quarter or of its end."),
        Field("better", "varchar", "higher, lower or neither."),
        Field("needs", "varchar", "What has to be mined for it."),
        Field("version", "integer", "Version of the definition."),
        Field("answers", "varchar", "The question that it answers."),
        Field("judgement", "varchar", "What was decided about doubtful cases."),
        Field("known_bias", "varchar", "In which direction it may mislead."),
        Field("definition_hash", "varchar", "Hash over its SQL and all that it reads."),
    ),
)
REASONS = Table(
    "reasons",
    "Why a row counts, or does not.",
    (
        Field("reason", "varchar", "Code."),
        Field("meaning", "varchar", "In English."),
        Field("meaning_ko", "varchar", "In Korean."),
        Field("is_gap", "boolean", "Whether it should have counted and something is not known."),
    ),
)


@dataclass(frozen=True)
class Definition:
    """What a KPI is called, what it means, and how its rows become a figure."""

    kpi: str
    position: int
    title: str
    title_ko: str
    unit: str
    told_units: list[str]
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
    """Why a row counts, or does not."""

    reason: str
    meaning: str
    meaning_ko: str
    is_gap: bool


def kpis_of(models: Iterable[Model]) -> list[Model]:
    """Choose the models that are KPIs."""
    return [model for model in models if model.schema == KPIS]


def define(model: Model, reads: Iterable[Model]) -> Definition:
    """
    Read the definition of a KPI from its header; reads is all that it is made from.

    Errors:  ModelFailed names the line that is missing or says what cannot be.
    """
    said, prose = model.header.facts, model.header.prose
    unit = _said(model, "unit")
    return Definition(
        kpi=model.name,
        position=int(_said(model, "position")),
        title=_said(model, "title"),
        title_ko=_said(model, "title_ko"),
        unit=unit,
        told_units=told_units(model),
        unit_size=SECONDS.get(unit, 1),
        kind=_one_of(model, "kind", Kind),
        value_without_rows=0 if said["kind"] in ADDITIVE else None,
        span=_one_of(model, "span", Span) if "span" in said else "quarter",
        better=_one_of(model, "better", Literal["higher", "lower", "neither"]),
        needs=_one_of(model, "needs", Needs),
        version=int(_said(model, "version")),
        answers=model.header.title,
        judgement=" ".join(text for text in prose if not text.startswith(BIAS)),
        known_bias=" ".join(text.removeprefix(BIAS) for text in prose if text.startswith(BIAS)),
        definition_hash=_hash([model, *reads]),
    )


def told_units(model: Model) -> list[str]:
    """List what a ledger may call the unit of a KPI: also a count of anything, and percent."""
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
    """Read what the codes mean."""
    if not path.is_file():
        return []
    found: Mapping[str, Mapping[str, str | bool]] = tomllib.loads(path.read_text("utf-8"))
    return [
        Reason(code, str(said["en"]), str(said["ko"]), bool(said.get("is_gap", False)))
        for code, said in found.items()
    ]


def evidence_select(kpis: Sequence[Model]) -> str:
    """Put the rows of all KPIs under each other; a column that a KPI leaves out is null."""
    columns = ", ".join(f"null::{kind} as {name}" for name, kind in EVIDENCE)
    none = f"select null::varchar as kpi, {columns} where false"
    rows = (f"select '{model.name}' as kpi, * from {model.table}" for model in kpis)
    return "\nunion all by name\n".join([none, *rows])


def require_evidence(table: str, found: Mapping[str, str]) -> None:
    """
    Refuse a column that evidence does not have, which would be lost in silence.

    Errors:  ContractViolated.
    """
    known = {"kpi", *(name for name, _ in EVIDENCE)}
    for name in found.keys() - known:
        raise ContractViolated(table, name, f"one of {', '.join(sorted(known))}", "another")


def _said(model: Model, word: str) -> str:
    if word not in model.header.facts:
        raise ModelFailed(model.path, f"expected a line `-- {word}: …` in its header")
    return model.header.facts[word]


def _one_of(model: Model, word: str, choice: object) -> Any:  # noqa: ANN401 - a literal
    said, known = _said(model, word), get_args(choice)
    if said not in known:
        raise ModelFailed(model.path, f"{word}: expected one of {', '.join(known)}, found {said}")
    return said


def _hash(models: Iterable[Model]) -> str:
    texts = sorted(f"{model.table}\n{model.sql}" for model in models)
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


def kpi_units() -> dict[str, list[str]]:
    """Name every KPI with what a ledger may call the unit of its figures."""
    return {model.name: told_units(model) for model in kpis_of(read_models())}
