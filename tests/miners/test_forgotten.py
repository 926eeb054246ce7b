"""Texts without forgotten people: their names and addresses, and nothing else."""

from __future__ import annotations

import polars as pl
import pytest

from miners.batch import BatchWriter
from miners.errors import SourceDenied
from miners.forgotten import FILE, Forgotten, read_forgotten, remembered, write_forgotten
from miners.store import KEY_FILE
from tests.support.git.repositories import DAY_ONE

NAMED = {
    "name": ["Ada Lovelace", "Lovelace, Ada", "Zoë Ünal", "mono", "김철수"],
    "address": ["ada@example.com", "7+ada@users.noreply.github.com"],
    "login": ["ada-l"],
}
ADA, LOGIN, ADDRESS = "Forgotten ab12cd34", "forgotten-ab12cd34", "ab12cd34@forgotten.invalid"


@pytest.fixture
def forgotten():
    return remembered(Forgotten(b"k" * 32), "ab12cd34", NAMED)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("by Ada Lovelace, not Ada", f"by {ADA}, not Ada"),
        ("ADA  LOVELACE", ADA),
        ("see Lovelace, Ada", f"see {ADA}"),
        ("Zoë Ünal wrote", f"{ADA} wrote"),
        ("Ask <Ada@Example.com>.", f"Ask <{ADDRESS}>."),
        ("to ada@example.com.", f"to {ADDRESS}."),
        ("cc @ada-l!", f"cc @{LOGIN}!"),
        ("Reviewed-by: mono <ada@example.com>", f"Reviewed-by: {ADA} <{ADDRESS}>"),
        ("a mono font", "a mono font"),
        ("Ada\nLovelace", "Ada\nLovelace"),
        ("nada lovelaces, bada@example.com", "nada lovelaces, bada@example.com"),
        ("", ""),
    ],
)
def test_names_and_addresses_are_replaced_in_a_text(forgotten, said, text):
    assert forgotten.text(said) == text


@pytest.mark.parametrize(
    ("said", "text"),
    [("mono", ADA), ("ada-l", LOGIN), ("ADA@example.com", ADDRESS), ("김철수", ADA), ("x", "x")],
)
def test_a_value_that_names_somebody_may_be_one_word(forgotten, said, text):
    assert forgotten.text(said, names_somebody=True) == text
    assert forgotten.text(said) == (said if text in {ADA, LOGIN} else text)


def test_json_is_replaced_in_any_spelling_of_its_characters(forgotten):
    said = '{"user": {"login": "ada-l", "name": "Zo\\u00eb \\u00dcnal"}, "title": "mono"}'
    text = f'{{"user": {{"login": "{LOGIN}", "name": "{ADA}"}}, "title": "mono"}}'
    assert forgotten.json(said) == text
    assert forgotten.json('{"a":   1}') == '{"a":   1}'
    assert forgotten.json("{Ada Lovelace") == f"{{{ADA}"


def test_rows_keep_their_types_and_envelope(forgotten):
    rows = pl.DataFrame(
        {
            "source": ["ada-l"],
            "author_login": ["ada-l"],
            "ref_name": ["mono"],
            "payload": [b"\xff Ada Lovelace"],
            "number": [1],
        }
    )
    cleaned = forgotten.frame(rows)
    assert cleaned.schema == rows.schema
    assert cleaned.rows() == [("ada-l", LOGIN, "mono", f"\xff {ADA}".encode("latin-1"), 1)]


def test_the_list_has_no_name_and_needs_the_key(tmp_path, forgotten):
    store = tmp_path / "store"
    store.mkdir()
    (tmp_path / KEY_FILE).write_text((b"k" * 32).hex())
    write_forgotten(store, forgotten)

    text = (store / FILE).read_text().lower()
    assert [name for names in NAMED.values() for name in names if name.lower() in text] == []
    assert read_forgotten(store) == forgotten
    (tmp_path / KEY_FILE).write_text((b"l" * 32).hex())
    assert read_forgotten(store).text("Ada Lovelace") == "Ada Lovelace"


@pytest.mark.parametrize("text", ["", "{}", '{"format": 2, "people": [], "is_pending": false}'])
def test_nothing_is_stored_with_a_list_that_cannot_be_read(tmp_path, text):
    (tmp_path / "store").mkdir()
    (tmp_path / KEY_FILE).write_text("00" * 32)
    (tmp_path / "store" / FILE).write_text(text)

    with pytest.raises(SourceDenied, match="cannot be used"):
        BatchWriter(tmp_path / "store", "host/one", "run", DAY_ONE)
