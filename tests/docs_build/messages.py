"""The message catalogues: what has to be translated, and the files that hold it."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from warehouse.build.kpi_definitions import define, kpis_of
from warehouse.build.model import read_models
from warehouse.report.format.language import CATALOGUES, DOMAIN, LANGUAGES

ROOT = Path(__file__).parents[2]
NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)
KEYWORDS = {"text": None, "msgid": None, "plural": (1, 2)}
TRANSLATED = [code for code in LANGUAGES if code != "en"]


def messages():
    """List what the code says, and what each KPI asks, decides and may mislead about."""
    said = {
        message
        for room in ("flows", "warehouse")
        for _, _, message, _, _ in extract_from_dir(ROOT / room, keywords=KEYWORDS)
    }
    kpis = [define(model, ()) for model in kpis_of(read_models())]
    told = (text for kpi in kpis for text in (kpi.answers, kpi.judgement, kpi.known_bias))
    return said | {text for text in told if text}


def catalogue_file(code):
    return CATALOGUES / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def read_catalogue(code):
    with catalogue_file(code).open("rb") as file:
        return read_po(file, locale=code, domain=DOMAIN)


def renewed(code):
    """Make a catalogue of exactly the messages that there are, with the translations so far."""
    before, made = read_catalogue(code), Catalog(code, DOMAIN)
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


def as_mo(catalogue):
    out = io.BytesIO()
    made = read_po(io.BytesIO(as_po(catalogue)), locale=catalogue.locale_identifier)
    made.creation_date = made.revision_date = NO_DAY  # or every minute has other bytes
    write_mo(out, made)
    return out.getvalue()


def renew_catalogues():
    """Write the catalogues anew; what is missing in them is to be translated by somebody."""
    for code in TRANSLATED:
        made = renewed(code)
        catalogue_file(code).write_bytes(as_po(made))
        catalogue_file(code).with_suffix(".mo").write_bytes(as_mo(made))
