"""Write explore.html: one page with figures and their evidence."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from miners.store import sync
from warehouse.explore.snapshot_data import TABLES, page_data

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE = "explore.html"
PARTS = Path(__file__).parent / "template"


def write_page(snapshot: Path) -> Path | None:
    """
    Write the page into a snapshot of the exports; equal snapshots give equal bytes.

    Shape:   None of a snapshot that has not all tables of figures.
    """
    if not all((snapshot / table).is_dir() for table in TABLES):
        return None
    path = snapshot / PAGE
    path.write_text(page(page_data(snapshot)), encoding="utf-8")
    sync(path)
    return path


def page(data: Mapping[str, Any]) -> str:
    """Return the page of the data. It may load nothing but evidence from its own server."""
    style, script = (_part(name) for name in ("explore.css", "explore.js"))
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'"
    )
    # A less-than sign could end the element, whatever is in the data.
    encoded = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    before, after = _part("explore.html").split("@data@")
    for name, part in (("policy", policy), ("style", style), ("script", script)):
        before, after = (text.replace(f"@{name}@", part) for text in (before, after))
    return f"{before}{encoded}{after}"


def _part(name: str) -> str:
    return (PARTS / name).read_text(encoding="utf-8")


def _hash(part: str) -> str:
    digest = hashlib.sha256(part.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
