"""Test that seals never change and later differences are restatements."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import timedelta

import duckdb
import pytest

from miners.store import sha256_of
from tests.support.rows.row_histories import ANN, BOB, instant
from tests.support.rows.sealed_homes import (
    QUARTER,
    SAME_PERSON,
    SETTINGS,
    SealedHome,
    first_look,
    second_look,
)
from tests.support.rows.trackers import REPOSITORY, TrackerRows
from warehouse.calendar import Calendar
from warehouse.errors import SealRefused
from warehouse.rules import rule
from warehouse.seals.audit import audit
from warehouse.seals.completeness import incomplete_sources
from warehouse.seals.seal_file import read_seal

KPIS = ("active_contributors", "commits", "lines_changed")


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    """A home as it is when its quarter has been sealed, to be copied."""
    path = tmp_path_factory.mktemp("sealed")
    home = SealedHome(path, kpis=KPIS)
    first_look().found(home.store)
    home.build()
    home.seal()
    return path


@pytest.fixture
def home(sealed, tmp_path):
    return SealedHome(shutil.copytree(sealed, tmp_path / "home"), kpis=KPIS)


RESTATED_ROWS = [
    {
        "subject_id": "c3",
        "row_change": "changed",
        "cause": "force_pushed",
        "was_reason": "counted",
        "is_reason": "left_branch",
        "was_value": 7,
        "is_value": 7,
    },
    {
        "subject_id": "c4",
        "row_change": "came",
        "cause": "late",
        "was_reason": None,
        "is_reason": "counted",
        "was_value": None,
        "is_value": 1,
    },
]


def test_late_and_pushed_away_commits_are_restatements_that_add_up(home):
    before = home.sealed_bytes()
    second_look("c4", late=[("c4", "c2", "2024-02-20T12:00", BOB)], left=["c3"]).write(home.store)
    home.build()

    assert home.sealed_bytes() == before
    assert home.restated("commits", "lines_changed", "active_contributors") == [
        ("active_contributors", "late", 2, 2, 0, 0, 0, 1),
        ("active_contributors", "force_pushed", 2, 2, 0, 0, 0, 1),
        ("commits", "late", 3, 4, 1, 1, 0, 0),
        ("commits", "force_pushed", 4, 3, -1, 0, 0, 1),
        ("lines_changed", "late", 16, 17, 1, 1, 0, 0),
        ("lines_changed", "force_pushed", 17, 10, -7, 0, 0, 1),
    ]
    assert home.ask(
        "select value, value_now, n, is_sealed, is_restated from marts.kpi_quarterly "
        "where kpi = 'lines_changed' and project = 'app' and source = '*' "
        f"and quarter = '{QUARTER}'"
    ) == [{"value": 16.0, "value_now": 10.0, "n": 3, "is_sealed": True, "is_restated": True}]
    assert (
        home.ask(
            "select subject_id, row_change, cause, was_reason, is_reason, was_value, is_value "
            "from figures.kpi_restated_rows where kpi = 'lines_changed' order by subject_id"
        )
        == RESTATED_ROWS
    )


def test_the_year_adds_up_over_sealed_and_open_quarters(home):
    second_look(
        "c5",
        late=[("c4", "c3", "2024-02-20T12:00", BOB), ("c5", "c4", "2024-04-20T12:00", ANN)],
    ).write(home.store)
    home.build()

    assert home.ask(
        "select fiscal_year, value, n, quarter_count, is_sealed from marts.kpi_yearly "
        "where kpi = 'commits' and project = 'app' and source = '*'"
    ) == [{"fiscal_year": 2024, "value": 4.0, "n": 4, "quarter_count": 2, "is_sealed": False}]


def test_who_is_the_same_person_later_restates_who_was_counted(home):
    home.build(replace(SETTINGS, mailmap=(SAME_PERSON,)))

    assert home.restated("active_contributors", "commits") == [
        ("active_contributors", "re_identified", 2, 1, -1, 0, 1, 1)
    ]


def test_another_calendar_and_other_rules_are_causes_of_their_own(home):
    home.build(replace(SETTINGS, calendar=Calendar(first_month=2)))
    # The quarter of this name now begins in February 2023.
    assert home.restated("commits") == [("commits", "calendar", 3, 0, -3, 0, 3, 0)]

    bots = (rule("left_out_authors", "person"),)
    home.build(replace(SETTINGS, projects=(replace(SETTINGS.projects[0], rules=bots),)))
    assert home.restated("commits") == [("commits", "rules", 3, 0, -3, 0, 0, 3)]


def test_issues_that_are_reopened_or_deleted_later_leave_a_sealed_quarter_alone(tmp_path):
    home, tracker = SealedHome(tmp_path), TrackerRows(looked_at=instant("2024-04-10"))
    closing = ("closed", "2024-02-01T00:00")
    for number in (1, 2):
        tracker.issue(number, closing, state="closed", closed_at=closing[1])
    tracker.found(home.store)
    home.build()
    home.seal()
    shown = (
        "select * exclude (is_sealed) from marts.kpi_quarterly "
        f"where quarter = '{QUARTER}' order by all"
    )
    before = home.ask(shown)

    later = TrackerRows(looked_at=instant("2024-05-10"))
    later.issue(1, closing, ("reopened", "2024-05-01T00:00"), state="open")
    later.deleted("issues", "2")
    later.write(home.store)
    home.build()

    assert home.ask("from marts.kpi_restatements") == []
    assert home.ask(shown) == before


BY_QUARTER = """
    select quarter, value, value_now, is_sealed from marts.kpi_quarterly
    where kpi = 'commits' and project = 'app' and source = '*' order by quarter
