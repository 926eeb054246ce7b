"""Test facts on merges, projects and quarters."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.support.rows.row_histories import ANN, HistoryRows, builder, column, instant, table
from warehouse.context import Context, Project

build = builder("facts.merges", "facts.project_repositories", "facts.projects", "facts.quarters")

MERGE_FACTS = """
    select
        merge_hash, is_on_first_parent_chain, brought_commit_count, first_authored_at,
        branch_opened_at, branch_open_hours, merge_lead_time_hours, lead_time_reason
    from facts.merges order by merge_hash
"""


def test_every_merge_has_a_lead_time_or_a_reason(tmp_path):
    history = HistoryRows()
    history.commit("a", at="2024-01-01T00:00")
    history.commit("p", "a", at="2024-01-02T00:00", written="2024-01-01T12:00")
    history.commit("q", "p", at="2024-01-03T00:00", written="2024-01-02T18:00")
    history.commit("m1", "a", "q", at="2024-01-04T12:30")
    history.commit("m2", "m1", "p", at="2024-01-05T00:00")
    history.commit("r", "m1", at="2024-02-09T00:00")
    history.commit("m3", "m2", "r", at="2024-02-01T00:00")
    history.commit("s", "m3", at=None)
    history.commit("m4", "m3", "s", at="2024-02-02T00:00")
    history.commit("t", "m4", at="2024-02-02T00:00")
    history.commit("u", "m4", at="2024-02-02T03:00")
    history.commit("inner", "t", "u", at="2024-02-02T06:00")
    history.commit("m5", "m4", "inner", at=None)
    history.commit("never", "m4", "u", at="2024-02-03T00:00")
    history.head = "m5"
    history.found(tmp_path)

    found = [tuple(row.values()) for row in table(build(tmp_path), MERGE_FACTS)]

    t, u = instant("2024-02-02T00:00"), instant("2024-02-02T03:00")
    assert found == [
        ("inner", False, 1, u, u, 3.0, 3.0, "measured"),
        (
            *("m1", True, 2, instant("2024-01-01T12:00"), instant("2024-01-02T00:00")),
            *(60.5, 72.5, "measured"),
        ),
        ("m2", True, 0, None, None, None, None, "brought_nothing"),
        (
            *("m3", True, 1, instant("2024-02-09T00:00"), instant("2024-02-09T00:00")),
            *(None, None, "negative"),
        ),
        ("m4", True, 1, None, None, None, None, "unusable_time"),
        ("m5", True, 3, t, t, None, None, "unusable_time"),
        ("never", False, 1, u, u, 21.0, None, "not_on_default_branch"),
    ]


PULLS = """
    select merge_hash, is_on_first_parent_chain, lead_time_reason from facts.merges order by 1
