"""Test projects named by ledgers, and known states of their rows."""

from __future__ import annotations

from datetime import date, timedelta

from tests.support.rows.kept_ledgers import changed, kept
from tests.support.rows.ledgers import FIRST_LOOK
from tests.support.rows.row_histories import builder, table
from tests.support.rows.trackers import TrackerRows
from warehouse.context import Context, Project

build = builder("facts.projects", "facts.ledger_tasks")


def described(connection):
    return {row.pop("project"): row for row in table(connection, "from facts.projects")}


NOTHING = dict.fromkeys(
    ("project_title_ko", "active_from", "active_until", "team_size", "client", "link")
)


PROJECTS = {
    "web": {
        **NOTHING,
        "project_title": "The web",
        "project_title_ko": "웹",
        "source_count": 0,
        "is_in_ledger": True,
        "active_from": date(2024, 1, 1),
        "team_size": 3,
        "active_until": date(2025, 6, 30),
        "client": "Them",
    },
    # Nobody gave the repository a title but the ledger.
    "r": {
        **NOTHING,
        "project_title": "The R",
        "source_count": 1,
        "is_in_ledger": True,
        "link": "https://x.org",
    },
    "only": {
        **NOTHING,
        "project_title": "Only",
        "source_count": 0,
        "is_in_ledger": True,
        "client": "Us",
    },
    **{
        name: {**NOTHING, "project_title": name, "source_count": 0, "is_in_ledger": True}
        for name in ("named", "second")
    },
}


def test_projects_are_those_of_the_settings_and_of_all_ledgers(tmp_path):
    """The settings go before ledgers, and of these the first one that says something."""
    TrackerRows().found(tmp_path / "store")
    kept(
        tmp_path,
        projects="project,name,name_ko,active_from,active_until,team_size,client,link\n"
        "web,Web,웹,2024-01-01,2024-12-31,3,,\nonly,Only,,,,,Us,\nr,The R,,,,,,https://x.org",
    )
    kept(
        tmp_path,
        "second",
        projects="project,name,active_from,active_until,team_size,client\n"
        "web,W,2019-01-01,2020-12-31,9,Them\nonly,O,,,,Others",
        tasks="task,project,planned_on\nT-1,named,2024-01-01\nT-2,,2024-01-01",
    )
    settings = Project(name="web", title="The web", sources=(), active_until=date(2025, 6, 30))

    with build(tmp_path / "store", Context(projects=(settings,))) as connection:
        assert described(connection) == PROJECTS


def test_what_was_changed_or_removed_later_stands_as_it_was_known_before(tmp_path):
    ledger = kept(tmp_path, tasks="task,planned_on\nT-1,2024-01-02\nT-2,2024-01-02")
    changed(ledger, tasks="task,planned_on\nT-1,2024-01-03\nT-3,2024-01-02")
    changed(ledger, tasks="task,planned_on\nT-1,2024-01-03\nT-2,2024-01-02\nT-3,2024-01-02")

    def known(days):
        with build(tmp_path / "store", known_at=FIRST_LOOK + timedelta(days=days)) as connection:
            return connection.execute(
                "select task_id, planned_on from facts.ledger_tasks order by 1"
            ).fetchall()

    second, third = date(2024, 1, 2), date(2024, 1, 3)
    assert known(-1) == []
    assert known(0) == [("T-1", second), ("T-2", second)]
    assert known(1) == [("T-1", third), ("T-3", second)]
    assert known(2) == [("T-1", third), ("T-2", second), ("T-3", second)]
