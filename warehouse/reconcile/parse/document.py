"""The parsed document: sections, lines, nested lists and tables."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.numbers import ParsedNumbers, WrittenFigure, parse_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

# The text before the first colon of a line.
LABEL = re.compile(r"\s*(?P<label>.{1,80}?)\s*[:：](?:\s+|$)")
_DECORATION = " \t*†‡¹²³°§"


@dataclass(eq=False)
class ParsedSection:
    """A heading with its content; title is empty for content before the first heading."""

    title: str
    level: int
    parent: ParsedSection | None

    @property
    def path(self) -> tuple[str, ...]:
        """Return the titles from the outermost section to this one."""
        return (*(self.parent.path if self.parent else ()), *([self.title] if self.title else []))


@dataclass(eq=False, kw_only=True)
class Line:
    """A paragraph, or a list item with its children."""

    number: int
    text: str
    breaks: tuple[int, ...]
    section: ParsedSection
    parent: Line | None
    is_ordered: bool = False
    children: list[Line] = field(default_factory=list)

    @cached_property
    def numbers(self) -> ParsedNumbers:
        parsed = parse_numbers(self.text)
        figures = (replace(figure, line=self.line_at(figure.start)) for figure in parsed.figures)
        return ParsedNumbers(tuple(figures), parsed.ranges)

    @cached_property
    def label(self) -> str:
        """Return the text before the first colon."""
        match = LABEL.match(self.text)
        return match["label"] if match else ""

    @cached_property
    def body_start(self) -> int:
        """Return the offset of the text after the label."""
        match = LABEL.match(self.text)
        return match.end() if match else 0

    @property
    def body(self) -> str:
        return self.text[self.body_start :]

    @cached_property
    def figures(self) -> tuple[WrittenFigure, ...]:
        """Return the figures of the body."""
        return tuple(figure for figure in self.numbers.figures if figure.start >= self.body_start)

    @property
    def lead(self) -> WrittenFigure | None:
        """Return the first figure of the body."""
        return self.figures[0] if self.figures else None

    def line_at(self, offset: int) -> int:
        return self.number + bisect_right(self.breaks, offset)


@dataclass(eq=False)
class ParsedCell:
    """A cell of a table."""

    number: int
    column: int
    text: str

    @cached_property
    def figures(self) -> tuple[WrittenFigure, ...]:
        return parse_numbers(self.text, self.number, self.column, is_cell=True).figures

    @cached_property
    def lead(self) -> WrittenFigure | None:
        """Return the figure that fills the cell, with or without a bracket after it."""
        if not self.figures or self.figures[0].over:
            return None
        first = self.figures[0]
        before, after = self.text[: first.start], self.text[first.end :].strip(_DECORATION)
        is_filled = not before.strip(" ~≈약") and (
            not after or (after[0] == "(" and after[-1] == ")")
        )
        return first if is_filled else None


@dataclass(eq=False)
class ParsedTable:
    """A table; every row has as many cells as the header."""

    section: ParsedSection
    header: tuple[str, ...]
    rows: tuple[tuple[ParsedCell, ...], ...]


@dataclass(eq=False)
class ParsedDocument:
    """
    The content of a text.

    Shape:   a group is the items of one list, or the labelled paragraphs of one section.
    """

    sections: list[ParsedSection] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    tables: list[ParsedTable] = field(default_factory=list)
    groups: list[list[Line]] = field(default_factory=list)

    @property
    def title(self) -> str:
        return next((section.title for section in self.sections if section.title), "")

    def texts(self) -> Iterator[tuple[str, tuple[WrittenFigure, ...]]]:
        """Yield each line and cell with its figures."""
        for line in self.lines:
            yield line.text, line.numbers.figures
        for table in self.tables:
            for row in table.rows:
                yield from ((cell.text, cell.figures) for cell in row)
