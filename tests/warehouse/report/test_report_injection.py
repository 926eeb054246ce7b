"""Texts of commits, titles and settings remain text in every report."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from dataclasses import fields, is_dataclass, replace
from urllib.parse import urlsplit

import openpyxl
import pytest
from markdown_it import MarkdownIt
from rich.console import Console
from selectolax.lexbor import LexborHTMLParser

from flows.cli.tables import draw
from tests.support.rows.payloads import ADDRESSES, HTML, KOREAN, PAYLOADS
from tests.support.rows.small_reports import PROJECTS, report, warehouse
from warehouse.report import blocks
from warehouse.report.format.style import SECTIONS, SectionStyle, Style
from warehouse.report.writers.html import as_html
from warehouse.report.writers.links import allowed
from warehouse.report.writers.markdown import as_markdown
from warehouse.report.writers.workbook import as_workbook

# Fields with identifiers, which never have texts of users.
OURS = {"tone", "change_tone", "kind", "anchor", "name", "language", "unit", "only_for"}
EVERYTHING = Style(sections=tuple(SectionStyle(name) for name in SECTIONS))


def filled(thing, text):
    """Return a document with a text in every field that may have texts of users."""
    if isinstance(thing, str):
        return f"{text}{KOREAN}" if thing.strip(": ") else thing
    if isinstance(thing, tuple):
        return tuple(filled(one, text) for one in thing)
    if not is_dataclass(thing) or type(thing).__module__.endswith("specs"):
        return thing
    changed = {f.name: filled(getattr(thing, f.name), text) for f in fields(thing)}
    return replace(thing, **{n: v for n, v in changed.items() if n not in OURS})


@pytest.fixture(scope="module")
def document(reported):
    """Return a document with one block of each kind."""
    table = blocks.ReportTable(
        name="t",
        caption="caption",
        columns=(blocks.Column("a", "below", "text"), blocks.Column("b")),
        rows=(
            blocks.TableRow((blocks.Cell(text="group"),), is_group=True),
            blocks.TableRow(
                (
                    blocks.Cell(text="x", address="https://example.org/1"),
                    blocks.Cell(text="1", change="+1", note="n", status="met", change_tone="good"),
                )
            ),
            blocks.TableRow(
                (blocks.Cell(text="code", is_code=True), blocks.Cell(text="2", anchor="p"))
            ),
        ),
        legend=("legend",),
    )
    (made,) = report(reported)
    chart = next(b for s in made.sections for b in s.blocks if isinstance(b, blocks.Charts)).items
    link = blocks.Link("l", "https://example.org")
    spans = (blocks.Strong("s"), ": text ", blocks.Code("c"), " ", link)
    inside = (
        blocks.Paragraph((*spans, blocks.Jump("j", "p"))),
        blocks.Bullets((blocks.Bullet(spans, (blocks.Bullet(("child",)),)),)),
        blocks.Terms((("term", spans),)),
        blocks.Heading("heading"),
        blocks.Columns((("title", (blocks.Paragraph(("p",)),)),)),
        blocks.Chart("title", "says", chart[0].plot, "note"),
        table,
    )
    fold = blocks.Fold(title="fold", blocks=inside, anchor="p", note="note")
    return replace(made, sections=(blocks.ReportSection("one", "title", (*inside, fold)),))


@pytest.fixture(scope="module")
def shape(document):
    return _shape(as_html([document]))


def test_there_are_sixty_payloads():
    assert len(PAYLOADS) == len(set(PAYLOADS)) >= 60


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_becomes_part_of_the_page(document, shape, payload):
    page = as_html([filled(document, payload)])

    found = _shape(page)
    assert {tag: n for tag, n in found.items() if tag != "a"} == {
        tag: n for tag, n in shape.items() if tag != "a"
    }
    tree = LexborHTMLParser(page)
    for node in tree.css("*"):
        assert not [name for name in node.attributes if name.startswith("on") or name == "style"]
    for link in tree.css("a"):
        address = link.attributes["href"]
        assert address.startswith("#") or urlsplit(address).scheme in {"https", "http", "mailto"}
    assert KOREAN in tree.css_first("h1").text()
    assert not _unprintable(page)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_becomes_markup_in_markdown(document, payload):
    text = as_markdown([filled(document, payload)])

    tokens = list(_tokens(MarkdownIt("gfm-like", {"linkify": False}).parse(text)))
    assert not [t.type for t in tokens if t.type.startswith(("html", "image", "fence"))]
    for token in tokens:
        if token.type == "link_open":
            assert urlsplit(token.attrs["href"]).scheme in {"https", "http", "mailto"}
    assert _markup(tokens) == _markup(
        _tokens(MarkdownIt("gfm-like", {"linkify": False}).parse(as_markdown([document])))
    )
    assert not _unprintable(text)
    assert KOREAN in text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_becomes_a_formula(document, payload):
    made = as_workbook([filled(document, payload)])

    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if "sheet" in name]
        assert not [name for name in parts.namelist() if "external" in name.lower()]
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)
    book = openpyxl.load_workbook(io.BytesIO(made))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "n", "inlineStr"}
    assert any(KOREAN in str(cell.value) for cell in cells)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_commands_the_terminal(document, payload):
    table = next(
        b for b in filled(document, payload).sections[0].blocks if type(b) is blocks.ReportTable
    )
    terminal = Console(file=io.StringIO(), force_terminal=True, color_system=None, width=400)
    terminal.print(draw(replace(table, rows=table.rows[1:])))

    shown = terminal.file.getvalue()
    assert not _unprintable(shown)
    assert KOREAN in shown


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_other_address_becomes_a_link(address):
    assert allowed(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/o/r/issues/1",
        "http://git.example.com:8080/a?b=1#c",
        "https://example.org/%ED%95%9C",
        "mailto:ada@example.org",
    ],
)
def test_an_address_of_the_web_or_of_mail_becomes_a_link(address):
    assert allowed(address) == address


def test_a_hostile_project_passes_through_the_warehouse_as_text(tmp_path):
    """Once end to end: from the titles in the settings to the page."""
    river, calm = PROJECTS
    hostile = replace(river, title=HTML[0], title_ko=f"{HTML[2]}{KOREAN}")
    made = warehouse(tmp_path, (hostile, calm), _ledger(HTML[0]))

    pages = report(made, EVERYTHING, ("en", "ko"))
    tree = LexborHTMLParser(as_html(pages))
    assert not tree.css("script, img")
    assert HTML[0] in tree.css_first("#en-report .facts").text()
    for name, texts in (("activities", 4), ("projects", 3), ("targets", 3), ("improvements", 6)):
        assert tree.css_first(f"#en-{name}").text().count(HTML[0]) >= texts, name
    assert KOREAN in tree.css_first("#ko-report .facts").text()


def _ledger(text):
    """Fill every free-text column of a ledger."""
    tables = {
        "activities.csv": {
            "date": "2024-01-15",
            "kind": "writing",
            "project": "river",
            "site": text,
            "title": text,
            "title_ko": text,
            "note": text,
            "hours": "1",
        },
        "projects.csv": {"project": "river", "client": text},
        "measurements.csv": {
            "project": "river",
            "measure": text,
            "measure_ko": text,
            "unit": text,
            "before": "1",
            "after": "2",
            "better": "higher",
            "note": text,
        },
        "targets.csv": {
            "year": "2024",
            "kpi": "own",
            "title": text,
            "title_ko": text,
            "unit": text,
            "target": "1",
            "better": "higher",
        },
    }
    return {name: _csv(row) for name, row in tables.items()}


def _csv(row):
    out = io.StringIO()
    writer = csv.DictWriter(out, row)
    writer.writeheader()
    writer.writerow(row)
    return out.getvalue()


def _shape(page):
    return Counter(node.tag for node in LexborHTMLParser(page).css("*"))


def _tokens(tokens):
    for token in tokens:
        yield token
        yield from _tokens(token.children or ())


def _markup(tokens):
    """Count what is no plain text; code and links may be split otherwise."""
    return Counter(t.type for t in tokens if not t.type.startswith(("text", "link", "inline")))


def _unprintable(text):
    return {sign for sign in text if not sign.isprintable() and sign != "\n"}
