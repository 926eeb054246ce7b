"""Hash of the models, the build code and DuckDB's version."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import duckdb

from warehouse.build.schemas import CHECKS, MACROS, SCHEMAS
from warehouse.sql import package_folder, sql_files, sql_folder
from warehouse.tables.raw import raw_schema_version

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A build runs the modules in these folders of the warehouse package, and those in its root.
BUILT_BY = ("tables", "graph", "build")


def program_hash(folder: Path | None = None) -> str:
    """Hash the program that builds: its models, its modules and DuckDB's version."""
    names = hashed_files(folder)
    facts = [
        {name: hashlib.sha256(path.read_bytes()).hexdigest() for path, name in names.items()},
        raw_schema_version(),
        duckdb.__version__,
    ]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def hashed_files(folder: Path | None = None) -> dict[Path, str]:
    """List the models, checks and modules that a build runs by path, with their names."""
    sql, package = folder or sql_folder(), package_folder()
    models = {path: f"sql/{_name(path, sql)}" for path in _models(sql)}
    return models | {path: _name(path, package) for path in _modules(package)}


def _models(sql: Path) -> Iterator[Path]:
    yield from sql.glob("*.toml")
    for schema in (*SCHEMAS, CHECKS, MACROS):
        yield from sql_files(sql, schema)


def _modules(package: Path) -> Iterator[Path]:
    yield from package.glob("*.py")
    for name in BUILT_BY:
        yield from (package / name).rglob("*.py")


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()
