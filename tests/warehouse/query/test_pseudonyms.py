"""Pseudonyms: keyed hashes, the same every night, of addresses wherever they are."""

from __future__ import annotations

import hashlib
import hmac
import stat
from dataclasses import dataclass

import duckdb
import pytest

from miners.store import KEY_FILE
from warehouse.errors import WarehouseError
from warehouse.query.pseudonyms import (
    define_pseudonyms,
    pseudonym_key,
    rows_without_addresses,
    without_addresses,
)

KEY = bytes(range(32))


def pseudonym(address):
    return f"p-{hmac.new(KEY, address.encode(), hashlib.sha256).hexdigest()[:16]}"


ADA, BEN = pseudonym("ada@example.com"), pseudonym("ben@example.com")


@pytest.fixture
def connection(tmp_path):
    (tmp_path / KEY_FILE).write_text(f"{KEY.hex()}\n")
    with duckdb.connect() as connection:
        connection.execute("create schema settings")
        connection.execute("create table settings.exports as select false as are_addresses_shown")
        define_pseudonyms(connection, tmp_path)
        yield connection


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Ada@Example.com", ADA),
        ("ada@example.com, ben@example.com; ada@example.com", f"{ADA}, {BEN}; {ADA}"),
        ("Reported-by: Ada <ada@example.com>", f"Reported-by: Ada <{ADA}>"),
        ("Ada <root@localhost>", f"Ada <{pseudonym('root@localhost')}>"),
        ("root@localhost", pseudonym("root@localhost")),
        ("to a@b.io and za@b.io", f"to {pseudonym('a@b.io')} and {pseudonym('za@b.io')}"),
        ("mail 가@회사.한국", f"mail {pseudonym('가@회사.한국')}"),
        ("git@example.com:owner/name", "git@example.com:owner/name"),
        ("lodash@4.17.21", "lodash@4.17.21"),
        ("https://blog.example/@ada", "https://blog.example/@ada"),
        ("packages/@scope/a", "packages/@scope/a"),
        ("no address", "no address"),
        ("", ""),
        (None, None),
    ],
)
def test_every_address_of_a_text_is_a_pseudonym_and_nothing_else_is(connection, said, shown):
    assert connection.execute("select shown_text($1)", [said]).fetchone() == (shown,)


def test_an_address_is_the_same_in_every_column(connection):
    types = dict.fromkeys(("author_email", "author_person_id", "person", "subject_id"), "VARCHAR")
    types |= {"subject_type": "VARCHAR", "commit_count": "BIGINT"}
    row = "select 'Ada@Example.com', 'ada@example.com', 'ada@example.com', 'ada@example.com'"
    names = ", ".join(types)
    connection.execute(f"create table rows as from ({row}, 'person', 1) as t ({names})")

    shown = connection.execute(f"from {rows_without_addresses('rows', types)}").fetchall()

    assert shown == [(ADA, ADA, ADA, ADA, "person", 1)]


def test_no_address_stays_no_address(connection):
    types = {"author_email": "VARCHAR", "tagger_email": "VARCHAR", "person_id": "VARCHAR"}
    connection.execute(
        "create table rows as select '' as author_email, null::varchar as "
        "tagger_email, 'ada' as person_id"
    )

    assert connection.execute(f"from {rows_without_addresses('rows', types)}").fetchall() == [
        ("", None, "ada")
    ]


@dataclass(frozen=True)
class SaidByPeople:
    said: str
    parts: tuple[dict[str, str], ...]
    number: int


def test_all_texts_of_a_record_are_without_addresses(connection, tmp_path):
    row = SaidByPeople("by ada@example.com", ({"ben@example.com": "ada"},), 1)

    assert without_addresses(connection, tmp_path, row) == SaidByPeople(
        f"by {ADA}", ({BEN: "ada"},), 1
    )


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path):
    key = pseudonym_key(tmp_path / "home")

    assert len(key) == 32
    assert pseudonym_key(tmp_path / "home") == key
    assert pseudonym_key(tmp_path / "other") != key
    assert [path.name for path in (tmp_path / "home").iterdir()] == [KEY_FILE]
    assert stat.S_IMODE((tmp_path / "home" / KEY_FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "abc", "00" * 31, "é"])
def test_a_damaged_key_is_named_and_not_replaced(tmp_path, text):
    (tmp_path / KEY_FILE).write_text(text)

    with pytest.raises(WarehouseError, match=KEY_FILE):
        pseudonym_key(tmp_path)
    assert (tmp_path / KEY_FILE).read_text() == text


def test_the_settings_may_show_addresses(connection, tmp_path):
    connection.execute("update settings.exports set are_addresses_shown = true")
    define_pseudonyms(connection, tmp_path)

    row = connection.execute("select shown_text('a@b.io'), shown_email('a@b.io')").fetchone()
    assert row == ("a@b.io", "a@b.io")
