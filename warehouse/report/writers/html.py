"""A report as one page: no script, nothing from elsewhere, all that it needs in one file."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from warehouse.query.formats import visible
from warehouse.report.charts.draw import draw
from warehouse.report.format.language import NATIVE_NAMES, Language, msgid
from warehouse.report.writers.links import allowed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from warehouse.report.blocks import Document
    from warehouse.report.charts.specs import Plot

TEMPLATES = Path(__file__).parents[1] / "templates"
WORDS = {
    "skip": msgid("Skip to the figures"),
    "contents": msgid("Contents"),
    "better": msgid("better"),
    "worse": msgid("worse"),
    "ends": msgid(
        "Every figure leads to the rows that made it: fold them out here, or ask quarry explain."
    ),
}


def as_html(documents: Sequence[Document]) -> str:
    """Write a report in one or more languages as one page; of several, the reader chooses."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page = _environment().get_template("page.html.j2")
    only = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return page.render(
        documents=documents,
        words={document.language: _words(document.language) for document in documents},
        native_names=NATIVE_NAMES,
        style=Markup(style),  # noqa: S704 - our own file
        policy=only,
    )


def _words(code: str) -> dict[str, str]:
    language = Language(code)
    return {name: language.text(message) for name, message in WORDS.items()}


def _style() -> str:
    """Read the style sheet, without its comments and indents."""
    text = (TEMPLATES / "page.css").read_text("utf-8")
    lines = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).splitlines()
    return "\n".join(stripped for line in lines if (stripped := line.strip()))


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    made.filters["kind"] = lambda thing: type(thing).__name__.lower()
    made.filters["allowed"] = allowed
    made.filters["minus"] = _with_minus
    made.globals["svg"] = _svg
    return made


def _shown(value: object) -> object:
    """Write what cannot be seen as what it is; markup of our own stays."""
    return visible(value) if type(value) is str else value


def _svg(plot: Plot) -> Markup:
    return Markup(draw(plot))  # noqa: S704 - cleaned of all but shapes and texts


def _with_minus(text: str) -> str:
    """Write a difference with a real minus, as wide as the plus."""
    return f"\N{MINUS SIGN}{text[1:]}" if text.startswith("-") else text
