"""quarry query: one read-only select."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from flows.cli.console import output
from flows.cli.options import TABLE, Config, Format, Home, leave, workspace_of


def query(
    sql: Annotated[str, typer.Argument(help="One select; - reads it from standard input")],
    output_format: Format = TABLE,
    home: Home = None,
    config: Config = None,
) -> None:
    """Run one read-only select on the warehouse."""
    from warehouse.query.query import query as write_result

    text = sys.stdin.read() if sql == "-" else sql
    write_result(workspace_of(config, home).warehouse, text, output_format, output(output_format))
    leave(0)  # DuckDB 2.0 complains about itself when the interpreter exits after a Parquet result
