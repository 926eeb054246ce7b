"""Write a report as Markdown without HTML, the same for every renderer."""

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

# Characters with a meaning in Markdown anywhere in a line.
ACTIVE = re.compile(r"([\\`*_\[\]<|~$@]|&(?=[#\w]))")
# Characters that are not quoted in an address: the reserved ones without brackets.
UNQUOTED = "%:/?#@!$&'*+,;=~"
# Characters with a meaning at the start of a line: headings, lists, rules, quotes.
BEGINNING = re.compile(r"(?=[#+=>-])|(?<=\d)(?=[.)](?:\s|$))")
BEGINS_AS = re.compile(r"\s*(?:[#+=>-]|\d{1,9}[.)](?:\s|$))")


def as_markdown(documents: Sequence[Document]) -> str:
    """Return a report in one or more languages, one after the other."""
    return "\n---\n\n".join("".join(_document(document)) for document in documents)


def escaped(text: str) -> str:
    """Return a text on one line, escaped for the start of a line."""
    line = _inline(text)
    if BEGINS_AS.match(line):
        return BEGINNING.sub(r"\\", line, count=1)
    return line


def _document(document: Document) -> Iterator[str]:
    yield f"# {escaped(document.title)}\n\n"
    if document.subtitle:
        yield f"{escaped(document.subtitle)}\n\n"
    for name, value in document.facts:
        yield f"- {escaped(name)}: {_inline(value)}\n"
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
            return (f"- {_bold(_inline(name))}: {_spans(spans)}\n" for name, spans in block.items)
        case Chart():
            return [f"- {_bold(_inline(block.title))}: {_inline(block.description)}\n"]
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
        yield f"\n{_bold(_inline(title))}\n" if number else f"{_bold(_inline(title))}\n"
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
            yield _line([_bold(_inline(row.cells[0].text)), *([""] * (len(columns) - 1))])
        else:
            yield _line(_cell(row.cells[i]) for i in shown)
    for explanation in block.legend:
        yield f"\n{escaped(explanation)}\n"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _column(column: Column) -> str:
    below = f" ({_inline(column.below)})" if column.below else ""
    return f"{_inline(column.title)}{below}"


def _cell(cell: Cell) -> str:
    text = _code(cell.text).replace("|", "\\|") if cell.is_code else _inline(cell.text)
    text = _linked(text, cell.address)
    text = _bold(text) if cell.is_strong else text
    change = f" ({_inline(cell.change)})" if cell.change else ""
    return ", ".join([f"{text}{change}", *(_inline(t) for t in (cell.note, cell.status) if t)])


def _inline(text: str) -> str:
    """Return a text on one line, escaped for the inside of a line."""
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
            return _bold(_inline(text))
        case Code(text):
            return _code(text)
        case Link(text, address):
            return _linked(_inline(text), address)
        case Jump(text, _):
            return _inline(text)
        case _:
            return _inline(span)


def _bold(text: str) -> str:
    """Return bold text; spaces next to the asterisks would disable them."""
    return f"**{text.strip()}**" if text.strip() else text


def _linked(text: str, address: str) -> str:
    """Return a link if the address is allowed, with the address quoted."""
    safe = allowed(address) if address else None
    return f"[{text}]({quote(safe, safe=UNQUOTED)})" if safe else text


def _code(text: str) -> str:
    """Return inline code, between more backticks than the text contains."""
    shown = visible(" ".join(text.splitlines()))
    longest = max((len(ticks) for ticks in re.findall(r"`+", shown)), default=0)
    fence = "`" * (longest + 1)
    space = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{space}{shown}{space}{fence}"
