"""Test the fingerprint that decides whether a build is needed."""

from __future__ import annotations

import pytest

from miners.store import all_batches
from tests.support.rows.exports import NAMES
from tests.support.rows.memory_homes import ref
from warehouse.calendar import Calendar
from warehouse.context import Context
from warehouse.exports.fingerprint import fingerprint, is_current
from warehouse.query.pseudonyms import pseudonym_key


def test_a_build_is_current_until_something_that_it_was_made_from_changes(events):
    context, key = Context(), pseudonym_key(events.path)
    events.build()

    def current_for(context):
        printed = fingerprint(all_batches(events.store), context, folder=events.sql, key=key)
        return is_current(events.warehouse, events.exports, printed)

    assert current_for(context)
    assert not current_for(Context(calendar=Calendar("Asia/Seoul")))
    events.write_batch(day=2)
    assert not current_for(context), "time has passed: something may be overdue"
    events.build()
    assert current_for(context)
    events.write_model("facts/names.sql", NAMES + "-- another comment\n")
    assert not current_for(context)
    events.write_model("facts/names.sql", NAMES)
    assert current_for(context)
    events.write_batch(day=3, refs=[ref("z", "2024-Q1")])
    assert not current_for(context)


def test_every_look_is_a_reason_to_build(home):
    home.write_batch(refs=[ref("a", "x")])
    before = fingerprint(all_batches(home.store), Context())
    assert fingerprint(all_batches(home.store), Context()) == before
    home.write_batch(day=2)
    assert fingerprint(all_batches(home.store), Context()) != before


@pytest.mark.parametrize(
    "lost", ["quarry.duckdb", "exports/current", "exports/current/manifest.json"]
)
def test_what_is_missing_or_damaged_is_not_current(events, lost):
    events.build()
    key = pseudonym_key(events.path)
    printed = fingerprint(all_batches(events.store), Context(), folder=events.sql, key=key)
    path = events.path / lost
    assert is_current(events.warehouse, events.exports, printed)
    if path.is_symlink():
        path.unlink()
    else:
        path.write_bytes(b"damage")

    assert not is_current(events.warehouse, events.exports, printed)


def test_nothing_is_current_before_the_first_build(home):
    assert not is_current(
        home.warehouse, home.exports, fingerprint(all_batches(home.store), Context())
    )
