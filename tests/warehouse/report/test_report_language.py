"""Message catalogues: completeness, placeholders, dates and periods."""

from __future__ import annotations

import re
import string
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog

from tests.docs_build.messages import TRANSLATED, as_po, code_messages, messages, renewed
from warehouse.report.format.catalogue import (
    catalogue_file,
    is_translated,
    read_catalogue,
    translations,
)
from warehouse.report.format.language import Language
from warehouse.report.format.names import source_title, source_titles

ENGLISH, KOREAN = Language(), Language("ko")


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_message_of_the_code_is_translated(code):
    """A new KPI may have no translation; `make docs` lists it."""
    of_code = code_messages()
    missing = [
        message.id
        for message in renewed(code)
        if message.id in of_code and not is_translated(message)
    ]

    assert missing == [], f"translate these in {catalogue_file(code)} after `make docs`"


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_catalogue_has_no_other_message(code):
    ids = {message.id for message in read_catalogue(code) if message.id}

    assert ids == messages()


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_catalogue_is_as_make_docs_writes_it(code):
    assert catalogue_file(code).read_bytes() == as_po(renewed(code)), "write it with `make docs`"


def test_a_message_without_a_translation_stays_in_english():
    catalogue = Catalog("ko")
    catalogue.add("Commits", "커밋")
    catalogue.add("Night commits")
    catalogue.add("Lines", "라인", flags=["fuzzy"])
    catalogue.add(("{count} night", "{count} nights"), [""])
    korean = translations(catalogue)

    assert [korean.gettext(text) for text in ("Commits", "Night commits", "Lines", "Unknown")] == [
        *("커밋", "Night commits", "Lines", "Unknown"),
    ]
    assert korean.ngettext("{count} night", "{count} nights", 2) == "{count} nights"


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_has_the_placeholders_of_its_message(code):
    for message in read_catalogue(code):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        assert set().union(*map(_names, texts)) == set().union(*map(_names, ids)), message.id


def test_dates_and_periods_follow_the_language():
    day, at = date(2024, 3, 21), datetime(2024, 3, 21, 19, 22, 40, tzinfo=UTC)
    seoul = ZoneInfo("Asia/Seoul")

    assert (ENGLISH.day(day), KOREAN.day(day)) == ("Mar 21, 2024", "2024. 3. 21.")
    assert (ENGLISH.month(day), KOREAN.month(day)) == ("Mar", "3월")
    assert (ENGLISH.weekday(0), KOREAN.weekday(0)) == ("Mon", "월")
    assert (ENGLISH.period("2024-Q3"), KOREAN.period("2024-Q3")) == ("Q3 2024", "2024년 3분기")
    shorts = [language.short_period("2024-Q3") for language in (ENGLISH, KOREAN)]
    assert shorts == ["Q3", "3분기"]
    assert (ENGLISH.period("2024"), KOREAN.period("2024")) == ("2024", "2024년")
    assert ENGLISH.instant(at, seoul) == "2024-03-22 04:22"


def test_a_missing_text_falls_back_to_english():
    assert (KOREAN.pick("River", None), KOREAN.pick("River", "강")) == ("River", "강")
    assert ENGLISH.pick("River", "강") == "River"


def test_korean_has_one_register_and_the_words_of_the_field():
    forms = (message.string for message in read_catalogue("ko") if message.id)
    texts = [text for form in forms for text in (form if isinstance(form, tuple) else (form,))]

    plain = re.compile(r"(?<!니)다[.)]|(?<!니)다$|(는|인)가\?")
    other = re.compile("변경 요청|장부|원장|파악률|커버리지|머지|제때 이루어진|Q[1-4]")
    assert [text for text in texts if plain.search(text) or other.search(text)] == []


def test_a_source_has_a_name_without_folders_and_marks():
    sources = (
        *("/srv/git/team/river", "/srv/ledger#ledger", "/srv/books#ledger"),
        *("github.com/o/c#tracker", "host/c#x"),
    )

    assert [source_title(source, ENGLISH) for source in sources] == [
        *("river", "ledger", "books (ledger)", "github.com/o/c (tracker)", "host/c#x"),
    ]
    # Two folders with the same name are one name in a list.
    assert source_titles(["/b/ledger#ledger", "/a/ledger#ledger", "/c/app"], ENGLISH) == [
        *("app", "ledger"),
    ]
    assert source_title(sources[3], KOREAN) == "github.com/o/c 이슈 트래커"


def _names(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
