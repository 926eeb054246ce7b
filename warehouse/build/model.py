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

    from warehouse.build.emptiness import IsEmpty

    # For all sources, or for some whose rows were deleted.
    Compute = Callable[[duckdb.DuckDBPyConnection, Collection[str] | None], None]


# As a line `made:` of a header says it; staging models are views otherwise, others tables.
AS_A_VIEW, AS_A_TABLE = "as a view", "as a table"


@dataclass(frozen=True, kw_only=True)
class Model:
    """
    One file of sql/: its table, its header and its select.

    Shape:   a table that Python computes has a function and its inputs instead of a select; a view
             may have one that omits the tables without rows.
    """

    schema: str
    name: str
    path: Path
    header: Header
    sql: str
    compute: Compute | None = None
    reads: frozenset[str] = frozenset()
    narrowed: Callable[[IsEmpty], str] | None = None

    @property
    def is_view(self) -> bool:
        made = self.header.facts.get("made")
        return made == AS_A_VIEW or (self.schema in VIEWS and made != AS_A_TABLE)

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
    return Model(
        schema=schema,
        name=path.stem,
        path=path,
        header=parse_header(path, sql),
        sql=sql.strip().rstrip(";"),
    )
