"""RSS and Atom files to activities: each entry is something that was written."""

from __future__ import annotations

import io
import re
from calendar import timegm
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import feedparser
from feedparser.exceptions import CharacterEncodingOverride

from miners.ledger.events import event_row, lines_of, meaning, odd_event
from miners.ledger.headings import UnreadFile
from miners.text import is_usable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from miners.ledger.address import Words
    from miners.ledger.rows import RawRow

_RECEIVED = ("id", "link", "title", "published", "updated")
_DECLARED = re.compile(rb"""<\?xml[^>]*\bencoding\s*=\s*["']([\w.:-]+)["']""")


def read_feed(data: bytes, zone: ZoneInfo, words: Words) -> Iterator[RawRow]:
    """
    Read the entries of a feed.

    Errors:  UnreadFile, also for one that defines entities: what they expand to has no bound.
    """
    _refuse_entities(data)
    # From bytes alone: a text could be taken for an address to fetch.
    found = feedparser.parse(io.BytesIO(data), resolve_relative_uris=False, sanitize_html=False)
    reason = found.get("bozo_exception")
    if reason and not isinstance(reason, CharacterEncodingOverride):
        raise UnreadFile(f"it is no feed that can be read ({reason})", "Export it anew")
    if not found.get("version"):
        raise UnreadFile("it is neither RSS nor Atom", "Export the feed anew, or move it away")
    lines = lines_of(data.decode("latin-1"), r"<(?:item|entry)[\s>]")
    known = lines if len(lines) == len(found.entries) else [None] * len(found.entries)
    for entry, line in zip(found.entries, known, strict=True):
        yield _row(entry, line, zone, words)


def _refuse_entities(data: bytes) -> None:
    declared = _DECLARED.search(data[:200])
    # In any other encoding a definition could not be seen.
    is_plain = declared is None or is_usable(declared[1].decode())
    if b"\0" in data or not is_plain:
        raise UnreadFile("its encoding is not one that feeds have", "Save it as UTF-8")
    if re.search(rb"<!ENTITY", data, re.IGNORECASE):
        raise UnreadFile("it defines entities, which Quarry does not expand", "Export it anew")


def _row(entry: Any, line: int | None, zone: ZoneInfo, words: Words) -> RawRow:
    # As a plain one: the library's own look-up warns of what it puts in place of something.
    received = {name: dict.get(entry, name) for name in _RECEIVED}
    stamp = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    if stamp is None:
        said = received["published"] or received["updated"]
        problem = f"its date {said!r} cannot be read" if said else "it has no date"
        return odd_event(problem, line, received)
    title = re.sub(r"<[^<>]+>", "", received["title"] or "")
    categories = [tag.term for tag in entry.get("tags", []) if tag.get("term")]
    kind, project = meaning(words, categories, title, "writing")
    event = {
        "activity_id": received["id"] or received["link"],
        "happened_on": datetime.fromtimestamp(timegm(stamp), UTC).astimezone(zone).date(),
        "kind": kind,
        "project": project,
        "title": title,
        "link": received["link"],
    }
    return event_row(event, line, received)
