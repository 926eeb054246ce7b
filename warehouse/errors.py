"""
Errors of the warehouse.

WarehouseError
├── WarehouseMissing    nothing was built yet
├── ContractViolated    table, column, expected, found
├── ModelFailed         the model's path, DuckDB's message
├── ModelCycle          the cycle, in order
├── MachineFailed       a full disk, no memory, a missing permission
├── CheckFailed         check, count, first rows
├── QueryFailed         a query that was refused or failed
├── SettingsRefused     an invalid setting
└── SealRefused         a quarter that cannot be sealed, or an invalid seal
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class WarehouseError(Exception):
    """The warehouse could not be built or read; the message ends with what to do next."""


class WarehouseMissing(WarehouseError):
    def __init__(self, warehouse: Path) -> None:
        super().__init__(warehouse)
        self.warehouse = warehouse

    def __str__(self) -> str:
        return f"{self.warehouse}: no warehouse here yet. Build it with `quarry run`."


class WarehouseOutdated(WarehouseError):
    """Another version of Quarry built the warehouse, and something is missing in it."""

    def __init__(self, warehouse: Path, missing: str) -> None:
        super().__init__(warehouse, missing)
        self.warehouse, self.missing = warehouse, missing

    def __str__(self) -> str:
        return (
            f"{self.warehouse}: another version of Quarry built it: {self.missing}\n"
            "Build it again with `quarry replay`."
        )


class ContractViolated(WarehouseError):
    """A file, column or type is not as its contract says."""

    def __init__(self, table: str, column: str | None, expected: str, found: str) -> None:
        super().__init__(table, column, expected, found)
        self.table, self.column = table, column
        self.expected, self.found = expected, found

    def __str__(self) -> str:
        where = f"{self.table}, {self.column}" if self.column else self.table
        return f"{where}: expected {self.expected}, found {self.found}. {self._remedy()}"

    def _remedy(self) -> str:
        if self.table.endswith(".parquet"):
            return "Restore the file from a backup, or delete its source's folder and mine again."
        return "Fix the model or its description, then build again."


class ModelFailed(WarehouseError):
    """A model or check could not be read or executed."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(path, message)
        self.path, self.message = path, message

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def fact(self) -> str:
        """The first line of DuckDB's message."""
        return next(iter(self.message.strip().splitlines()), "")

    def __str__(self) -> str:
        return f"{self.path}: {self.message.strip()}\nFix this file, then build again."


class ModelCycle(WarehouseError):
    """Models read each other in a cycle."""

    def __init__(self, cycle: Sequence[str]) -> None:
        super().__init__(tuple(cycle))
        self.cycle = tuple(cycle)

    def __str__(self) -> str:
        cycle = " → ".join(self.cycle)
        return f"models read each other in a cycle: {cycle}. Remove one of these reads."


class MachineFailed(WarehouseError):
    """The machine cannot read, write or hold what is needed."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.problem, self.remedy = problem, remedy

    def __str__(self) -> str:
        return f"{self.problem}. {self.remedy}."


class CheckFailed(WarehouseError):
    """A data check returned rows; nothing is published."""

    def __init__(
        self,
        check: str,
        meaning: str,
        count: int,
        columns: Sequence[str],
        rows: Sequence[Sequence[Any]],
        *,
        path: Path | None = None,
    ) -> None:
        super().__init__(check, meaning, count, columns, rows)
        self.path = path
        # The sources of all invalid rows, where the check names them.
        self.sources: tuple[str, ...] = ()
        self.check, self.meaning, self.count = check, meaning, count
        self.columns, self.rows = tuple(columns), tuple(tuple(row) for row in rows)

    @property
    def name(self) -> str:
        return self.check

    @property
    def fact(self) -> str:
        """The first invalid row in one line."""
        pairs = zip(self.columns, self.rows[0], strict=True)
        return ", ".join(f"{name} {value}" for name, value in pairs if value is not None)

    def __str__(self) -> str:
        noun = "row" if self.count == 1 else "rows"
        return (
            f"check {self.check}: {self.count} invalid {noun}.\n{self.meaning}\n\n"
            f"{_text_table(self.columns, self.rows)}\n\n"
            "Nothing was published; the last valid warehouse and exports stay in place. "
            "Find these rows in the store or fix the model that made them, then run again."
        )


class QueryFailed(WarehouseError):
    """A query was refused or could not be answered."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.problem, self.remedy = problem, remedy

    def __str__(self) -> str:
        return f"{self.problem.strip()}\n{self.remedy}"


class SealRefused(WarehouseError):
    """A quarter cannot be sealed, or a seal is damaged."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.problem, self.remedy = problem, remedy

    def __str__(self) -> str:
        return f"{self.problem}. {self.remedy}."


class SettingsRefused(WarehouseError, ValueError):
    """An invalid setting; the message suggests a valid one."""


def _text_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    cells = [list(columns), *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(columns))]
    lines = ["  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) for line in cells]
    return "\n".join(f"    {line.rstrip()}" for line in lines)


def _cell(value: object) -> str:
    text = "null" if value is None else str(value)
    plain = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return plain if len(plain) <= 40 else f"{plain[:39]}…"  # noqa: PLR2004 - fits a terminal
