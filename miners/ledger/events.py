"""Kind and project of calendar events and feed entries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from miners.ledger.cells import WrongCell, word
from miners.ledger.rows import RawRow
from miners.ledger.tables import KINDS, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from miners.ledger.address import EventPatterns

ACTIVITIES = TABLES["activities"]
Event = dict[str, Any]


def meaning(
    patterns: EventPatterns, categories: Sequence[str], title: str, otherwise: str
) -> tuple[str, str | None]:
    """
    Return kind and project of an event: by its categories first, then by its title.

    Shape:   a category that is a known kind needs no pattern in the settings.
    """
    texts = [*categories, title]
    kinds = (kind for kind in map(_as_word, categories) if kind in KINDS)
    kind = _match(patterns.kinds, texts) or next(kinds, otherwise)
    return kind, _match(patterns.projects, texts)


def event_row(event: Event, line: int | None, received: Mapping[str, Any]) -> RawRow:
    """Return the row of an event."""
    return RawRow(table=ACTIVITIES, line=line, cells=event, received=received)


def odd_event(problem: str, line: int | None, received: Mapping[str, Any]) -> RawRow:
    """Return the row of a malformed event."""
    return RawRow(table=ACTIVITIES, line=line, cells={}, received=received, faults=(("", problem),))


def lines_of(text: str, heading: str) -> list[int]:
    """Return the line of every match of a pattern."""
    starts = (match.start() for match in re.finditer(heading, text, re.IGNORECASE | re.MULTILINE))
    return [text.count("\n", 0, start) + 1 for start in starts]


def _match(patterns: Mapping[str, str], texts: Iterable[str]) -> str | None:
    for text in texts:
        for pattern, value in patterns.items():
            parts = map(re.escape, pattern.strip().split("*"))
            if re.fullmatch(".*".join(parts), text.strip(), re.IGNORECASE | re.DOTALL):
                return value
    return None


def _as_word(category: str) -> str | None:
    try:
        return word(category)
    except WrongCell:
        return None
