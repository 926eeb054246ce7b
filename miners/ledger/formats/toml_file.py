"""Read TOML files: an array of tables per table of a ledger."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from miners.ledger.cells import quoted
from miners.ledger.headings import UnreadableFile, column_of, unknown
from miners.ledger.rows import RawRow
from miners.ledger.tables import TABLES
from miners.text import nearest_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from miners.ledger.tables import LedgerTable


def read_toml(text: str) -> Iterator[RawRow]:
    """
    Read the rows of every table in a file.

    Errors:  UnreadableFile.
    """
    try:
        tables = tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, ValueError) as error:
        raise UnreadableFile(f"it is not TOML: {error}", "Correct that line") from None
    except RecursionError:
        raise UnreadableFile(
            "it is nested too deep", "Begin each row with its table, such as [[tasks]]"
        ) from None
    for name, rows in tables.items():
        yield from _rows(text, name, rows)


def _rows(text: str, name: str, rows: Any) -> Iterator[RawRow]:
    table = TABLES.get(name)
    if table is None:
        near = nearest_name(name, TABLES) or f"one of {', '.join(TABLES)}"
        raise UnreadableFile(f"unknown table {quoted(name)}", f"Write {near}, or remove it")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UnreadableFile(f"{name} is not an array of tables", f"Begin each row with [[{name}]]")
    lines = _lines(text, name)
    for number, row in enumerate(rows):
        # Headings within a multi-line text would give more lines than rows.
        line = lines[number] if len(lines) == len(rows) else None
        yield _row(table, line, row)


def _lines(text: str, name: str) -> list[int]:
    heading = re.compile(rf"\s*\[\[\s*[\"']?{name}[\"']?\s*\]\]")
    return [number for number, line in enumerate(text.splitlines(), 1) if heading.match(line)]


def _row(table: LedgerTable, line: int | None, row: dict[str, Any]) -> RawRow:
    problems = [("", "; ".join(wrong)) for key in row if (wrong := unknown(table, key))]
    columns = [column_of(table, key) for key in row]
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    problems += [(name, "expected one value, found several") for name in twice]
    cells = {column: row[key] for key, column in zip(row, columns, strict=True) if column}
    return RawRow(table=table, line=line, cells=cells, received=row, faults=tuple(problems))
