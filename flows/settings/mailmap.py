"""Read the mailmap that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.settings.settings import SettingsError
from miners.mailmap import parse_mailmap
from warehouse.context import MailmapEntry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def mailmap_entries(path: Path | None, base: Path) -> Iterator[MailmapEntry]:
    """
    Yield the lines of a mailmap, whose path starts at base; none without a path.

    Errors:  SettingsError.
    """
    if path is None:
        return
    try:
        text = (base / path).read_text("utf-8", errors="replace")
    except OSError as error:
        raise SettingsError(f"people.mailmap: {error}. Correct the path.") from error
    for line in parse_mailmap(text):
        yield MailmapEntry(
            line_number=line.line_number,
            proper_name=line.proper_name,
            proper_email=line.proper_email,
            commit_name=line.commit_name,
            commit_email=line.commit_email,
        )
