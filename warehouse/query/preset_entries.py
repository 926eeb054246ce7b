"""Read presets.toml: the definitions of other systems by name."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from warehouse.sql import sql_folder

if TYPE_CHECKING:
    from pathlib import Path

PRESETS = "presets.toml"


def preset_entries(folder: Path | None = None) -> dict[str, Any]:
    """Return the entries of the presets by name."""
    return tomllib.loads(((folder or sql_folder()) / PRESETS).read_text("utf-8"))
