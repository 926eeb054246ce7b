"""Read all files of a ledger into memory at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miners.errors import SourceDenied
from miners.ledger.files import LedgerFile, file_at, find_files, read_bytes
from miners.ledger.headings import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from miners.ledger.address import LedgerSource
    from miners.ledger.files import UnusableFile

    Opened = tuple[LedgerFile | UnusableFile, bytes | UnreadableFile]

_WRITE_ONE = "`quarry ledger init` writes one to fill in"


def open_ledger(source: LedgerSource, variables: Mapping[str, str]) -> list[Opened]:
    """
    Read the bytes of every file of a ledger.

    Shape:   a file that cannot be read comes with its error.
    Errors:  SourceDenied if there is no ledger at all; SourceUnavailable.
    """
    opened = _from_address(source, variables) if source.url else _from_path(source)
    if not any(is_part(data) for _, data in opened):
        problem = f"no file of a ledger in {source.location}"
        remedy = f"Put tasks.csv or another table there; {_WRITE_ONE}. No row is marked as removed"
        raise SourceDenied(source.id, problem, remedy)
    return opened


def is_part(data: bytes | UnreadableFile) -> bool:
    """Return whether a file belongs to the ledger, readable or not."""
    return isinstance(data, bytes) or bool(data.remedy)


def _from_path(source: LedgerSource) -> list[Opened]:
    path = source.path
    try:
        files = find_files(path, source.table) if path and path.exists() else None
    except OSError as error:
        problem = f"{source.location} cannot be listed ({error.strerror})"
        raise SourceDenied(source.id, problem, "Let Quarry read it") from error
    if files is None:
        problem = f"{source.location} does not exist"
        raise SourceDenied(source.id, problem, f"Correct its location; {_WRITE_ONE}")
    return [(file, _opened(file)) for file in files]


def _opened(file: LedgerFile | UnusableFile) -> bytes | UnreadableFile:
    try:
        return read_bytes(file.path) if isinstance(file, LedgerFile) else file.error
    except UnreadableFile as unread:
        return unread


def _from_address(source: LedgerSource, variables: Mapping[str, str]) -> list[Opened]:
    # The HTTP client takes a while to load, which folders do not need.
    from miners.ledger.download import download  # noqa: PLC0415 - see above

    url = source.url or ""
    data = download(source, url, variables)
    file = file_at(url, source.table, data)
    return [(file, data if isinstance(file, LedgerFile) else file.error)]
