"""Message catalogues: all texts to translate, and those without a translation."""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from warehouse.build.kpi_definitions import define, kpis_of
from warehouse.build.model import read_models
from warehouse.report.format.catalogue import catalogue_file, is_translated, read_catalogue
from warehouse.report.format.language import LANGUAGES
from warehouse.report.format.numbers import RATIO

ROOT = Path(__file__).parents[2]
KEYWORDS = {"text": None, "msgid": None, "plural": (1, 2)}
TRANSLATED = [code for code in LANGUAGES if code != "en"]


def messages():
    """List all that is shown in each language."""
    return code_messages() | kpi_messages()


def code_messages():
    """List the messages in the code."""
    return {
        message
        for room in ("flows", "warehouse")
        for _, _, message, _, _ in extract_from_dir(ROOT / room, keywords=KEYWORDS)
    }


def kpi_messages():
    """List what the header of each KPI says, but its titles, of which it has one per language."""
    kpis = [define(model, ()) for model in kpis_of(read_models())]
    texts = {
        text for kpi in kpis for text in (kpi.answers, kpi.judgement, kpi.known_bias, kpi.unit)
    }
    return texts - {"", RATIO}


def renewed(code):
    """Make a catalogue of exactly the messages that there are, with the translations so far."""
    before, made = read_catalogue(code), Catalog(code)
    for message in sorted(messages(), key=str):
        known = before.get(message[0] if isinstance(message, tuple) else message)
        made.add(message, known.string if known else None)
    return made


def as_po(catalogue):
    out = io.BytesIO()
    write_po(out, catalogue, width=100, no_location=True, omit_header=True)
    head = (
        f'msgid ""\nmsgstr ""\n"Language: {catalogue.locale_identifier}\\n"\n'
        f'"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
    )
    return head.encode() + out.getvalue()


def renew_catalogues():
    """Write each catalogue with all messages there are; those without a translation are empty."""
    for code in TRANSLATED:
        catalogue_file(code).write_bytes(as_po(renewed(code)))


def untranslated(code):
    """List each text that is shown in English for want of a translation, by its file."""
    texts = (message.id for message in renewed(code) if message.id and not is_translated(message))
    titles = (
        f"{_shown(model.path)}: title_{code}"
        for model in kpis_of(read_models())
        if f"title_{code}" not in model.header.facts
    )
    return [*titles, *(f"{_shown(catalogue_file(code))}: {_first(text)}" for text in texts)]


def _shown(path):
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name


def _first(text):
    return text[0] if isinstance(text, tuple) else text
