"""The terminal: open it, and print lines, facts, problems and rows."""

from __future__ import annotations

import codecs
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from flows.settings.environment import is_ascii_locale, is_width_given
from miners.text import shown_source
from warehouse.query.formats import EXPANDED, TEXT_FORMATS, visible

# Each command imports this module, also for --help: rich is loaded by the first line that is drawn.
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import BinaryIO

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text
    from typing_extensions import Buffer

    from flows.settings.workspace import Workspace
    from warehouse.query.scope import Scope

# A text, or a text and its style.
Part = str | tuple[str, str]

_PLAIN_WIDTH = 120
# The lines of tables, where only ASCII is shown.
_LINES = str.maketrans("─│╭╮╰╯├┤┬┴┼…", f"-|{'+' * 9}~")


class SourceProblem(Protocol):
    """A source and its problem, if it has one."""

    @property
    def source(self) -> str: ...

    @property
    def problem(self) -> str | None: ...

    @property
    def remedy(self) -> str | None: ...


def console(*, stderr: bool = False) -> Console:
    """Open the terminal, or a stream of plain lines if there is none."""
    from rich.console import Console

    opened = Console(stderr=stderr, highlight=False, soft_wrap=False)
    if opened.is_terminal or is_width_given():
        return opened
    return Console(stderr=stderr, highlight=False, width=_PLAIN_WIDTH)


class VisibleOutput(io.BufferedIOBase):
    """A stream to a terminal, with control characters made visible."""

    def __init__(self, terminal: BinaryIO, *, is_ascii: bool = False) -> None:
        """Write to a terminal, which may show ASCII alone."""
        self._terminal, self._is_ascii = terminal, is_ascii
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
        shown = visible_lines(text)
        if self._is_ascii:
            self._terminal.write(shown.translate(_LINES).encode("ascii", "backslashreplace"))
        else:
            self._terminal.write(shown.encode())
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
    if output_format not in {*TEXT_FORMATS, EXPANDED}:
        example = f"add `> rows.{output_format}`"
        raise SettingsError(f"--format {output_format}: not for a terminal; {example}.")
    return cast("BinaryIO", VisibleOutput(sys.stdout.buffer, is_ascii=is_ascii_locale()))


def text_of(*parts: Part) -> Text:
    """Join parts to one text, with control characters made visible."""
    from rich.text import Text

    pairs = ((part, "") if isinstance(part, str) else part for part in parts)
    return Text.assemble(*((visible_lines(text), style) for text, style in pairs))


def visible_lines(text: str) -> str:
    """Keep the lines of a text, and make its control characters visible."""
    return "\n".join(visible(line) for line in text.split("\n"))


def print_line(terminal: Console, *parts: Part) -> None:
    """Print a line as long as it is."""
    terminal.print(text_of(*parts), soft_wrap=True)


def print_paragraph(terminal: Console, *parts: Part) -> None:
    """Print a text wrapped at the width of the terminal."""
    terminal.print(text_of(*parts))


def print_titled(terminal: Console, title: str, table: Table) -> None:
    """Print a table below its title, which is never wrapped, however narrow the table."""
    print_line(terminal, (visible(title), "italic"))
    terminal.print(table)


def print_facts(terminal: Console, facts: Mapping[str, str]) -> None:
    """Print texts below each other, each behind its name."""
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column()
    for name, text in facts.items():
        grid.add_row(name, text_of(text))
    terminal.print(grid)


def print_problems(terminal: Console, sources: Iterable[SourceProblem]) -> None:
    """Print each source's problem and its remedy."""
    for source in sources:
        if source.problem:
            place = visible(shown_source(source.source))
            line = f"{place}: {visible(source.problem)}. {source.remedy}."
            print_line(terminal, (line.replace("..", "."), "red"))


def print_notes(terminal: Console, notes: Iterable[str]) -> None:
    """Print what a run skipped for lack of a setting."""
    for note in notes:
        print_line(terminal, (visible(note), "yellow"))


def print_scope_hint(terminal: Console, scope: Scope, language: str = "en") -> None:
    """Print how to choose a project if all are shown together because none was chosen."""
    from warehouse.query.scope import ALL
    from warehouse.report.format.language import Language

    if scope.project == ALL and not scope.is_chosen:
        hint = Language(language).text(
            "All projects together. Choose one with --project: {names}.",
            names=", ".join(map(visible, scope.known)),
        )
        print_line(terminal, (hint, "yellow"))


def scope_title(scope: Scope, language: str = "en") -> str:
    """Write which project and repository figures are of."""
    from warehouse.report.compose import scope_title as title_of
    from warehouse.report.format.language import Language
    from warehouse.report.format.style import Formatter

    return title_of(scope, Formatter(Language(language)))


def published_paths(workspace: Workspace) -> str:
    """List where the published files are."""
    paths = {"Warehouse": workspace.warehouse, "Parquet": workspace.exports / "current"}
    return "\n".join(f"{name:<11}{shown_path(path)}" for name, path in paths.items())


def shown_path(path: Path) -> str:
    """Write a path relative to the current folder if it is below it."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
