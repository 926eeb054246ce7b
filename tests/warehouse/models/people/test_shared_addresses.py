"""Addresses of a company that several people sign with, which join nobody."""

from __future__ import annotations

from dataclasses import replace

from tests.support.rows.row_histories import EVERYBODY, HistoryRows, builder, rows
from warehouse.context import Context, MailmapEntry

build = builder("facts.identities")
PEOPLE = """
    select identity_name, identity_email, person_id, identity_rule
    from facts.identities order by all
"""
SHARED = ("Build@corp.example", "*@desk[1].example")


def history(*identities):
    made = HistoryRows()
    for number, by in enumerate(identities):
        made.commit(f"c{number}", by=by)
    return made


def test_who_signs_with_a_shared_address_is_one_person_per_name(tmp_path):
    history(
        *(("Ann", "build@corp.example"), ("Bo", "BUILD@corp.example"), ("Bo", "bo@corp.example")),
        *(("Cy", "x@desk[1].example"), ("Di", "x@desk1.example"), ("Ed", "rebuild@corp.example")),
    ).found(tmp_path)
    expected = [
        ("Ann", "build@corp.example", "ann", "name"),
        ("Bo", "BUILD@corp.example", "bo", "name"),
        ("Bo", "bo@corp.example", "bo@corp.example", "email"),
        ("Cy", "x@desk[1].example", "cy", "name"),
        ("Di", "x@desk1.example", "x@desk1.example", "email"),
        ("Ed", "rebuild@corp.example", "rebuild@corp.example", "email"),
    ]
    assert rows(build(tmp_path, Context(shared_addresses=SHARED)), PEOPLE) == expected

    own = [("Ann", "build@corp.example"), ("Bo", "BUILD@corp.example")]
    assert [row[:3] for row in rows(build(tmp_path), PEOPLE) if row[:2] in own] == [
        (*identity, "build@corp.example") for identity in own
    ]


def test_a_mailmap_gives_a_name_with_a_shared_address_to_its_person(tmp_path):
    history(("Ann", "build@corp.example"), ("Ann", "ann@corp.example")).found(tmp_path)
    line = MailmapEntry(
        line_number=1,
        proper_name="Ann",
        proper_email="ann@corp.example",
        commit_name="Ann",
        commit_email="build@corp.example",
    )
    context = Context(shared_addresses=SHARED, mailmap=(line,))
    assert {row[2] for row in rows(build(tmp_path, context), PEOPLE)} == {"ann@corp.example"}


def test_the_hash_of_identities_is_that_of_older_seals_until_an_address_is_shared():
    before = EVERYBODY.hashes()["identities"]
    assert replace(EVERYBODY, shared_addresses=()).hashes()["identities"] == before
    assert replace(EVERYBODY, shared_addresses=SHARED).hashes()["identities"] != before
