"""Parse Markdown into a document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from warehouse.reconcile.parse.document import (
    LABEL,
    Line,
    ParsedCell,
    ParsedDocument,
    ParsedSection,
    ParsedTable,
)
from warehouse.reconcile.parse.numbers import MASK

if TYPE_CHECKING:
    from collections.abc import Iterator

_LISTS = {"bullet_list", "ordered_list"}
_FRONT_MATTER = re.compile(r"\A---\n.*?\n(?:---|\.\.\.)\n", re.DOTALL)
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]:?")
_BREAKS = {"softbreak", "hardbreak"}
# The replacement of inline elements other than text.
_PLAIN_TEXT = {
    **dict.fromkeys((*_BREAKS, "html_inline"), " "),
    **dict.fromkeys(("code_inline", "image"), MASK),
}
# Marks the beginning of bold text while a paragraph is split.
_BOLD = "\0"


def read_document(text: str) -> ParsedDocument:
    """Return the document of a Markdown text, without code, HTML and front matter."""
    without_front_matter = _FRONT_MATTER.sub(
        lambda match: "\n" * match[0].count("\n"), text, count=1
    )
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    document = ParsedDocument()
    section = ParsedSection("", 0, None)
    document.sections.append(section)
    _DocumentBuilder(document, section).blocks(
        SyntaxTreeNode(parser.parse(without_front_matter)).children, None
    )
    document.groups += _labelled_paragraphs(document)
    return document


@dataclass
class _DocumentBuilder:
    """Build a document from a Markdown syntax tree."""

    document: ParsedDocument
    section: ParsedSection

    def blocks(self, nodes: list[SyntaxTreeNode], parent: Line | None) -> None:
        preceding = parent
        for node in nodes:
            if node.type == "heading":
                self._heading(node)
            elif node.type == "paragraph":
                preceding = self._lines(node, parent)[-1]
                continue
            elif node.type in _LISTS:
                self._list(node, preceding)
            elif node.type == "table":
                self._table(node)
            elif node.type == "blockquote":
                self.blocks(node.children, parent)
            preceding = parent

    def _heading(self, node: SyntaxTreeNode) -> None:
        level, parent = int(node.tag[1:]), self.section
        while parent.level >= level and parent.parent:
            parent = parent.parent
        self.section = ParsedSection(_plain(node.children[0])[0], level, parent)
        self.document.sections.append(self.section)

    def _lines(
        self, node: SyntaxTreeNode, parent: Line | None, *, is_ordered: bool = False
    ) -> list[Line]:
        """Add the lines of a paragraph, split where a line begins with a bold label."""
        number, lines = _number(node), []
        for text, breaks in _labelled(*_plain(node.children[0])):
            lines.append(
                Line(
                    number=number,
                    text=text,
                    breaks=breaks,
                    section=self.section,
                    parent=parent,
                    is_ordered=is_ordered,
                )
            )
            number += len(breaks) + 1
        self.document.lines += lines
        return lines

    def _list(self, node: SyntaxTreeNode, parent: Line | None) -> None:
        items = []
        for item in node.children:
            if not item.children or item.children[0].type != "paragraph":
                continue
            ordered = node.type == "ordered_list"
            lines = self._lines(item.children[0], parent, is_ordered=ordered)
            items += lines
            self.blocks(item.children[1:], lines[-1])
        if parent:
            parent.children += items
        self.document.groups.append(items)

    def _table(self, node: SyntaxTreeNode) -> None:
        rows = [row for part in node.children for row in part.children]
        cells = [
            tuple(
                ParsedCell(
                    _number(row), column, _plain(cell.children[0])[0] if cell.children else ""
                )
                for column, cell in enumerate(row.children)
            )
            for row in rows
        ]
        header = tuple(cell.text for cell in cells[0])
        self.document.tables.append(ParsedTable(self.section, header, tuple(cells[1:])))


def _labelled_paragraphs(document: ParsedDocument) -> Iterator[list[Line]]:
    items = {id(line) for group in document.groups for line in group}
    for section in document.sections:
        paragraphs = [
            line
            for line in document.lines
            if line.section is section and not line.parent and line.label and id(line) not in items
        ]
        if len(paragraphs) > 1:
            yield paragraphs


def _number(node: SyntaxTreeNode) -> int:
    return (node.map or (0, 0))[0] + 1


def _labelled(text: str, breaks: tuple[int, ...]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the parts of a text, split where a line begins with a bold label."""
    labels = [n for n in breaks if text[n] == _BOLD and LABEL.match(text[n + 1 :])]
    for start, end in zip([0, *labels], [*labels, len(text)], strict=True):
        within = tuple(offset - start for offset in breaks if start < offset < end)
        yield text[start:end].replace(_BOLD, "").strip(" "), within


def _plain(inline: SyntaxTreeNode) -> tuple[str, tuple[int, ...]]:
    """
    Return inline Markdown as plain text, with the offsets of its line breaks.

    Shape:   a mark replaces the beginning of bold text at the start of a line.
    """
    text, breaks, depth = "", list[int](), 0
    for token in inline.token.children or () if inline.token else ():
        depth += (token.type == "s_open") - (token.type == "s_close")
        if depth:
            continue
        if token.type in _BREAKS:
            breaks.append(len(text) + 1)
        is_bold_line = token.type == "strong_open" and breaks and breaks[-1] == len(text)
        plain_text = _PLAIN_TEXT.get(token.type) or _FOOTNOTE.sub("", token.content)
        text += _BOLD if is_bold_line else plain_text
    return text, tuple(breaks)
