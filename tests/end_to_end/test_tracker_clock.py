"""
Compare ten incremental minings of a real tracker with fresh ones.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from tests.support.expected.tracker_truth import differences, instant, lines_of, state_at, truth
from tests.support.fakes.replay import FIRST_DAY, Replay, dataset, live, mine, shared_folder
from tests.support.git.invented_trackers import write_dataset
from tests.support.running.examples import IS_LONG
from warehouse.build.checks import run_checks
from warehouse.build.runner import build_models
from warehouse.context import Context
from warehouse.tables.batches import load_batches

STEPS, OTHERS = 10, 30
# Steps at which all is mined from nothing as well, and built.
ANEW = (4, 11) if IS_LONG else (11,)
HELD_NOW = """
    select item_kind, item_number, attribute, attribute_value
    from facts.item_attributes where valid_to_at is null order by all
"""
# What is in every list anyway, and longer than all the others together.
MOST_EVENTS = 100


@pytest.fixture(scope="module")
def cut(tmp_path_factory):
    """Cut the real tracker down to what changes in its updates, and some that do not."""
    whole = dataset("secp256k1", shared_folder(tmp_path_factory))
    updates = [json.loads(raw) for raw in lines_of(whole, "updates")]
    long = {line["number"] for line in updates if len(line["data"]["events"]) > MOST_EVENTS}
    changing = {line["number"] for line in updates}
    snapshot, others = [], 0
    for raw in lines_of(whole, "snapshot"):
        line = json.loads(raw)
        others += (is_other := line["number"] not in changing)
        if (is_other and others <= OTHERS) or line["number"] in changing - long:
            snapshot.append(line)
    kept = [line for line in updates if line["number"] not in long]
    folder = tmp_path_factory.mktemp("cut")
    manifest = json.loads((whole / "manifest.json").read_text("utf-8"))
    return write_dataset(folder, manifest["name"], snapshot, kept, manifest["snapshot_at"])


def steps_of(replay):
    begun = replay.tracker.start
    later = [moment for moment in replay.tracker.seen_times if moment > begun]
    return [begun] + [later[len(later) * step // STEPS - 1] for step in range(1, STEPS + 1)]


@pytest.fixture(scope="module")
def stepped(cut, tmp_path_factory):
    """Mine what is new at every step, and all of it into another home."""
    home, found, anew = tmp_path_factory.mktemp("stepped"), [], {}
    with Replay(cut, date="clock") as replay:
        source = replay.source()
        for day, moment in enumerate(steps_of(replay), 1):
            replay.set_clock(moment)
            replay.clear()
            mine(source, home, day)
            found.append((moment, live(home, source), len(replay.log)))
            if day in ANEW:
                fresh = home / f"anew-{day}"
                mine(source, fresh, day)
                anew[day] = live(fresh, source), tables(home), tables(fresh)
    return home, source, found, anew


def tables(home, known_at=None):
    """Build everything and read every public table whole."""
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        load_batches(connection, home / "store")
        build_models(connection, Context(), known_at=known_at)
        run_checks(connection)
        names = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() "
            "where schema_name in ('facts', 'marts')"
        ).fetchall()
        read = {
            name: connection.execute(f"select * from {name} order by all").fetchall()
            for (name,) in names
        }
        read["held now"] = connection.execute(HELD_NOW).fetchall()
    return {name: rows for name, rows in read.items() if rows}


def test_every_step_gives_what_mining_from_nothing_gives(stepped):
    _, _, found, anew = stepped
    for day, (fresh, _, _) in anew.items():
        assert found[day - 1][1] == fresh
    sizes = Counter({record: len(rows) for record, rows in found[-1][1].items()})
    assert sizes["item_events"] > 500


def test_every_step_is_as_the_dump_says(cut, stepped):
    for moment, grown, _ in stepped[2]:
        expected = truth(state_at(cut, datetime.fromtimestamp(moment, UTC)))
        assert differences(expected, grown) == []


def test_batches_up_to_a_step_have_what_was_known_then(stepped):
    home, source, found, _ = stepped
    for day, (_, grown, _) in enumerate(found, 1):
        assert live(home, source, day) == grown


def test_a_step_costs_what_has_changed(cut, stepped):
    seen = [instant(json.loads(raw)["seen_at"]).timestamp() for raw in lines_of(cut, "updates")]
    for (before, *_), (moment, *_, requests) in zip(stepped[2], stepped[2][1:], strict=False):
        changes = sum(before < at <= moment for at in seen)
        # Of each change request: itself and its timeline, of more than a page now and then.
        assert requests <= 20 + 4 * changes


def test_a_warehouse_built_at_a_step_is_the_one_built_from_nothing(stepped):
    for _, grown, anew in stepped[3].values():
        assert len(grown["facts.issue_states"]) > 20
        assert len(grown["marts.merge_lead_time_quarterly"]) > 40
        assert grown.keys() == anew.keys()
        differing = {name for name in grown if grown[name] != anew[name]}
        # A label deleted or a milestone renamed leaves no event: who looked in between knows more.
        assert differing <= {"facts.item_attributes", "facts.item_events"}
        assert _without_names(grown["facts.item_events"]) == _without_names(
            anew["facts.item_events"]
        )


def test_a_warehouse_as_known_at_a_step_is_the_one_built_then(stepped):
    home, _, _, anew = stepped
    for day, (_, grown, _) in anew.items():
        seen_again = tables(home, FIRST_DAY + timedelta(days=day))
        assert [name for name in grown if grown[name] != seen_again.get(name)] == []


def _without_names(events):
    """List events without the names of their label and milestone."""
    return {(*event[:9], *event[11:]) for event in events}
