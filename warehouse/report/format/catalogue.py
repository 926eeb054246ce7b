"""Message catalogues: read and compile the .po file of a language."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

CATALOGUES = Path(__file__).parents[1] / "catalogues"
DOMAIN = "quarry"


def catalogue_file(code: str) -> Path:
    """Return the file that holds the translations into a language."""
    return CATALOGUES / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def read_catalogue(code: str) -> Catalog:
    """Read the translations into a language."""
    with catalogue_file(code).open("rb") as file:
        return read_po(file, locale=code, domain=DOMAIN)


def is_translated(message: Message) -> bool:
    """Return whether a message has a translation in each of its plural forms."""
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(forms) and not message.fuzzy


def translations(catalogue: Catalog) -> Translations:
    """
    Compile a catalogue in memory; a message without a translation stays in English.

    In memory, so that no built file can be missing or older than its source.
    """
    for message in list(catalogue):
        if message.id and not is_translated(message):
            catalogue.delete(message.id)
    file = io.BytesIO()
    write_mo(file, catalogue)
    file.seek(0)
    return Translations(file, DOMAIN)
