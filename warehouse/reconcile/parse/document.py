"""A report as its reader sees it: sections, lines, lists in lists, and tables."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.numbers import Figure, Found, find

if TYPE_CHECKING:
    from collections.abc import Iterator

# What stands before the first colon of a line.
LABEL = re.compile(r"\s*(?P<label>.{1,80}?)\s*[:：](?:\s+|$)")
_DECORATION = " \t*†‡¹²³°§"


@dataclass(eq=False)
class Section:
    """A heading and what stands under it; the first one has no heading where a text has none."""

    title: str
    level: int
    parent: Section | None

    @property
    def path(self) -> tuple[str, ...]:
        """The titles from the outermost to this one."""
        return (*(self.parent.path if self.parent else ()), *([self.title] if self.title else []))


@dataclass(eq=False)
class Line:
    """A paragraph, or an item of a list with what hangs on it."""

    number: int
    text: str
    breaks: tuple[int, ...]
    section: Section
    parent: Line | None
    is_ordered: bool = False
    children: list[Line] = field(default_factory=list)

    @cached_property
    def found(self) -> Found:
        found = find(self.text)
        placed = tuple(replace(one, line=self.line_at(one.start)) for one in found.figures)
        return Found(placed, found.ranges)

    @cached_property
    def label(self) -> str:
        """What stands before the first colon."""
        match = LABEL.match(self.text)
        return match["label"] if match else ""

    @cached_property
    def body_start(self) -> int:
        """Where the text after the label begins."""
        match = LABEL.match(self.text)
        return match.end() if match else 0

    @property
    def body(self) -> str:
        return self.text[self.body_start :]

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The figures of the body."""
        return tuple(one for one in self.found.figures if one.start >= self.body_start)

    @property
    def lead(self) -> Figure | None:
        """The figure that the line is about: the first of its body."""
        return self.figures[0] if self.figures else None

    def line_at(self, offset: int) -> int:
        return self.number + bisect_right(self.breaks, offset)


@dataclass(eq=False)
class Cell:
    """A cell of a table."""

    number: int
    column: int
    text: str

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        return find(self.text, self.number, self.column, is_cell=True).figures

    @cached_property
    def lead(self) -> Figure | None:
        """The figure that fills the cell, whatever stands behind it in brackets."""
        if not self.figures or self.figures[0].over:
            return None
        first = self.figures[0]
        before, after = self.text[: first.start], self.text[first.end :].strip(_DECORATION)
        is_filled = not before.strip(" ~≈약") and (
            not after or (after[0] == "(" and after[-1] == ")")
        )
        return first if is_filled else None


@dataclass(eq=False)
class Table:
    """A table; every row has as many cells as the header."""

    section: Section
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(eq=False)
class Document:
    """
    What a text holds.

    Shape:   groups are lines beside each other: the items of one list, and the labelled
             paragraphs of one section.
    """

    sections: list[Section] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    groups: list[list[Line]] = field(default_factory=list)

    @property
    def title(self) -> str:
        return next((one.title for one in self.sections if one.title), "")

    def texts(self) -> Iterator[tuple[str, tuple[Figure, ...]]]:
        """Yield every line and cell with its figures."""
        for line in self.lines:
            yield line.text, line.found.figures
        for table in self.tables:
            for row in table.rows:
                yield from ((cell.text, cell.figures) for cell in row)
