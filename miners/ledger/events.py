"""What an event of a calendar or an entry of a feed is: its kind and its project."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from miners.ledger.cells import WrongCell, word
from miners.ledger.rows import RawRow
from miners.ledger.tables import KINDS, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from miners.ledger.address import Words

ACTIVITIES = TABLES["activities"]
Event = dict[str, Any]


def meaning(
    words: Words, categories: Sequence[str], title: str, otherwise: str
) -> tuple[str, str | None]:
    """
    Find kind and project of an event: by its categories first, then by its title.

    Shape:   a category that is a known kind needs no word of the settings.
    """
    said = [*categories, title]
    known = (kind for kind in map(_as_word, categories) if kind in KINDS)
    kind = _match(words.kinds, said) or next(known, otherwise)
    return kind, _match(words.projects, said)


def event_row(event: Event, line: int | None, received: Mapping[str, Any]) -> RawRow:
    """Make the row of an event."""
    return RawRow(table=ACTIVITIES, line=line, cells=event, received=received)


def odd_event(problem: str, line: int | None, received: Mapping[str, Any]) -> RawRow:
    """Make the row of an event that cannot be understood."""
    return RawRow(table=ACTIVITIES, line=line, cells={}, received=received, faults=(("", problem),))


def lines_of(text: str, heading: str) -> list[int]:
    """Name the lines that a pattern is found in, once for each time."""
    starts = (found.start() for found in re.finditer(heading, text, re.IGNORECASE | re.MULTILINE))
    return [text.count("\n", 0, start) + 1 for start in starts]


def _match(patterns: Mapping[str, str], texts: Iterable[str]) -> str | None:
    for text in texts:
        for pattern, meant in patterns.items():
            parts = map(re.escape, pattern.strip().split("*"))
            if re.fullmatch(".*".join(parts), text.strip(), re.IGNORECASE | re.DOTALL):
                return meant
    return None


def _as_word(category: str) -> str | None:
    try:
        return word(category)
    except WrongCell:
        return None
