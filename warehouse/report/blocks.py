"""
What a report is made of, whatever it is written to: sections of blocks of text, tables, charts.

All text is plain: each writer escapes it in its own way, and decides how a block looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from warehouse.report.charts.specs import Plot

Tone = Literal["", "good", "bad", "warning", "quiet"]
Value: TypeAlias = int | float | date | datetime | None


@dataclass(frozen=True)
class Strong:
    """Words that stand out."""

    text: str


@dataclass(frozen=True)
class Code:
    """A command or a name, letter by letter."""

    text: str


@dataclass(frozen=True)
class Link:
    """Words that lead to an address, where that is one that is allowed."""

    text: str
    address: str


@dataclass(frozen=True)
class Jump:
    """Words that lead to a place in the same document."""

    text: str
    anchor: str


Span: TypeAlias = str | Strong | Code | Link | Jump


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    spans: tuple[Span, ...]
    tone: Tone = ""


@dataclass(frozen=True)
class Bullet:
    """A line of a list, and the lines below it."""

    spans: tuple[Span, ...]
    children: tuple[Bullet, ...] = ()
    tone: Tone = ""


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: tuple[Bullet, ...]


@dataclass(frozen=True)
class Cell:
    """
    A field of a table.

    Shape:   text is for people; value, where there is one, is the same for a spreadsheet, with
             the unit that says how it is shown there. Change, note and status stand below.
    """

    text: str
    value: Value = None
    unit: str = ""
    change: str = ""
    note: str = ""
    status: str = ""
    tone: Tone = ""
    change_tone: Tone = ""
    address: str = ""
    anchor: str = ""
    plot: Plot | None = None
    is_strong: bool = False
    is_code: bool = False


@dataclass(frozen=True)
class Column:
    """A column: what it holds, and below it what all of it has in common; no label is folded."""

    title: str
    below: str = ""
    kind: Literal["text", "label", "number", "chart"] = "number"


@dataclass(frozen=True)
class TableRow:
    """A row; a group is a heading within the table."""

    cells: tuple[Cell, ...]
    is_group: bool = False


@dataclass(frozen=True)
class ReportTable:
    """
    Rows under columns, and what their marks mean; the name is short and for programs.

    Shape:   one that is only for texts is not on the page, where things fold; one that is only for
             the workbook is nowhere else, and one for readers everywhere but there.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    legend: tuple[str, ...] = ()
    only_for: Literal["", "texts", "workbook", "readers"] = ""


@dataclass(frozen=True)
class Chart:
    """A picture of figures, and in words what it shows for who cannot see it."""

    title: str
    description: str
    plot: Plot
    note: str = ""


@dataclass(frozen=True)
class Charts:
    """Small pictures beside each other."""

    items: tuple[Chart, ...]


@dataclass(frozen=True)
class Fold:
    """
    What is there for who wants to know; the place is where jumps lead to.

    Shape:   where nothing folds, what is only for pages is left out.
    """

    title: str
    blocks: tuple[Block, ...]
    anchor: str = ""
    note: str = ""
    is_for_pages: bool = False


@dataclass(frozen=True)
class Columns:
    """Blocks beside each other, each under a title."""

    items: tuple[tuple[str, tuple[Block, ...]], ...]


@dataclass(frozen=True)
class Terms:
    """Names and what belongs to each."""

    items: tuple[tuple[str, tuple[Span, ...]], ...]


@dataclass(frozen=True)
class Heading:
    """A heading within a section."""

    text: str
    level: int = 3


Block: TypeAlias = (
    Paragraph | Bullets | ReportTable | Chart | Charts | Columns | Fold | Terms | Heading
)


@dataclass(frozen=True)
class ReportSection:
    """A part of a report with a title of its own; its name is short and for programs."""

    name: str
    title: str
    blocks: tuple[Block, ...]
    level: int = 2


@dataclass(frozen=True)
class Document:
    """A report in one language; facts stand below its title."""

    language: str
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[ReportSection, ...]


def plain(*texts: str) -> Paragraph:
    """Make a paragraph of text alone."""
    return Paragraph(texts)
