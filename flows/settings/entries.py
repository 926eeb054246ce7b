"""Entries of sources, by address or name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flows.settings.sections import SourceSettings
from miners import store
from miners.address import exists
from miners.errors import SourceDenied
from miners.git.address import short_name
from miners.known_sources import read_known_sources
from miners.text import nearest_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from flows.settings.settings import Settings

# A text with one of these is an address and no name.
_OF_ADDRESSES = ("/", "\\", ":", "~", ".")
_HOW_TO_LIST = "`quarry sources` lists all sources"


def named_in(settings: Settings) -> list[str]:
    """List the sources that the settings name, those of projects last."""
    of_projects = [location for project in settings.projects for location in project.sources]
    return [*(source.location for source in settings.sources), *of_projects]


def entry_of(settings: Settings, text: str) -> SourceSettings:
    """Return the entry of a location or name of the settings, or a new one of the location."""
    entries = (source for source in settings.sources if text in {source.location, source.name})
    return next(entries, SourceSettings(location=text))


def entries_of(
    settings: Settings, base: Path, stored: Path, locations: Iterable[str]
) -> list[tuple[SourceSettings, Path] | SourceDenied]:
    """
    List each entry once, with the folder that its path is relative to; without locations all.

    Shape:   a location may be the name of any source of the settings or of the store. A name that
             no source has is an error, which suggests the closest one.
    """
    named = list(locations)
    if not named:
        pairs = ((entry_of(settings, text), base) for text in named_in(settings))
        return list(dict.fromkeys(pairs))
    typed = [_typed(settings, base, stored, text) for text in named]
    return list(dict.fromkeys(typed))


def _typed(
    settings: Settings, base: Path, stored: Path, text: str
) -> tuple[SourceSettings, Path] | SourceDenied:
    here = Path.cwd()
    entry = entry_of(settings, text)
    if entry.location != text:
        return entry, base
    if text in named_in(settings):
        is_of_settings = exists(base, text) and not exists(here, text)
        return entry, base if is_of_settings else here
    if exists(here, text) or any(sign in text for sign in _OF_ADDRESSES):
        return entry, here
    names = dict(_names(settings, stored))
    if len(names.get(text, ())) == 1:
        return entry_of(settings, names[text].pop()), base
    return _unknown(text, names)


def _names(settings: Settings, stored: Path) -> Iterator[tuple[str, set[str]]]:
    """Yield the names of sources, each with the locations that have it."""
    locations: dict[str, set[str]] = {}
    for text in named_in(settings):
        entry = entry_of(settings, text)
        locations.setdefault(entry.name or short_name(entry.location), set()).add(entry.location)
    for source in store.sources(stored):
        cursor = store.sound_cursor(stored, source)
        name = read_known_sources(stored).names.get(source, cursor.get("name"))
        if cursor.get("refs") and name:
            locations.setdefault(name, set()).add(cursor["location"])
    yield from locations.items()


def _unknown(text: str, names: Mapping[str, set[str]]) -> SourceDenied:
    if text in names:
        several = ", ".join(sorted(names[text]))
        return SourceDenied(text, f"several sources have this name: {several}", "Write an address")
    near = nearest_name(text, names)
    hint = f". Did you mean {near}?" if near else ""
    return SourceDenied(
        text, f"there is no source of this name, and no such path{hint}", _HOW_TO_LIST
    )
