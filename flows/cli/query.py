"""quarry query: one read-only select."""

from __future__ import annotations

import os
import sys
from io import BytesIO
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.console import output
from flows.cli.options import TABLE, Config, Format, Home, leave, workspace_of
from warehouse.query.formats import EXPANDED, FORMATS


def query(
    sql: Annotated[str, typer.Argument(help="One select; - reads it from standard input")],
    *,
    output_format: Format = TABLE,
    expanded: Annotated[bool, typer.Option("--expanded", help="One column per line")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write; its suffix is the default format")
    ] = None,
    home: Home = None,
    config: Config = None,
) -> None:
    """
    Run one read-only select on the warehouse.

    A table omits the columns in the middle that do not fit the terminal.
    Examples: quarry query "from marts.kpi_quarterly" --expanded
    quarry query "from facts.commits" --out commits.parquet
    """
    from miners.store import write_atomically
    from warehouse.query.query import query as write_result

    text = _text_of(sql)
    warehouse = workspace_of(config, home).warehouse
    if out is None:
        name = EXPANDED if expanded else output_format
        write_result(warehouse, text, name, output(name))
        leave(0)  # DuckDB 2.0 complains about itself when the interpreter exits after Parquet
    suffix = out.suffix.removeprefix(".")
    name = suffix if output_format == TABLE and suffix in FORMATS else output_format
    rows = BytesIO()
    write_result(warehouse, text, EXPANDED if expanded else name, rows)
    write_atomically(out.absolute(), rows.getvalue())
    typer.echo(f"{out}: {len(rows.getvalue()):,} bytes")
    leave(0)


def _text_of(sql: str) -> str:
    """
    Return the text of a query, which is UTF-8 where the locale has no character for it.

    Errors:  SettingsError for other bytes.
    """
    from flows.settings.settings import SettingsError

    try:
        text = sys.stdin.read() if sql == "-" else sql
        is_of_locale = not any("\ud800" <= sign <= "\udfff" for sign in text)
        return text if is_of_locale else os.fsencode(text).decode()
    except UnicodeError:
        raise SettingsError("The query is not UTF-8. Write it in UTF-8.") from None
