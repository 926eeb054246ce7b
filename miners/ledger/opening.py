"""The files of a ledger, found and read into memory: once, so that nothing changes in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miners.errors import SourceDenied
from miners.ledger.files import LedgerFile, file_at, find_files, read_bytes
from miners.ledger.headings import UnreadFile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from miners.ledger.address import LedgerSource
    from miners.ledger.files import NoFile

    Opened = tuple[LedgerFile | NoFile, bytes | UnreadFile]

_WRITE_ONE = "quarry ledger init writes one to fill in"


def open_ledger(source: LedgerSource, variables: Mapping[str, str]) -> list[Opened]:
    """
    Read the bytes of every file of a ledger.

    Shape:   a file that cannot be read is beside why.
    Errors:  SourceDenied where there is no ledger at all; SourceUnavailable.
    """
    opened = _from_address(source, variables) if source.url else _from_path(source)
    if not any(is_part(data) for _, data in opened):
        problem = f"there is no file of a ledger in {source.location}"
        remedy = f"Put tasks.csv or another table there; {_WRITE_ONE}. Nothing counts as removed"
        raise SourceDenied(source.id, problem, remedy)
    return opened


def is_part(data: bytes | UnreadFile) -> bool:
    """Tell whether a file belongs to the ledger, be it readable or not."""
    return isinstance(data, bytes) or bool(data.remedy)


def _from_path(source: LedgerSource) -> list[Opened]:
    path = source.path
    try:
        found = find_files(path, source.table) if path and path.exists() else None
    except OSError as error:
        problem = f"{source.location} cannot be listed ({error.strerror})"
        raise SourceDenied(source.id, problem, "Let Quarry read it") from error
    if found is None:
        problem = f"there is nothing at {source.location}"
        raise SourceDenied(source.id, problem, f"Correct its location; {_WRITE_ONE}")
    return [(file, _opened(file)) for file in found]


def _opened(file: LedgerFile | NoFile) -> bytes | UnreadFile:
    try:
        return read_bytes(file.path) if isinstance(file, LedgerFile) else file.why
    except UnreadFile as unread:
        return unread


def _from_address(source: LedgerSource, variables: Mapping[str, str]) -> list[Opened]:
    # The client of http takes its time to load, which folders need not wait for.
    from miners.ledger.download import download  # noqa: PLC0415 - see above

    url = source.url or ""
    data = download(source, url, variables)
    file = file_at(url, source.table, data)
    return [(file, data if isinstance(file, LedgerFile) else file.why)]
