"""
Values kept between processes, next to compiled modules.

Parsing and describing the selects takes a small build longer than running them. As with compiled
modules, nothing depends on the files: they are written on the same terms, and are made again.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any


def kept(name: str, version: str) -> dict[str, Any]:
    """Return the values that a process kept under a name; none if it had another version."""
    try:
        found = json.loads(_path(name).read_text(encoding="utf-8"))
        return dict(found["values"]) if found["version"] == version else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def keep(name: str, version: str, values: dict[str, Any]) -> None:
    """Keep values for later processes, where compiled modules are kept."""
    if sys.dont_write_bytecode:
        return
    path = _path(name)
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    # The folder may belong to another user, or be on a full disk.
    with contextlib.suppress(OSError):
        try:
            temporary.write_text(json.dumps({"version": version, "values": values}))
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


def kept_path(name: str) -> Path:
    """Return the path of a file next to the compiled modules."""
    return Path(cache_from_source(__file__)).with_name(name)


def _path(name: str) -> Path:
    return kept_path(f"{name}.json")
