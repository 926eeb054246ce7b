"""Standard output for rows, safe for a terminal."""

from __future__ import annotations

import codecs
import io
import sys
from typing import TYPE_CHECKING, cast

from flows.cli.console import visible_lines
from warehouse.query.formats import TEXT_FORMATS

if TYPE_CHECKING:
    from typing import BinaryIO

    from typing_extensions import Buffer


class VisibleOutput(io.BufferedIOBase):
    """A stream to a terminal, with control characters made visible."""

    def __init__(self, terminal: BinaryIO) -> None:
        """Write to a terminal."""
        self._terminal = terminal
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def writable(self) -> bool:
        """Return that this can be written."""
        return True

    def fileno(self) -> int:
        """Return the terminal's number, by which its width is known."""
        return self._terminal.fileno()

    def write(self, data: Buffer, /) -> int:
        """Write UTF-8; lines stay lines."""
        text = self._decoder.decode(bytes(data)).replace("\r\n", "\n")
        self._terminal.write(visible_lines(text).encode())
        return memoryview(data).nbytes

    def flush(self) -> None:
        """Write what the terminal's stream holds back."""
        self._terminal.flush()


def output(output_format: str) -> BinaryIO:
    """
    Return where a command writes rows of a format.

    Errors:  SettingsError for bytes that no terminal shows.
    """
    from flows.settings.settings import SettingsError

    if not sys.stdout.isatty():
        return sys.stdout.buffer
    if output_format not in TEXT_FORMATS:
        example = f"add `> rows.{output_format}`"
        raise SettingsError(f"--format {output_format}: not for a terminal; {example}.")
    return cast("BinaryIO", VisibleOutput(sys.stdout.buffer))