"""


@pytest.mark.parametrize(
    ("source", "subject", "is_pull"),
    [
        ("host/o/app", "Merge branch 'main' of host:o/app", True),
        ("host/o/app", "Merge branch 'main' of https://host/o/app.git into main", True),
        ("host/o/app", "Merge branch 'master' of host:o/old-name", True),
        ("host/o/app", "Merge remote-tracking branch 'origin/main'", True),
        ("host/o/app", "Merge remote-tracking branch 'upstream/main' into main", True),
        ("/srv/app.git", "Merge branch 'main' of host:o/app", True),
        ("/srv/copy", "Merge branch 'main' of host:o/app", True),
        ("host/o/app", "Merge branch 'main' of host:guest/app", False),
        ("host/o/app", "Merge branch 'topic' of host:o/app", False),
        ("host/o/app", "Merge branch 'main' of host:o/app into topic", False),
        ("host/o/app", "Merge remote-tracking branch 'origin/topic'", False),
        ("host/o/app", "Merge branch 'main' into 'main'", False),
        ("host/o/app", "Merge pull request #1 from o/main", False),
    ],
)
def test_a_pull_merge_delivers_nothing_and_hides_nothing(source, subject, is_pull, tmp_path):
    """The merge m was on the branch before somebody pulled it into a copy with new work."""
    history = HistoryRows(source=source)
    history.commit("a", at="2024-01-01T00:00")
    history.commit("p", "a", at="2024-01-02T00:00")
    history.commit("m", "a", "p", at="2024-01-03T00:00", subject="Merge branch 'topic'")
    history.commit("new", "a", at="2024-01-04T00:00")
    history.commit("pull", "new", "m", at="2024-01-05T00:00", subject=subject)
    history.found(tmp_path)
    found = [tuple(row.values()) for row in table(build(tmp_path), PULLS)]
    assert found == [("m", is_pull, "measured"), ("pull", True, found[1][2])]
    assert (found[1][2] == "pull_merge") == is_pull


def test_the_address_of_another_repository_with_a_branch_of_the_same_name_is_no_pull(tmp_path):
    """A path says nothing of its owner: of several addresses the one with its name is its own."""
    history = HistoryRows(source="/srv/linux.git")
    history.commit("a", at="2024-01-01T00:00")
    for number, place in enumerate(("davem/net", "tip/tip", "torvalds/linux")):
        subject = f"Merge branch 'master' of git://kernel.example/{place}.git"
        history.commit(f"p{number}", "a", at="2024-01-02T00:00")
        parents = (history.rows["commits"][-2][0] if number else "a", f"p{number}")
        history.commit(f"m{number}", *parents, at="2024-01-03T00:00", subject=subject)
    history.found(tmp_path)
    found = [row["lead_time_reason"] for row in table(build(tmp_path), PULLS)]
    assert found == ["measured", "measured", "pull_merge"]


def test_an_elapsed_second_is_a_whole_one(tmp_path):
    """From 10:00:00.9 to 10:00:01.1 no second has passed, although one has begun."""
    history = HistoryRows()
    history.commit("a", at="2024-01-01T00:00")
    history.commit("p", "a", at="2024-01-02T10:00")
    history.commit("m", "a", "p", at="2024-01-02T10:00")
    for row, shift in ((-2, 900_000), (-1, 1_100_000)):
        commit = list(history.rows["commits"][row])
        commit[5] += shift
        commit[9] += shift
        history.rows["commits"][row] = tuple(commit)
    history.found(tmp_path)
    assert column(build(tmp_path), "merge_lead_time_seconds", "facts.merges", "merge_hash") == {
        "m": 0
    }


def test_a_merge_whose_first_parent_was_not_mined_brought_in_nobody_knows_what(tmp_path):
    history = HistoryRows()
    history.commit("b")
    history.commit("m", "gone", "b")
    history.found(tmp_path)

    (found,) = table(build(tmp_path), MERGE_FACTS)

    assert (found["brought_commit_count"], found["lead_time_reason"]) == (None, "parent_not_mined")


def test_projects_own_repositories_and_quarters_span_what_can_be_counted(tmp_path):
    for source, at in (("host/one", "2023-11-01T00:00"), ("host/two", "2024-05-01T00:00")):
        history = HistoryRows(source=source)
        history.commit("a", at=at, by=ANN)
        history.found(tmp_path)
    both = Project(
        name="both", title="Both of them", sources=("host/one", "host/two", "host/not mined")
    )
    connection = build(
        tmp_path, Context(projects=(both, Project(name="two", title="Two", sources=("host/two",))))
    )

    told = ("project_title_ko", "active_from", "active_until", "team_size", "client", "link")
    unsaid = {**dict.fromkeys(told), "is_in_ledger": False}
    assert table(connection, "select * from facts.projects order by 1") == [
        {**unsaid, "project": "both", "project_title": "Both of them", "source_count": 3},
        {**unsaid, "project": "two", "project_title": "Two", "source_count": 1},
    ]
    bridge = "select project, source from facts.project_repositories order by all"
    assert [tuple(row.values()) for row in table(connection, bridge)] == [
        ("both", "host/one"),
        ("both", "host/two"),
        ("two", "host/two"),
    ]
    quarters = column(connection, "quarter_starts_at", "facts.quarters", "quarter")
    assert quarters == {
        "2023-Q4": datetime(2023, 10, 1, tzinfo=UTC),
        "2024-Q1": datetime(2024, 1, 1, tzinfo=UTC),
        "2024-Q2": datetime(2024, 4, 1, tzinfo=UTC),
        "2024-Q3": datetime(2024, 7, 1, tzinfo=UTC),
    }
