"""Read the SQL models of sql/ with their headers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.build.header import Header, parse_header
from warehouse.build.schemas import FACTS, MARTS, SCHEMAS, VIEWS
from warehouse.sql import sql_files, sql_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    import duckdb

    # Of all sources, or of some whose rows are gone.
    Compute = Callable[[duckdb.DuckDBPyConnection, Collection[str] | None], None]


@dataclass(frozen=True)
class Model:
    """
    One file of sql/: its table, what it says of itself, and its select.

    Shape:   a table that no SQL can make has a function instead, and names what that reads.
    """

    schema: str
    name: str
    path: Path
    header: Header
    sql: str
    compute: Compute | None = None
    reads: frozenset[str] = frozenset()

    @property
    def is_view(self) -> bool:
        return self.schema in VIEWS or "made" in self.header.facts

    @property
    def is_public(self) -> bool:
        """Return whether readers are promised its columns: each is described."""
        return self.schema in {FACTS, MARTS} or self.header.export is not None

    @property
    def table(self) -> str:
        return f"{self.schema}.{self.name}"


def read_models(folder: Path | None = None) -> list[Model]:
    """List every model, by schema and name."""
    root = folder or sql_folder()
    return [_read_model(schema, path) for schema in SCHEMAS for path in sql_files(root, schema)]


def _read_model(schema: str, path: Path) -> Model:
    sql = path.read_text(encoding="utf-8")
    return Model(schema, path.stem, path, parse_header(path, sql), sql.strip().rstrip(";"))
