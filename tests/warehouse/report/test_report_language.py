"""Everything that a report says, it says in each language."""

from __future__ import annotations

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

ENGLISH, KOREAN = Language(), Language("ko")


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_message_of_the_code_is_translated(code):
    """A KPI may have none at first: adding one is its file alone, and `make docs` lists it."""
    of_code = code_messages()
    missing = [one.id for one in renewed(code) if one.id in of_code and not is_translated(one)]

    assert missing == [], f"translate these in {catalogue_file(code)} after `make docs`"


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_catalogue_holds_no_other_message(code):
    ids = {one.id for one in read_catalogue(code) if one.id}

    assert ids == messages()


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_catalogue_is_as_make_docs_writes_it(code):
    assert catalogue_file(code).read_bytes() == as_po(renewed(code)), (
        "write it anew with `make docs`"
    )


def test_a_message_without_a_translation_stays_in_english():
    catalogue = Catalog("ko")
    catalogue.add("Commits", "커밋")
    catalogue.add("Night commits")
    catalogue.add("Lines", "라인", flags=["fuzzy"])
    catalogue.add(("{count} night", "{count} nights"), [""])
    korean = translations(catalogue)

    assert [korean.gettext(said) for said in ("Commits", "Night commits", "Lines", "Unknown")] == [
        *("커밋", "Night commits", "Lines", "Unknown"),
    ]
    assert korean.ngettext("{count} night", "{count} nights", 2) == "{count} nights"


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_names_what_the_message_names(code):
    for one in read_catalogue(code):
        ids = one.id if isinstance(one.id, tuple) else (one.id,)
        said = one.string if isinstance(one.string, tuple) else (one.string,)
        assert set().union(*map(_names, said)) == set().union(*map(_names, ids)), one.id


def test_dates_and_periods_follow_the_language():
    day, at = date(2024, 3, 21), datetime(2024, 3, 21, 19, 22, 40, tzinfo=UTC)
    seoul = ZoneInfo("Asia/Seoul")

    assert (ENGLISH.day(day), KOREAN.day(day)) == ("Mar 21, 2024", "2024. 3. 21.")
    assert (ENGLISH.month(day), KOREAN.month(day)) == ("Mar", "3월")
    assert (ENGLISH.weekday(0), KOREAN.weekday(0)) == ("Mon", "월")
    assert (ENGLISH.period("2024-Q3"), KOREAN.period("2024-Q3")) == ("Q3 2024", "2024년 3분기")
    assert (ENGLISH.period("2024"), KOREAN.period("2024")) == ("2024", "2024년")
    assert ENGLISH.instant(at, seoul) == "2024-03-22 04:22"


def test_a_language_without_a_text_of_its_own_takes_the_english():
    assert (KOREAN.pick("River", None), KOREAN.pick("River", "강")) == ("River", "강")
    assert ENGLISH.pick("River", "강") == "River"


def _names(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