"""


def test_quarters_are_sealed_in_any_order(tmp_path):
    """Their chain follows the time of sealing, and each keeps its own figures."""
    home, later = SealedHome(tmp_path, kpis=("commits",)), "2024-Q2"
    first_look().found(home.store)
    second_look("c4", late=[("c4", "c3", "2024-04-20T12:00", BOB)]).write(home.store)
    home.build()
    for quarter, day in ((later, "2024-07-15"), (QUARTER, "2024-07-16")):
        home.seal(name=quarter, on=day)
        home.build()
    late = second_look("c5", late=[("c5", "c4", "2024-03-20T12:00", ANN)])
    replace(late, looked_at=instant("2024-07-20")).write(home.store)
    home.build()

    assert [tuple(row.values()) for row in home.ask(BY_QUARTER)] == [
        (QUARTER, 3.0, 4.0, True),
        (later, 1.0, 1.0, True),
        ("2024-Q3", 0.0, 0.0, False),
    ]
    assert [(seal.quarter, seal.problems) for seal in audit(home.file, home.seals)] == [
        (later, ()),
        (QUARTER, ()),
    ]
    assert read_seal(home.seals / QUARTER).previous["quarter"] == later
    assert read_seal(home.seals / later).previous == {}


def test_a_quarter_is_sealed_once(home):
    with pytest.raises(SealRefused, match="2024-Q1 is sealed already"):
        home.seal()


def test_a_seal_that_was_touched_is_refused_and_named(home):
    path = home.seals / QUARTER / "figures.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")

    assert [found.problems for found in audit(home.file, home.seals)] == [
        ("figures.parquet was changed",)
    ]
    with pytest.raises(SealRefused, match=r"seal is damaged: figures\.parquet was changed"):
        home.build()


def test_the_figures_of_a_seal_follow_from_its_rows(home):
    (found,) = audit(home.file, home.seals)

    assert (found.quarter, found.is_complete, found.problems) == (QUARTER, True, ())
    assert (found.figure_count > 0, found.row_count > 0, found.restated_count) == (True, True, 0)


@pytest.mark.parametrize("column", ["row_count", "counted_count", "numerator", "denominator"])
def test_a_figure_that_does_not_follow_from_its_rows_is_named(home, column):
    """Also one that has a value where its rows have none, and a seal with the right hashes."""
    folder = home.seals / QUARTER
    path, changed = folder / "figures.parquet", folder / "changed.parquet"
    duckdb.sql(
        f"copy (select * replace (99::bigint as {column}) from read_parquet('{path}') "
        f"where kpi = 'commits') to '{changed}' (format parquet)"
    )
    changed.replace(path)
    facts = json.loads((folder / "seal.json").read_text())
    facts["files"]["figures"]["sha256"] = sha256_of(path)
    (folder / "seal.json").write_text(json.dumps(facts))

    (found,) = audit(home.file, home.seals)
    assert found.problems == (f"commits of app in {REPOSITORY} does not follow from its rows",)


def test_a_poll_at_the_instant_of_a_quarters_end_completes_it(home):
    polled_at = first_look().looked_at
    assert incomplete_sources(home.file, polled_at, [REPOSITORY]) == []
    later = polled_at + timedelta(microseconds=1)
    assert incomplete_sources(home.file, later, [REPOSITORY]) == [REPOSITORY]
