"""
Blocks of a report: sections, texts, tables and charts.

All text is plain: each writer escapes it and chooses the layout of a block.
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
    """Emphasised text."""

    text: str


@dataclass(frozen=True)
class Code:
    """A command or a name in monospace."""

    text: str


@dataclass(frozen=True)
class Link:
    """Text that links to an address, if the address is allowed."""

    text: str
    address: str


@dataclass(frozen=True)
class Jump:
    """Text that links to an anchor in the same document."""

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
    """An item of a list, and its child items."""

    spans: tuple[Span, ...]
    children: tuple[Bullet, ...] = ()
    tone: Tone = ""


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: tuple[Bullet, ...]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """
    A field of a table.

    Shape:   text is for readers; value is the same for a spreadsheet, in its number format or
             that of the unit. Change, note and status are shown below the text.
    """

    text: str
    value: Value = None
    unit: str = ""
    number_format: str = ""
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
    """A column: its title, and below it the state of its figures; a label is not wrapped."""

    title: str
    below: str = ""
    kind: Literal["text", "label", "number", "chart"] = "number"


@dataclass(frozen=True)
class TableRow:
    """A row; a group is a heading within the table."""

    cells: tuple[Cell, ...]
    is_group: bool = False


@dataclass(frozen=True, kw_only=True)
class ReportTable:
    """
    Rows with columns and a legend of their marks; the name is an identifier.

    Shape:   only_for texts excludes the page, workbook excludes all else, and readers excludes
             the workbook.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    legend: tuple[str, ...] = ()
    only_for: Literal["", "texts", "workbook", "readers"] = ""


@dataclass(frozen=True)
class Chart:
    """A chart, with a description for readers who cannot see it."""

    title: str
    description: str
    plot: Plot
    note: str = ""


@dataclass(frozen=True)
class Charts:
    """Small charts in a grid."""

    items: tuple[Chart, ...]


@dataclass(frozen=True, kw_only=True)
class Fold:
    """
    Collapsible blocks; the anchor is the target of jumps.

    Shape:   is_for_pages excludes them from formats that cannot collapse.
    """

    title: str
    blocks: tuple[Block, ...]
    anchor: str = ""
    note: str = ""
    is_for_pages: bool = False


@dataclass(frozen=True)
class Columns:
    """Blocks in columns, each with a title."""

    items: tuple[tuple[str, tuple[Block, ...]], ...]


@dataclass(frozen=True)
class Terms:
    """Terms and their descriptions."""

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
    """A section of a report; its name is an identifier."""

    name: str
    title: str
    blocks: tuple[Block, ...]
    level: int = 2


@dataclass(frozen=True, kw_only=True)
class Document:
    """A report in one language; facts are shown below its title."""

    language: str
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[ReportSection, ...]


def plain(*texts: str) -> Paragraph:
    """Return a paragraph of text without markup."""
    return Paragraph(texts)
