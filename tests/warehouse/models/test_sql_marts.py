"""Test the quarterly figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.rows.row_histories import (
    ANN,
    BOB,
    LOOKED_AT,
    ROBOT,
    HistoryRows,
    builder,
    column,
    instant,
    rows,
    table,
)
from warehouse.context import Context, IdentityRule, Project
from warehouse.rules import rule

build = builder("facts.quarters", "marts.velocity_quarterly", "marts.merge_lead_time_quarterly")

RULES = Context(
    identity_rules=(IdentityRule("bot", r"\[bot\]"),), rules=(rule("left_out_authors", "bot"),)
)


def quarters(connection, mart, *columns):
    query = f"select quarter, {', '.join(columns)} from marts.{mart} order by project, quarter"
    return [tuple(row.values()) for row in table(connection, query)]


def velocity(year, quarter, **given):
    """Make a whole row of a quarter: what is not given is zero."""
    names = "commit_count author_count new_author_count lines_added lines_deleted"
    figures = [*names.split(), "changed_path_count"]
    return {
        "project": "host/one",
        "source": "host/one",
        "is_complete": True,
        **dict.fromkeys([*figures, *(f"all_{name}" for name in figures)], 0),
        **dict.fromkeys(("merge_count", "landed_commit_count"), 0),
        "quarter": f"{year}-Q{quarter}",
        "quarter_starts_on": datetime(year, 3 * quarter - 2, 1, tzinfo=UTC).date(),
        **given,
    }


VELOCITY = [
    velocity(
        *(2023, 4),
        commit_count=1,
        landed_commit_count=1,
        author_count=1,
        new_author_count=1,
        lines_added=15,
        changed_path_count=2,
        all_commit_count=2,
        all_author_count=2,
        all_new_author_count=2,
        all_lines_added=23,
        all_lines_deleted=1,
        all_changed_path_count=3,
    ),
    velocity(2024, 1),
    velocity(
        *(2024, 2),
        commit_count=2,
        landed_commit_count=2,
        merge_count=1,
        author_count=1,
        new_author_count=1,
        lines_added=5,
        lines_deleted=2,
        changed_path_count=1,
        all_commit_count=2,
        all_author_count=1,
        all_new_author_count=1,
        all_lines_added=5,
        all_lines_deleted=2,
        all_changed_path_count=1,
    ),
    velocity(2024, 3, merge_count=1, is_complete=False),
]


def test_whole_velocity(tmp_path):
    """Bots apart, merges apart, an author new once, a quarter without work, one not over."""
    history = HistoryRows()
    history.commit("a", at="2023-10-05T00:00", files=[("x", 10, 0), ("y", 5, 0)])
    history.commit("b", "a", at="2023-11-05T00:00", by=ROBOT, files=[("x", 1, 1), ("z", 7, 0)])
    history.commit("p", "b", at="2024-04-01T00:00", by=BOB, files=[("x", 2, 1)])
    history.commit("q", "p", at="2024-04-02T00:00", by=BOB, files=[("x", 3, 1)])
    history.commit("i", "q", "b", at="2024-04-02T06:00", by=BOB)
    history.commit("m", "b", "i", at="2024-06-30T23:59", by=ANN)
    history.commit("n", "m", "p", at="2024-07-01T00:00", by=ROBOT)
    history.commit("side", "n", at="2024-07-02T00:00", files=[("x", 99, 99)])
    history.commit("late", "n", at=None, by=BOB, files=[("x", 50, 50)])
    history.found(tmp_path)

    found = table(build(tmp_path, RULES), "select * from marts.velocity_quarterly order by quarter")

    assert found == VELOCITY


def lead_time_history():
    """Merges of 1, 2, 3 and 10 hours, one that brought nothing, and a squash."""
    history = HistoryRows()
    history.commit("a", at="2024-01-01T00:00")
    tip = "a"
    for day, hours in ((1, 1), (2, 2), (3, 10), (4, 3)):
        history.commit(f"p{day}", "a", at=f"2024-02-0{day}T00:00")
        tip = history.commit(f"m{day}", tip, f"p{day}", at=f"2024-02-0{day}T{hours:02}:00")
    history.commit("again", tip, "p1", at="2024-03-01T00:00")
    history.commit("squash", "again", at="2024-03-02T00:00", subject="All (#9)")
    history.commit("plain", "squash", at="2024-04-02T00:00")
    return history


def test_whole_merge_lead_times(tmp_path):
    lead_time_history().found(tmp_path)

    found = table(build(tmp_path), "select * from marts.merge_lead_time_quarterly order by quarter")

    hours = ["mean", "median", "p75", "p90", "min", "max"]
    counted = [f"{name}_merge_lead_time_hours" for name in hours]
    of_git = [f"{name}_git_merge_lead_time_hours" for name in hours]
    first, second, third = found
    assert list(first)[:5] == ["project", "source", "quarter", "quarter_starts_on", "is_complete"]
    assert first["lead_time_count"] == 4
    assert {name: first[name] for name in list(first)[12:16]} == {
        "merge_count": 5,
        "measured_count": 4,
        "squash_like_count": 1,
        "unknown_count": 2,
    }
    for names, place in ((counted, 6), (of_git, 16)):
        assert [first[name] for name in names] == pytest.approx([4.0, 2.5, 4.75, 7.9, 1.0, 10.0])
        assert list(first)[place : place + 6] == names
    assert {first[name] for name in list(first)[22:]} == {None}
    for empty in (second, third):
        assert [empty[name] for name in (*counted, *of_git)] == [None] * 12
        assert (empty["lead_time_count"], empty["merge_count"]) == (0, 0)
        assert empty["unknown_count"] == 0


def test_before_the_first_commit_and_in_an_empty_repository_there_is_nothing(tmp_path):
    """An empty repository has no rows, and so has one whose commits have no usable time."""
    HistoryRows(source="host/empty").found(tmp_path)
    timeless = HistoryRows(source="host/timeless")
    timeless.commit("a", at=None)
    timeless.found(tmp_path)

    connection = build(tmp_path)

    for mart in ("velocity_quarterly", "merge_lead_time_quarterly"):
        assert quarters(connection, mart, "source") == []
    assert table(connection, "select * from facts.quarters") == []


@pytest.mark.parametrize(
    ("looked_at", "is_complete"),
    [(datetime(2024, 6, 30, 23, 59, tzinfo=UTC), False), (datetime(2024, 7, 1, tzinfo=UTC), True)],
)
def test_a_quarter_is_complete_once_the_source_was_polled_after_its_end(
    tmp_path, looked_at, is_complete
):
    """A later look that found nothing new is enough."""
    history = HistoryRows(looked_at=datetime(2024, 6, 1, tzinfo=UTC))
    history.commit("a", at="2024-05-01T00:00")
    history.found(tmp_path)
    HistoryRows(looked_at=looked_at).write(tmp_path)

    found = quarters(build(tmp_path), "velocity_quarterly", "is_complete")

    assert found[0] == ("2024-Q2", is_complete)


def test_a_commit_from_a_clock_a_little_ahead_has_a_row(tmp_path):
    history = HistoryRows(looked_at=datetime(2024, 6, 30, 20, tzinfo=UTC))
    history.commit("a", at="2024-07-01T02:00")
    history.found(tmp_path)

    found = quarters(build(tmp_path), "velocity_quarterly", "commit_count", "is_complete")

    assert found == [("2024-Q3", 1, False)]


def test_a_repository_of_two_projects_counts_in_both(tmp_path):
    lead_time_history().found(tmp_path)
    context = Context(
        projects=tuple(Project(name=p, title=p, sources=("host/one",)) for p in ("x", "y"))
    )

    found = quarters(build(tmp_path, context), "velocity_quarterly", "project", "commit_count")

    assert found == [
        *(("2024-Q1", "x", 6), ("2024-Q2", "x", 1), ("2024-Q3", "x", 0)),
        *(("2024-Q1", "y", 6), ("2024-Q2", "y", 1), ("2024-Q3", "y", 0)),
    ]


def test_sources_do_not_mix(tmp_path):
    """Two copies of one history under two names give each the same figures as one alone."""
    lead_time_history().found(tmp_path / "one")
    alone = build(tmp_path / "one")
    for source in ("host/one", "host/two"):
        replace(lead_time_history(), source=source).found(tmp_path / "two")
    together = build(tmp_path / "two")

    for mart in ("velocity_quarterly", "merge_lead_time_quarterly"):
        query = f"select * exclude (project, source) from marts.{mart} where source = $1 order by 1"
        expected = alone.execute(query, ["host/one"]).fetchall()
        for source in ("host/one", "host/two"):
            assert together.execute(query, [source]).fetchall() == expected


def test_figures_do_not_depend_on_how_often_one_looked(tmp_path):
    """The same history found in one look or in two gives the same marts."""
    lead_time_history().found(tmp_path / "once")
    whole = lead_time_history()
    first = HistoryRows(looked_at=LOOKED_AT - timedelta(days=1))
    for name in ("a", "p1", "m1"):
        first.parents[name] = whole.parents[name]
    first.rows = {"commits": [row for row in whole.rows["commits"] if row[0] in first.parents]}
    first.head = "m1"
    first.found(tmp_path / "twice")
    whole.found(tmp_path / "twice")

    once, twice = build(tmp_path / "once"), build(tmp_path / "twice")

    for mart in ("velocity_quarterly", "merge_lead_time_quarterly"):
        query = f"select * from marts.{mart} order by all"
        assert twice.execute(query).fetchall() == once.execute(query).fetchall()


def test_an_author_is_new_with_their_first_work_not_with_a_merge(tmp_path):
    history = HistoryRows()
    history.commit("a", at="2024-01-01T00:00")
    history.commit("p", "a", at="2024-01-02T00:00")
    history.commit("m", "a", "p", at="2024-01-03T00:00", by=BOB)
    history.commit("b", "m", at="2024-04-01T00:00", by=BOB)
    history.found(tmp_path)

    found = quarters(build(tmp_path), "velocity_quarterly", "author_count", "new_author_count")

    assert found == [("2024-Q1", 1, 1), ("2024-Q2", 1, 1), ("2024-Q3", 0, 0)]


def test_a_commit_counts_in_its_own_quarter_and_lands_with_its_merge(tmp_path):
    history = HistoryRows()
    history.commit("a", at="2024-01-01T00:00")
    history.commit("p", "a", at="2024-03-30T00:00")
    history.commit("m", "a", "p", at="2024-04-02T00:00")
    history.found(tmp_path)

    connection = build(tmp_path)

    found = quarters(connection, "velocity_quarterly", "commit_count", "landed_commit_count")
    assert found == [("2024-Q1", 2, 1), ("2024-Q2", 0, 1), ("2024-Q3", 0, 0)]
    assert column(connection, "landed_at") == {
        "a": instant("2024-01-01"),
        "p": instant("2024-04-02"),
        "m": instant("2024-04-02"),
    }


def test_what_lands_at_the_first_instant_of_a_quarter_lands_in_it(tmp_path):
    history = HistoryRows()
    history.commit("a", at="2024-04-01T00:00")
    history.found(tmp_path)

    query = "select quarter, commit_count, landed_commit_count from marts.velocity_quarterly"
    assert rows(build(tmp_path), f"{query} order by 1")[0] == ("2024-Q2", 1, 1)
