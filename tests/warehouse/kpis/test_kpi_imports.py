"""Test KPIs over merges of git pull and imported histories."""

from __future__ import annotations

from tests.support.rows.row_histories import SOURCE, HistoryRows, builder, evidence, table
from warehouse.context import Context, Project

build = builder(
    "figures.kpi_evidence",
    "marts.velocity_quarterly",
    kpis=("commits", "lead_time", "active_contributors"),
)
SETTINGS = Context(projects=(Project(name="p", title="p", sources=(SOURCE,)),))
OLD = ("Old", "old@example.org")
VOLUMES = """
    select quarter, commit_count, merge_count, author_count, all_commit_count
    from marts.velocity_quarterly order by quarter
"""


def test_an_imported_history_is_no_work_of_the_repository(tmp_path):
    """A library of ten years ago came in with its history, and later another version of it."""
    history = HistoryRows()
    history.commit("a", at="2024-04-01T00:00")
    history.commit("lib1", at="2014-01-01T00:00", by=OLD)
    history.commit("lib2", "lib1", at="2014-02-01T00:00", by=OLD)
    history.commit("add", "a", "lib2", at="2024-04-03T00:00")
    history.commit("lib3", "lib2", at="2024-04-04T00:00", by=OLD)
    history.commit("own", "add", at="2024-04-05T00:00")
    history.commit("both", "own", "lib3", at="2024-04-06T00:00")
    history.commit("m", "add", "both", at="2024-04-07T00:00")
    history.found(tmp_path)

    with build(tmp_path, SETTINGS) as connection:
        commits = [row[:3] for row in evidence(connection, "commits", "p")]
        assert commits == [
            *((name, "2014-Q1", "imported_history") for name in ("lib1", "lib2")),
            ("a", "2024-Q2", "counted"),
            *((name, "2024-Q2", "merge") for name in ("add", "both")),
            ("lib3", "2024-Q2", "imported_history"),
            ("m", "2024-Q2", "merge"),
            ("own", "2024-Q2", "counted"),
        ]
        assert evidence(connection, "lead_time", "p") == [
            ("add", "2024-Q2", "imported_history", None),
            ("m", "2024-Q2", "counted", 2 * 86_400),
        ]
        people = [row[:3] for row in evidence(connection, "active_contributors", "p")]
        assert people == [
            ("old@example.org", "2014-Q1", "imported_history"),
            ("ann@example.org", "2024-Q2", "counted"),
            ("old@example.org", "2024-Q2", "imported_history"),
        ]
        assert [tuple(row.values()) for row in table(connection, VOLUMES)] == [
            ("2024-Q2", 2, 2, 1, 2),
            ("2024-Q3", 0, 0, 0, 0),
        ]


def test_a_merge_of_git_pull_has_no_lead_time(tmp_path):
    """And it does not take the place of the merge that was pulled."""
    history = HistoryRows()
    history.commit("a", at="2024-04-01T00:00")
    history.commit("topic", "a", at="2024-04-02T00:00")
    history.commit("m", "a", "topic", at="2024-04-05T00:00", subject="Merge branch 'topic'")
    history.commit("copy", "a", at="2024-04-03T00:00")
    subject = "Merge branch 'main' of https://host/one"
    history.commit("pull", "copy", "m", at="2024-04-08T00:00", subject=subject)
    history.found(tmp_path)

    with build(tmp_path, SETTINGS) as connection:
        assert evidence(connection, "lead_time", "p") == [
            ("m", "2024-Q2", "counted", 3 * 86_400),
            ("pull", "2024-Q2", "pull_merge", None),
        ]
        assert [tuple(row.values()) for row in table(connection, VOLUMES)] == [
            ("2024-Q2", 3, 1, 1, 3),
            ("2024-Q3", 0, 0, 0, 0),
        ]
