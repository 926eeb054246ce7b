"""A report as Markdown without HTML, which every renderer reads alike."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from warehouse.query.formats import visible
from warehouse.report.blocks import (
    Bullets,
    Chart,
    Charts,
    Code,
    Columns,
    Fold,
    Heading,
    Jump,
    Link,
    Paragraph,
    ReportTable,
    Strong,
    Terms,
)
from warehouse.report.writers.links import allowed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from warehouse.report.blocks import Block, Bullet, Cell, Column, Document, ReportSection, Span

# What Markdown takes for more than it is, anywhere in a line.
ACTIVE = re.compile(r"([\\`*_\[\]<|~$@]|&(?=[#\w]))")
# What may stand in an address as it is: all that is reserved but brackets.
UNQUOTED = "%:/?#@!$&'*+,;=~"
# And only where a line begins: headings, lists, rules, quotes.
BEGINNING = re.compile(r"(?=[#+=>-])|(?<=\d)(?=[.)](?:\s|$))")
BEGINS_AS = re.compile(r"\s*(?:[#+=>-]|\d{1,9}[.)](?:\s|$))")


def as_markdown(documents: Sequence[Document]) -> str:
    """Write a report in one or more languages, one below the other."""
    return "\n---\n\n".join("".join(_document(document)) for document in documents)


def escaped(text: str) -> str:
    """Write a text so that it reads as it is wherever it stands, on one line."""
    line = _one(text)
    if BEGINS_AS.match(line):
        return BEGINNING.sub(r"\\", line, count=1)
    return line


def _document(document: Document) -> Iterator[str]:
    yield f"# {escaped(document.title)}\n\n"
    if document.subtitle:
        yield f"{escaped(document.subtitle)}\n\n"
    for name, value in document.facts:
        yield f"- {escaped(name)}: {_one(value)}\n"
    for section in document.sections:
        yield from _section(section)


def _section(section: ReportSection) -> Iterator[str]:
    yield f"\n{'#' * section.level} {escaped(section.title)}\n"
    for block in section.blocks:
        written = "".join(_block(block, section.level))
        if written:
            yield f"\n{written}"


def _block(block: Block, level: int) -> Iterable[str]:  # noqa: PLR0911 - one line per kind
    match block:
        case Paragraph():
            return [f"{_spans(block.spans)}\n"]
        case Heading():
            return [f"{'#' * (level + block.level - 2)} {escaped(block.text)}\n"]
        case Bullets():
            return (line for item in block.items for line in _bullet(item, ""))
        case Terms():
            return (f"- {_bold(_one(name))}: {_spans(spans)}\n" for name, spans in block.items)
        case Chart():
            return [f"- {_bold(_one(block.title))}: {_one(block.description)}\n"]
        case Charts():
            return (line for chart in block.items for line in _block(chart, level))
        case Columns():
            return _columns(block, level)
        case Fold():
            return [] if block.is_for_pages else _fold(block, level)
        case ReportTable():
            return [] if block.only_for == "workbook" else _table(block)


def _columns(block: Columns, level: int) -> Iterator[str]:
    for number, (title, blocks) in enumerate(block.items):
        yield f"\n{_bold(_one(title))}\n" if number else f"{_bold(_one(title))}\n"
        for inner in blocks:
            yield f"\n{''.join(_block(inner, level))}"


def _fold(block: Fold, level: int) -> Iterator[str]:
    yield f"{'#' * (level + 1)} {escaped(block.title)}\n"
    for inner in block.blocks:
        yield f"\n{''.join(_block(inner, level + 1))}"


def _table(block: ReportTable) -> Iterator[str]:
    shown = [i for i, column in enumerate(block.columns) if column.kind != "chart"]
    columns = [block.columns[i] for i in shown]
    yield _line(_column(column) for column in columns)
    yield _line("---:" if column.kind == "number" else "---" for column in columns)
    for row in block.rows:
        if row.is_group:
            yield _line([_bold(_one(row.cells[0].text)), *([""] * (len(columns) - 1))])
        else:
            yield _line(_cell(row.cells[i]) for i in shown)
    for said in block.legend:
        yield f"\n{escaped(said)}\n"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _column(column: Column) -> str:
    below = f" ({_one(column.below)})" if column.below else ""
    return f"{_one(column.title)}{below}"


def _cell(cell: Cell) -> str:
    text = _code(cell.text).replace("|", "\\|") if cell.is_code else _one(cell.text)
    text = _linked(text, cell.address)
    text = _bold(text) if cell.is_strong else text
    change = f" ({_one(cell.change)})" if cell.change else ""
    return ", ".join([f"{text}{change}", *(_one(t) for t in (cell.note, cell.status) if t)])


def _one(text: str) -> str:
    """Escape what does not begin a line."""
    return ACTIVE.sub(r"\\\1", visible(" ".join(text.splitlines())))


def _bullet(item: Bullet, indent: str) -> Iterator[str]:
    yield f"{indent}- {_spans(item.spans)}\n"
    for child in item.children:
        yield from _bullet(child, f"{indent}  ")


def _spans(spans: Sequence[Span]) -> str:
    first, *rest = ["", *spans] if not spans or not isinstance(spans[0], str) else spans
    begun = escaped(first) if isinstance(first, str) else _span(first)
    return begun + "".join(map(_span, rest))


def _span(span: Span) -> str:
    match span:
        case Strong(text):
            return _bold(_one(text))
        case Code(text):
            return _code(text)
        case Link(text, address):
            return _linked(_one(text), address)
        case Jump(text, _):
            return _one(text)
        case _:
            return _one(span)


def _bold(text: str) -> str:
    """Write bold; a space beside the stars would make them stars."""
    return f"**{text.strip()}**" if text.strip() else text


def _linked(text: str, address: str) -> str:
    """Write a link where it is allowed; what would end the address is written otherwise."""
    safe = allowed(address) if address else None
    return f"[{text}]({quote(safe, safe=UNQUOTED)})" if safe else text


def _code(text: str) -> str:
    """Write letter by letter, between more backticks than there are in it."""
    shown = visible(" ".join(text.splitlines()))
    longest = max((len(ticks) for ticks in re.findall(r"`+", shown)), default=0)
    fence = "`" * (longest + 1)
    space = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{space}{shown}{space}{fence}"
