"""Write rows as a table, CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
import math
import os
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, Protocol

from warehouse.query.fitting import WIDEST_CELL, fitting_columns, table_width

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

ROWS_AT_ONCE = 10_000
ROWS_IN_A_TABLE = 1_000
# Wide enough for any table: nothing is folded where the output is no terminal.
UNLIMITED_WIDTH = 100_000
NULL = "NULL"
OMITTED = "…"
# A spreadsheet takes a cell that begins with one of these for a formula (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")


class Result(Protocol):
    """The part of a DuckDB result that the writers use."""

    @property
    def description(self) -> Sequence[Sequence[Any]] | None: ...

    def fetchmany(self, size: int, /) -> list[Any]: ...


def write_table(result: Result, out: BinaryIO) -> None:
    """Write the first rows as a table that fits the terminal, and the count of all rows."""
    # Every command imports this module, and few draw a table: loading rich takes as long as typer.
    from rich.box import ROUNDED  # noqa: PLC0415
    from rich.cells import cell_len  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    names, head, width = _names(result), result.fetchmany(ROWS_IN_A_TABLE), _width(out)
    lines = [[visible(name) for name in names], *(list(map(_shown, row)) for row in head)]
    widths = [max(map(cell_len, cells)) for cells in zip(*lines, strict=True)]
    columns = fitting_columns(widths, width)
    table = Table(box=ROUNDED)
    for index in columns:
        is_number = index is not None and any(_is_number(row[index]) for row in head)
        header = Text(OMITTED if index is None else lines[0][index])
        justify: Literal["left", "right"] = "right" if is_number else "left"
        table.add_column(header, justify=justify, no_wrap=True, max_width=_widest(widths, width))
    for line in lines[1:]:
        table.add_row(*(Text(OMITTED if i is None else line[i]) for i in columns))
    count = len(head) + sum(1 for _ in _rows(result))
    text = io.StringIO()
    Console(file=text, width=width, color_system=None, force_terminal=False).print(table)
    footer = _counted(len(head), count)
    if None in columns:
        shown = len(columns) - 1
        footer += f"; {len(names):,} columns, {shown:,} shown: --expanded shows all"
    out.write(f"{text.getvalue()}{footer}\n".encode())


def write_expanded(result: Result, out: BinaryIO) -> None:
    """Write the first rows with one column per line, and the count of all rows."""
    names, head = [visible(name) for name in _names(result)], result.fetchmany(ROWS_IN_A_TABLE)
    widest = max(map(len, names))
    for number, row in enumerate(head, start=1):
        out.write(f"row {number:,}\n".encode())
        out.writelines(
            f"  {name:<{widest}}  {_shown(value)}\n".encode()
            for name, value in zip(names, row, strict=True)
        )
    count = len(head) + sum(1 for _ in _rows(result))
    out.write(f"{_counted(len(head), count)}\n".encode())


def write_csv(result: Result, out: BinaryIO) -> None:
    """Write RFC 4180; a text that a spreadsheet would run as a formula gets an apostrophe."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="")
    writer = csv.writer(text)
    writer.writerow([_harmless(name) for name in _names(result)])
    for row in _rows(result):
        writer.writerow([_csv_cell(value) for value in row])
    text.detach()


def write_json(result: Result, out: BinaryIO) -> None:
    """Write an array of objects, one per line; instants in ISO 8601."""
    names = _names(result)
    separator = "["
    for row in _rows(result):
        values = [_json_value(value) for value in row]
        line = json.dumps(dict(zip(names, values, strict=True)), ensure_ascii=False)
        out.write(f"{separator}\n{line}".encode())
        separator = ","
    out.write(b"[]\n" if separator == "[" else b"\n]\n")


def visible(text: str) -> str:
    """Return a text with its control characters escaped, so that no terminal obeys them."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _names(result: Result) -> list[str]:
    """List the column names; a repeated name gets a number, so that no value is lost."""
    names: list[str] = []
    for column in result.description or ():
        name, number = str(column[0]), 1
        while name in names:
            name, number = f"{column[0]}_{number}", number + 1
        names.append(name)
    return names


def _rows(result: Result) -> Iterator[tuple[Any, ...]]:
    while rows := result.fetchmany(ROWS_AT_ONCE):
        yield from rows


def _width(out: BinaryIO) -> int:
    """Return the columns of a terminal; one that does not know them says 0."""
    try:
        return os.get_terminal_size(out.fileno()).columns or UNLIMITED_WIDTH
    except (OSError, AttributeError):
        return UNLIMITED_WIDTH


def _counted(shown: int, count: int) -> str:
    noun = "row" if count == 1 else "rows"
    if shown == count:
        return f"{count:,} {noun}"
    return f"{count:,} {noun}, the first {shown:,} shown; other formats write all"


def _shown(value: object) -> str:
    return NULL if value is None else visible(_text(value))


def _widest(widths: Sequence[int], width: int) -> int | None:
    """Return the widest that a cell may be; None if all cells fit as they are."""
    return None if table_width(widths) <= width else WIDEST_CELL


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _text(value: object) -> str:
    plain = _json_value(value)
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _csv_cell(value: object) -> object:
    if value is None:
        return ""
    return _harmless(value) if isinstance(value, str) else _text(value)


def _json_value(value: object) -> object:  # noqa: PLR0911 - one line per type
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else str(value)
        case Decimal():
            return float(value)
        case datetime() | date() | time():
            return value.isoformat()
        case bytes():
            return value.hex()
        case list() | tuple():
            return [_json_value(item) for item in value]
        case dict():
            return {str(name): _json_value(item) for name, item in value.items()}
        case timedelta():
            return str(value)
        case _:
            return str(value)


TEXT_FORMATS: Mapping[str, Callable[[Result, BinaryIO], None]] = {
    "table": write_table,
    "csv": write_csv,
    "json": write_json,
}
FORMATS = (*TEXT_FORMATS, "parquet")
EXPANDED = "expanded"


def either(choices: Sequence[str]) -> str:
    """Write choices as a sentence lists them: a, b or c."""
    *others, last = choices
    return f"{', '.join(others)} or {last}" if others else last
