"""Which files make up a ledger, and of which table each is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from miners.ledger.headings import UnreadFile
from miners.ledger.tables import TABLES
from miners.text import nearest_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from miners.ledger.tables import Table

CSV, TOML, PARQUET, CALENDAR, FEED = "csv", "toml", "parquet", "calendar", "feed"
FORMATS = {
    ".csv": CSV,
    ".tsv": CSV,
    ".toml": TOML,
    ".parquet": PARQUET,
    ".ics": CALENDAR,
    ".rss": FEED,
    ".atom": FEED,
    ".xml": FEED,
}
# Formats whose files hold one table, which their name says.
_OF_ONE_TABLE = {CSV, PARQUET}
_WORKBOOKS = {".xlsx", ".xls", ".ods", ".numbers"}
MOST_BYTES, MOST_ROWS = 16 << 20, 200_000
_MOST_FILES = 1_000
# As people name them: tasks, tasks-2024, and how Google Sheets names a sheet of "Ledger".
_NAME = re.compile(rf"(?:.* - )?({'|'.join(TABLES)})(?:[-_ .].*)?")
_WHOLE_LEDGER = re.compile(r"ledger(?:[-_ .].*)?")


@dataclass(frozen=True)
class LedgerFile:
    """A file of a ledger: its name from the ledger's folder, its format, its table if of one."""

    name: str
    path: Path
    format: str
    table: Table | None = None


@dataclass(frozen=True)
class NoFile:
    """What looks like a file of a ledger and is none; with a remedy, one that should be."""

    name: str
    problem: str
    remedy: str = ""

    @property
    def why(self) -> UnreadFile:
        return UnreadFile(self.problem, self.remedy)


def find_files(path: Path, table: str | None = None) -> list[LedgerFile | NoFile]:
    """
    List the files of a ledger by name; where it is one file, its table may be given.

    Shape:   hidden files, and those of no format that Quarry reads, are passed over.
    """
    if not path.is_dir():
        file = _classified(path.parent, path, TABLES.get(table or ""))
        return [file if isinstance(file, LedgerFile) else _of_no_table(path.name)]
    found = [one for inner in _candidates(path) if (one := _classified(path, inner)) is not None]
    return found[:_MOST_FILES] + [
        NoFile(one.name, f"there are more than {_MOST_FILES:,} files", "Put several into one")
        for one in found[_MOST_FILES:]
    ]


def file_at(url: str, table: str | None, data: bytes) -> LedgerFile | NoFile:
    """Tell what came from an address: a calendar, a feed, or the CSV of a table."""
    beginning = data[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if beginning.startswith(b"begin:vcalendar"):
        return LedgerFile("calendar.ics", Path(), CALENDAR)
    if beginning.startswith((b"<?xml", b"<rss", b"<feed", b"<rdf")):
        return LedgerFile("feed.xml", Path(), FEED)
    named = _NAME.fullmatch(PurePosixPath(urlsplit(url).path).stem.casefold())
    found = TABLES.get(table or (named[1] if named else ""))
    name = f"{found.name}.csv" if found else "table.csv"
    return LedgerFile(name, Path(), CSV, found) if found else _of_no_table(name)


def read_bytes(path: Path) -> bytes:
    """
    Read a whole file of bounded size.

    Errors:  UnreadFile.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UnreadFile(
            f"it cannot be opened ({error.strerror})", "Let Quarry read it, or remove it"
        ) from None
    if len(data) > MOST_BYTES:
        raise too_large()
    return data


def too_large() -> UnreadFile:
    """Say that a file has more bytes than any ledger has."""
    problem = f"it is larger than {MOST_BYTES >> 20} MiB"
    return UnreadFile(problem, "Split it by years, such as tasks-2024.csv and tasks-2025.csv")


def _of_no_table(name: str) -> NoFile:
    remedy = "Name it after its table, or say which it is with table beside its location"
    return NoFile(name, "which table it is cannot be told", remedy)


def _candidates(folder: Path) -> Iterator[Path]:
    """List what may be files of the ledger: those in it, and in folders named after a table."""
    for inner in _visible(folder):
        if not inner.is_dir():
            yield inner
        elif inner.name.casefold() in TABLES:
            yield from (path for path in _visible(inner) if not path.is_dir())


def _visible(folder: Path) -> list[Path]:
    """List files, folders and dead links, but nothing that would block who opens it."""
    hidden = (".", "~$")
    found = (path for path in sorted(folder.iterdir()) if not path.name.startswith(hidden))
    return [path for path in found if path.is_file() or path.is_dir() or not path.exists()]


def _classified(folder: Path, path: Path, table: Table | None = None) -> LedgerFile | NoFile | None:
    name, suffix = path.relative_to(folder).as_posix(), path.suffix.casefold()
    table = table or _table_of(folder, path)
    if suffix in _WORKBOOKS and table:
        return NoFile(name, "it is a workbook", "Save each of its sheets as CSV UTF-8")
    form = FORMATS.get(suffix)
    if form is None:
        return None
    if not path.resolve().is_relative_to(folder.resolve()):
        return NoFile(name, "it is a link out of the ledger", "Put a copy there instead")
    if form in _OF_ONE_TABLE and table is None:
        near = nearest_name(path.stem.casefold(), TABLES)
        remedy = f"Name it {near}{suffix}, or move it away" if near else ""
        return NoFile(name, f"no table is called {path.stem!r}", remedy)
    if form == TOML and table is None and not _WHOLE_LEDGER.fullmatch(path.stem.casefold()):
        return NoFile(name, f"no table is called {path.stem!r}, and it is not ledger.toml")
    return LedgerFile(name, path, form, table)


def _table_of(folder: Path, path: Path) -> Table | None:
    """Find the table that a file is named after, or the folder that it is in."""
    if path.parent != folder:
        return TABLES[path.parent.name.casefold()]
    found = _NAME.fullmatch(path.stem.casefold())
    return TABLES[found[1]] if found else None
