"""Hash of the models, the build code and DuckDB's version."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import duckdb

from warehouse.sql import package_folder, sql_folder
from warehouse.tables.raw import raw_schema_version

if TYPE_CHECKING:
    from pathlib import Path

# The modules of the warehouse package that a build runs.
BUILT_BY = ("*.py", "tables/*.py", "graph/*.py", "build/*.py")


def program_hash(folder: Path | None = None) -> str:
    """Hash the program that builds: its models, its modules and DuckDB's version."""
    facts = [
        _hashes(folder or sql_folder(), "**/*.sql", "*.toml"),
        _hashes(package_folder(), *BUILT_BY),
        raw_schema_version(),
        duckdb.__version__,
    ]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _hashes(folder: Path, *patterns: str) -> dict[str, str]:
    paths = sorted(path for pattern in patterns for path in folder.glob(pattern))
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
    }
