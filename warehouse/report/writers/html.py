"""Write a report as a self-contained HTML page without scripts."""

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
LABELS = {
    "skip": msgid("Skip to the figures"),
    "contents": msgid("Contents"),
    "better": msgid("better"),
    "worse": msgid("worse"),
    "footer": msgid(
        "Every figure links to its evidence rows. Unfold them here, or run quarry explain."
    ),
}


def as_html(documents: Sequence[Document]) -> str:
    """Return a report as one page; the reader can choose between its languages."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page = _environment().get_template("page.html.j2")
    only = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return page.render(
        documents=documents,
        labels_by_language={
            document.language: _labels(document.language) for document in documents
        },
        native_names=NATIVE_NAMES,
        style=Markup(style),  # noqa: S704 - our own file
        policy=only,
    )


def _labels(code: str) -> dict[str, str]:
    language = Language(code)
    return {name: language.text(message) for name, message in LABELS.items()}


def _style() -> str:
    """Return the style sheet without comments and indents."""
    text = (TEMPLATES / "page.css").read_text("utf-8")
    lines = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).splitlines()
    return "\n".join(stripped for line in lines if (stripped := line.strip()))


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters["kind"] = lambda thing: type(thing).__name__.lower()
    environment.filters["allowed"] = allowed
    environment.filters["minus"] = _with_minus
    environment.globals["svg"] = _svg
    return environment


def _shown(value: object) -> object:
    """Return text with control characters escaped; markup is unchanged."""
    return visible(value) if type(value) is str else value


def _svg(plot: Plot) -> Markup:
    return Markup(draw(plot))  # noqa: S704 - cleaned of all but shapes and texts


def _with_minus(text: str) -> str:
    """Return a difference with a minus sign as wide as the plus."""
    return f"\N{MINUS SIGN}{text[1:]}" if text.startswith("-") else text
