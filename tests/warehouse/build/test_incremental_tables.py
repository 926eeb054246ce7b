"""Test the tables that an incremental build keeps, updates or rebuilds."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import pytest

from tests.support.rows.memory_homes import ref, repository
from warehouse.build import incremental
from warehouse.build.build_file import building, swap_in
from warehouse.build.incremental import note_build
from warehouse.build.runner import build_models
from warehouse.build.table_hashes import NO_SOURCE
from warehouse.context import Context, IdentityRule, Target
from warehouse.tables.batches import load_batches

NAMES = "-- Refs by name.\n--\n-- grain: source, name\n-- export: whole\n"
COUNTS = "-- Refs of each source.\n--\n-- grain: source\n"
KPI = """-- Refs that there are now and end so.
--
-- title: Refs
-- position: 1
-- unit: refs
-- kind: count
-- better: neither
-- needs: evidence
-- version: 1
select source, ref_name as subject_id
from (
    select * from raw.refs
    qualify row_number() over (partition by source, ref_name order by batch desc) = 1
)
where target_hash is not null and ref_name like '%{}'
"""
RULES = "-- Rules.\n--\n-- grain: rule_number\n"

NOBODY = Context()
BOTS = Context(identity_rules=(IdentityRule("bot", "x"),))
NOT_OF_ONE_SOURCE = [
    # Rows of all sources together, and of none.
    """
    select source, ref_name as name from raw.refs
    union all
    select '*', min(ref_name) from raw.refs
    """,
    """
    select refs.source, batches.source as name from raw.batches as batches
    left join raw.refs as refs
        on batches.source = refs.source and batches.observed_at = refs.observed_at
    group by all
    """,
    "select nullif(source, 'host/two') as source, count(*) as name from raw.refs group by all",
    "select source, min(ref_name) as name from raw.refs group by grouping sets ((source), ())",
    "select unnest([source, 'host/one']) as source, ref_name as name from raw.refs",
    "select 'host/' || ref_name as source, source as name from raw.refs",
    # Rows about other sources.
    "select source, count(*) over () as name from raw.refs",
    "select source, max(ref_name) over (order by source) as name from raw.refs",
    "select one.source, other.source as name from raw.refs as one cross join raw.refs as other",
    "select source, ref_name as name from raw.refs where (select count(*) from raw.refs) = 2",
]


@pytest.fixture(autouse=True)
def every_table_is_large(monkeypatch):
    monkeypatch.setattr(incremental, "LARGE_ROWS", 0)


@pytest.fixture
def noted(home):
    """Two sources and three models, built."""
    home.describe(source="S", name="N", count="C", rule_number="R")
    home.write_model("staging/refs.sql", "-- Refs.\nselect source, ref_name from raw.refs")
    home.write_model("facts/names.sql", f"{NAMES}select source, ref_name as name from staging.refs")
    home.write_model(
        "intermediate/counts.sql",
        f"{COUNTS}select source, count(*) as count from facts.names group by source",
    )
    home.write_model(
        "intermediate/rules.sql", f"{RULES}select rule_number from settings.identity_rules"
    )
    for source in ("host/one", "host/two"):
        home.write_batch(source, repositories=[repository("r")], refs=[ref("main", "a")])
    home.build()
    return home


def rebuilt(home, context=NOBODY, **asked):
    """Build once more, and return the rebuilt tables and the changed sources."""
    with building(home.warehouse, threads=1, folder=home.sql) as connection:
        load_batches(connection, home.store)
        build = build_models(connection, context, folder=home.sql, graph=lambda *_: None, **asked)
        if not asked:
            note_build(connection, build)
    swap_in(home.warehouse)
    return build


def models_changed(build):
    return {
        table: sources
        for table, sources in build.changed.items()
        if table.startswith(("facts.", "intermediate."))
    }


def test_nothing_new_is_nothing_made(noted):
    build = rebuilt(noted)

    assert not build.is_first
    assert (build.made, build.changed) == (set(), {})


def test_what_reads_a_source_that_changed_has_its_rows_replaced(noted):
    noted.write_batch("host/two", day=2, refs=[ref("other", "b")])
    build = rebuilt(noted)

    assert build.made == set()
    assert models_changed(build) == {
        "facts.names": {"host/two"},
        "intermediate.counts": {"host/two"},
    }
    assert noted.rows("from intermediate.counts order by all") == [("host/one", 1), ("host/two", 2)]
    assert noted.rows("select count(*) from facts.names") == [(3,)]


def test_what_holds_the_same_as_before_changes_nothing_that_reads_it(noted):
    """A ref that moved is a new row of raw, and the same name."""
    noted.write_model(
        "staging/refs.sql", "-- Refs.\nselect distinct source, ref_name from raw.refs"
    )
    rebuilt(noted)
    noted.write_batch("host/two", day=2, refs=[ref("main", "b")])
    build = rebuilt(noted)

    assert build.changed.keys() == {"raw.refs", "raw.batches"}


def test_settings_touch_what_reads_them(noted):
    build = rebuilt(noted, BOTS)
    assert build.made == {"intermediate.rules"}
    assert noted.rows("from intermediate.rules") == [(1,)]

    build = rebuilt(noted, replace(BOTS, targets=(Target(kpi="k", fiscal_year=2024, target=1),)))
    assert (build.made, build.changed.keys()) == (set(), {"settings.targets"})


def test_a_rebuilt_table_keeps_its_description(noted):
    rebuilt(noted, BOTS)

    comments = "select comment from duckdb_tables() where table_name in ('rules', 'names')"
    assert sorted(noted.rows(comments)) == [("Refs by name.",), ("Rules.",)]


def changed_model(home):
    home.write_model("intermediate/rules.sql", f"{RULES}select 2 as rule_number")


def changed_word(home):
    home.describe(source="S", name="Another", count="C", rule_number="R")


def tampered(home):
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("update facts.names set name = 'forged'")


def damaged(home):
    whole = bytearray(home.warehouse.read_bytes())
    for place in range(len(whole) * 2 // 3, len(whole), 4096):
        whole[place] ^= 0xFF
    home.warehouse.write_bytes(whole)


def lost_source(home):
    next(home.store.glob("host-two*/*/receipt.json")).unlink()


def older_program(home):
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("update meta.program set program_hash = 'of another'")


@pytest.mark.parametrize(
    "doubt", [changed_model, changed_word, tampered, damaged, lost_source, older_program]
)
def test_in_doubt_everything_is_made(noted, doubt):
    doubt(noted)
    build = rebuilt(noted)

    assert build.is_first
    assert noted.rows("select distinct name from facts.names") == [("refs/heads/main",)]
    assert not rebuilt(noted).is_first


def test_after_a_build_of_a_part_or_of_a_day_everything_is_made(noted):
    rebuilt(noted, only=["facts.names"])
    assert rebuilt(noted).is_first


def test_rows_that_depend_on_other_sources_are_all_rebuilt(home):
    """Whatever models say, an incremental build gives what a fresh one does."""
    names = [f"rows{number}" for number, _ in enumerate(NOT_OF_ONE_SOURCE)]
    for name, select in zip(names, NOT_OF_ONE_SOURCE, strict=True):
        home.write_model(f"intermediate/{name}.sql", f"-- Rows.\n{select}")
    for source in ("host/one", "host/two"):
        home.write_batch(source, repositories=[repository("r")], refs=[ref("main", "a")])
    home.build(export=False)
    for source in ("host/two", "host/three", "host/one"):
        home.write_batch(source, day=3, refs=[ref(source, "b")])
        build = rebuilt(home)
        found = [home.rows(f"from intermediate.{name} order by all") for name in names]
        home.warehouse.unlink()
        rebuilt(home)

        assert not build.is_first
        assert found == [home.rows(f"from intermediate.{name} order by all") for name in names]


def test_what_reads_rows_of_no_source_is_rebuilt_when_they_change(home):
    """They are rows of a source that is null, which no filter on sources finds."""
    unnamed = "-- Rows.\nselect nullif(source, 'host/two') as source, ref_name from raw.refs"
    counts = "-- Counts.\nselect source, count(*) as n from intermediate.unnamed group by source"
    home.write_model("intermediate/unnamed.sql", unnamed)
    home.write_model("intermediate/counts.sql", counts)
    for source in ("host/one", "host/two"):
        home.write_batch(source, repositories=[repository("r")], refs=[ref("main", "a")])
    home.build(export=False)
    home.write_batch("host/two", day=2, refs=[ref("other", "b")])
    build = rebuilt(home)

    assert not build.is_first
    assert build.changed["intermediate.unnamed"] == {NO_SOURCE}
    assert home.rows("from intermediate.counts order by n") == [("host/one", 1), (None, 2)]


def test_what_reads_all_evidence_follows_kpis_that_get_and_lose_rows(noted):
    """All evidence omits KPIs without rows, so that what it reads changes with them."""
    for name in ("main", "first", "second"):
        noted.write_model(f"kpis/{name}.sql", KPI.format(name))
    found = "-- Found.\nselect source, kpi, subject_id from kpis.evidence"
    noted.write_model("intermediate/found.sql", found)
    rebuilt(noted)
    nights = [("one", "first", "a"), ("one", "second", "a"), ("one", "first", None)]
    nights += [("two", "first", "a"), ("two", "first", None), ("one", "main", None)]
    seen = []
    for day, (source, name, target) in enumerate(nights, 2):
        noted.write_batch(f"host/{source}", day=day, refs=[ref(name, target)])
        assert not rebuilt(noted).is_first
        seen.append(
            noted.rows("select source[6:] || ' ' || kpi from intermediate.found order by 1")
        )

    assert [" ".join(row[0] for row in rows) for rows in seen] == [
        "one first one main two main",
        "one first one main one second two main",
        "one main one second two main",
        "one main one second two first two main",
        "one main one second two main",
        "one second two main",
    ]
