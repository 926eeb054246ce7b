"""Decode texts in UTF-8 and in the encodings of spreadsheets."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from miners.ledger.headings import UnreadableFile

SAVE_AS = "Save it as CSV UTF-8 (comma delimited)"
# What Excel writes as CSV in Korea, in Japan and in the west of Europe.
_OF_COUNTRIES = ("cp949", "cp932", "cp1252")
_NAMES = {"cp949": "cp949", "cp932": "shift_jis", "cp1252": "windows-1252"}
_WIDE = {"utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)}
# Any bytes are text in windows-1252, so only its usual signs prove that it is meant.
_WESTERN = re.compile("[\x00-\x7fÀ-ÏÑ-ÖØ-Üß-ïñ-öø-üŒœ\xa0§«°²³µ»€„…‘’“”–—]*")
_UNLIKELY = re.compile("[^\x00-\x7f]{3}")


def decode_text(data: bytes) -> tuple[str, str | None]:
    """
    Decode a text: by its byte order mark, else as UTF-8, else by the encoding it seems to have.

    Shape:   the text, and the name of its encoding unless that is UTF-8.
    Errors:  UnreadableFile.
    """
    for encoding, marks in _WIDE.items():
        if data.startswith(marks):
            return _wide(data, encoding), encoding.upper()
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    for match in from_bytes(data, cp_isolation=[*_OF_COUNTRIES]):
        text = str(match)
        if match.encoding != "cp1252" or _is_western(text):
            return text, _NAMES[match.encoding]
    raise UnreadableFile(f"line {line} is not UTF-8", SAVE_AS)


def _wide(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableFile(f"it begins as {encoding.upper()} and is not", SAVE_AS) from None


def _is_western(text: str) -> bool:
    return _WESTERN.fullmatch(text) is not None and not _UNLIKELY.search(text)
