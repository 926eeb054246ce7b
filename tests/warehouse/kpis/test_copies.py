"""Test commits that forks, mirrors and copies repeat."""

from __future__ import annotations

import pytest

from flows.settings.workspace import context_of, open_workspace
from tests.support.rows.row_histories import ANN, BOB, ROBOT, HistoryRows, builder, micros, rows

BAD = "bad" + "0" * 37
LIB, FORK = "host/o/lib", "host/us/fork"
DELIVERIES = (
    *("change_fail_rate", "deployment_frequency", "deployment_rework_rate"),
    *("failed_deployment_recovery_time", "mean_time_to_recovery"),
)
KPIS = ("commits", "lines_changed", "active_contributors", "bot_share", "change_lead_time")
FIGURES = """
    select kpi, project, source, value from marts.kpi_quarterly
    where quarter = '2024-Q1' and value is not null and (source = '*' or $1)
    order by all
"""


@pytest.fixture
def figures(tmp_path):
    def figures(settings, *histories, kpis=KPIS, by_source=False):
        build = builder("marts.kpi_quarterly", kpis=kpis)
        for history in histories:
            history.found(tmp_path / "store")
        file = tmp_path / "quarry.toml"
        file.write_text(settings)
        connection = build(tmp_path / "store", context_of(open_workspace(file, None)))
        found = connection.execute(FIGURES, [by_source]).fetchall()
        return {tuple(row[:-1]): row[-1] for row in found}

    return figures


def original(source=LIB):
    """Ten commits, of which two are a bot's."""
    history = HistoryRows(source)
    for number in range(10):
        parents = [f"c{number - 1}"] if number else []
        by = ROBOT if number in {3, 4} else ANN
        history.commit(f"c{number}", *parents, by=by, files=[("a", 1, 1)])
    return history


def fork(source=FORK):
    """The same ten commits and one more."""
    history = original(source)
    history.commit("own", "c9", at="2024-02-02T12:00", by=BOB, files=[("a", 5, 0)])
    return history


def test_in_a_project_that_owns_both(figures):
    both = f'[[projects]]\nname = "all"\nsources = ["https://{LIB}", "https://{FORK}"]\n'
    found = figures(both, original(), fork(), by_source=True)
    for project, source, commits, lines, people in (
        *(("all", LIB, 8, 16, 1), ("all", FORK, 9, 21, 2)),
        *(("all", "*", 9, 21, 2), ("*", "*", 9, 21, 2)),
    ):
        assert found["commits", project, source] == commits
        assert found["lines_changed", project, source] == lines
        assert found["active_contributors", project, source] == people
    assert found["bot_share", "all", LIB] == 0.2
    assert found["bot_share", "all", "*"] == found["bot_share", "*", "*"] == round(2 / 11, 6)


def test_in_all_projects_together(figures):
    found = figures("", original(), fork())
    assert [found["commits", name, "*"] for name in (LIB, FORK, "*")] == [8, 9, 9]
    assert [found["lines_changed", name, "*"] for name in (LIB, FORK, "*")] == [16, 21, 21]


def test_a_renamed_copy_counts_while_the_old_project_was_not_active(figures):
    """The old project ended in the middle of the quarter; it alone counts what came before."""
    until = f'[[projects]]\nname = "z"\nsources = ["https://{LIB}"]\nactive_until = 2024-02-01\n'
    since = f'[[projects]]\nname = "a"\nsources = ["https://{FORK}"]\nactive_from = 2024-02-02\n'
    found = figures(until + since, original(), fork())
    assert [found["commits", name, "*"] for name in ("z", "a", "*")] == [8, 1, 9]


def test_a_commit_that_both_deploy_counts_where_it_was_deployed_first(figures):
    """The first deployment of each is where nothing is known before it."""
    lib, ours = original(), fork()
    for history, day in ((lib, "02-20"), (ours, "02-10")):
        tag(history, "v1", "c0", "02-03")
        tag(history, "v2", history.head, day)
    found = figures('[rules]\ndeployments = ["tag"]\n', lib, ours)
    hours = [found["change_lead_time", name, "*"] for name in (LIB, FORK, "*")]
    assert hours == [18.5 * 24, 8.5 * 24, 8.5 * 24]


def tag(history, name, commit, day):
    tagged = ("Ann", "ann@example.org", micros(f"2024-{day}"), 0, "", False, None, None)
    history.add("tags", f"{name} of {history.source}", name, commit, "commit", *tagged)
    history.add("refs", f"refs/tags/{name}", "tag", f"{name} of {history.source}", commit, None)


def test_a_version_that_both_have_is_one_deployment_and_its_revert_one_failure(figures):
    """The fork has the tags of the original, and deployed one version more."""
    histories = original(), original(FORK)
    for history in histories:
        history.commit(BAD, "c9", at="2024-02-09T12:00")
        body = f"This reverts commit {BAD}."
        history.commit("back", BAD, at="2024-02-12T12:00", subject='Revert "Work"', body=body)
        for name, commit, day in (("v1", "c0", "02-03"), ("v2", BAD, "02-10")):
            tag(history, name, commit, day)
        tag(history, "v3", "back", "02-14")
    histories[1].commit("own", "back", at="2024-02-15T12:00", by=BOB)
    tag(histories[1], "v4", "own", "02-16")
    both = f'[[projects]]\nname = "all"\nsources = ["https://{LIB}", "https://{FORK}"]\n'
    rules = '[rules]\ndeployments = ["tag"]\n'
    found = figures(rules + both, *histories, kpis=DELIVERIES, by_source=True)
    for project, source, deployed in (
        *(("all", LIB, 3), ("all", FORK, 4)),
        *(("all", "*", 4), ("*", "*", 4)),
    ):
        assert found["deployment_frequency", project, source] == deployed
        assert found["change_fail_rate", project, source] == round(1 / deployed, 6)
        assert found["deployment_rework_rate", project, source] == round(1 / deployed, 6)
        assert found["failed_deployment_recovery_time", project, source] == 4 * 24
        assert found["mean_time_to_recovery", project, source] == 4 * 24


def test_rows_say_where_they_count(tmp_path):
    build = builder("marts.kpi_quarterly", kpis=("commits",))
    for history in (original(), fork()):
        history.found(tmp_path / "store")
    connection = build(tmp_path / "store")
    query = """
        select source, counts_in, counts_in_project, counts_in_all, count(*)
        from figures.kpi_evidence where kpi = 'commits' group by all order by all
    """
    assert rows(connection, query) == [
        (LIB, None, True, True, 10),
        (FORK, "repository_and_project", True, False, 10),
        (FORK, None, True, True, 1),
    ]
