"""Read RSS and Atom files as activities."""

from __future__ import annotations

import io
import re
from calendar import timegm
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import feedparser
from feedparser.exceptions import CharacterEncodingOverride

from miners.ledger.events import event_row, lines_of, meaning, odd_event
from miners.ledger.headings import UnreadableFile
from miners.text import is_usable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from miners.ledger.address import EventPatterns
    from miners.ledger.rows import RawRow

_RECEIVED = ("id", "link", "title", "published", "updated")
_DECLARED = re.compile(rb"""<\?xml[^>]*\bencoding\s*=\s*["']([\w.:-]+)["']""")


def read_feed(data: bytes, zone: ZoneInfo, patterns: EventPatterns) -> Iterator[RawRow]:
    """
    Read the entries of a feed.

    Errors:  UnreadableFile, also for a feed that defines entities, whose expansion has no limit.
    """
    _refuse_entities(data)
    # From bytes: the library could read a text as an address to fetch.
    feed = feedparser.parse(io.BytesIO(data), resolve_relative_uris=False, sanitize_html=False)
    reason = feed.get("bozo_exception")
    if reason and not isinstance(reason, CharacterEncodingOverride):
        raise UnreadableFile(f"it is not a feed that can be read ({reason})", "Export it again")
    if not feed.get("version"):
        raise UnreadableFile(
            "it is neither RSS nor Atom", "Export the feed again, or move it elsewhere"
        )
    lines = lines_of(data.decode("latin-1"), r"<(?:item|entry)[\s>]")
    starts = lines if len(lines) == len(feed.entries) else [None] * len(feed.entries)
    for entry, line in zip(feed.entries, starts, strict=True):
        yield _row(entry, line, zone, patterns)


def _refuse_entities(data: bytes) -> None:
    declared = _DECLARED.search(data[:200])
    # In any other encoding a definition would not be found.
    is_plain = declared is None or is_usable(declared[1].decode())
    if b"\0" in data or not is_plain:
        raise UnreadableFile("its encoding is not one of feeds", "Save it as UTF-8")
    if re.search(rb"<!ENTITY", data, re.IGNORECASE):
        raise UnreadableFile("it defines entities, which Quarry does not expand", "Export it again")


def _row(entry: Any, line: int | None, zone: ZoneInfo, patterns: EventPatterns) -> RawRow:
    # As a plain dict: the library's own access replaces missing values and warns.
    received = {name: dict.get(entry, name) for name in _RECEIVED}
    stamp = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    if stamp is None:
        stamp_text = received["published"] or received["updated"]
        problem = f"its date {stamp_text!r} cannot be read" if stamp_text else "it has no date"
        return odd_event(problem, line, received)
    title = re.sub(r"<[^<>]+>", "", received["title"] or "")
    categories = [tag.term for tag in entry.get("tags", []) if tag.get("term")]
    kind, project = meaning(patterns, categories, title, "writing")
    event = {
        "activity_id": received["id"] or received["link"],
        "happened_on": datetime.fromtimestamp(timegm(stamp), UTC).astimezone(zone).date(),
        "kind": kind,
        "project": project,
        "title": title,
        "link": received["link"],
    }
    return event_row(event, line, received)
