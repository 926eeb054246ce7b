"""
Tables of a ledger: records, aliases of columns, required columns.

The columns and their types are those of the records; this is what a record cannot state.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from miners.ledger import cells, times
from miners.ledger.cells import WrongCell
from miners.ledger.targets import complete_target, prepare_target
from miners.records import DATE, DECIMAL, INSTANT, INTEGER, TEXT, ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from zoneinfo import ZoneInfo

    from miners.ledger.cells import Cells, Facts, Reader
    from miners.ledger.numbers import NumberStyle
    from miners.records import Record

FILE = "file"
# A column or row that begins so is a remark.
REMARK = "#"
# Kinds of activities that Quarry uses; others are allowed.
KINDS = (
    "business_trip",
    "community",
    "demonstration",
    "meeting",
    "paper_review",
    "presentation",
    "seminar",
    "strategy_meeting",
    "technical_meeting",
    "test_iteration",
    "training",
    "weekly_planning",
    "writing",
)
BETTER = ("higher", "lower")
STATUSES = ("planned", "succeeded", "failed", "rolled_back", "canceled")
_READERS: Mapping[str, Reader] = {
    "attempt": cells.attempt_number,
    "better": partial(cells.choice, words=BETTER),
    "hours": cells.amount,
    "kind": cells.word,
    "kpi": cells.word,
    "link": cells.address,
    "quarter": times.quarter_of_year,
    "reported_days": cells.amount,
    "reported_hours": cells.amount,
    "reported_quarter": times.quarter,
    "status": partial(cells.choice, words=STATUSES),
    "team_size": cells.head_count,
    "year": cells.year,
}
_TYPES: Mapping[str, Reader] = {TEXT: cells.text, DATE: times.day, DECIMAL: cells.decimal}
_NUMBERS = {DECIMAL, INTEGER}
_ALIASES = {"url": "link", "remark": "note", "comment": "note"}


@dataclass(frozen=True, kw_only=True)
class LedgerTable:
    """
    One table: its name in file names, its record, and the requirements of a row.

    Shape:   of each of needs at least one column has a value; a missing identifier is made of the
             first value of each of made_of; orders are first and last; prepare replaces
             cells before they are parsed; complete fills in what follows from the correct cells of
             completed_of, and raises WrongCell, with its column, for a contradiction.
    """

    name: str
    record: Record
    made_of: tuple[tuple[str, ...], ...] = ()
    needs: tuple[tuple[str, ...], ...] = ()
    orders: tuple[tuple[str, str], ...] = ()
    own_aliases: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    prepare: Callable[[Cells], Cells] = lambda cells: cells
    complete: Callable[[Facts], None] = lambda _: None
    completed_of: tuple[str, ...] = ()

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Return the columns that people fill in."""
        return tuple(column.name for column in self.record.fields if column.name != FILE)

    @property
    def id_column(self) -> str:
        return self.record.key[0]

    @cached_property
    def positions(self) -> dict[str, int]:
        """Return the position of each column in a row."""
        return {column.name: position for position, column in enumerate(self.record.fields)}

    @cached_property
    def instants(self) -> frozenset[str]:
        """Return the columns of instants."""
        return frozenset(column.name for column in self.record.fields if column.type == INSTANT)

    @cached_property
    def aliases(self) -> dict[str, str]:
        """Return the column of every known heading."""
        shared = {**_ALIASES, "id": self.id_column, self.name.removesuffix("s"): self.id_column}
        shared = {name: column for name, column in shared.items() if column in self.columns}
        return {**shared, **self.own_aliases, **{name: name for name in self.columns}}

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Return the columns of numbers."""
        return frozenset(column.name for column in self.record.fields if column.type in _NUMBERS)

    def readers(self, zone: ZoneInfo, styles: Mapping[str, NumberStyle]) -> dict[str, Reader]:
        """Return the parser of each column; times without an offset are in the zone."""
        types: dict[str, Reader] = {**_TYPES, INSTANT: partial(times.instant, zone=zone)}
        fields = {column.name: column for column in self.record.fields}
        readers = {name: _READERS.get(name) or types[fields[name].type] for name in self.columns}
        styled = {name: partial(readers[name], style=style) for name, style in styles.items()}
        return {**readers, **styled}


def _complete_deployment(facts: Facts) -> None:
    is_made, status = facts["deployed_on"] is not None, facts["status"]
    facts["status"] = status or ("succeeded" if is_made else "planned")
    if status and status != "canceled" and is_made == (status == "planned"):
        expected = "another status, for deployed_on is filled in" if is_made else _NOT_YET
        raise WrongCell(expected, status, column="status")


_NOT_YET = "planned or canceled, for deployed_on is empty"


_PLANNED = {"planned": "planned_on"}

TABLES: Mapping[str, LedgerTable] = {
    table.name: table
    for table in (
        LedgerTable(
            name="projects",
            record=ledger.LEDGER_PROJECTS,
            needs=(("project",),),
            orders=(("active_from", "active_until"),),
            own_aliases={
                "title": "name",
                "title_ko": "name_ko",
                "counted_from": "active_from",
                "counted_until": "active_until",
            },
        ),
        LedgerTable(
            name="tasks",
            record=ledger.LEDGER_TASKS,
            made_of=(("project",), ("title",)),
            needs=(
                ("task_id", "title"),
                ("planned_on", "started_on", "completed_on", "reported_days"),
                ("planned_on", "started_on", "completed_on", "reported_quarter"),
            ),
            orders=(("started_on", "completed_on"),),
            own_aliases={
                **_PLANNED,
                "started": "started_on",
                "completed": "completed_on",
                "delivered_on": "completed_on",
            },
        ),
        LedgerTable(
            name="deployments",
            record=ledger.LEDGER_DEPLOYMENTS,
            made_of=(("project",), ("site",), ("planned_on", "deployed_on"), ("attempt",)),
            needs=(("planned_on", "deployed_on"),),
            own_aliases={**_PLANNED, "actual": "deployed_on", "deployed": "deployed_on"},
            defaults={"attempt": 1},
            complete=_complete_deployment,
            completed_of=("deployed_on", "status"),
        ),
        LedgerTable(
            name="incidents",
            record=ledger.LEDGER_INCIDENTS,
            made_of=(("project",), ("service",), ("site",), ("started_at", "reported_quarter")),
            needs=(("started_at", "reported_quarter"), ("started_at", "reported_hours")),
            orders=(("started_at", "recovered_at"),),
            own_aliases={"deployment": "deployment_id"},
        ),
        LedgerTable(
            name="activities",
            record=ledger.LEDGER_ACTIVITIES,
            made_of=(
                ("happened_on", "reported_quarter"),
                ("kind",),
                ("project",),
                ("site",),
                ("title",),
            ),
            needs=(("happened_on", "reported_quarter"), ("kind",)),
            orders=(("happened_on", "happened_until"),),
            own_aliases={
                "activity": "activity_id",
                "date": "happened_on",
                "on": "happened_on",
                "until": "happened_until",
            },
        ),
        LedgerTable(
            name="measurements",
            record=ledger.LEDGER_MEASUREMENTS,
            made_of=(("project",), ("measure",), ("measured_on",)),
            needs=(("measure",), ("before", "after")),
            own_aliases={"date": "measured_on"},
        ),
        LedgerTable(
            name="targets",
            record=ledger.LEDGER_TARGETS,
            made_of=(("kpi",), ("quarter", "year"), ("project",)),
            needs=(("year",), ("kpi",), ("target",)),
            prepare=prepare_target,
            complete=complete_target,
            completed_of=("year", "quarter"),
        ),
    )
}
