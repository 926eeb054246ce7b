"""Find the files of a ledger and their tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from miners.ledger.headings import UnreadableFile
from miners.ledger.tables import TABLES
from miners.text import nearest_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from miners.ledger.tables import LedgerTable

CSV, TOML, PARQUET, CALENDAR, FEED = "csv", "toml", "parquet", "calendar", "feed"
WORKBOOK = "workbook"
FORMATS = {
    ".csv": CSV,
    ".tsv": CSV,
    ".toml": TOML,
    ".parquet": PARQUET,
    ".ics": CALENDAR,
    ".rss": FEED,
    ".atom": FEED,
    ".xml": FEED,
    ".xlsx": WORKBOOK,
    ".xlsm": WORKBOOK,
    ".xlsb": WORKBOOK,
    ".xls": WORKBOOK,
    ".ods": WORKBOOK,
}
# Formats with one table per file, which is in the name.
_OF_ONE_TABLE = {CSV, PARQUET}
MOST_BYTES, MOST_ROWS = 16 << 20, 200_000
_MOST_FILES = 1_000
# Names such as tasks, tasks-2024, and those of Google Sheets for a sheet of "Ledger".
_NAME = re.compile(rf"(?:.* - )?({'|'.join(TABLES)})(?:[-_ .].*)?")
_WHOLE_LEDGER = re.compile(r"ledger(?:[-_ .].*)?")


@dataclass(frozen=True)
class LedgerFile:
    """A file of a ledger: its path in the ledger, its format, and its table if it has just one."""

    name: str
    path: Path
    format: str
    table: LedgerTable | None = None


@dataclass(frozen=True)
class UnusableFile:
    """A file that resembles one of a ledger; with a remedy, one that should be."""

    name: str
    problem: str
    remedy: str = ""

    @property
    def error(self) -> UnreadableFile:
        return UnreadableFile(self.problem, self.remedy)


def find_files(path: Path, table: str | None = None) -> list[LedgerFile | UnusableFile]:
    """
    List the files of a ledger by name; if it is one file, its table may be given.

    Shape:   hidden files, and those of other formats, are skipped.
    """
    if not path.is_dir():
        file = _classified(path.parent, path, TABLES.get(table or ""))
        return [file if isinstance(file, LedgerFile) else _of_no_table(path.name)]
    files = [file for inner in _candidates(path) if (file := _classified(path, inner)) is not None]
    return files[:_MOST_FILES] + [
        UnusableFile(
            file.name, f"there are more than {_MOST_FILES:,} files", "Put several into one"
        )
        for file in files[_MOST_FILES:]
    ]


def file_at(url: str, table: str | None, data: bytes) -> LedgerFile | UnusableFile:
    """Return the file behind a URL: a calendar, a feed, or the CSV of a table."""
    beginning = data[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if beginning.startswith(b"begin:vcalendar"):
        return LedgerFile("calendar.ics", Path(), CALENDAR)
    if beginning.startswith((b"<?xml", b"<rss", b"<feed", b"<rdf")):
        return LedgerFile("feed.xml", Path(), FEED)
    named = _NAME.fullmatch(PurePosixPath(urlsplit(url).path).stem.casefold())
    target = TABLES.get(table or (named[1] if named else ""))
    name = f"{target.name}.csv" if target else "table.csv"
    return LedgerFile(name, Path(), CSV, target) if target else _of_no_table(name)


def table_named(name: str) -> LedgerTable | None:
    """Return the table that a file or sheet is named after."""
    match = _NAME.fullmatch(name.casefold())
    return TABLES[match[1]] if match else None


def read_bytes(path: Path) -> bytes:
    """
    Read a whole file of limited size.

    Errors:  UnreadableFile.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UnreadableFile(
            f"it cannot be opened ({error.strerror})", "Let Quarry read it, or remove it"
        ) from None
    if len(data) > MOST_BYTES:
        raise too_large()
    return data


def too_large() -> UnreadableFile:
    """Return the error of a file that is too large."""
    problem = f"it is larger than {MOST_BYTES >> 20} MiB"
    return UnreadableFile(problem, "Split it by years, such as tasks-2024.csv and tasks-2025.csv")


def _of_no_table(name: str) -> UnusableFile:
    remedy = "Name it after its table, or set table of its source"
    return UnusableFile(name, "its table is not stated", remedy)


def _candidates(folder: Path) -> Iterator[Path]:
    """List possible files of the ledger, and folders of no table that have some."""
    for inner in _visible(folder):
        if not inner.is_dir():
            yield inner
        elif inner.name.casefold() in TABLES:
            yield from (path for path in _visible(inner) if not path.is_dir())
        elif any(path.suffix.casefold() in FORMATS for path in _visible(inner)):
            yield inner


def _visible(folder: Path) -> list[Path]:
    """List files, folders and broken links, but nothing that would block on opening."""
    hidden = (".", "~$")
    paths = (path for path in sorted(folder.iterdir()) if not path.name.startswith(hidden))
    return [path for path in paths if path.is_file() or path.is_dir() or not path.exists()]


def _classified(
    folder: Path, path: Path, table: LedgerTable | None = None
) -> LedgerFile | UnusableFile | None:
    name, suffix = path.relative_to(folder).as_posix(), path.suffix.casefold()
    if path.is_dir():
        return UnusableFile(f"{name}/", f"no table is called {path.name!r}")
    table = table or _table_of(folder, path)
    form = FORMATS.get(suffix)
    if form is None:
        problem = f"no ledger has files of the format {suffix or path.name}"
        return UnusableFile(name, problem) if table else None
    if not path.resolve().is_relative_to(folder.resolve()):
        return UnusableFile(
            name, "it is a link to a file outside the ledger", "Put a copy there instead"
        )
    if form in _OF_ONE_TABLE and table is None:
        near = nearest_name(path.stem.casefold(), TABLES)
        remedy = f"Name it {near}{suffix}, or move it elsewhere" if near else ""
        return UnusableFile(name, f"no table is called {path.stem!r}", remedy)
    if form == TOML and table is None and not _WHOLE_LEDGER.fullmatch(path.stem.casefold()):
        return UnusableFile(name, f"no table is called {path.stem!r}, and it is not ledger.toml")
    return LedgerFile(name, path, form, table)


def _table_of(folder: Path, path: Path) -> LedgerTable | None:
    """Return the table that a file is named after, or the folder that it is in."""
    if path.parent != folder:
        return TABLES[path.parent.name.casefold()]
    return table_named(path.stem)
